"""Masks in every drawing, and what only looks like one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.masks import masks
from shuzhi.prose.reading import read
from tests.prose.rows import rows


def _texts(text: str) -> list[str]:
    return [m.span.of(text) for m in masks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年植树X万株", ["X"]),
        ("全年植树XX.X万株", ["XX.X"]),
        ("植树Ｘ.Ｘ万株", ["Ｘ.Ｘ"]),
        ("惠及×,×××户", ["×,×××"]),
        ("惠及××户", ["××"]),
        ("修路＊＊公里", ["＊＊"]),
        ("修路**公里", ["**"]),
        ("修路__._公里", ["__._"]),
        ("修路＿＿公里", ["＿＿"]),
        ("修路〇〇.〇公里", ["〇〇.〇"]),
        ("修路□□公里", ["□□"]),
        ("修路△△.△公里", ["△△.△"]),
        ("修路(  )公里", ["(  )"]),
        ("修路（　　）公里", ["（　　）"]),
        ("修路[ ]公里", ["[ ]"]),
        ("修路【】公里", ["【】"]),
        ("修路〔  〕公里", ["〔  〕"]),
        ("修路N.N公里", ["N.N"]),
        ("修路N公里", ["N"]),
        ("修路【此处填写里程】公里", ["【此处填写里程】"]),
        ("修路{数字}公里", ["{数字}"]),
        ("某某镇修路xx公里", ["某某", "xx"]),
        ("增长X%—X%", ["X", "X"]),
        ("X月XX日开园", ["X", "XX"]),
        ("清淤XX条、XX公里", ["XX", "XX"]),
        ("20XX年", ["20XX"]),
    ],
)
def test_a_mask_is_found_whole_and_without_its_unit(text: str, expected: list[str]) -> None:
    assert _texts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "购置X光机和CT",
        "拍X射线片",
        "二〇二三年是关键之年",
        "到三〇五所调研",
        "针对某些薄弱环节",
        "在某种意义上",
        "实行7×24小时值守",
        "建2×35万千瓦机组",
        "“1+N”文件",
        "推行“一网N端”",
        "详见 www.xxgov.invalid/xx.html",
        "佩戴N95口罩",
        "联系电话：0771-XXXXXXX",
        "□是 □否",
        "若某户未到",
    ],
)
def test_what_only_looks_like_a_mask_is_left_alone(text: str) -> None:
    assert _texts(text) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("XX茶厂等X个项目投产", ["name", "count"]),
        ("XX居民知晓率X%", ["name", "share"]),
        ("推进XX大类XX项实事", ["count", "count"]),
        ("新培育了X等一批骨干店", ["name"]),
        ("XX村XX户搬入新居", ["name", "count"]),
        ("XX大桥合龙", ["name"]),
        ("实施XX大行动", ["count"]),
        ("XX项目开工", ["name"]),
        ("签约XX项", ["count"]),
        ("XX户籍人口", ["name"]),
        ("XX名教师获奖", ["count"]),
        ("以“XX”为品牌", ["name"]),
        ("列全市第X位", ["other"]),
        ("于X月X日揭牌", ["other", "other"]),
        ("某乡建站X座", ["name", "count"]),
        ("全年清运垃圾XX余吨", ["level"]),
        ("由X.X%降至X.X%", ["share", "share"]),
        ("报销额度由XX提高到XX元", ["money", "money"]),
    ],
)
def test_names_are_told_from_figures(text: str, kinds: list[str]) -> None:
    assert [s.meaning.kind for s in read(text + "。").slots] == kinds


CARRIERS = st.sampled_from(["", "　　", "据统计，", "（一）", "各位代表：", "其中，"])


@given(
    CARRIERS,
    st.sampled_from(["XX", "×.×", "〇〇", "__", "□□□", "（  ）"]),
    st.sampled_from(["公里", "户", "%", "万元"]),
    CARRIERS,
)
def test_a_mask_is_found_whatever_carries_it(before: str, mask: str, unit: str, after: str) -> None:
    text = f"{before}完成清淤{mask}{unit}。{after}"
    assert mask in _texts(text)


@given(
    st.text(
        alphabet="XＸx×〇□*_N某第三零二年月日公里户万亿元%个（）()【】.,，。、：+-0123 \n\u3000", max_size=60
    )
)
def test_masks_are_disjoint_and_inside_the_text(text: str) -> None:
    found = masks(text)
    assert all(0 <= m.span.start < m.span.end <= len(text) for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize(("text", "expected"), rows("masks"))
def test_masks_of_the_wild_and_what_only_looks_like_one(text: str, expected: tuple[str, ...]) -> None:
    whole = f"各项工作情况报告如下：\n{text}{'。' if len(text) > 9 and text[-1] not in '_*。-' else ''}\n"
    found = [(s.text, s.meaning.kind, s.meaning.unit or "") for s in read(whole).slots]
    assert found == [tuple(said.split(":")) for said in expected]


STYLES = "XX|X|X.X|Ｘ|×|××.×|**|＊＊|__|＿＿|____|〇〇|○|□□|■|△△|( )|（　）|[ ]|【】|NN|N.N|xx|……|？？|【此处填写】|[数字]|##"


@pytest.mark.parametrize("mask", STYLES.split("|"))
def test_one_report_reads_alike_in_every_drawing(mask: str) -> None:
    text = f"""青岭县2024年工作总结
一、经济运行
全年完成生产总值{mask}亿元，增长{mask}%；新增企业{mask}家、就业{mask}人，培训{mask}人次，三次产业比为12:38:{mask}。
| 乡镇 | 参保人数（人） | 参保率（%） |
| 城关 | {mask} | 98.5 |
"""
    found = read(text).slots
    assert [s.text for s in found] == [mask] * 7
    assert [s.meaning.unit for s in found] == ["亿元", "%", "家", "人", "人次", "%", "人"]


MIXED = (
    "XＸx×〇○□■△*_NnO某第三零二年月日公里户万亿元%个（）()【】[]〔〕{}<>.,，。、：“”+-—…？?0123456789 \n\t|\u3000#@"
    "县镇局一是首先要、百千十两分之成倍番半近超达为由至到"
)


@given(st.text(alphabet=MIXED, max_size=120))
def test_reading_never_raises_and_nothing_overlaps(text: str) -> None:
    draft = read(text)
    spans = [item.span for item in draft.items()]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= h.text_span.start <= h.text_span.end <= len(text) for h in draft.outline)


@given(st.integers(1, 6))
def test_the_carriers_lines_in_front_move_slots_and_change_nothing_else(count: int) -> None:
    report = "青岭县2024年工作总结\n一、抓收入\n全年增收XX亿元，增长X.X%，惠及XX镇××户。\n"
    before = "更多范文请加微信：ql_668899\n" * count
    moved = [(s.span.start - len(before), s.text, s.meaning) for s in read(before + report).slots]
    assert moved == [(s.span.start, s.text, s.meaning) for s in read(report).slots]
