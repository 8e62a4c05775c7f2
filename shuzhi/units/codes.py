"""Codes of administrative divisions: GB/T 2260 for provinces to counties, GB/T 10114 and the statistical codes below.

A code has 2 digits for a province, 4 for a prefecture, 6 for a county, 9 for a township, 12 for a village, each beginning
with the code above it, and the level goes by the length. In a table of all levels written with twelve digits (110000000000)
the zeros are taken off first. They are not taken off elsewhere, because zeros can be meant: a prefecture without
counties has a county 441900, and a county without townships a township 350527000.
"""

from shuzhi.kernel.finding import Finding, Severity

LENGTHS = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}
PADDED = 12
LEVEL_OF = {length: level for level, length in LENGTHS.items()}
# GB/T 2260-2007: the first two digits, by region.
PROVINCES = frozenset(
    f"{number}"
    for numbers in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
    for number in numbers
)
# Digits 7-9 (GB/T 10114) and 10-12 (statistical codes) say what sort of unit it is; local deviations are common.
_TOWNSHIPS = ((1, 99, ("街道", "地区", "办事处", "管理区")), (100, 199, ("镇",)), (200, 399, ("乡", "苏木")))
_VILLAGES = ((1, 199, ("居委会", "居民委员会", "社区")), (200, 399, ("村委会", "村民委员会", "村")))


def above(code: str) -> str:
    """The code right above, "" for a province."""
    lengths = sorted(LENGTHS.values())
    place = lengths.index(len(code))
    return code[: lengths[place - 1]] if place else ""


def plain(code: str) -> str:
    """A code without the zeros it was padded with: 320500000000 is 3205, 320000 is 32."""
    if len(code) != PADDED:
        return code
    for length in sorted(LENGTHS.values()):
        if length < len(code) and not code[length:].strip("0"):
            return code[:length]
    return code


def faults(code: str, name: str, place: str) -> list[Finding]:
    """What is wrong with a code: its length, its digits, its province."""
    if not code.isascii() or not code.isdigit() or len(code) not in LEVEL_OF:
        return [Finding("unit.code", f"“{code}”（{name}）不是区划代码", "应为2、4、6、9或12位数字", place)]
    if code[:2] not in PROVINCES:
        hint = "前两位应为国标 GB/T 2260 的省级代码"
        return [Finding("unit.province", f"“{code}”（{name}）的省级代码{code[:2]}不存在", hint, place)]
    return []


def unlike(code: str, name: str, place: str) -> Finding | None:
    """Advice when a name does not fit the sort of unit its code says (镇 between 100 and 199)."""
    table = {9: _TOWNSHIPS, 12: _VILLAGES}.get(len(code))
    if table is None:
        return None
    number = int(code[-3:])
    for low, high, endings in table:
        fits = name.endswith(endings)
        if fits and not low <= number <= high:
            message = f"“{name}”按名称应在{low:03d}至{high:03d}之间，代码末三位却是{code[-3:]}"
            return Finding("unit.code-sort", message, "各地编码有出入，供核对", place, Severity.ADVICE)
        if fits:
            return None
    return None
