"""Masks in every drawing, and what only looks like one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.reading import read
from shuzhi.prose.signs.masks import masks
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


NAMED = (
    "路改造 街道 河治理 湖景区 水库 大道 高速 高铁 铁路 机场 园区 产业园 公司 集团 企业等 村 社区 学校 中学 医院 项目 工程 局 同志 书记 县长 杯 大学 银行 "
    "大桥 片区 景区 古镇 小镇 遗址 基地 中心 平台 行动 模式 系统 办法 条例 户外 家具厂 家园 台风 处长 部长 科长 门诊部 座谈会 期刊 集镇 条线 套餐 口岸 分局 "
    "分行 分公司 分院 天然气公司 米业公司 米粉厂 度假村 道路 面粉厂 方案 单位 段公路 线公路 口镇 场镇 营镇 所长 站长 队长 位置 名城 名校 名师工作室 人民医院 "
    "人大代表 人大 人才公寓 日报 时报 月刊 年鉴 周刊 支部 支行 批发市场 起点 种业 车站 台商 本级 级领导 组组长 班子成员 项羽故里 公园 广场 文件精神 会议精神 专班 "
    "论坛 牌茶叶 牌商标 号文件 县 市 区 镇 乡 省 州 旗 农场 林场 林业局 监狱 商会 协会 商场 市场 超市 酒店 大厦 花园 小区 棚户区 火车站 收费站 变电站 电厂 "
    "水厂 矿 煤矿 庙 寺 塔 桥 隧道 渡口 码头 港 岛 湾 峡谷 森林公园 自然保护区 流域 灌区 堤防 闸 泵站 茶 果 鸡 羊 牛 酒 药 瓷 大米 苹果 蜂蜜 人家 户长 "
    "元素 公里桩 亩均论英雄 "
)
COUNTED = (
    "户 人 名干部 个 家企业 项任务 件实事 座水库 所学校 台设备 辆车 条河道 处隐患 起事故 支队伍 张床位 份材料 篇文章 部作品 只羊 头牛 株树 套住房 盏路灯 眼井 "
    "场次 期培训 批次 轮督查 次会议 亩 公里 万元 亿元 % 个百分点 平方米 吨 岁 天 小时 分钟 个月 倍 余人 多户 人次 家次 个案件 名教师 位专家 口井 门课程 "
    "类问题 间房 栋楼 块地 层楼 枚奖牌 车次 届 标段 册图书 本书 首歌 款产品 种药品 尾鱼 面锦旗 根 组数据 个组 床 剂次 例 宗 笔 单 位居民 位代表 家单位 "
    "家园区企业 个镇 个村 名人大代表 户居民 户贫困户 人大学生 万亩 千瓦 兆瓦 度电 个工作日 学时 堂课 条意见 条线索 件提案 件建议 字 万字 个小组 个支部 名支部书记 "
    "个班 个社区 大类 大工程 个大类 项目标 起重大案件 段路 分 处站点 套设备 "
)


@pytest.mark.parametrize("noun", NAMED.split())
@pytest.mark.parametrize("verb", ["全力推进", "完成了", "在"])
def test_what_stands_behind_shows_a_name(verb: str, noun: str) -> None:
    (slot,) = read(f"云岭县2024年总结\n一年来，{verb}XX{noun}，取得实效。\n").slots
    assert slot.meaning.kind == "name"


@pytest.mark.parametrize("unit", COUNTED.split())
@pytest.mark.parametrize("verb", ["全年共完成", "累计建成", "共有"])
def test_a_counter_behind_shows_a_figure(verb: str, unit: str) -> None:
    (slot,) = read(f"云岭县2024年总结\n一年来，{verb}XX{unit}，取得实效。\n").slots
    assert slot.meaning.kind != "name"
