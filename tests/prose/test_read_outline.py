"""Structure: carrier text, title, opening, headings on their own line and run in, nesting."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.reading import read

REPORT = """某材料网会员专享，转载请先联系站长
青岭县水利局2025年度工作总结

一年来，全局上下共同努力，完成了各项任务。现将情况报告如下。
一、抓项目，补短板
（一）防洪工程提速。1.开工早。完成土方X万方。2.质量好。抽检合格率X%。
（二）供水保障增强。一是建管网。新铺XX公里。二是建水厂。新建X座。
二、存在的不足
干部力量仍然不足。
总之，我们将继续努力。
更多范文请加客服微信：gw0001
"""


def test_the_carrier_is_told_from_the_report() -> None:
    draft = read(REPORT)
    assert draft.title.of(REPORT) == "青岭县水利局2025年度工作总结"
    assert [s.of(REPORT) for s in draft.boilerplate] == [
        "某材料网会员专享，转载请先联系站长",
        "更多范文请加客服微信：gw0001",
    ]
    assert draft.preamble is not None
    assert draft.preamble.of(REPORT).startswith("一年来")
    assert draft.closing is not None
    assert draft.closing.of(REPORT).startswith("总之")


def test_headings_nest_as_they_are_numbered() -> None:
    outline = read(REPORT).outline
    assert [(h.level, h.number, h.text) for h in outline] == [
        (1, "一", "抓项目，补短板"),
        (2, "一", "防洪工程提速"),
        (3, "1", "开工早"),
        (3, "2", "质量好"),
        (2, "二", "供水保障增强"),
        (3, "一", "建管网"),
        (3, "二", "建水厂"),
        (1, "二", "存在的不足"),
    ]
    assert outline[3].body.of(REPORT) == "抽检合格率X%。"
    assert outline[2].parent == outline[1].id


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("首先，学习不够。其次，调研不多。", ["首先", "其次"]),
        ("第一，抓学习。第二，抓落实。", ["一", "二"]),
        ("这是唯一是非分明的做法。", []),
        ("全年完成（1）项工作。", []),
        ("①摸底；②整改；③验收。", ["①", "②", "③"]),
    ],
)
def test_run_in_numbers_count_only_in_a_list(text: str, numbers: list[str]) -> None:
    assert [h.number for h in read(text).outline] == numbers


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1、抓收入\n全年增收。\n2、控支出\n压减。\n3、防风险\n稳。\n", "1 1 抓收入|1 2 控支出|1 3 防风险"),
        (
            "一、主要做法\n1）抓收入。全年增收。\n2）控支出。压减。\n（1）会议。少开。（2）差旅。少去。\n二、问题\n人手少。\n",
            "1 一 主要做法|2 1 抓收入|2 2 控支出|3 1 会议|3 2 差旅|1 二 问题",
        ),
        (
            "一. 主要做法\n（一）抓收入\n增收。\n（二）控支出\n压减。\n二. 问题\n少。\n",
            "1 一 主要做法|2 一 抓收入|2 二 控支出|1 二 问题",
        ),
        (
            "第一部分\u3000工作回顾\n一、收入\n（一）税收。增长X%。\n（二）非税。下降X%。\n二、支出\n保民生。\n第二部分\u3000工作安排\n一、目标\n增长。\n",
            "1 一 工作回顾|2 一 收入|3 一 税收|3 二 非税|2 二 支出|1 二 工作安排|2 一 目标",
        ),
        (
            "第一章 概况\n第一节 面积\n大。\n第二节 人口\n多。\n第二章 经济\n第一节 农业\n好。\n",
            "1 一 概况|2 一 面积|2 二 人口|1 二 经济|2 一 农业",
        ),
        (
            "甲、基本情况\n一、人员\n多。\n二、经费\n少。\n乙、存在问题\n有。\n",
            "1 甲 基本情况|2 一 人员|2 二 经费|1 乙 存在问题",
        ),
        (
            "一、举措\n主要有：①摸底子，建台账；②抓整改，销号管理；③强督查。\n二、打算\n继续。\n",
            "1 一 举措|2 ① 摸底子|2 ② 抓整改|2 ③ 强督查|1 二 打算",
        ),
        (
            "首先，抓学习。每周一次。\n其次，抓调研。每月一次。\n再次，抓落实。每季一次。\n最后，抓作风。每年一次。\n",
            "1 首先 抓学习|1 其次 抓调研|1 再次 抓落实|1 最后 抓作风",
        ),
        ("在全县会议上的讲话\n首先，我代表县政府向大家问好。今年干得好。\n最后，祝大家新年快乐。\n", ""),
        (
            "一、做法\n（一）抓收入。一是抓税收，应收尽收；二是抓非税，规范管理；三是抓争取，到位资金X万元。\n（二）控支出。一是压一般。压减X%。二是保重点。投入X万元。\n二、问题\n有。\n",
            "1 一 做法|2 一 抓收入|3 一 抓税收|3 二 抓非税|3 三 抓争取|2 二 控支出|3 一 压一般|3 二 保重点|1 二 问题",
        ),
        (
            "一年来，主要抓了三件事。\n第一，抓收入。增收X万元。\n第二，控支出。压减X%。\n第三，防风险。化债X亿元。\n",
            "1 一 抓收入|1 二 控支出|1 三 防风险",
        ),
        (
            "一、问题\n其一，底子薄。缺钱。其二，人手少。缺人。\n二、打算\n干。\n",
            "1 一 问题|2 一 底子薄|2 二 人手少|1 二 打算",
        ),
        (
            "\u3000\u3000一、\u3000抓收入\n\u3000\u3000（ 一 ）税收\n\u3000\u3000多。\n\u3000\u3000（ 二 ）非税\n\u3000\u3000少。\n",
            "1 一 抓收入|2 一 税收|2 二 非税",
        ),
        (
            "# 县财政局2024年总结\n## 一、抓收入\n多。\n## 二、控支出\n**（一）压一般**\n少。\n**（二）保重点**\n多。\n",
            "1 一 抓收入|1 二 控支出|2 一 压一般|2 二 保重点",
        ),
        (
            "一、抓收入\n（1）税收\n多。\n（2）非税\n少。\n二、控支出\n1.压一般\n好。\n（1）会议\n少。\n（2）差旅\n少。\n2.保重点\n好。\n",
            "1 一 抓收入|2 1 税收|2 2 非税|1 二 控支出|2 1 压一般|3 1 会议|3 2 差旅|2 2 保重点",
        ),
        (
            "三、打算\n一要抓收入。增长X%。二要控支出。压减X%。三要防风险。化债X亿元。\n",
            "1 三 打算|2 一 抓收入|2 二 控支出|2 三 防风险",
        ),
        (
            "一、坚持“勤学、善思、笃行”，做学习的模范。\n学习X次。\n二、坚持“严管理，优服务”，做实干的表率。\n服务X次。\n",
            "1 一 坚持“勤学、善思、笃行”，做学习的模范|1 二 坚持“严管理，优服务”，做实干的表率",
        ),
        ("一、收入\n2024.5月收入3.5亿元。\n12.5亿元是目标。\n1.5倍是增速。\n", "1 一 收入"),
        ("一、收入\n这唯一是依靠群众。二是非题。\n", "1 一 收入"),
        (
            "（一）述学\n学。\n（二）述职\n做。\n一是抓经济。好。二是抓民生。好。\n（三）述廉\n廉。\n",
            "1 一 述学|1 二 述职|2 一 抓经济|2 二 抓民生|1 三 述廉",
        ),
        ("Ⅰ、回顾\n好。\nⅡ、展望\n好。\n", "1 Ⅰ 回顾|1 Ⅱ 展望"),
        (
            "一、收入\n一是抓税收。好。三是抓非税。好。四是抓争取。好。\n",
            "1 一 收入|2 一 抓税收|2 三 抓非税|2 四 抓争取",
        ),
        (
            "一、收入\n主要体现在：一是：税收多。增长X%。二是：非税少。下降X%。\n",
            "1 一 收入|2 一 税收多|2 二 非税少",
        ),
        ("（一）、抓收入\n多。\n（二）、控支出\n少。\n", "1 一 抓收入|1 二 控支出"),
        ("１．抓收入。多。\n２．控支出。少。\n", "1 1 抓收入|1 2 控支出"),
        (
            "十、抓收入\n多。\n十一、控支出\n少。\n十二、防风险\n稳。\n",
            "1 十 抓收入|1 十一 控支出|1 十二 防风险",
        ),
        (
            "一、夯实基础，在提升能力上下功夫。全年学习X次。\n二、勇于担当，在推动发展上求突破。全年签约X个。\n",
            "1 一 夯实基础，在提升能力上下功夫|1 二 勇于担当，在推动发展上求突破",
        ),
        ("一、收入\n一、二产业增长X%，三、四季度好转。\n", "1 一 收入"),
        ("一、做法\n做法一：抓收入。多。\n做法二：控支出。少。\n", "1 一 做法"),
    ],
)
def test_every_way_to_number_headings(body: str, expected: str) -> None:
    text = body if body.startswith(("在", "#")) else f"县财政局2024年总结\n{body}"
    assert "|".join(f"{h.level} {h.number} {h.text}" for h in read(text).outline) == expected


BODY = (
    "一、抓收入\n全年增收XX亿元，增长X%。开通微信公众号X个，推广健康二维码。\n"
    "二、控支出\n压减X%，12345热线客服满意率XX%。\n"
)
CARRIED = [
    (
        "两行题",
        "关于2023年国民经济和社会发展计划执行情况\n与2024年国民经济和社会发展计划草案的报告\n——2024年1月8日在县第十八届人民代表大会第三次会议上\n县发展和改革局局长　XXX\n\n各位代表：\n"
        + BODY,
        "关于2023年国民经济和社会发展计划执行情况\n与2024年国民经济和社会发展计划草案的报告",
        [],
    ),
    ("机关行", "云岭县人民政府办公室\n2023年度工作总结\n\n" + BODY, "2023年度工作总结", []),
    ("副题", "奋楫扬帆启新程　实干笃行谱新篇\n——云岭县农业农村局2023年工作总结\n\n" + BODY, None, []),
    ("括号日期", "述职述廉报告\n（2024年1月8日）\n云岭县水利局　XXX\n\n" + BODY, "述职述廉报告", []),
    ("题带稿", "政府工作报告（讨论稿）\n\n" + BODY, "政府工作报告（讨论稿）", []),
    (
        "广告夹中",
        "县财政局2024年度述职报告\n\n一、抓收入\n全年增收XX亿元。\n更多精品材料请加微信：wz_88866\n二、控支出\n压减X%。\n（本文由某某文秘网整理，QQ：123456789）\n三、打算\n干。\n",
        "县财政局2024年度述职报告",
        ["更多精品材料请加微信：wz_88866", "（本文由某某文秘网整理，QQ：123456789）"],
    ),
    (
        "段中广告",
        "县财政局2024年度述职报告\n\n一、抓收入\n全年增收XX亿元。（更多公文请关注公众号“材料铺子”，QQ群456789012）新增税源X户。\n",
        "县财政局2024年度述职报告",
        ["（更多公文请关注公众号“材料铺子”，QQ群456789012）"],
    ),
    (
        "页码",
        "县财政局2024年度述职报告\n一、抓收入\n增收XX亿元。\n- 1 -\n二、控支出\n压减X%。\n第 2 页 共 3 页\n三、打算\n干。\n—3—\n",
        "县财政局2024年度述职报告",
        ["- 1 -", "第 2 页 共 3 页", "—3—"],
    ),
    (
        "水印三次",
        "县财政局2024年度述职报告\n一、抓收入\n增收XX亿元。\n青鸟材料网\n二、控支出\n压减X%。\n青鸟材料网\n三、打算\n干。\n青鸟材料网\n",
        "县财政局2024年度述职报告",
        ["青鸟材料网"] * 3,
    ),
    (
        "落款不是",
        "县财政局2024年度述职报告\n" + BODY + "\n县财政局\n2024年12月30日\n",
        "县财政局2024年度述职报告",
        [],
    ),
    (
        "头部面包屑",
        "首页 > 范文大全 > 述职报告\n县财政局局长2024年述职报告\n来源：网络　作者：佚名　时间：2024-12-01　浏览：1203次\n\n"
        + BODY
        + "上一篇：县财政局局长2023年述职报告\n下一篇：县审计局局长述职报告\n",
        "县财政局局长2024年述职报告",
        [
            "首页 > 范文大全 > 述职报告",
            "来源：网络　作者：佚名　时间：2024-12-01　浏览：1203次",
            "上一篇：县财政局局长2023年述职报告",
            "下一篇：县审计局局长述职报告",
        ],
    ),
    (
        "免责",
        "县财政局局长2024年述职报告\n\n"
        + BODY
        + "免责声明：本站内容来自网友上传，仅供学习参考，如有侵权请联系删除。\n版权所有 © 某某公文网\n",
        "县财政局局长2024年述职报告",
        ["免责声明：本站内容来自网友上传，仅供学习参考，如有侵权请联系删除。", "版权所有 © 某某公文网"],
    ),
    (
        "正文提网站",
        "县政数局2024年工作总结\n一、平台\n（一）建好政府网站\n全年发布信息X条，网站访问量XX万次。\n（二）用好公众号\n微信公众号粉丝XX万人。\n二、服务\n扫码即可评价。\n",
        "县政数局2024年工作总结",
        [],
    ),
    ("范文序号", "【篇一】\n乡镇党委书记2024年述职报告\n" + BODY, "乡镇党委书记2024年述职报告", None),
    (
        "讲话",
        "在全县经济工作会议上的讲话\n（根据录音整理）\n同志们：\n" + BODY,
        "在全县经济工作会议上的讲话",
        None,
    ),
    ("材料题", "坚持党建引领　赋能基层治理\n——某某街道党建工作经验材料\n" + BODY, None, []),
    ("附件", "附件1\n云岭县2024年度法治政府建设情况报告\n" + BODY, "云岭县2024年度法治政府建设情况报告", []),
    (
        "文号",
        "云政〔2024〕12号\n云岭县人民政府关于2024年度法治政府建设情况的报告\n县委、市人民政府：\n" + BODY,
        "云岭县人民政府关于2024年度法治政府建设情况的报告",
        [],
    ),
]


@pytest.mark.parametrize(
    ("text", "title", "carrier"), [case[1:] for case in CARRIED], ids=[c[0] for c in CARRIED]
)
def test_title_and_carrier_in_many_layouts(text: str, title: str | None, carrier: list[str] | None) -> None:
    draft = read(text)
    if title is not None:
        assert draft.title.of(text) == title
    if carrier is not None:
        assert [s.of(text) for s in draft.boilerplate] == carrier


@given(
    st.text(
        alphabet="一二三四五是要、，。；：（）()第首先其次再最后.1234①②③甲乙 \n\u3000县年报告XX", max_size=120
    )
)
def test_headings_lie_in_the_text_and_their_bodies_nest(text: str) -> None:
    found = read(text).outline
    known = {h.id: h for h in found}
    for heading in found:
        assert heading.marker_span.of(text) == heading.marker
        assert heading.body.start <= heading.body.end <= len(text)
        if heading.parent is not None:
            assert known[heading.parent].level == heading.level - 1


DRESSED: dict[str, Callable[[str], str]] = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "indents": lambda text: "\n".join("　　" + line for line in text.split("\n")),
    "blank lines": lambda text: text.replace("\n", "\n\n"),
    "blanks at line ends": lambda text: text.replace("\n", "  \n"),
    "a byte-order mark": lambda text: "\ufeff" + text,
    "unbroken blanks": lambda text: "\n".join("\u00a0\u00a0" + line for line in text.split("\n")),
}
TABLED = REPORT.replace(
    "二、存在的不足\n", "| 水厂 | 产能（吨） |\n| 城东 | XX |\n| 城西 | 1,200 |\n二、存在的不足\n"
)


@pytest.mark.parametrize("dress", DRESSED)
def test_the_dress_of_a_text_changes_nothing(dress: str) -> None:
    text = DRESSED[dress](TABLED)
    plain, dressed = read(TABLED), read(text)
    assert dressed.title.of(text) == plain.title.of(TABLED)
    assert [s.of(text) for s in dressed.boilerplate] == [s.of(TABLED) for s in plain.boilerplate]
    assert [(h.level, h.marker, h.text) for h in dressed.outline] == [
        (h.level, h.marker, h.text) for h in plain.outline
    ]
    assert [(i.text, i.meaning.kind, i.meaning.unit) for i in dressed.items()] == [
        (i.text, i.meaning.kind, i.meaning.unit) for i in plain.items()
    ]
