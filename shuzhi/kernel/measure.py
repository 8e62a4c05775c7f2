"""Units of measurement and exact quantities: 元, 万元, 亿元, %, 百分点, 个, 公里 … without a float anywhere.

Accounts and engines hold whole numbers at the *scale of a family* (money in fen, ratios in millionths), so that any
sum in any order on any engine gives the same bits. Division and rounding happen once, on :class:`fractions.Fraction`,
and rounding only at print: half up (四舍五入, the convention of the statistical bulletins).
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Family:
    """Units that convert into each other; whole numbers count ``base`` × 10 ** -``scale``."""

    name: str
    base: str
    scale: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement: one of it is 10 ** ``power`` base units of its family."""

    name: str
    family: Family
    power: int

    @property
    def step(self) -> Fraction:
        """How many whole numbers of the family one unit is."""
        return _ten(self.power + self.family.scale)


def _ten(places: int) -> Fraction:
    return Fraction(10**places) if places >= 0 else Fraction(1, 10**-places)


RATIO = Family("比率", "1", 6)
MONEY = Family("金额", "元", 2)

# family, base unit, scale of the whole numbers, the units as (name, power of ten of the base)
_TABLE: tuple[tuple[Family, tuple[tuple[str, int], ...]], ...] = (
    (MONEY, (("元", 0), ("万元", 4), ("亿元", 8))),
    (Family("美元", "美元", 2), (("美元", 0), ("万美元", 4), ("亿美元", 8))),
    (RATIO, (("%", -2), ("百分点", -2), ("个百分点", -2), ("‰", -3), ("倍", 0))),
    (Family("人", "人", 0), (("人", 0), ("名", 0), ("万人", 4))),
    (Family("人次", "人次", 0), (("人次", 0), ("万人次", 4))),
    (Family("面积", "平方米", 2), (("平方米", 0), ("万平方米", 4), ("平方公里", 6))),
    (Family("亩", "亩", 2), (("亩", 0), ("万亩", 4))),
    (Family("长度", "米", 2), (("米", 0), ("公里", 3), ("千米", 3))),
    (Family("重量", "吨", 2), (("吨", 0), ("万吨", 4))),
    (Family("电量", "千瓦时", 0), (("千瓦时", 0), ("万千瓦时", 4), ("亿千瓦时", 8))),
    (Family("体积", "立方米", 2), (("立方米", 0), ("万立方米", 4))),
    (Family("浓度", "微克/立方米", 2), (("微克/立方米", 0),)),
    (Family("户", "户", 0), (("户", 0), ("万户", 4))),
    (Family("时间", "天", 0), (("天", 0), ("日", 0), ("个工作日", 0))),
)
_COUNTED = "个 项 件 件次 家 家次 户次 场次 场 次 条 起 批次 级 位 篇 处 座 辆 份 张 期 类 大类 村 所 支 批"


def _register() -> dict[str, Unit]:
    units = {name: Unit(name, family, power) for family, members in _TABLE for name, power in members}
    for name in _COUNTED.split():
        units[name] = Unit(name, Family(name, name, 0), 0)
    return units


UNITS = _register()


def unit(name: str) -> Unit:
    """The unit of that name; raises ValueError, naming what there is, when unknown."""
    try:
        return UNITS[name]
    except KeyError:
        raise ValueError(f"未知的计量单位“{name}”，可用：{' '.join(UNITS)}") from None


def whole(text: str | int | Decimal | Fraction, measured_in: Unit) -> int:
    """The amount as a whole number of its family; raises ValueError when no number or finer than the scale."""
    try:
        exact = Fraction(Decimal(text)) if isinstance(text, str) else Fraction(text)
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"“{text}”不是数") from None
    scaled = exact * measured_in.step
    if scaled.denominator != 1:
        raise ValueError(f"“{text}{measured_in.name}”小数位过多，账上最小到 {smallest(measured_in)}")
    return scaled.numerator


def smallest(measured_in: Unit) -> str:
    """The finest amount the accounts can hold, in the given unit, for messages: ``0.000001万元``."""
    places = measured_in.power + measured_in.family.scale
    return f"{say(1 / measured_in.step, max(places, 0))}{measured_in.name}"


def amount(number: int, shown_in: Unit) -> Fraction:
    """A whole number of the family as an exact amount of the unit."""
    places = shown_in.power + shown_in.family.scale
    return Fraction(number, 10**places) if places >= 0 else Fraction(number * 10**-places)


def convert(value: Fraction, given: Unit, wanted: Unit) -> Fraction:
    """The same amount in another unit of the family; raises ValueError across families."""
    if given.family != wanted.family:
        raise ValueError(f"“{given.name}”不能换算成“{wanted.name}”")
    return value * _ten(given.power - wanted.power)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """The value rounded half away from zero to so many decimals (GB/T 8170 四舍五入 as bulletins print)."""
    rounded = _rounded(value, decimals)
    return Fraction(-rounded if value < 0 else rounded, 10**decimals)


def _rounded(value: Fraction, decimals: int) -> int:
    """The size of a value, in the last of so many decimals."""
    bottom = value.denominator
    top: int = abs(value.numerator) * 10**decimals
    return (2 * top + bottom) // (2 * bottom)


def say(value: Fraction, decimals: int, *, grouped: bool = False) -> str:
    """The value in digits, rounded half up; ``grouped`` puts thousands separators (screens, never prose)."""
    rounded = _rounded(value, decimals)
    sign = "-" if rounded and value < 0 else ""
    digits = str(rounded)
    head, tail = (digits[:-decimals] or "0", digits[-decimals:]) if decimals else (digits, "")
    if decimals and len(digits) <= decimals:
        head, tail = "0", digits.rjust(decimals, "0")
    if grouped:
        head = f"{int(head):,}"
    return f"{sign}{head}.{tail}" if tail else f"{sign}{head}"
