"""The formula that would prove a claim: it says what the words say, the language allows it, or the reason is given."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.catalogue.scopes import FigureScope
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import Literal
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.types import typed
from shuzhi.prose.binding import bind
from shuzhi.prose.claiming.grounding import DERIVED, books
from shuzhi.prose.claiming.proofs import Proof, proofs
from shuzhi.prose.claiming.stated import as_printed, literal, stated
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Figure
from shuzhi.prose.reading import read
from shuzhi.reports.concepts import concepts

OPENING = "青岚县2025年度述职报告\n\n一、工作情况\n"
KNOWN = concepts(national())
SCOPE = FigureScope(national())


def _proofs(sentence: str) -> tuple[Proof, ...]:
    draft = read(f"{OPENING}{sentence}\n")
    return proofs(draft, bind(draft, KNOWN), KNOWN, scope=SCOPE)


def _worded(sentence: str) -> Proof:
    return next(proof for proof in _proofs(sentence) if proof.claim.cue)


@pytest.mark.parametrize(
    ("sentence", "expression", "says"),
    [
        (
            "一般公共预算收入超额完成年度目标。",
            "rev_general.completion > 100%",
            "一般公共预算收入完成年度目标比例 ＞ 100%",
        ),
        ("固定资产投资圆满完成任务。", "fai.completion >= 100%", "固定资产投资完成年度目标比例 ≥ 100%"),
        (
            "生产安全事故低于控制目标。",
            "accidents < target(accidents)",
            "生产安全事故起数 ＜ 生产安全事故起数的目标",
        ),
        (
            "工业生产回暖，规上工业增加值增速由负转正。",
            "ind_va.growth > 0 and lastyear(ind_va.growth) < 0",
            "规上工业增加值增速 ＞ 0 且 上年的规上工业增加值增速 ＜ 0",
        ),
        (
            "粮食产量连续3年增长。",
            (
                "grain_output.growth > 0 and lastyear(grain_output.growth) > 0"
                " and lastyear(lastyear(grain_output.growth)) > 0"
            ),
            "粮食产量增速 ＞ 0 且 上年的粮食产量增速 ＞ 0 且 前年的粮食产量增速 ＞ 0",
        ),
        (
            "粮食产量连续3年稳定在30万吨以上。",
            (
                "grain_output >= 30万吨 and lastyear(grain_output) >= 30万吨"
                " and lastyear(lastyear(grain_output)) >= 30万吨"
            ),
            "粮食产量 ≥ 30万吨 且 上年的粮食产量 ≥ 30万吨 且 前年的粮食产量 ≥ 30万吨",
        ),
        (
            "地区生产总值比2022年翻一番。",
            "gdp >= 2 * lastyear(lastyear(lastyear(gdp)))",
            "地区生产总值 ≥ 2 × 3年前的地区生产总值",
        ),
        ("民生实事全部完成。", "livelihood_item.done_rate >= 100%", "为民实事完成率 ≥ 100%"),
        ("全年安全生产零事故。", "accidents = 0", "生产安全事故起数 ＝ 0"),
        ("税收占比高于上年。", "tax_share > lastyear(tax_share)", "税收占比 ＞ 上年的税收占比"),
        (
            "固定资产投资、社会消费品零售总额均超额完成目标。",
            "fai.completion > 100% and retail.completion > 100%",
            "固定资产投资完成年度目标比例 ＞ 100% 且 社会消费品零售总额完成年度目标比例 ＞ 100%",
        ),
        (
            "地区生产总值205亿元，增长5%，连续两年保持增长。",
            "gdp.growth > 0 and lastyear(gdp.growth) > 0",
            "地区生产总值增速 ＞ 0 且 上年的地区生产总值增速 ＞ 0",
        ),
        (
            "农村居民人均可支配收入增速连续两年快于城镇居民。",
            (
                "income_rural.growth > income_urban.growth"
                " and lastyear(income_rural.growth) > lastyear(income_urban.growth)"
            ),
            (
                "农村居民人均可支配收入增速 ＞ 城镇居民人均可支配收入增速"
                " 且 上年的农村居民人均可支配收入增速 ＞ 上年的城镇居民人均可支配收入增速"
            ),
        ),
        (
            "“三公”经费支出连续三年只减不增。",
            (
                "three_public.growth < 0 and lastyear(three_public.growth) < 0"
                " and lastyear(lastyear(three_public.growth)) < 0"
            ),
            "三公经费支出增速 ＜ 0 且 上年的三公经费支出增速 ＜ 0 且 前年的三公经费支出增速 ＜ 0",
        ),
    ],
)
def test_a_claim_in_words_becomes_a_formula_with_its_reading(
    sentence: str, expression: str, says: str
) -> None:
    found = _worded(sentence)
    assert (found.expression, found.says) == (expression, says), found.reason


@pytest.mark.parametrize(
    ("sentence", "condition"),
    [
        ("地区生产总值205.4亿元。", "x >= 205.35亿元 and x < 205.45亿元"),
        ("地区生产总值超过200亿元。", "x > 200亿元"),
        ("地区生产总值200亿元以上。", "x >= 200亿元"),
        ("地区生产总值近200亿元。", "x >= 180亿元 and x <= 200亿元"),
        ("城镇新增就业1200余人。", "x > 1200 and x < 1300"),
        ("城镇新增就业1.2万余人。", "x > 1.2万人 and x < 1.3万人"),
        ("城镇登记失业率控制在4%以内。", "x <= 4%"),
        ("三公经费支出下降7.1%。", "x > -7.15% and x <= -7.05%"),
        ("三公经费支出下降5%以上。", "x <= -5%"),
        ("三级挂牌隐患12个。", "x = 12"),
        ("税收占比提高2.5个百分点。", "x >= 2.45% and x < 2.55%"),
        ("民生支出占比八成。", "x >= 75% and x < 85%"),
        ("地区生产总值增长6%—8%。", "x >= 5.5% and x < 8.5%"),
    ],
)
def test_a_printed_number_states_a_range(sentence: str, condition: str) -> None:
    draft = read(f"{OPENING}{sentence}\n")
    assert stated(draft.text, draft.figures[-1], "x") == condition


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("地区生产总值超过200亿元。", "超过200亿元"),
        ("城镇新增就业1200余人。", "1200余人"),
        ("税收占比60%以上。", "60%以上"),
        ("三公经费支出下降7.1%。", "下降7.1%"),
    ],
)
def test_a_figure_is_quoted_with_its_bound(sentence: str, said: str) -> None:
    draft = read(f"{OPENING}{sentence}\n")
    assert as_printed(draft.text, draft.figures[-1]) == said


CLAIMED = (
    "{}超额完成年度目标。",
    "{}圆满完成任务。",
    "{}低于控制目标。",
    "{}高于上年。",
    "{}增速快于上年。",
    "{}由降转升。",
    "{}逐年下降。",
    "{}持续增长。",
    "{}翻了两番。",
    "{}连续三年增长。",
    "{}连续三年完成目标。",
    "{}创历史新高。",
    "{}为五年来最低。",
    "{}全部完成。",
    "{}实现全覆盖。",
    "{}全部清零。",
    "{}达到100%。",
)


def _one_of_each() -> list[Concept]:
    """One concept of each kind, unit, direction and set of derived ones."""
    known = books(KNOWN)
    seen: dict[tuple[object, ...], Concept] = {}
    for concept in known.known.values():
        derived = tuple(known.derived(concept, what) is None for what in DERIVED)
        key = (concept.kind, concept.units[:1], concept.better, "." in concept.code, derived)
        seen.setdefault(key, concept)
    return list(seen.values())


@pytest.mark.parametrize("claimed", CLAIMED)
def test_every_formula_for_every_concept_is_one_the_language_allows(claimed: str) -> None:
    """Without a scope nothing is turned down afterwards: what is proposed must be right by itself, but for counters
    that cannot be compared (件 with 件次).
    """
    wrong = []
    for concept in _one_of_each():
        draft = read(f"{OPENING}{claimed.format(concept.label)}\n")
        for proof in proofs(draft, bind(draft, KNOWN), KNOWN):
            if proof.expression and " = " not in proof.expression:
                try:
                    assert typed(parse(proof.expression), SCOPE).sort == "bool"
                except ExpressionError as error:
                    wrong.append((concept.label, proof.expression, str(error)))
    assert wrong == []


def test_a_formula_the_catalogue_does_not_allow_becomes_a_reason() -> None:
    found = _worded("信访事项全部办结。")
    assert found.expression == ""
    assert "单位不同" in found.reason


def test_a_figure_of_a_time_before_a_change_is_not_taken_for_this_years() -> None:
    found = [proof for proof in _proofs("税收占比由58%提高到62%。") if isinstance(proof.item, Figure)]
    assert [bool(proof.expression) for proof in found] == [False, True]


def test_a_proof_tells_where_it_stands_and_what_it_says_as_data() -> None:
    found = _worded("一般公共预算收入超额完成年度目标。")
    made = found.as_json(f"{OPENING}一般公共预算收入超额完成年度目标。\n")
    assert made["text"] == "一般公共预算收入超额完成年度目标"
    assert made["item"] == {"start": len(OPENING) + 8, "end": len(OPENING) + 12, "text": "超额完成"}


@given(
    st.fractions(min_value=0, max_value=10**6, max_denominator=100),
    st.sampled_from(["亿元", "%", "个", "万人", None]),
)
def test_a_literal_is_read_back_as_the_same_amount(value: Fraction, unit: str | None) -> None:
    assert isinstance(parse(literal(value, unit)), Literal)


_WORDS = st.sampled_from(
    ["一般公共预算收入", "固定资产投资", "三级挂牌隐患", "，", "。", "、", "连续", "三年", "X年", "超额完成", "全部", "均", "零", "没有", "翻一番",
     "高于", "上年", "全市", "首次突破", "8亿元", "增长5%", "由降转增", "历史新高", "100%", "\n", "2020年", "近三百个", "办结"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=25))
def test_proofs_never_fail_and_every_one_has_a_formula_or_a_reason(pieces: list[str]) -> None:
    for proof in _proofs("".join(pieces)):
        assert bool(proof.expression) != bool(proof.reason)
        assert bool(proof.says) == bool(proof.expression)
