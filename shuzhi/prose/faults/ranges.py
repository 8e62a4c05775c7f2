"""Values no such measure can have: rates over 100 %, falls by more than all, rank 0, per head that is not total by heads."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.faults.rows import by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import Window, amount, base_unit, honest, plain, scale_of, windows
from shuzhi.prose.model import Draft, Figure, Span, decimal_text
from shuzhi.prose.tables import words

_RATE = re.compile(
    r"(?P<what>[\u4e00-\u9fff（）()“”]{0,12}?(?:率|满意度|知晓度|认可度|覆盖面|比重|占比|比例|面|安全感))(?:总体|平均|分别|均|都|已|也|由)*(?:达到了|达到|达|为|是|提高到|提升到|提高至|提升至|上升到|上升至|升至|稳定在|保持在|控制在|超过|突破|近|约|高达|了|：|:)*$"
)
_FALL = re.compile(
    r"(?:下降|降低|减少|下滑|回落|压减|压缩|削减|缩减|缩短|降幅|精简|降)(?:了|达到|达|为|约|近|超过|超|幅度)*$"
)


@cache
def _may_exceed() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(words("wholes", "unbounded")) + ")$")


def over_hundred(draft: Draft) -> Iterator[Found]:
    """A rate that is a part of a whole cannot exceed 100 %."""
    for figure in draft.figures:
        above = figure.value > 100 or (figure.value == 100 and figure.meaning.bound in ("gt", "ge"))
        if figure.meaning.unit != "%" or not above or figure.text.startswith("翻"):
            continue
        left = draft.text[figure.clause.start : figure.span.start]
        stated = _RATE.search(left)
        if stated is None or re.search(r"增长|增幅|增速", left[-8:]):
            continue
        # 完成率 is held against a plan, 整改完成率 is part of a whole.
        if _may_exceed().search(stated.group("what")) and not re.search(
            "整改|办结|销号", stated.group("what")
        ):
            continue
        if re.search(r"(?:比|较|与)[^，]{2,}$", left[: stated.start() + 1]):
            continue
        yield Found(
            Span(figure.clause.start, figure.full.end),
            f"“{stated.group('what')}”是部分占全部的比例，不可能超过100%，请核对。",
        )


def over_all(draft: Draft) -> Iterator[Found]:
    """Nothing falls by more than 100 %."""
    for figure in draft.figures:
        left = draft.text[figure.clause.start : figure.span.start]
        if figure.meaning.unit == "%" and figure.value > 100 and _FALL.search(left):
            yield Found(
                Span(figure.clause.start, figure.full.end),
                f"降幅不可能超过100%，文中写{figure.text}%，请核对。",
            )


def below_zero(draft: Draft) -> Iterator[Found]:
    """A rate or a count is not negative, a rank is not 0."""
    rate = re.compile(
        r"[\u4e00-\u9fff]{1,8}(?:覆盖率|满意率|满意度|合格率|办结率|入住率|普及率|参保率|完成率|知晓率)(?:达到|达|为)?[-－−]\d[\d.]*[%％]"
    )
    for match in rate.finditer(draft.text):
        yield Found(Span(*match.span()), "这个比率不可能是负数，请核对。")
    for match in re.finditer(r"(?:列|居|位|排|名|第)[^，。；\d]{0,10}第[0０〇零](?:位|名)", draft.text):
        yield Found(Span(*match.span()), "名次从第1位排起，没有第0位，请核对。")


def marks_over(draft: Draft) -> Iterator[Found]:
    """满意度得101分 of 100 marks."""
    pattern = re.compile(
        r"(?:满意度|满意率|测评|考核|评价|安全感)[^，。；\d]{0,10}?(?:得分|评分|得)?(?:达到|达|为)?(\d{3}(?:\.\d+)?)分"
    )
    for match in pattern.finditer(draft.text):
        if (
            100 < int(match.group(1).split(".")[0]) <= 110
            and "满分" not in draft.text[match.end() : match.end() + 12]
        ):
            yield Found(
                Span(*match.span()), f"百分制得分写成{match.group(1)}分，超过了满分，请核对。", "likely"
            )


_HEADS = (
    ("人均", ("人", "名", "位")),
    ("户均", ("户",)),
    ("亩均", ("亩",)),
    ("村均", ("个", "村")),
    ("平均每户", ("户",)),
    ("平均每人", ("人", "名")),
    ("每户", ("户",)),
    ("每人", ("人", "名")),
)
_EACH = re.compile(
    r"[，、（(](?:带动|实现|平均)?(人均|户均|亩均|平均每户|平均每人)(?:增收|补助|发放|分红|增加收入|受益|获得|达到|达|为|约)*$"
)


def per_head(draft: Draft) -> Iterator[Found]:
    """发放A元、惠及B户、户均C元: C is A by B."""
    for row in by_sentence(draft):
        for i in range(2, len(row.items)):
            said = row.figure(i)
            stated = _EACH.search(row.joint(i))
            if (
                said is None
                or stated is None
                or base_unit(said) not in ("元", "公斤", "吨", "斤", "亩", "平方米")
            ):
                continue
            units = dict(_HEADS)[stated.group(1)]
            pair = row.figure(i - 2), row.figure(i - 1)
            heads = next((f for f in pair if f is not None and base_unit(f) in units), None)
            whole = next((f for f in pair if f is not None and base_unit(f) == base_unit(said)), None)
            if (
                heads is None
                or whole is None
                or heads.clause.end + 1 < whole.clause.start
                or not plain(heads, whole)
            ):
                continue
            if heads is whole or amount(heads) <= 0 or re.search(r"总|年|月", row.lead(i)):
                continue
            found = _not_by_heads(said, whole, heads, row.lead(i))
            if found is not None:
                yield Found(Span(min(whole.clause.start, heads.clause.start), said.full.end), found)


def _not_by_heads(said: Figure, whole: Figure, heads: Figure, lead: str) -> str | None:
    a, b = windows((whole, heads))
    size = scale_of(said.meaning.unit)[0]
    if b.low <= 0:
        return None
    real = Window(a.low / b.high / size, a.high / b.low / size)
    # Who receives and who is counted may differ a little: only a slip of more than a tenth is sure.
    slack = Window(real.low * 9 / 10, real.high * 11 / 10)
    if honest(said, slack, lead):
        return None
    exact = decimal_text(amount(whole) / amount(heads) / size, 2)
    unit = said.meaning.unit or ""
    return (
        f"{whole.text}{whole.meaning.unit}除以{heads.text}{heads.meaning.unit}约为{exact}{unit}，"
        f"文中写{said.text}{unit}，请核对。"
    )


RULES = (
    Rule("prose-U1-range", "out_of_range", over_hundred),
    Rule("prose-U1-fall", "out_of_range", over_all),
    Rule("prose-U1-negative", "out_of_range", below_zero),
    Rule("prose-U1-marks", "out_of_range", marks_over),
    Rule("prose-B4-per-head", "share_mismatch", per_head),
)
