"""Targets of two years with their course, handed down to the townships; one changed by a decision, lights judged by hand."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from demo.geography import TOWNSHIPS
from demo.pen import YEARS, Parcel, Row, rounded
from demo.series import Plan, read_plan
from shuzhi.figures.judging.plan import CURVES
from shuzhi.kernel.catalogue.definitions import Indicator

_BY_PROFILE, _BY_LAST_YEAR, _EVENLY = CURVES["profile"], CURVES["lastyear"], CURVES["even"]
_APPROVED = "县人代会批准的计划"
# The townships' parts of a county target, in per cent; the county's own are told in the year's plan.
_PARTS = (16, 11, 10, 9, 9, 8, 8, 7, 7, 6, 5, 4)
# What is handed down: the county's targets of both years, and how much of them reaches the townships, in per cent.
_HANDED = {
    "urban_jobs": (("4000", "4100"), 99),
    "labour_transfer": (("41000", "41500"), 100),
    "export_rmb": (("8000", "9000"), 100),
    "limit_units": (("58", "66"), 100),
    "ind_units": (("88", "94"), 100),
    "tourists": (("335.0", "380.0"), 100),
}
# Townships whose year went otherwise, in per cent of what the plan had: behind and recovered, behind and staying so.
_COURSES = {
    ("urban_jobs", "青崖镇", 2025): (45, 92, 101, 103),
    ("export_rmb", "鹤汀乡", 2025): (52, 61, 58, 66),
    ("tourists", "松坞乡", 2025): (70, 78, 71, 74),
    ("urban_jobs", "霁川镇", 2024): (48, 55, 88, 100),
}
_QUARTERS = (3, 6, 9, 12)
_HISTORY = ("retail", "ind_output", "export_rmb", "tourists", "tourism_rev", "urban_jobs", "exp_general")
_DECIDED = "明政发〔2025〕28号"


def write(parcel: Parcel) -> None:
    """The workbooks 96 (earlier years, plans, the townships' months) and 97 (the decision, lights judged by hand)."""
    plan = read_plan()
    known = parcel.catalogue.indicators
    handed = {code: item for code, item in _HANDED.items() if code in plan.values and code in known}
    parcel.write(
        "96-目标与分解.xlsx",
        {
            "指标月报": [*_history(parcel, plan), *_months(parcel, plan, handed)],
            "指标数据": list(_expected(parcel, plan)),
            "目标值": [*_county(parcel, plan, handed), *_townships(parcel, handed)],
        },
    )
    parcel.write("97-目标调整.xlsx", {"目标调整": list(_decision(parcel)), "灯色认定": list(_marks(parcel))})


def _named(indicator: Indicator, year: int) -> dict[str, object]:
    return {"indicator": indicator.label, "measured": indicator.unit, "year": year}


def _history(parcel: Parcel, plan: Plan) -> Iterator[Row]:
    """The year before both, on which estimates of a year's end are tried."""
    for code in (code for code in _HISTORY if code in plan.values and code in parcel.catalogue.indicators):
        indicator, chance = parcel.catalogue.indicators[code], parcel.chance(f"history/{code}")
        total = Decimal(plan.values[code][0]) * Decimal("0.945")
        shares = plan.profiles[indicator.profile]
        last = Decimal(0)
        row: dict[str, object] = {**_named(indicator, YEARS[0] - 1), "status": "最终核实"}
        for month, share in sorted(shares.items()):
            wobble = Decimal(chance.whole(-9, 9)) / 1000 if month < 12 else Decimal(0)
            last = max(last, rounded(total * share / 100 * (1 + wobble), indicator.decimals))
            row[f"month{month}"] = last
        yield row


def _expected(parcel: Parcel, plan: Plan) -> Iterator[Row]:
    """What was expected of 2024 before it ended, against which the final figures are held."""
    for code in (code for code in _HISTORY if code in plan.values and code in parcel.catalogue.indicators):
        indicator, chance = parcel.catalogue.indicators[code], parcel.chance(f"expected/{code}")
        near = Decimal(plan.values[code][0]) * (1 + Decimal(chance.whole(-25, 25)) / 1000)
        yield {
            **_named(indicator, YEARS[0]),
            "month": 12,
            "role": "预测",
            "status": "预计",
            "value": rounded(near, indicator.decimals),
            "reason": "按1—11月进度预计",
        }


def _targets(parcel: Parcel, plan: Plan) -> dict[tuple[str, int], tuple[str, str]]:
    """Value and reason of the county's targets that the workbook of yearly targets has told already."""
    known = parcel.catalogue.indicators
    return {
        (code, YEARS[1]): (values[2], _APPROVED)
        for code, values in plan.values.items()
        if values[2] and code in known and known[code].expression is None
    }


def _county(parcel: Parcel, plan: Plan, handed: dict[str, tuple[tuple[str, str], int]]) -> Iterator[Row]:
    """Every target of the county with how it is spread over the year."""
    told = _targets(parcel, plan)
    for code, (values, _) in sorted(handed.items()):
        for year, value in zip(YEARS, values, strict=True):
            told.setdefault((code, year), (value, _APPROVED))
    for (code, year), (value, reason) in sorted(told.items(), key=lambda item: (item[0][1], item[0][0])):
        indicator = parcel.catalogue.indicators[code]
        row: dict[str, object] = {**_named(indicator, year), "value": Decimal(value), "reason": reason}
        curve = _curve(indicator, year)
        yield {**row, "curve": curve} if curve else row


def _curve(indicator: Indicator, year: int) -> str:
    if indicator.temporal == "level":
        return _EVENLY if year == YEARS[1] and indicator.code in _HANDED else ""
    if indicator.profile == "P_TOUR" and year == YEARS[1]:
        return _BY_LAST_YEAR
    return _BY_PROFILE if indicator.profile or indicator.temporal == "rate" else ""


def _parts(total: Decimal, reach: int, indicator: Indicator) -> list[Decimal]:
    """The townships' parts; the last takes what rounding leaves of what is handed down."""
    whole = rounded(total * reach / 100, indicator.decimals)
    parts = [rounded(whole * part / 100, indicator.decimals) for part in _PARTS[:-1]]
    return [*parts, whole - sum(parts, Decimal(0))]


def _townships(parcel: Parcel, handed: dict[str, tuple[tuple[str, str], int]]) -> Iterator[Row]:
    for code, (values, reach) in sorted(handed.items()):
        indicator = parcel.catalogue.indicators[code]
        for year, value in zip(YEARS, values, strict=True):
            parts = _parts(Decimal(value), reach, indicator)
            for (name, _), part in zip(TOWNSHIPS, parts, strict=True):
                yield {**_named(indicator, year), "unit": name, "value": part, "reason": "县下达任务分解"}


def _months(parcel: Parcel, plan: Plan, handed: dict[str, tuple[tuple[str, str], int]]) -> Iterator[Row]:
    """What the townships reported at each quarter's end; two of them were late with December."""
    for code, (values, reach) in sorted(handed.items()):
        indicator = parcel.catalogue.indicators[code]
        for year, value in zip(YEARS, values, strict=True):
            parts = _parts(Decimal(value), reach, indicator)
            for (name, _), part in zip(TOWNSHIPS, parts, strict=True):
                course = _course(parcel, indicator, name, year)
                months = _reached(plan, indicator, part, course)
                if year == YEARS[1] and (code, name) in {("tourists", "白鹭乡"), ("urban_jobs", "禾塘镇")}:
                    months.pop("month12")
                yield {**_named(indicator, year), "unit": name, "status": "快报", **months}


def _course(parcel: Parcel, indicator: Indicator, name: str, year: int) -> tuple[int, ...]:
    if (indicator.code, name, year) in _COURSES:
        return _COURSES[indicator.code, name, year]
    chance = parcel.chance(f"{indicator.code}/{name}/{year}")
    usual = chance.whole(98, 106)
    return tuple(usual + chance.whole(-3, 3) for _ in _QUARTERS)


def _reached(plan: Plan, indicator: Indicator, part: Decimal, course: tuple[int, ...]) -> dict[str, object]:
    shares = plan.profiles.get(indicator.profile, plan.profiles["P_LIN"])
    last, found = Decimal(0), {}
    for month, percent in zip(_QUARTERS, course, strict=True):
        share = Decimal(100) if indicator.temporal == "level" else shares[month]
        last = max(last, rounded(part * share * percent / 10000, indicator.decimals))
        found[f"month{month}"] = last
    return dict(found)


def _decision(parcel: Parcel) -> Iterator[Row]:
    """The standing committee lowered the growth of retail sales in August."""
    indicator = parcel.catalogue.indicators["retail_growth"]
    title = "关于调整2025年部分预期目标的决定"
    paper = parcel.paper(
        "正式文件", title, f"{_DECIDED}\n{title}\n社会消费品零售总额增速预期目标由6.0%调整为5.0%。"
    )
    for month in (9, 10, 11, 12):
        yield {
            **_named(indicator, YEARS[1]),
            "month": month,
            "value": Decimal("5.0"),
            "document": _DECIDED,
            "title": title,
            "day": date(2025, 8, 29),
            "reason": "县人大常委会批准计划调整：两家大型商贸企业迁出",
            "papers": paper,
        }


def _marks(parcel: Parcel) -> Iterator[Row]:
    indicator = parcel.catalogue.indicators["export_rmb"]
    yield {
        "indicator": indicator.label,
        "unit": "鹤汀乡",
        "year": YEARS[1],
        "colour": "黄灯",
        "reason": "茶叶出口企业因检验标准变动停运两个月，订单已改由邻县口岸出运，年底前可追回大半",
        "since": date(2025, 10, 15),
        "until": date(2026, 1, 31),
    }
