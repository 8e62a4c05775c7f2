"""Which year, and whose: the words around a place decide, and what the books do not sum is not answered."""

from collections.abc import Callable

import pytest

from shuzhi.prose.reading import read
from shuzhi.reports.periods import ACTUAL, MANY, PART, PLAN, Period, period_of
from shuzhi.reports.places import Place, State
from tests.reports.county import TOWN


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("地区生产总值XX亿元。", Period(2025)),
        ("今年，地区生产总值XX亿元。", Period(2025)),
        ("2025年，地区生产总值XX亿元。", Period(2025)),
        ("上年地区生产总值XX亿元。", Period(2024)),
        ("去年，全县地区生产总值XX亿元。", Period(2024)),
        ("前年，全县地区生产总值XX亿元。", Period(2023)),
        ("2022年，全县地区生产总值XX亿元。", Period(2022)),
        ("落实《2022年行动计划》，地区生产总值XX亿元。", Period(2025)),
        ("地区生产总值由上年的128.40亿元增加到XX亿元。", Period(2025)),
        ("地区生产总值由上年的XX亿元，再往上走。", Period(2024)),
        ("三公经费支出比上年下降X%。", Period(2025)),
        ("三公经费支出较2024年下降X%。", Period(2025)),
        ("三公经费支出较2020年下降X%。", Period(2025, MANY)),
        ("三公经费支出比前年下降X%。", Period(2025, MANY)),
        ("地区生产总值年均增长X%。", Period(2025, MANY)),
        ("2021—2025年，地区生产总值XX亿元。", Period(2025, MANY)),
        ("自2021年以来，三级挂牌隐患XX个。", Period(2025, MANY)),
        ("明年，地区生产总值增长X%左右。", Period(2026, PLAN)),
        ("2026年，地区生产总值增长X%左右。", Period(2026, PLAN)),
        ("预计2026年地区生产总值增长X%左右。", Period(2026, PLAN)),
        ("今年计划完成固定资产投资XX亿元。", Period(2025, PLAN)),
        ("下一步，力争地区生产总值增长X%。", Period(2026, PLAN)),
        ("上半年，地区生产总值XX亿元。", Period(2025, month=6)),
        ("今年上半年，全县地区生产总值XX亿元。", Period(2025, month=6)),
        ("去年上半年，地区生产总值XX亿元。", Period(2024, month=6)),
        ("1—9月，地区生产总值XX亿元。", Period(2025, month=9)),
        ("2025年1—11月，预计地区生产总值XX亿元。", Period(2025, month=11)),
        ("前三季度，地区生产总值增长X%。", Period(2025, month=9)),
        ("一季度，规上工业增加值增长X%。", Period(2025, month=3)),
        ("前11个月，一般公共预算收入XX亿元。", Period(2025, month=11)),
        ("二季度，规上工业增加值增长X%。", Period(2025, PART)),
        ("下半年，召开政银企对接会XX场。", Period(2025, PART)),
        ("截至6月15日，召开政银企对接会XX场。", Period(2025, PART)),
        ("1至10月份，召开政银企对接会20场，其中6月XX场。", Period(2025, PART)),
        ("力争上半年完成固定资产投资XX亿元。", Period(2026, PART)),
        ("一季度实现开门红，地区生产总值XX亿元。", Period(2025, PART)),
        ("3月召开大会，全年地区生产总值XX亿元。", Period(2025)),
        ("6月，社会消费品零售总额XX亿元。", Period(2025, PART)),
        ("截至10月底，社会消费品零售总额XX亿元。", Period(2025, month=10)),
        ("截至12月底，社会消费品零售总额XX亿元。", Period(2025)),
        ("1—12月，社会消费品零售总额XX亿元。", Period(2025, ACTUAL)),
        ("12月，社会消费品零售总额环比增长X%。", Period(2025, PART)),
    ],
)
def test_the_words_around_a_place_say_its_year(sentence: str, period: Period) -> None:
    draft = read(f"青岚县2025年度述职报告\n\n{sentence}\n")
    assert period_of(draft, draft.slots[-1], 2025) == period


def test_under_a_heading_of_plans_a_number_is_next_years_plan() -> None:
    draft = read(
        "青岚县2025年度述职报告\n\n一、工作回顾\n\n都办了。\n\n二、下一步打算\n\n地区生产总值增长X%。\n"
    )
    assert period_of(draft, draft.slots[-1], 2025) == Period(2026, PLAN)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("全省地区生产总值XX亿元。", "全省"),
        ("全市一般公共预算收入XX亿元。", "全市"),
        ("石桥镇一般公共预算收入XX亿元。", "石桥镇"),
    ],
)
def test_the_countys_figure_never_stands_for_another_area(
    place: Callable[..., Place], sentence: str, said: str
) -> None:
    found = place(sentence)
    assert (found.state, found.text) == (State.UNANSWERABLE, ""), found
    assert said in found.reason


def test_the_reports_own_area_may_be_named(place: Callable[..., Place]) -> None:
    assert place("石桥镇三级挂牌隐患XX个。", unit=TOWN).text == "2"
    assert place("全县三级挂牌隐患XX个。").text == "3"
