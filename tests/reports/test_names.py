"""A masked name is proposed the very things its neighbours count, the largest first; nothing is written, nobody is told of what is closed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.load import national
from shuzhi.prose.naming import asked, fitted, name_key, stem
from shuzhi.prose.reading import read
from shuzhi.reports.places import Given, Manner, Place, State
from shuzhi.reports.things import may_be_named
from tests.reports.county import close, works

Ask = Callable[..., tuple[Place, ...]]
WORKS = [
    ("城南冷链物流中心项目", {"total_invest": 500_000_000_00, "trial": "2025-05-01", "category": "产业"}),
    ("北山茶饮加工厂", {"total_invest": 900_000_000_00, "trial": "2025-06-01", "category": "产业"}),
    ("东渠新材料中试线", {"total_invest": 100_000_000_00, "trial": "2025-07-01", "category": "产业"}),
    ("石桥古村落旅游提升", {"total_invest": 300_000_000_00, "category": "文化旅游"}),
    ("环城公路改建工程", {"total_invest": 200_000_000_00, "finished": "2025-09-01", "category": "交通"}),
    ("西岭公路改建工程", {"total_invest": 250_000_000_00, "category": "交通"}),
    ("人民路综合改造工程", {"total_invest": 80_000_000_00, "finished": "2025-08-01", "category": "城建"}),
]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The places of a sentence over books with works that have names, and a petition that has one too."""
    from shuzhi.reports.filling import fill

    more = [works("key_project", WORKS), works("petition_case", [("黎某某反映道路破损", {})])]
    closing: Closing = close(tmp_path_factory.mktemp("named"), more=more)

    def made(sentence: str, **options: object) -> tuple[Place, ...]:
        text = f"青岚县2025年度述职报告\n\n{sentence}\n"
        return fill(read(text), closing, catalogue=national(), **options).places  # type: ignore[arg-type]

    return made


def texts(place: Place) -> list[str]:
    """The proposals of a place."""
    return [proposal.text for proposal in place.proposals]


def test_the_projects_counted_are_named_the_largest_first(places: Ask) -> None:
    name, count = places("XX等X个项目建成试产。")
    assert (count.state, count.text) == (State.FILLED, "3")
    assert texts(name) == [
        "北山茶饮加工厂、城南冷链物流中心",
        "北山茶饮加工厂",
        "城南冷链物流中心",
        "东渠新材料中试线",
    ]
    assert (name.state, name.text) == (State.NAME, "")
    assert "总投资由大到小" in name.proposals[0].source
    assert set(name.proposals[0].refs) < set(count.card["leaves"][0]["refs"])  # type: ignore[index]


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("XX项目等、总投资XX亿元的重点项目加快推进。", "北山茶饮加工厂、城南冷链物流中心"),
        ("启动了XX等一批重点旅游项目建设。", "石桥古村落旅游提升"),
        ("谋划了XX等一批重大项目。", "北山茶饮加工厂、城南冷链物流中心项目"),
        ("推动项目落户XX。", "青岚"),
        ("建设更高水平的平安XX。", "青岚"),
        ("各项部署在XX县落地生根。", "青岚"),
        ("贯通了XX建成通车。", "环城公路"),
        ("XX路综合改造基本完成。", "人民"),
    ],
)
def test_the_words_around_a_name_say_what_may_stand_there(places: Ask, sentence: str, first: str) -> None:
    assert texts(places(sentence)[0])[0] == first


@pytest.mark.parametrize(
    "sentence",
    [
        "各项部署在XX区落地生根。",  # the unit is no district
        "打造了XX等一批产业综合体。",
        "联系点干部XX同志多次提醒。",
        "XX等X件信访事项办结。",  # a restricted ledger
        "贯通了XX隧道建成通车。",
    ],
)
def test_what_the_books_cannot_name_gets_no_proposal(places: Ask, sentence: str) -> None:
    found = places(sentence)[0]
    assert found.proposals == ()
    assert found.state is State.NAME


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("人民路综合改造工程于X月竣工。", ["8"]),
        ("环城公路改建工程于X月竣工。", ["9"]),
        ("西岭公路改建工程于X月竣工。", []),  # not finished
        ("南岭隧道于X月竣工。", []),
    ],
)
def test_the_month_of_a_thing_the_ledgers_know_is_proposed(
    places: Ask, sentence: str, said: list[str]
) -> None:
    found = places(sentence)[0]
    assert (texts(found), found.text) == (said, "")


def test_a_name_of_another_division_is_told(places: Ask) -> None:
    assert "本单位是“青岚县”" in places("各项部署在XX区落地生根。")[0].reason


def test_the_second_of_two_names_begins_with_another(places: Ask) -> None:
    first, second = (texts(place)[0] for place in places("启动XX、XX等一批重点项目。") if place.proposals)
    assert first != second


def test_what_stood_there_last_year_is_proposed_and_not_written(places: Ask) -> None:
    text = "青岚县2024年度述职报告\n\n以“XX”为抓手，推进城市建设。\n"
    draft = read(text)
    (slot,) = draft.slots
    key = name_key(draft, slot)
    from shuzhi.reports.filling import Earlier

    (found,) = places(
        "以“XX”为抓手，推进城市建设。", earlier=Earlier(names={key: ("国家卫生县城创建", 2024)})
    )
    assert texts(found) == ["国家卫生县城创建"]
    assert "2024年" in found.proposals[0].source
    assert found.text == ""


def test_a_year_of_other_numbers_has_the_same_key() -> None:
    one, other = (read(f"报告\n\n策划开展XX等招商活动{number}场次。\n") for number in ("X", "18"))
    assert name_key(one, one.slots[0]) == name_key(other, other.slots[0])


def test_what_the_author_gave_stands_and_the_books_go_before_it(places: Ask) -> None:
    sentence = "XX等X个项目建成试产，新增注册商标XX件。"
    text = f"青岚县2025年度述职报告\n\n{sentence}\n"
    starts = [slot.span.start for slot in read(text).slots]
    accepted = Given(Manner.ACCEPTED, "北山茶饮加工厂", "重点项目台账")
    wrong = Given(Manner.WRITTEN, "30", "项目办口头提供")
    left = Given(Manner.LEFT, "", "没有这项统计")
    made = places(sentence, given=dict(zip(starts, (accepted, wrong, left), strict=True)))
    assert [(place.state, place.text) for place in made] == [
        (State.WRITTEN, "北山茶饮加工厂"),
        (State.FILLED, "3"),
        (State.LEFT, ""),
    ]
    assert "“30”" in made[1].notice
    assert all(place.settled for place in made)
    taken_back = places(sentence, given={starts[2]: replace(left, manner=Manner.WITHDRAWN)})
    assert not taken_back[2].settled


def test_what_contradicts_the_books_is_not_written_in(places: Ask) -> None:
    text = "青岚县2025年度述职报告\n\n政府性基金收入增长X.X%。\n"
    (slot,) = read(text).slots
    given = {slot.span.start: Given(Manner.WRITTEN, "7.1", "印象")}
    (found,) = places("政府性基金收入增长X.X%。", given=given)
    assert (found.state, found.text) == (State.CONFLICT, "")


def test_ledgers_named_after_people_or_closed_are_never_searched() -> None:
    for kind in national().kinds.values():
        personal = any(field.personal == "name" for field in kind.fields)
        if personal or kind.visibility in ("restricted", "work-secret"):
            assert not may_be_named(kind), kind.code


@pytest.mark.parametrize(
    ("title", "head", "said"),
    [
        ("城南冷链物流中心项目", "项目", "城南冷链物流中心"),
        ("项目", "项目", "项目"),
        ("《河道管护办法》", "", "河道管护办法"),
        ("零工市场（2025）", "工程", "零工市场"),
        ("2025年茶旅推介会", "招商活动", "茶旅推介会"),
    ],
)
def test_a_name_is_fitted_to_the_noun_behind_it(title: str, head: str, said: str) -> None:
    assert fitted(title, head) == said


@pytest.mark.parametrize(("name", "said"), [("青岚县", "青岚"), ("青岚自治县", "青岚"), ("吉县", "吉县")])
def test_the_stem_of_a_division(name: str, said: str) -> None:
    assert stem(name) == said


def test_a_name_in_book_marks_is_that_of_a_document() -> None:
    draft = read("报告\n\n研究制定《XX》。\n")
    assert asked(draft, draft.slots[0]).noun == "政策文件"
