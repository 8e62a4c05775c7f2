"""What stands in a place is what the books hold of that very thing, year and unit, or nothing with the reason why."""

from collections.abc import Callable

import pytest

from shuzhi.kernel.finding import Refused
from shuzhi.reports.filling import Earlier, Filled
from shuzhi.reports.places import Place, State
from tests.reports.county import COUNTY, TOWN

PlaceOf = Callable[..., Place]
Fill = Callable[..., Filled]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("预计全年实现地区生产总值XXX亿元。", "134.52"),
        ("预计全年实现地区生产总值XXX.X亿元。", "134.5"),
        ("预计全年实现地区生产总值XXXXXXX万元。", "1345200"),
        ("上年地区生产总值XXX亿元。", "128.40"),
        ("去年，地区生产总值达到XXX亿元。", "128.40"),
        ("2024年，地区生产总值达到XXX亿元。", "128.40"),
        ("政府性基金收入比上年下降X.X%。", "7.1"),
        ("税收占比XX.X%。", "62.5"),
        ("三级挂牌隐患XX个。", "3"),
        ("到年底，常住人口累计达到XX万人。", "36.95"),
        ("受理网格工单×,×××件。", "61,370"),
    ],
)
def test_a_place_prints_what_the_books_hold(place: PlaceOf, sentence: str, text: str) -> None:
    found = place(sentence)
    assert (found.state, found.text) == (State.FILLED, text), found.reason


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("明年，地区生产总值达到XXX亿元。", "142.00"),
        ("2026年，预计地区生产总值达到XXX亿元。", "142.00"),
        ("2026年，力争地区生产总值增长X%。", "6.0"),
        ("今年计划完成一般公共预算收入X.X亿元。", "8.5"),
    ],
)
def test_a_plan_prints_the_target_and_never_the_result(place: PlaceOf, sentence: str, text: str) -> None:
    found = place(sentence)
    assert (found.state, found.text) == (State.FILLED, text), found.reason


@pytest.mark.parametrize(
    ("sentence", "state", "reason"),
    [
        ("明年，社会消费品零售总额达到XX亿元。", State.UNREPORTED, "目标"),
        ("明年，三级挂牌隐患整改完成XX个。", State.UNANSWERABLE, "没有“挂牌隐患整改完成数”2026年的计划数"),
        ("上半年，地区生产总值达到XX亿元。", State.UNREPORTED, "未报2025年6月"),
        ("下半年，地区生产总值达到XX亿元。", State.UNANSWERABLE, "年内一段时间"),
        ("6月，三级挂牌隐患整改完成XX个。", State.UNANSWERABLE, "年内一段时间"),
        ("1—2月，受理网格工单XXX件。", State.UNREPORTED, "2月"),
        ("五年来，地区生产总值达到XX亿元。", State.UNANSWERABLE, "跨年度"),
        ("2021—2025年，地区生产总值达到XX亿元。", State.UNANSWERABLE, "跨年度"),
        ("2023年，地区生产总值达到XX亿元。", State.UNREPORTED, "2023年"),
        ("去年，三级挂牌隐患XX个。", State.UNREPORTED, "从2025年才开始登记"),
        ("社会消费品零售总额增长X.X%。", State.UNREPORTED, "不由总量推算"),
        ("政府性基金收入比上年增长X.X%。", State.CONFLICT, "账上是下降"),
        ("整合投入衔接资金X亿元。", State.FILLED, ""),
        ("整合投入衔接资金XX.X亿元。", State.CONFLICT, "账上是 0.03亿元"),
        ("贫困发生率降至X%。", State.UNREPORTED, "未报2025年贫困发生率"),
        ("联系点干部XX同志多次提醒。", State.NAME, "名称"),
        ("新增低空飞行航线XX条。", State.UNKNOWN, "目录中没有"),
    ],
)
def test_what_cannot_be_said_truly_stays_open_with_its_reason(
    place: PlaceOf, sentence: str, state: State, reason: str
) -> None:
    found = place(sentence)
    assert found.state is state, (found.reason, found.text)
    assert reason in found.reason
    assert (found.text == "") is (state is not State.FILLED)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("前三季度，一般公共预算收入X.XX亿元。", "5.80"),
        ("截至9月底，一般公共预算收入X.XX亿元。", "5.80"),
        ("去年前三季度，一般公共预算收入X.XX亿元。", "5.50"),
        ("上半年，三级挂牌隐患整改完成XX个。", "1"),
        ("1—11月，三级挂牌隐患整改完成XX个。", "2"),
    ],
)
def test_what_is_summed_up_to_a_month_is_answered(place: PlaceOf, sentence: str, text: str) -> None:
    found = place(sentence)
    assert (found.state, found.text) == (State.FILLED, text), found.reason


def test_a_rate_changes_by_percentage_points_and_never_by_percent(place: PlaceOf) -> None:
    found = place("税收占比提高X.X个百分点。")
    assert (found.state, found.text, found.unit) == (State.FILLED, "2.5", "个百分点")


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("税收占比超过XX.X%。", "62.4"),  # exactly 62.5: more than 62.4 is true, more than 62.5 is not
        ("税收占比超过XX%。", "62"),
        ("一般公共预算收入突破X亿元。", "7"),  # exactly 8: it has not passed 8
        ("城镇登记失业率控制在X.XX%以内。", "3.05"),
        ("受理网格工单XXXXX多件。", "61300"),
        ("受理网格工单近XXXXX件。", "61400"),
        ("受理网格工单约XXXXX件。", "61370"),
    ],
)
def test_a_bound_beside_the_number_stays_true(place: PlaceOf, sentence: str, text: str) -> None:
    assert place(sentence).text == text


def test_a_ledger_never_kept_is_no_zero(place: PlaceOf) -> None:
    found = place("督查督办事项XX件。")
    assert found.state is not State.FILLED
    assert found.text == ""


def test_one_sentence_does_not_say_one_figure_twice(filled: Fill) -> None:
    made = filled("青岚县2025年度述职报告\n\n三级挂牌隐患XX个，挂牌隐患XX个。\n")
    assert [place.state for place in made.places] == [State.FILLED, State.AMBIGUOUS]
    assert made.places[0].concept not in [found.code for found in made.places[1].candidates]
    assert made.places[1].candidates


def test_the_same_figure_has_one_value_and_one_card_in_the_whole_report(filled: Fill) -> None:
    made = filled("报告\n\n预计地区生产总值XX亿元。\n\n预计全年完成地区生产总值XX亿元。\n")
    first, second = made.places
    assert (first.text, first.code) == (second.text, second.code)
    assert not [finding for finding in made.findings if finding.id == "fill.two-ways"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青岚县2025年度述职报告\n\n地区生产总值XX亿元。\n", "fill.estimate"),
        ("青岚县2025年度述职报告\n\n城镇新增就业XX人。\n", "fill.zero"),
        ("青岚县2023年度述职报告\n\n税收占比XX%。\n", "fill.year"),
        ("青岚县二〇二三年度述职报告\n\n税收占比XX%。\n", "fill.year"),
        ("报告\n\n预计地区生产总值XX亿元。\n\n预计地区生产总值XX.X亿元。\n", "fill.two-ways"),
    ],
)
def test_the_author_is_told_what_would_mislead(filled: Fill, text: str, code: str) -> None:
    assert code in [finding.id for finding in filled(text).findings]


def test_an_estimate_said_to_be_one_needs_no_remark(filled: Fill) -> None:
    made = filled("青岚县2025年度述职报告\n\n预计地区生产总值XX亿元。\n")
    assert made.places[0].status == "预计"
    assert made.findings == ()


def test_the_authors_choice_and_the_memory_of_earlier_years_go_before_the_words(filled: Fill) -> None:
    text = "报告\n\n一般公共预算收入X.X亿元。\n"
    start = text.index("X.X")
    assert filled(text).places[0].concept == "rev_general"
    assert filled(text, choices={start: "rev_tax"}).places[0].text == "5.0"
    from shuzhi.prose.binding import memory_key

    key = memory_key(filled(text).places[0].slot)
    assert filled(text, earlier=Earlier({key: "rev_tax"})).places[0].concept == "rev_tax"
    assert filled(text, choices={start: "no_such_thing"}).places[0].concept == "rev_general"


def test_a_choice_in_another_measure_is_refused(filled: Fill) -> None:
    text = "报告\n\n税收占比XX%。\n"
    found = filled(text, choices={text.index("XX"): "rev_tax"}).places[0]
    assert found.state is State.UNANSWERABLE
    assert "不能换算" in found.reason


def test_an_earlier_year_and_a_unit_below_can_be_asked_for(filled: Fill) -> None:
    text = "报告\n\n一般公共预算收入X.X亿元，三级挂牌隐患XX个。\n"
    assert filled(text, year=2024).places[0].text == "7.5"
    assert filled(text, unit=TOWN).places[1].text == "2"
    assert filled(text, unit=TOWN).unit_name == "石桥镇"
    assert filled(text, unit=COUNTY).places == filled(text).places


@pytest.mark.parametrize("options", [{"year": 2026}, {"unit": "999999"}])
def test_a_year_or_unit_the_books_do_not_know_is_refused(filled: Fill, options: dict[str, object]) -> None:
    with pytest.raises(Refused):
        filled("报告\n\n税收占比XX%。\n", **options)


def test_candidates_show_what_they_would_print(filled: Fill) -> None:
    for found in filled("报告\n\n一般公共预算收入X.X亿元。\n").places[0].candidates:
        assert found.value == "" or found.value.endswith(("亿元", "%"))
