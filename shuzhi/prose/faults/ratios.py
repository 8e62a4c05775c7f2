"""Shares, completion and rates of a deed recomputed from the numbers beside them, and 超额完成 that is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.prose.faults.rows import Row, by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import amount, base_unit, half, honest, plain, share_window
from shuzhi.prose.model import Draft, Figure, Span, decimal_text

_AIM = r"目标任务|目标|计划任务|计划数|计划|任务数|任务|预算|序时进度|年初预算|预期目标"
_ITS = r"(?:年度|全年|当年|年初|预期|预定|下达|考核|责任|既定|上级|市级?下达的?|省级?下达的?|市定|省定|调整后?的?|总|县定|区定)*的?"
_LINK = r"(?:数|量|值)?的?(?:为|达到了|达到|达|了|的|是|近|超过|超|约|仅为|仅|只有|不到|不足|:|：)*"
# 完成率P, 完成年度任务的P, 占年度计划的P, 为计划的P, 完成年度计划Y的P.
_COMPLETION = re.compile(
    rf"(?:完成率|完成比例|(?:任务|目标|计划|投资|预算)完成率|完成(?:了)?{_ITS}(?:{_AIM})|(?:占|为|是|达){_ITS}(?:{_AIM})){_LINK}$"
)
_TARGET = re.compile(
    rf"(?:{_AIM})(?:数|量|总数|总量)?[\u4e00-\u9fff]{{0,6}}?(?:为|是|数|要求|确定|下达)*$|^应[\u4e00-\u9fff]{{1,8}}$|(?:任务|计划|目标)[\u4e00-\u9fff]{{0,10}}$"
)
_PLANNED = re.compile(rf"(?:占|为|是|完成){_ITS}(?:{_AIM})[^，；]{{0,6}}$")
_DONE = re.compile(r"完成|实现|实际|达到|已|办结|到位|开工|建成|新增|争取|竣工")
# 占总数的P, 占比P, 占全县的P: the whole is not named again.
_SHARE = re.compile(
    r"^(?:[\u4e00-\u9fff]{1,10}(?=[，（(]))?[，、（(；]*(?:分别)?(?:占比|占[\u4e00-\u9fff]{0,6}?总(?:数|量|额|人数|户数|面积|投资|支出|收入|件数|资金)的?|占|比例|比重|所占比例|所占比重|占比例)(?:为|达到|达|约为|约|近|超过|超|不足|不到|仅|了)*$"
)
_OF = re.compile(r"占[^，。；、]{0,14}$")
# 办结率P, 调处成功率P with no subject but the deed: it is the rate of the counts before it.
_RATE = re.compile(
    rf"^[，、（(；]*(?:按期|按时|累计|总体|整体|综合|全县|全年|平均|已|其|年度)*(?P<deed>[\u4e00-\u9fff]{{2,6}}?)率{_LINK}$"
)
_FINISHING = re.compile(
    r"完成|办结|办复|答复|整改|销号|兑现|开工|完工|竣工|投产|拨付|支付|执行|到位|交付|清零|清欠|落实"
)
_NO_DEED = re.compile(r"增长|下降|提高|上升|减少|降低|提升|压减|增加|占比|比")
_OVER = re.compile(r"超额[\u4e00-\u9fff]{0,4}完成|超额")
_ALL = re.compile(r"(?:圆满|全面|全部|顺利|如期|胜利|提前)(?:超额)?完成")


@dataclass(frozen=True, slots=True)
class _Two:
    """A part, its whole, and where their statement begins."""

    part: Figure
    whole: Figure


def _wrong(row: Row, i: int, two: _Two, others: list[Figure]) -> bool:
    """Whether no two figures of the sentence explain the printed percentage as part and whole."""
    said = row.figure(i)
    if said is None or not plain(two.part, two.whole):
        return False
    lead = row.lead(i)
    for part, whole in [(two.part, two.whole), *((a, b) for a in others for b in others if a is not b)]:
        allowed = share_window(part, whole)
        if allowed is None or honest(said, allowed, lead):
            return False
    return True


def _told(row: Row, i: int, two: _Two, word: str, start: int) -> Found:
    said = row.items[i]
    real = decimal_text(amount(two.part) / amount(two.whole) * 100, 2)
    unit = two.part.meaning.unit or ""
    return Found(
        Span(start, row.end(i)),
        f"{two.part.text}{unit}与{two.whole.text}{two.whole.meaning.unit or ''}相比，{word}应为{real}%，"
        f"文中写{row.text[said.span.start : row.end(i)]}，请核对。",
    )


def shares(draft: Draft) -> Iterator[Found]:
    """A占B的P%, 其中A占P%, A、B、占比P%: the share recomputed from both printed amounts."""
    for row in by_sentence(draft):
        for i in range(2, len(row.items)):
            said = row.figure(i)
            if said is None or said.meaning.unit != "%" or said.meaning.kind == "growth":
                continue
            two = _of_whole(row, i) or _bare_share(row, i)
            if two is None or amount(two.whole) == 0 or not _wrong(row, i, two, row.alike_any(i)):
                continue
            yield _told(row, i, two, "占比", two.part.clause.start)


def _of_whole(row: Row, i: int) -> _Two | None:
    """A，占总投资B的P%."""
    whole, part = row.figure(i - 1), row.figure(i - 2)
    if whole is None or part is None or base_unit(whole) != base_unit(part) or part.meaning.kind == "growth":
        return None
    if row.joint(i).rstrip("约近超过") not in ("的", "总量的", "总数的") or not _OF.search(row.lead(i - 1)):
        return None
    if _PLANNED.search(row.lead(i - 1)):
        return None
    if "、" in row.joint(i - 1) or re.search(r"[\u4e00-\u9fff]{6,}占", row.lead(i - 1)):
        return None
    return _Two(part, whole)


def _bare_share(row: Row, i: int) -> _Two | None:
    """B, 其中A，占P%: the figure before is the part, the whole is the total it was taken from."""
    part = row.figure(i - 1)
    if part is None or not _SHARE.match(row.joint(i)) or part.meaning.unit in ("%", "个百分点", None):
        return None
    earlier = [f for f in row.alike(i - 1) if amount(f) >= amount(part) and f.meaning.kind != "growth"]
    if not earlier or part.meaning.kind == "growth":
        return None
    among = max(row.text.find("其中", row.span.start, part.span.start), _of_which(row, i - 1))
    if among >= 0:
        wholes = [f for f in earlier if f.span.end <= among]
        return _Two(part, wholes[-1]) if wholes else None
    counted = re.search(
        r"收回|回收|收到|抽查|抽检|检查|调查|测评|受理|排查|发现|总|共|全|应|计划|现有|累计|合计",
        row.left(row.items.index(earlier[-1])),
    )
    return _Two(part, earlier[-1]) if counted and earlier[-1].clause.end + 1 >= part.clause.start else None


def _of_which(row: Row, place: int) -> int:
    """Where 120个村中，有96个 says that the next count is taken from the last one; -1 if it does not."""
    if place < 1:
        return -1
    start = row.end(place - 1)
    found = re.compile(r"[\u4e00-\u9fff]{0,10}中(?:，|有|已有|已)").match(
        row.text, start, row.items[place].span.start
    )
    return start if found else -1


def completion(draft: Draft) -> Iterator[Found]:
    """目标B, 完成A, 完成率P%; 完成A，占年度计划B的P%: recomputed."""
    for row in by_sentence(draft):
        for i in range(2, len(row.items)):
            said = row.figure(i)
            if said is None or said.meaning.unit != "%":
                continue
            two = _planned(row, i)
            if two is not None and amount(two.whole) and _wrong(row, i, two, row.alike_any(i)):
                yield _told(row, i, two, "完成率", min(two.part.clause.start, two.whole.clause.start))


def _planned(row: Row, i: int) -> _Two | None:
    whole, part = row.figure(i - 1), row.figure(i - 2)
    # 完成A，占年度计划B的P
    if _PLANNED.search(row.lead(i - 1)) and whole and part and row.joint(i) in ("的", "的近", "的约"):
        return _Two(part, whole) if base_unit(whole) == base_unit(part) else None
    if not _COMPLETION.search(row.left(i)):
        return None
    figures = [
        (k, f)
        for k in range(max(0, i - 8), i)
        if (f := row.figure(k)) is not None and f.meaning.unit not in ("%", "个百分点", None)
    ]
    aims = [
        (k, f) for k, f in figures if _TARGET.search(row.lead(k)) and not re.match("[，]?完成", row.lead(k))
    ]
    if len(aims) != 1:
        return None
    place, aim = aims[0]
    done = [(k, f) for k, f in figures if k != place and base_unit(f) == base_unit(aim)]
    after = [f for k, f in done if k > place and _DONE.search(row.lead(k))]
    before = [f for k, f in done if k < place and _DONE.search(row.lead(k))]
    actual = after[-1] if after else before[-1] if before else None
    return None if actual is None else _Two(actual, aim)


def rates(draft: Draft) -> Iterator[Found]:
    """受理A件, 办结B件, 办结率P%: the rate of finishing recomputed from both counts."""
    return _rates(draft, finishing=True)


def proportions(draft: Draft) -> Iterator[Found]:
    """抽检A批, 合格B批, 合格率P%: any other rate recomputed from both counts."""
    return _rates(draft, finishing=False)


def _rates(draft: Draft, *, finishing: bool) -> Iterator[Found]:
    for row in by_sentence(draft):
        for i in range(2, len(row.items)):
            said = row.figure(i)
            stated = _RATE.match(row.lead(i))
            if (
                said is None
                or said.meaning.unit != "%"
                or stated is None
                or _NO_DEED.search(stated.group("deed"))
            ):
                continue
            deed = stated.group("deed")
            if (_FINISHING.search(deed) is not None) is not finishing:
                continue
            two = _done(row, i, deed)
            if two is not None and amount(two.whole) and _wrong(row, i, two, row.alike_any(i)):
                yield _told(row, i, two, f"{deed}率", two.part.clause.start)


def _done(row: Row, i: int, deed: str) -> _Two | None:
    """The count done, said with the verb of the rate, and the count it was done to."""
    part = row.figure(i - 1)
    if part is None or part.meaning.unit in ("%", None) or part.meaning.kind == "growth":
        return None
    earlier = row.alike(i - 1)
    if not earlier or amount(earlier[-1]) < amount(part):
        return None
    between = row.text[earlier[-1].full.end : part.span.start]
    if "、" in between and "，" not in between:
        return None
    said = row.lead(i - 1) + re.split("[，。；、（]", row.after(i - 1, 8))[0]
    near = earlier[-1].clause.end + 1 >= part.clause.start
    owed = re.search(r"应", row.left(row.items.index(earlier[-1]))) is not None
    named = deed in said or (len(deed) > 2 and (deed[:2] in said or deed[-2:] in said))
    if named or (near and owed and "实" in said) or (near and len(earlier) == 1 and _similar(deed, said)):
        return _Two(part, earlier[-1])
    return None


_ALIKE = (
    ("整改", "解决", "化解", "处置", "销号", "办结", "完成", "处理", "答复", "办复", "办理", "调处"),
    ("合格", "达标", "优良", "通过"),
    ("参保", "参加", "覆盖", "受益"),
    ("到位", "拨付", "支付", "兑现", "发放", "支出", "执行"),
    ("开工", "投产", "竣工", "建成", "完工"),
    ("入住", "搬迁", "交付"),
)


def _similar(deed: str, said: str) -> bool:
    """Whether the part is said with another verb for the same deed (解决 under 整改率)."""
    return any(deed[-2:] in group and any(other in said for other in group) for group in _ALIKE)


def overfulfilled(draft: Draft) -> Iterator[Found]:
    """超额完成, 全面完成 with a completion below 100 %, or a result below its target."""
    for row in by_sentence(draft):
        said = row.text[row.span.start : row.span.end]
        if _ALL.search(said) or _OVER.search(said):
            for i in range(len(row.items)):
                yield from _short(row, i)
                yield from _below(row, i)


def _below(row: Row, i: int) -> Iterator[Found]:
    """完成56亿元，超额完成全年60亿元的目标."""
    done, aim = row.figure(i - 1), row.figure(i)
    if i == 0 or done is None or aim is None or base_unit(done) != base_unit(aim) or not plain(done, aim):
        return
    over = _OVER.search(row.joint(i))
    aimed = re.match(rf"的?(?:{_AIM})", row.after(i, 8)) or re.search(
        rf"(?:{_AIM})(?:数)?(?:为|的)?$", row.lead(i)
    )
    if over is None or aimed is None or amount(done) >= amount(aim):
        return
    yield Found(
        Span(done.clause.start, aim.full.end),
        f"完成{done.text}{done.meaning.unit}，不到目标{aim.text}{aim.meaning.unit}，却说“{over.group()}”，请核对。",
    )


def split_shares(draft: Draft) -> Iterator[Found]:
    """甲12人，占61%；乙…: where all shares but one follow from the counts of the sentence, the one is wrong."""
    for row in by_sentence(draft):
        pairs: list[tuple[Figure, Figure, int]] = []
        for i in range(1, len(row.items)):
            part, said = row.figure(i - 1), row.figure(i)
            if part is None or said is None or said.meaning.unit != "%" or not _SHARE.match(row.joint(i)):
                continue
            if not pairs or base_unit(part) == base_unit(pairs[0][0]):
                pairs.append((part, said, i))
        if len(pairs) < 3 or not plain(*(f for a, b, _ in pairs for f in (a, b))):
            continue
        size = sum((amount(part) for part, _, _ in pairs), Fraction(0))
        off = [(p, s, i) for p, s, i in pairs if size and not _near(s, amount(p) / size * 100)]
        if len(off) == 1:
            part, said, i = off[0]
            real = decimal_text(amount(part) / size * 100, 1)
            yield Found(
                Span(part.clause.start, said.full.end),
                f"各部分共{decimal_text(size)}，{part.text}{part.meaning.unit}应占{real}%，文中写{said.text}%，请核对。",
            )


def _near(said: Figure, real: Fraction) -> bool:
    return abs(said.value - real) <= half(said) + Fraction(1, 10)


def _short(row: Row, i: int) -> Iterator[Found]:
    said = row.figure(i)
    if said is None or said.meaning.unit != "%" or said.value >= 100 or said.meaning.kind == "growth":
        return
    if not re.search(
        rf"完成率{_LINK}$|完成(?:了)?{_ITS}(?:{_AIM}){_LINK}$|(?:占|为){_ITS}(?:{_AIM}){_LINK}$", row.left(i)
    ):
        return
    start = max(row.span.start, said.clause.start - 40)
    end = min(row.span.end, row.end(i) + 24)
    near = row.text[start:end]
    claim = _OVER.search(near) or _ALL.search(near)
    if claim is None or re.search(
        r"[；;。]|其中",
        near[min(claim.start(), said.span.start - start) : max(claim.end(), said.span.start - start)],
    ):
        return
    begin = start + claim.start()
    yield Found(
        Span(min(begin, said.clause.start), max(row.end(i), start + claim.end())),
        f"前后不一：写了“{claim.group()}”，完成率却是{row.text[said.span.start : row.end(i)]}，请核对。",
    )


RULES = (
    Rule("prose-B4-share", "share_mismatch", shares),
    Rule("prose-C3-completion", "completion_mismatch", completion),
    Rule("prose-B4-rate", "completion_mismatch", rates),
    Rule("prose-B4-proportion", "share_mismatch", proportions),
    Rule("prose-B4-split", "share_mismatch", split_shares),
    Rule("prose-C3-over", "completion_mismatch", overfulfilled),
)
