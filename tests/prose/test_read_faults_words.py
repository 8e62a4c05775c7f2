"""Wrong words: every entry of the tables bites where it should, and nowhere else."""

import re

import pytest

from shuzhi.prose.faults.lookalikes import entry, lookalikes
from shuzhi.prose.faults.setphrases import meant
from shuzhi.prose.reading import read
from shuzhi.prose.tables import at, words


def _wrong(text: str) -> list[str]:
    return [
        d.span.of(text) for d in read(text).defects if d.type in ("wrong_word", "grammar", "missing_word")
    ]


def test_every_wrong_writing_is_marked_in_its_place_and_its_right_one_is_not() -> None:
    table = lookalikes()

    def marked(text: str) -> list[str]:
        return [
            one.wrong for i in range(len(text)) for one in table.get(text[i : i + 2], ()) if one.at(text, i)
        ]

    for line in words("lookalikes", "words"):
        one = entry(line)
        sides = [("", after) for after in one.after] + [(before, "") for before in one.before]
        for before, after in sides or [("", "")]:
            assert marked(f"，{before}{one.wrong}{after}，"), line
            assert marked(f"，{before}{one.right}{after}，") == [], line


def test_an_entry_says_more_than_its_wrong_writing_only_where_it_must() -> None:
    lines = words("lookalikes", "words")
    assert len(set(lines)) == len(lines)
    assert all(re.fullmatch(r"\S{2,20} \S+(?: [+\-<~]\S+)*", line) for line in lines)
    assert all(entry(line).wrong != entry(line).right for line in lines)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("会议布署了防汛工作。", "布署"),
        ("干部反应了较多的问题。", "反应"),
        ("截止11月底，建成水库三座。", "截止"),
        ("截止2024年底，建成水库三座。", "截止"),
        ("工程己经完工。", "己经"),
        ("即要蓄水，又要防洪。", "即要"),
        ("象爱护眼睛一样爱护水库。", "象"),
        ("查摆出二个问题。", "二"),
        ("取得了明显地成效。", "明显地成效"),
        ("坚定不移的推进水利建设。", "坚定不移的推进"),
        ("充分发扬党员先锋模范作用。", "发扬"),
        ("围绕再创新高，抓的不紧。", "抓的不紧"),
        ("统愁城乡供水。", "统愁"),
        ("以全力支持水利。工作即使跟进。", "即使跟进"),
    ],
)
def test_a_wrong_word_is_marked(text: str, wrong: str) -> None:
    assert _wrong(text) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "自己经历过洪水，己方人员安全，自己经营茶园。",
        "预防犯罪，大力发扬优良传统，发扬光大。",
        "大干120天，组织干部下乡，由干部包村，对干部严管。",
        "走访照顾困难户，领取待遇，交通迅速发展，通讯速度加快。",
        "工作组职责明确，观摩合作社，传导至各村，运营消费两旺。",
        "既使群众受益，又使集体增收。即使遇到洪水，也能及时转移。",
        "报名截止时间为5月1日，截至6月底已办结。",
        "应急反应迅速，不良反应已处置，群众反映良好。",
        "承担优秀项目，产业园形成规模，时代命题，现代业态。",
        "问题出了就改，前提升级，话题高度集中。",
        "国家机关把握二个百分点，第二个项目，十二个村，二次供水。",
        "发扬党员模范作用的优良传统，得到群众拥护。",
    ],
)
def test_right_words_raise_no_alarm(text: str) -> None:
    assert _wrong(text) == []


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("贯彻洛实", "贯彻落实"),
        ("持之以衡", "持之以恒"),
        ("营商环竟", "营商环境"),
        ("基楚设施", "基础设施"),
        ("警钟常鸣", "警钟长鸣"),
        ("坚定不疑", "坚定不移"),
        ("贯彻落实", ""),
        ("教育实业", ""),
        ("贯彻意见", ""),
    ],
)
def test_a_set_phrase_with_one_character_mistaken_is_told(said: str, phrase: str) -> None:
    assert meant(said) == phrase


def test_a_name_may_play_on_a_phrase() -> None:
    assert _wrong("确保“警钟常鸣”。") == ["警钟常鸣"]
    assert _wrong("打造“稻花飘乡”品牌，打造“贯彻洛实”工程，出版《贯彻洛实》。") == []


def test_no_set_phrase_is_taken_for_another() -> None:
    for name in ("idioms", "phrases"):
        for phrase in str(at("setphrases", name)).split():
            assert len(phrase) == 4
            assert meant(phrase) == ""
            assert [d for d in read(f"{phrase}。").defects if d.type == "wrong_word"] == [], phrase


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("做好“六稳”（稳就业、稳金融、稳外贸、稳投资、稳预期）工作。", "少了稳外资"),
        ("树牢政治意识、大局意识、核心意识、纪律意识“四个意识”。", "“看齐意识”写成了“纪律意识”"),
        ("践行创新、协调、绿色、共享的新发展理念。", "少了开放"),
        ("反对享乐主义、官僚主义、形式主义和奢靡之风“四风”。", "次序不对"),
    ],
)
def test_a_standing_set_is_listed_whole_and_in_order(text: str, wrong: str) -> None:
    (found,) = read(text).defects
    assert wrong in found.explanation


@pytest.mark.parametrize(
    "text",
    [
        "做好“六稳”工作，落实“六保”任务，解决农业、农村、农民“三农”问题。",
        "增强政治意识、大局意识、核心意识、看齐意识等“四个意识”。",
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”，推进经济建设、政治建设等各项建设。",
        "反对形式主义、官僚主义，“四风”问题得到遏制。",
        "严控因公出国（境）、公务用车和公务接待“三公”经费。",
    ],
)
def test_standing_sets_rightly_listed_or_not_listed_are_left_alone(text: str) -> None:
    assert read(text).defects == ()
