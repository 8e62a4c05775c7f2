"""Units: a measure in a unit that cannot be its own, 万 and 亿 slipped, % where points are meant, half a person."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.faults.rows import Row, by_paragraph, by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import amount, base_unit, plain
from shuzhi.prose.model import Draft, Figure, Span, decimal_text
from shuzhi.prose.signs.units import class_of
from shuzhi.prose.tables import Value, at

Entry = dict[str, Value]


@cache
def _listed(key: str) -> tuple[tuple[re.Pattern[str], Entry], ...]:
    listed = at("measures", key)
    entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    return tuple((re.compile(str(e["quantity"])), e) for e in entries)


def units(draft: Draft) -> Iterator[Found]:
    """A measure in a unit that cannot be its own (life expectancy in %)."""
    for item in draft.items():
        meaning = item.meaning
        if meaning.unit is None or meaning.kind in ("growth", "name", "other"):
            continue
        left = draft.text[item.clause.start : item.span.start]
        for pattern, entry in _listed("unit"):
            named = pattern.search(meaning.quantity)
            if named and named.group() in left and _foreign(meaning.unit, entry):
                yield Found(
                    Span(item.clause.start, item.clause.end),
                    f"“{meaning.quantity}”的单位不会是“{meaning.unit}”，应为“{entry['say']}”。",
                )
                break


def _foreign(unit: str, entry: Entry) -> bool:
    allowed = entry["units"] if isinstance(entry["units"], list) else []
    classes = entry["classes"] if isinstance(entry["classes"], list) else []
    if unit.lstrip("万亿") in allowed or class_of(unit) in classes:
        return False
    never = str(entry.get("never", ""))
    return not never or unit in never.split()


# 覆盖率, 入住率 …: parts of a whole, never a quantity of their own; these names in 率 are.
_NO_RATIO = re.compile(r"(?:功|频|汇|效|速|分辨|心|税|利|费|概|斜|曲|容积|透光|倍)率$")
_STATED_RATE = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,12}率)(?:达到了|达到|达|为|是|提高到|提升到|上升到|升至|降至|下降到|保持在|稳定在|控制在)*$"
)


def rate_units(draft: Draft) -> Iterator[Found]:
    """森林覆盖率达到45.6万亩, 失业率3.2个百分点: a rate is a percentage."""
    for item in draft.items():
        unit = item.meaning.unit
        if unit is None or item.meaning.kind == "name":
            continue
        stated = _STATED_RATE.search(draft.text[item.clause.start : item.span.start])
        wrong = "/" not in unit and class_of(unit) in ("money", "physical", "people", "points")
        if stated is None or not wrong or _NO_RATIO.search(stated.group("what")):
            continue
        yield Found(
            Span(item.clause.start, item.clause.end),
            f"“{stated.group('what')}”是比率，单位应为“%”，文中写“{unit}”，请核对。",
        )


def magnitudes(draft: Draft) -> Iterator[Found]:
    """A value that is 10,000 times too small or too large for its unit (人均收入1.9元)."""
    for figure in draft.figures:
        meaning = figure.meaning
        if meaning.kind not in ("level", "money", "count"):
            continue
        for pattern, entry in _listed("magnitude"):
            if meaning.unit != entry["unit"] or not pattern.search(meaning.quantity):
                continue
            if not int(str(entry["least"])) <= figure.value <= int(str(entry["most"])):
                yield Found(
                    Span(figure.clause.start, figure.full.end),
                    f"“{meaning.quantity}”为{figure.text}{meaning.unit}，数量级不对，请核对单位。",
                )
                break


_AVERAGE = re.compile(r"平均|[人户村亩次]均|每|均|约|比|倍|指数|折合|相当于|高出|\d$")


def half_things(draft: Draft) -> Iterator[Found]:
    """4.2人: people and things are not counted in fractions; the 万 is missing."""
    for figure in draft.figures:
        unit = figure.meaning.unit
        if (
            figure.value.denominator == 1
            or "." not in figure.text
            or class_of(unit) not in ("people", "things")
        ):
            continue
        if base_unit(figure) != unit or unit in (
            "级",
            "度",
            "档",
            "分",
            "步",
            "个",
            "成",
            "位",
            "等",
            "层",
            "款",
            "条",
            "大",
        ):
            continue
        left = draft.text[figure.clause.start : figure.span.start]
        if (
            _AVERAGE.search(left)
            or figure.value_max is not None
            or re.search(r"[每均/]", figure.meaning.quantity)
        ):
            continue
        yield Found(
            Span(figure.clause.start, figure.full.end),
            f"{figure.text}{unit}不是整数，单位可能漏了“万”，请核对。",
            "likely",
        )


_INVESTED = re.compile(
    r"(?:完成投资|总投资|投资|概算投资|计划投资|总投资额|投入资金)(?:额)?(?:达到|达|为|约|共)*$"
)
_WORKS = re.compile(r"项目|工程")


def project_sums(draft: Draft) -> Iterator[Found]:
    """52 projects with 18.6万元 between them: 万 stands for 亿, or 亿 for 万."""
    for row in by_sentence(draft):
        for i in range(1, len(row.items)):
            works, said = row.figure(i - 1), row.figure(i)
            if works is None or said is None or base_unit(said) != "元" or not plain(works, said):
                continue
            near = row.left(i - 1) + row.after(i - 1, 14)
            if base_unit(works) not in ("个", "项") or not _WORKS.search(near) or works.value < 5:
                continue
            each = amount(said) / works.value
            if _INVESTED.search(row.joint(i)) and (each < 10**4 or each > 3 * 10**10):
                yield Found(
                    Span(works.clause.start, said.full.end),
                    f"{works.text}{works.meaning.unit}项目投资{said.text}{said.meaning.unit}，平均每个"
                    f"{decimal_text(each / 10**4, 2)}万元，数量级不对，请核对“万”“亿”。",
                )


_DEBT = re.compile(r"(?:本息|债券|债务(?:余额|限额)?|专项债|一般债)[^，。；\d]{0,6}$")


def debt_sums(draft: Draft) -> Iterator[Found]:
    """4.08万元 of a government's debt beside debts in 亿元."""
    for row in by_paragraph(draft):
        money = [(i, f) for i in range(len(row.items)) if (f := row.figure(i)) and base_unit(f) == "元"]
        debts = [f for i, f in money if _DEBT.search(row.left(i))]
        large = [f for f in debts if amount(f) >= 10**8]
        for figure in debts:
            if large and amount(figure) < 10**6 and amount(figure) * 10**3 < min(amount(f) for f in large):
                yield Found(
                    Span(figure.clause.start, figure.full.end),
                    f"前后债务都以亿元计，这里写{figure.text}{figure.meaning.unit}，请核对“万”“亿”。",
                    "likely",
                )


_AMOUNT = re.compile(
    r"(?:生产总值|GDP|增加值|(?<!占)收入|投资|总额|产值|产量|零售额|销售额|利润|税收|支出|存款|贷款|余额|人数|数量|面积)(?:同比|比上年|较上年)?$"
)


_LARGE = re.compile(
    r"总投资(?P<n>\d+(?:\.\d+)?)万元的(?P<what>[\u4e00-\u9fff]{2,14}?(?:厂|医院|电站|水库|大桥|隧道|高速公路|产业园|园区|中学|小学|体育馆|客运站))"
)


def large_works(draft: Draft) -> Iterator[Found]:
    """总投资3.2万元的污水处理厂: no such works cost so little."""
    for match in _LARGE.finditer(draft.text):
        if int(match.group("n").split(".")[0]) < 30:
            yield Found(
                Span(*match.span()),
                f"{match.group('what')}总投资只有{match.group('n')}万元，请核对“万”“亿”。",
                "likely",
            )


_PACE = re.compile(r"(?:涨幅|增幅|增速|降幅|增长率)(?:为|达到|达|控制在|保持在)?$")


def risen_by_points(draft: Draft) -> Iterator[Found]:
    """An amount grows by percent, not by points; so does its pace."""
    for figure in draft.figures:
        if figure.meaning.unit not in ("个百分点", "百分点"):
            continue
        left = draft.text[figure.clause.start : figure.span.start]
        if _PACE.search(left):
            yield Found(
                Span(figure.clause.start, figure.full.end),
                "增速、涨幅是百分比，应说“%”，不说“个百分点”。",
                "likely",
            )
            continue
        grown = re.search(r"(?:同比|比上年|较上年|比去年)?(?:增长|增加|下降|减少)(?:了|约|近|超过)*$", left)
        if grown is None:
            continue
        subject = left[: grown.start()] or figure.meaning.quantity
        if re.search(r"率$|比重$|占比$|增速$|增幅$|比例$|度$|水平$|系数$", subject) or not _AMOUNT.search(
            subject
        ):
            continue
        if grown.start() == 0 and not re.search(
            r"(?:元|吨|亩|人|户|公里)$",
            draft.text[max(0, figure.clause.start - 3) : figure.clause.start].rstrip("，、"),
        ):
            continue
        yield Found(
            Span(figure.clause.start, figure.full.end),
            f"“{figure.meaning.quantity or subject}”的增减应说“%”，不说“个百分点”。",
            "likely",
        )


_MOVED = re.compile(
    r"^[，、（(]?(?:同比|比上年同期|比上年|较上年|比去年|较去年|比年初|较年初|比前年|累计|共|再|又|比重|占比|比例)*(?:分别)?(?:提高|提升|上升|下降|降低|回落|增加|提高|收窄|攀升)(?:了|约|近|超过)*$"
)
_RATE = re.compile(r"(?:率|比重|占比|比例|满意度|知晓度|认可度|覆盖面|增速|增幅|水平)(?:[^，。；]{0,6})$")
_LED = re.compile(
    r"(?:高于|快于|低于|高出|慢于|超出|领先|好于|优于)[^，。；\d]{1,14}$|(?:比|较)[^，。；\d]{1,14}(?:高出|(?<!提)高|快|(?<!降)低|慢)$"
)


def points(draft: Draft) -> Iterator[Found]:
    """A rate rises by points, not by percent, and leads another rate by points."""
    for row in by_sentence(draft):
        for i in range(1, len(row.items)):
            said, before = row.figure(i), row.items[i - 1]
            if (
                said is None
                or said.meaning.unit != "%"
                or before.meaning.unit != "%"
                or said.text.startswith("翻")
            ):
                continue
            near = before.clause.end + 1 >= said.clause.start
            led = _LED.search(row.joint(i)) is not None and re.match(r"[，、（]", row.joint(i)) is not None
            rose = _MOVED.match(row.joint(i)) is not None and _is_rate(row, i - 1)
            if not near or not (rose or led):
                continue
            name = "这个比率" if not led else "两个百分数之差"
            yield Found(
                Span(said.clause.start, said.full.end),
                f"{name}的升降、高低应说“个百分点”，不说“%”，请核对。",
                "likely",
            )


def _is_rate(row: Row, i: int) -> bool:
    item = row.items[i]
    left = row.left(i)
    if (
        isinstance(item, Figure)
        and item.meaning.kind == "growth"
        and not re.search(r"(?:增速|增幅|率)[^，]{0,4}$", left)
    ):
        # 由90%提高到95%，提高5%: the value after a rise of a rate.
        return re.search(r"(?:提高|提升|上升|下降|降低|降|升)(?:到|至)$", left) is not None
    return _RATE.search(left) is not None or (
        item.meaning.kind == "share" and re.search(r"[到至]$", left) is not None
    )


RULES = (
    Rule("prose-U1-unit", "unit", units),
    Rule("prose-U1-rate", "unit", rate_units),
    Rule("prose-U1-magnitude", "unit", magnitudes),
    Rule("prose-U1-half", "unit", half_things),
    Rule("prose-U1-project", "unit", project_sums),
    Rule("prose-U1-large", "unit", large_works),
    Rule("prose-U1-debt", "unit", debt_sums),
    Rule("prose-U2-points", "unit", points),
    Rule("prose-U2-percent", "unit", risen_by_points),
)
