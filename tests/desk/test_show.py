"""How kept values are shown: whole numbers of a unit stand at its family's scale, and are told in the unit."""

import pytest

from shuzhi.desk.show import shown

KEPT = (
    ("whole", "万元", 12_500_000, "12.5 万元"),
    ("whole", "人", 1234, "1,234 人"),
    ("whole", "亩", 6667, "66.67 亩"),
    ("whole", "", 1234, "1,234"),
    ("quantity", "万元", 123_456_789, "123.456789 万元"),
    ("money", "元", 10_000_00, "1 万元"),
)


@pytest.mark.parametrize(("kind", "unit", "value", "text"), KEPT)
def test_a_whole_number_is_told_in_its_unit(kind: str, unit: str, value: int, text: str) -> None:
    assert shown(kind, unit, value, {}).text == text
