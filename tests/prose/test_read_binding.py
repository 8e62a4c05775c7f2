"""Binding to a catalogue: sure or silent, with a reason, candidates and a memory."""

import pytest

from shuzhi.prose.binding import Binding, bind, memory_key
from shuzhi.prose.concepts import Concept
from shuzhi.prose.reading import read

CATALOGUE = (
    Concept("tea", "茶叶产量", ("茶叶产量", "茶叶总产"), ("吨", "万吨"), "level"),
    Concept("tea.growth", "茶叶产量增速", ("茶叶产量",), ("%",), "growth", facet="增速"),
    Concept("income_town", "城镇居民收入", ("城镇居民收入",), ("元",), "level"),
    Concept("income_farm", "农村居民收入", ("农村居民收入",), ("元",), "level"),
    Concept("road", "通村路", ("通村路",), ("公里",), "level"),
    Concept("road_rural", "通村路硬化里程", ("硬化通村路",), ("公里",), "level"),
    Concept("fish", "水产养殖面积", ("养殖面积",), ("亩",), "level", near=("水产",)),
    Concept("shops", "新增商铺", ("新增商铺",), ("家", "个"), "count", facet="新增", unlike=("注销",)),
)


def _bound(text: str, memory: dict[str, str] | None = None) -> list[Binding]:
    return bind(read(text), CATALOGUE, memory=memory)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("茶叶产量X万吨，增长X%。", ["tea", "tea.growth"]),
        ("城乡居民收入分别为X元、X元。", ["income_town", "income_farm"]),
        ("新增商铺XX家。", ["shops"]),
        ("水产业发展，养殖面积X亩。", ["fish"]),
    ],
)
def test_what_is_sure_is_bound(text: str, codes: list[str]) -> None:
    assert [b.code for b in _bound(text)] == codes


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("XX县委高度重视。", "name"),
        ("茶叶产量X亿元。", "unknown"),
        ("开展夜巡X次。", "unknown"),
        ("养殖面积X亩。", "unknown"),
        ("新增商铺X家注销。", "unknown"),
        ("全体居民收入X元。", "ambiguous"),
    ],
)
def test_what_is_not_sure_is_never_bound(text: str, state: str) -> None:
    (found,) = _bound(text)
    assert (found.state, found.code) == (state, None)
    assert found.reason


def test_an_ambiguous_slot_names_its_candidates() -> None:
    (found,) = _bound("全体居民收入X元。")
    assert {c.code for c in found.candidates} == {"income_town", "income_farm"}
    assert all(0 < c.confidence <= 1000 for c in found.candidates)


def test_a_choice_is_remembered_for_next_years_changed_text() -> None:
    (first,) = _bound("全体居民收入X元。")
    assert first.key == memory_key(first.item)
    (again,) = _bound("在春旱影响下，全年全体居民收入预计达到XX万元。", memory={first.key: "income_farm"})
    assert (again.state, again.code, again.confidence) == ("bound", "income_farm", 1000)


def test_a_filled_figure_is_bound_like_a_mask() -> None:
    assert [b.code for b in _bound("茶叶产量1.2万吨。")] == ["tea"]


def test_binding_is_deterministic() -> None:
    text = "茶叶产量X万吨，增长X%。全体居民收入X元。"
    assert _bound(text) == _bound(text)
