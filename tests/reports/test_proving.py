"""What a draft claims holds, does not hold or cannot be known, as the books have it, and the numbers stand beside it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.finding import Refused
from shuzhi.prose.reading import read
from shuzhi.reports.proving import State, Verdict, prove, report
from tests.reports.county import COUNTY, HAZARDS, TOWN, close, works

Judge = Callable[..., Verdict]

# indicator, year, role, value: two counties, one in which the report is true and one in which it is not
_GOOD = (
    ("gdp", 2025, "actual", "205"),
    ("gdp", 2024, "actual", "128"),
    ("gdp", 2020, "actual", "100"),
    ("gdp_growth", 2025, "actual", "5.6"),
    ("gdp_growth", 2024, "actual", "4"),
    ("gdp_growth", 2023, "actual", "3"),
    ("rev_general", 2025, "actual", "11.24"),
    ("rev_general", 2025, "target", "10"),
    ("rev_general", 2024, "actual", "9.8"),
    ("rev_general", 2023, "actual", "9"),
    ("retail_growth", 2025, "actual", "3.2"),
    ("retail_growth", 2024, "actual", "-1.1"),
    ("accidents", 2025, "actual", "0"),
    ("accidents", 2024, "actual", "0"),
    ("unemp_reg", 2025, "actual", "3.1"),
    ("unemp_reg", 2025, "target", "4"),
    ("income_urban", 2025, "actual", "40000"),
    ("income_urban", 2024, "actual", "38000"),
    ("income_rural", 2025, "actual", "22000"),
    ("income_rural", 2024, "actual", "20000"),
    ("grain_output", 2025, "actual", "30"),
    ("grain_output", 2024, "actual", "29"),
    ("grain_output", 2023, "actual", "28"),
)
_BAD = (
    ("gdp", 2025, "actual", "150"),
    ("gdp", 2024, "actual", "128"),
    ("gdp", 2020, "actual", "100"),
    ("gdp_growth", 2025, "actual", "3.6"),
    ("gdp_growth", 2024, "actual", "4"),
    ("gdp_growth", 2023, "actual", "-3"),
    ("rev_general", 2025, "actual", "9.9"),
    ("rev_general", 2025, "target", "10"),
    ("rev_general", 2024, "actual", "10.8"),
    ("rev_general", 2023, "actual", "9"),
    ("retail_growth", 2025, "actual", "3.2"),
    ("retail_growth", 2024, "actual", "1.1"),
    ("accidents", 2025, "actual", "2"),
    ("accidents", 2024, "actual", "0"),
    ("unemp_reg", 2025, "actual", "4.1"),
    ("unemp_reg", 2025, "target", "4"),
    ("income_urban", 2025, "actual", "42000"),
    ("income_urban", 2024, "actual", "38000"),
    ("income_rural", 2025, "actual", "20500"),
    ("income_rural", 2024, "actual", "20000"),
    ("grain_output", 2025, "actual", "28"),
    ("grain_output", 2024, "actual", "29"),
    ("grain_output", 2023, "actual", "28"),
)


def _books(folder: Path, rows: tuple[tuple[str, int, str, str], ...], done: bool) -> Closing:
    observed = [
        (code, COUNTY, year, role, "快报" if role == "actual" else "", value)
        for code, year, role, value in rows
    ]
    hazards = [
        (number, unit, opened, closed or (date(2025, 9, 1) if done else None))
        for number, unit, opened, closed in HAZARDS
    ]
    return close(folder, observed=observed, hazards=hazards)


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """The books of a county of which the report below is true."""
    return _books(tmp_path_factory.mktemp("good"), _GOOD, done=True)


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """The books of a county of which it is not."""
    return _books(tmp_path_factory.mktemp("bad"), _BAD, done=False)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """Books in which nobody has reported anything."""
    return close(tmp_path_factory.mktemp("empty"), observed=(), hazards=())


def _all(sentence: str, closing: Closing, **options: object) -> tuple[Verdict, ...]:
    text = f"青岚县2025年度述职报告\n\n一、工作情况\n{sentence}\n"
    return prove(read(text), closing, catalogue=national(), **options)  # type: ignore[arg-type]


def _judged(sentence: str, closing: Closing, cue: str) -> Verdict:
    found = [verdict for verdict in _all(sentence, closing) if verdict.claim.cue == cue]
    assert len(found) == 1, [verdict.text for verdict in found]
    return found[0]


PROVABLE = [
    ("over", "一般公共预算收入超额完成年度目标。"),
    ("fulfilled", "一般公共预算收入圆满完成全年任务。"),
    ("better", "一般公共预算收入高于年初预算。"),
    ("better", "城镇登记失业率低于控制目标。"),
    ("better", "地区生产总值增速快于上年。"),
    ("better", "农村居民人均可支配收入增速快于城镇居民人均可支配收入增速。"),
    ("turn", "社会消费品零售总额增速由负转正。"),
    ("turn", "社会消费品零售总额止跌回升。"),
    ("rising", "粮食产量保持增长。"),
    ("rising", "粮食产量连年增长。"),
    ("double", "地区生产总值比2020年翻了一番。"),
    ("streak", "地区生产总值连续3年增长。"),
    ("streak", "生产安全事故连续两年为零。"),
    ("zero", "安全生产零事故。"),
    ("none", "全年没有发生安全生产事故。"),
    ("all", "三级挂牌隐患全部整改到位。"),
    ("extreme", "粮食产量为三年来最高。"),
]


@pytest.mark.parametrize(("cue", "sentence"), PROVABLE)
def test_a_claim_in_words_holds_where_the_books_say_so(cue: str, sentence: str, good: Closing) -> None:
    found = _judged(sentence, good, cue)
    assert found.state is State.HOLDS, found.text
    assert all(value.text for value in found.values)


@pytest.mark.parametrize(("cue", "sentence"), PROVABLE)
def test_it_does_not_hold_where_the_books_say_otherwise(cue: str, sentence: str, bad: Closing) -> None:
    found = _judged(sentence, bad, cue)
    assert found.state is State.FAILS, found.text
    assert "账上：" in found.text
    assert found.text.endswith(f"文中：{sentence.rstrip('。')}")


@pytest.mark.parametrize(("cue", "sentence"), PROVABLE)
def test_it_cannot_be_known_where_nothing_was_reported(cue: str, sentence: str, empty: Closing) -> None:
    found = _judged(sentence, empty, cue)
    assert found.state is State.UNKNOWN, found.text
    assert (
        "未报" in found.text or "没有下达" in found.text or "不能当作0" in found.text or "没有" in found.text
    )


@pytest.mark.parametrize(
    ("cue", "sentence", "reason"),
    [
        ("rank", "地区生产总值增速位居全市第一。", "只有本地的数"),
        ("better", "地区生产总值增速高于全市平均水平。", "没有“全市”的数"),
        ("first", "率先建成智慧粮库。", "账上判断不了"),
        ("built", "东干渠工程竣工验收。", "按名称核对"),
        ("fulfilled", "各项目标任务圆满完成。", "没有说是哪一项"),
        ("fulfilled", "秋季育苗任务圆满完成。", "账上没有记“秋季育苗任务”"),
        ("over", "高新区税收收入超额完成任务。", "不完全一样"),
        ("none", "没有利用职权为亲友谋利。", "账上没有记"),
        ("streak", "地区生产总值连续6个月增长。", "一年一年往回看"),
        ("streak", "地区生产总值连续X年增长。", "还没有填"),
        ("all", "群众诉求做到应办尽办。", "没有这样的总数"),
        ("extreme", "粮食产量创历史新高。", "更早的年份"),
        ("double", "上半年地区生产总值翻了一番。", "未报2025年6月"),
    ],
)
def test_what_the_books_cannot_tell_is_said_with_the_reason(
    cue: str, sentence: str, reason: str, good: Closing
) -> None:
    found = _judged(sentence, good, cue)
    assert found.state is State.UNKNOWN
    assert reason in found.text


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("地区生产总值205亿元。", State.HOLDS),
        ("地区生产总值205.4亿元。", State.FAILS),
        ("一般公共预算收入11.2亿元。", State.HOLDS),
        ("一般公共预算收入112400万元。", State.HOLDS),
        ("一般公共预算收入11.3亿元。", State.FAILS),
        ("一般公共预算收入超过11亿元。", State.HOLDS),
        ("一般公共预算收入超过12亿元。", State.FAILS),
        ("一般公共预算收入12亿元以上。", State.FAILS),
        ("一般公共预算收入约11亿元。", State.HOLDS),
        ("一般公共预算收入近12亿元。", State.HOLDS),
        ("一般公共预算收入近11亿元。", State.FAILS),
        ("一般公共预算收入近15亿元。", State.FAILS),
        ("地区生产总值增长5.6%。", State.HOLDS),
        ("地区生产总值下降5.6%。", State.FAILS),
        ("上年一般公共预算收入9.8亿元。", State.HOLDS),
        ("今年计划完成一般公共预算收入10亿元。", State.HOLDS),
        ("一般公共预算收入由上年的9.8亿元增加到11.24亿元。", State.HOLDS),
        ("三级挂牌隐患3个。", State.HOLDS),
        ("三级挂牌隐患4个。", State.FAILS),
        ("三级挂牌隐患2个以上。", State.HOLDS),
        ("去年，三级挂牌隐患3个。", State.UNKNOWN),
        ("社会消费品零售总额53亿元。", State.UNKNOWN),
        ("上半年地区生产总值98亿元。", State.UNKNOWN),
        ("明年地区生产总值达到220亿元。", State.UNKNOWN),
    ],
)
def test_a_filled_figure_is_held_against_the_computed_one(sentence: str, state: State, good: Closing) -> None:
    found = [verdict for verdict in _all(sentence, good) if verdict.claim.type == "figure"]
    assert found[-1].state is state, found[-1].text


def test_the_sentence_says_what_the_books_and_what_the_text_hold(bad: Closing) -> None:
    (found,) = _all("一般公共预算收入超过11亿元。", bad)
    assert found.text == "不属实。账上：一般公共预算收入9.90亿元；文中：超过11亿元"
    assert found.as_json(read("报告"))["state"] == "不属实"


def test_a_number_of_something_narrower_refutes_nothing(good: Closing) -> None:
    (found,) = _all("古城景区一般公共预算收入2.4亿元。", good)
    assert found.state is State.UNKNOWN
    assert "请核对" in found.text


def test_none_of_a_part_is_proved_by_none_of_all_but_not_refuted_by_some(good: Closing, bad: Closing) -> None:
    sentence = "未发生非煤矿山安全生产事故。"
    assert _judged(sentence, good, "none").state is State.HOLDS
    found = _judged(sentence, bad, "none")
    assert found.state is State.UNKNOWN
    assert "分不出来" in found.text


def test_a_first_time_can_be_refuted_but_not_proved(good: Closing, bad: Closing) -> None:
    assert _judged("一般公共预算收入首次突破11亿元。", good, "first").state is State.UNKNOWN
    assert _judged("一般公共预算收入首次突破9亿元。", good, "first").state is State.FAILS
    assert _judged("一般公共预算收入首次突破10亿元。", bad, "first").state is State.FAILS


def test_another_area_is_not_judged_by_these_books(good: Closing) -> None:
    (found,) = _all("石桥镇一般公共预算收入超额完成年度目标。", good)
    assert found.state is State.UNKNOWN


def test_what_is_promised_is_no_claim(good: Closing) -> None:
    assert _all("明年，确保一般公共预算收入超额完成目标。", good) == ()


def test_a_unit_below_and_an_earlier_year_can_be_asked_for(good: Closing) -> None:
    assert _all("三级挂牌隐患2个。", good, unit=TOWN)[0].state is State.HOLDS
    assert _all("一般公共预算收入9.8亿元。", good, year=2024)[0].state is State.HOLDS


def test_the_memory_of_earlier_years_goes_before_the_words(good: Closing) -> None:
    from shuzhi.prose.memory import memory_key

    text = "报告\n\n财源总量11.24亿元。\n"
    key = memory_key(read(text).figures[0])
    (found,) = prove(read(text), good, catalogue=national(), memory={key: "rev_general"})
    assert (found.proof.concept, found.state) == ("rev_general", State.HOLDS)
    other = read(text.replace("11.24", "12.24"))
    assert prove(other, good, catalogue=national(), memory={key: "rev_general"})[0].state is State.FAILS


@pytest.mark.parametrize("options", [{"year": 2026}, {"unit": "999999"}])
def test_a_year_or_unit_the_books_do_not_know_is_refused(good: Closing, options: dict[str, object]) -> None:
    with pytest.raises(Refused):
        _all("一般公共预算收入11亿元。", good, **options)


def test_the_report_tells_what_does_not_hold_first(bad: Closing) -> None:
    told = report(_all("一般公共预算收入9.9亿元，超额完成年度目标，增速位居全市第一。", bad)).splitlines()
    assert [line for line in told if not line.startswith(" ")] == [
        "不属实 1 条",
        "账上不能判断 1 条",
        "属实 1 条",
    ]


def test_a_verdict_on_an_estimate_says_that_it_is_one(closing: Closing) -> None:
    (found,) = _all("地区生产总值134.5亿元。", closing)
    assert found.state is State.HOLDS
    assert "预计" in found.text


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """Books with works and documents that have names, one of them in a ledger nobody may be told of."""
    more = [
        works(
            "key_project",
            [
                ("东干渠续建工程", {"finished": "2025-09-30", "started": "2025-02-01"}),
                ("北山水库除险加固项目", {"started": "2025-03-01"}),
                ("城南污水处理厂一期", {"finished": "2025-05-01"}),
                ("城南污水处理厂二期", {}),
            ],
        ),
        works(
            "policy_document",
            [("青岚县农村公路管护办法", {"issued": "2025-04-02"}), ("青岚县河道保洁办法", {})],
        ),
        works("petition_case", [("西坪村道路纠纷处置", {})]),
    ]
    return close(tmp_path_factory.mktemp("named"), more=more)


@pytest.mark.parametrize(
    ("sentence", "state", "said"),
    [
        ("东干渠续建工程竣工验收。", State.HOLDS, "“东干渠续建工程”竣工验收日期2025年9月30日"),
        ("东干渠续建工程于9月底建成投用。", State.HOLDS, "2025年9月30日"),
        ("北山水库除险加固工程竣工。", State.FAILS, "“北山水库除险加固项目”竣工验收日期没有填"),
        ("北山水库除险加固工程开工建设。", State.HOLDS, "实际开工日期2025年3月1日"),
        ("城南污水处理厂建成投用。", State.UNKNOWN, "按名称核对"),
        ("东干渠续建工程渠首段竣工。", State.UNKNOWN, "是不是同一件"),
        ("西坪村道路纠纷处置完成。", State.UNKNOWN, "按名称核对"),
        ("出台《青岚县农村公路管护办法》。", State.HOLDS, "印发日期2025年4月2日"),
        ("印发《青岚县河道保洁办法》。", State.FAILS, "文中：印发"),
        ("印发《青岚县古树名木保护办法》。", State.UNKNOWN, "按名称核对"),
    ],
)
def test_a_thing_with_a_name_is_looked_for_in_the_ledgers(
    sentence: str, state: State, said: str, named: Closing
) -> None:
    (found,) = _all(sentence, named)
    assert found.state is state, found.text
    assert said in found.text


def test_proving_changes_nothing_and_is_the_same_every_time(good: Closing) -> None:
    sentence = "一般公共预算收入11.24亿元，超额完成年度目标。"
    assert _all(sentence, good) == _all(sentence, good)
