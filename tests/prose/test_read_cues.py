"""Words that need proof are found with what they are said of, and not where they only look like it."""

import pytest

from shuzhi.prose.claiming import cues
from shuzhi.prose.model import QUALITATIVE
from shuzhi.prose.reading import read
from shuzhi.prose.tables import lists

OPENING = "2025年述职报告\n一年来，认真履职。现将情况报告如下。\n一、工作情况\n"


def _found(sentence: str) -> list[tuple[str, str, str]]:
    text = f"{OPENING}{sentence}\n"
    found = [claim for claim in read(text).claims if claim.type == QUALITATIVE and claim.said]
    return [(claim.cue, claim.said.of(text), claim.about) for claim in found if claim.said]


@pytest.mark.parametrize(
    ("sentence", "cue", "said", "about"),
    [
        ("一般公共预算收入超额完成年度目标。", "over", "超额完成", "一般公共预算收入"),
        ("植树造林任务提前完成。", "over", "提前完成", "植树造林任务"),
        ("圆满完成防汛备汛任务。", "fulfilled", "圆满完成", "防汛备汛任务"),
        ("全县农村饮水安全实现全覆盖。", "all", "全覆盖", "农村饮水安全"),
        ("欠薪案件全部办结。", "all", "全部", "欠薪案件"),
        ("来信办理答复率均为100%。", "all", "均为100%", "来信办理答复率"),
        ("森林覆盖率位居全市第一。", "rank", "位居全市第一", "森林覆盖率"),
        ("营商环境评价走在全省前列。", "rank", "走在全省前列", "营商环境评价"),
        ("粮食产量首次突破30万吨。", "first", "首次", "粮食产量"),
        ("全年森林零火灾。", "zero", "零", "火灾"),
        ("闲置厂房全部清零。", "zero", "清零", "闲置厂房"),
        ("全年没有发生重特大火灾。", "none", "没有", "重特大火灾"),
        ("本人从未插手工程建设。", "none", "从未", "插手工程建设"),
        ("工业投资由降转增。", "turn", "由降转增", "工业投资"),
        ("外贸出口止跌回升。", "turn", "止跌回升", "外贸出口"),
        ("茶叶产值比上年翻了一番。", "double", "翻了一番", "茶叶产值"),
        ("居民收入稳步增长。", "rising", "稳步增长", "居民收入"),
        ("能耗强度逐年下降。", "rising", "逐年下降", "能耗强度"),
        ("粮食产量连续五年增长。", "streak", "连续五年", "粮食产量"),
        ("工业增速好于预期。", "better", "好于", "工业增速"),
        ("存款余额创历史新高。", "extreme", "创历史新高", "存款余额"),
        ("北山水库除险加固工程竣工验收。", "built", "竣工验收", "北山水库除险加固工程"),
    ],
)
def test_a_cue_is_found_with_what_it_is_said_of(sentence: str, cue: str, said: str, about: str) -> None:
    assert (cue, said, about) in _found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "第一产业增加值增加。",
        "派驻第一书记到村。",
        "第一时间到场处置。",
        "农民人均收入不低。",
        "平均水平提高。",
        "为企业提供零距离服务。",
        "社会消费品零售总额上升。",
        "有没有落实到位，心里有数。",
        "全部工业增加值上升。",
        "不断提高治理水平。",
        "逐项明确责任人和完成时限。",
        "第一时间启动应急响应。",
        "修订《圆满完成任务奖励办法》。",
        "力争超额完成年度目标。",
        "确保年底前全部销号。",
    ],
)
def test_what_only_looks_like_a_cue_is_none(sentence: str) -> None:
    assert _found(sentence) == []


def test_plans_and_shortcomings_make_no_claims_that_need_proof() -> None:
    text = f"{OPENING}修渠。\n二、存在的不足\n没有形成合力。\n三、下一步打算\n实现收入持续增长。\n"
    assert [claim for claim in read(text).claims if claim.type == QUALITATIVE] == []


def test_every_family_has_a_name_for_the_screen() -> None:
    assert all(cues.label(family) for family in lists("claims", "cues", "families"))


def test_no_family_begins_with_a_character_the_search_passes_over() -> None:
    text = "连续三年、连续X年、三连增，超额完成、提前完成，圆满完成、完成全年任务，再创新高、近三年来最高、有统计以来最好，"
    text += "跻身第一方阵、名列前茅、独占鳌头、首屈一指、领跑、唯一、排头兵，率先、第一个、开创先河、填补空白、历史性、前所未有，"
    text += "应保尽保、百分之百、悉数、一个不少、户户、村村通、件件、组组通、全额兑现，归零、为零，不存在、未出现，"
    text += "转正、触底反弹、扭亏为盈、扭转下滑局面、实现正增长，成倍增长、倍增，跑赢、优于、超过上年，投用、通车、封顶、贯通、交付、试运行、上线"
    missed = [words for words in text.replace("，", "、").split("、") if not cues.begins(words)]
    assert missed == []


def test_the_json_tells_claims_in_words_apart_from_the_claims_of_the_schema() -> None:
    text = f"{OPENING}粮食产量12万吨，位居全市第一。\n"
    made = read(text).as_json()
    claims, worded = made["claims"], made["qualitative"]
    assert isinstance(claims, list)
    assert isinstance(worded, list)
    assert next(claim["type"] for claim in claims if isinstance(claim, dict)) == "figure"
    assert [claim["cue_text"] for claim in worded if isinstance(claim, dict)] == ["位居全市第一"]
