"""Binding to a catalogue: sure or silent, with a reason, candidates and a memory."""

from dataclasses import replace

import pytest

from shuzhi.prose.binding import Binding, bind, memory_key
from shuzhi.prose.concepts import Concept, opposed
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


LOCAL = (Concept("lake", "湖区养殖面积", ("养殖面积",), ("亩",), "level", near=("水产",)),)


def test_where_two_catalogues_fit_alike_the_local_one_is_meant_and_the_reason_says_so() -> None:
    text = "水产业发展，养殖面积X亩。"
    (found,) = bind(read(text), (*CATALOGUE, *(replace(concept, layer=1) for concept in LOCAL)))
    assert (found.state, found.code) == ("bound", "lake")
    assert "按本地目录取" in found.reason
    assert {c.code for c in found.candidates} == {"fish", "lake"}
    (other,) = bind(read(text), (*LOCAL, *(replace(concept, layer=1) for concept in CATALOGUE)))
    assert other.code == "fish"


CHOSEN = "乡村特色民宿改造提升X户。"


@pytest.mark.parametrize(
    "text",
    [
        "全年乡村特色民宿改造提升XX户。",
        "一年来，乡村民宿改造提升X户。",
        "（二）文旅融合。特色乡村民宿改造提升1,205户。",
        "乡村特色民宿共改造提升〇〇户。",
    ],
)
def test_a_slightly_changed_wording_finds_last_years_choice_and_says_why(text: str) -> None:
    catalogue = (*CATALOGUE, Concept("inn", "文旅改造户数", ("文旅户改造",), ("户", "家"), "count"))
    (before,) = bind(read(CHOSEN), catalogue)
    (now,) = bind(read(text), catalogue, memory={before.key: "inn"})
    assert (now.state, now.code) == ("bound", "inn")
    assert now.confidence == 1000 or "说法相近" in now.reason


@pytest.mark.parametrize(
    ("before", "chosen", "now"),
    [
        ("全体居民收入X元。", "income_farm", "全体居民收入增长X%。"),
        ("全体居民收入X元。", "income_farm", "全体居民收入占比X%。"),
        ("村道养护X公里。", "road", "村道养护X次。"),
        ("城镇学校食堂改造X个。", "shops", "农村学校食堂改造X个。"),
        ("财政专户收入X万元。", "income_town", "财政专户支出X万元。"),
        ("村道养护X公里。", "income_town", "村道养护X公里。"),
        ("村道养护X公里。", "没有这个代码", "村道养护X公里。"),
    ],
)
def test_memory_never_stands_against_unit_kind_or_a_word_that_excludes(
    before: str, chosen: str, now: str
) -> None:
    (first,) = _bound(before)
    (found,) = _bound(now, memory={first.key: chosen})
    assert found.code != chosen


def test_two_choices_equally_alike_are_left_to_the_user() -> None:
    memory = {"古镇灯会参观|count|人": "shops", "古镇庙会参观|count|人": "fish"}
    catalogue = (
        Concept("shops", "灯会人数", ("灯会",), ("人",), "count"),
        Concept("fish", "庙会人数", ("庙会",), ("人",), "count"),
    )
    (found,) = bind(read("古镇集会参观X人。"), catalogue, memory=memory)
    assert found.state != "bound"


def test_the_catalogues_own_words_stand_against_a_choice_for_other_words() -> None:
    (first,) = _bound("茶叶总产值X元。")
    (found,) = _bound("农村居民收入X元。", memory={first.key: "income_town"})
    assert found.code == "income_farm"


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ("城镇居民收入", "农村居民收入", True),
        ("第二产业增加值", "第三产业增加值", True),
        ("存款余额", "贷款余额", True),
        ("非税收入", "税收收入", True),
        ("进出口总额", "出口总额", True),
        ("茶叶产量", "茶叶总产量", False),
        ("农村居民收入", "居民收入", False),
    ],
)
def test_some_words_exclude_each_other(one: str, other: str, excluded: bool) -> None:
    assert opposed(one, other) is excluded


@pytest.mark.parametrize(
    "text",
    ["茶叶产量年初目标X吨。", "茶叶出口X吨。", "农村居民支出X元。", "居民支出X元。"],
)
def test_a_target_or_another_flow_is_not_taken_for_the_thing(text: str) -> None:
    (found,) = _bound(text)
    assert found.state != "bound"
