"""What a figure measures: quantity, facet, kind, unit, time, carried and coordinated subjects."""

import pytest

from shuzhi.prose.reading import read


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("改造老旧管网XX公里。", ["老旧管网 改造里程"]),
        ("新建、改扩建卫生院X所。", ["卫生院 新建改扩建数"]),
        ("X个项目建成试产。", ["项目 建成试产数"]),
        ("果品产量XX万吨，增长X%。", ["果品产量", "果品产量 增速"]),
        (
            "城乡居民收入分别达到X元和X元，分别增长X%、X%。",
            ["城镇居民收入", "农村居民收入", "城镇居民收入 增速", "农村居民收入 增速"],
        ),
        ("城乡居民人均消费X元、X元。", ["城镇居民人均消费", "农村居民人均消费"]),
        ("肺炎、流感疫苗接种率分别为X%和X%。", ["肺炎疫苗接种率", "流感疫苗接种率"]),
        ("全年非公经济增加值预计X亿元，占GDP比重为X%。", ["非公经济增加值", "非公经济增加值占GDP比重"]),
        ("签约率XX%，比上年提高X个百分点。", ["签约率", "签约率 提高幅度"]),
        ("工业增加值增长X%，高于全市平均水平X个百分点。", ["工业增加值 增速", "工业增加值增速 高于全市幅度"]),
        ("调解纠纷X件，成功率X%。", ["纠纷 调解数", "纠纷调解成功率"]),
        ("开工厂房X座，竣工投产X座。", ["厂房 开工数", "厂房 竣工投产数"]),
        ("完成河道清淤X条、X公里。", ["河道清淤 数", "河道清淤 里程"]),
        ("完成固定资产投资X亿元，占年度计划的X%。", ["固定资产投资", "固定资产投资 完成率"]),
        ("三次产业结构调整为X:X:X。", ["第一产业 占比", "第二产业 占比", "第三产业 占比"]),
        ("贫困发生率由年初的X%降至X%。", ["贫困发生率", "贫困发生率"]),
        ("实现X户X人稳定脱贫。", ["贫困户 脱贫户数", "贫困人口 脱贫人数"]),
        ("每千常住人口拥有医师X人、护士X人。", ["每千常住人口医师 数", "每千常住人口护士 数"]),
        ("发放春耕贷款X万元、农机补贴X万元。", ["春耕贷款 发放额", "农机补贴 发放额"]),
        ("推动总投资X亿元的茶油加工项目开工。", ["茶油加工项目总投资"]),
        ("先后召开X次防汛调度会议。", ["防汛调度会议 次数"]),
        ("接待访客X万人次，增长X%。", ["访客 接待量", "访客接待量 增速"]),
    ],
)
def test_every_slot_says_what_it_measures(text: str, concepts: list[str]) -> None:
    assert [s.meaning.concept for s in read(text).slots] == concepts


def test_a_cell_of_a_table_takes_row_name_unit_and_column_head() -> None:
    text = "指标\t单位\t完成数\t增长（%）\n茶叶产量\t吨\tXX\tX.X\n"
    assert [(s.meaning.concept, s.meaning.unit, s.meaning.kind) for s in read(text).slots] == [
        ("茶叶产量", "吨", "level"),
        ("茶叶产量 增速", "%", "growth"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("税收收入X亿元。", "level", "亿元"),
        ("发放补贴X万元。", "money", "万元"),
        ("绿化覆盖率达X%。", "share", "%"),
        ("绿化面积增长X%。", "growth", "%"),
        ("减少支出X万元。", "money", "万元"),
        ("三公经费同比减少X万元。", "growth", "万元"),
        ("净增企业X家。", "count", "家"),
        ("较上年前移X位。", "growth", "位"),
        ("预期寿命达到X岁。", "level", "岁"),
        ("住村XX天。", "count", "天"),
        ("受理信件X万余件。", "count", "万件"),
    ],
)
def test_kind_and_unit_follow_from_the_words(text: str, kind: str, unit: str) -> None:
    (slot,) = read(text).slots
    assert (slot.meaning.kind, slot.meaning.unit) == (kind, unit)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("预计全年产值X亿元，增长X%。", ["year-end forecast", "year-end forecast"]),
        ("累计建成水窖X口。", ["to date"]),
        ("产值X亿元，比上年的X亿元增长X%。", ["year", "previous year", "year"]),
        ("二、2026年工作打算\n新建水窖X口。", ["plan"]),
        ("五年来，新建水窖X口。", ["multi-year"]),
        ("上半年，新建水窖X口。", ["part of the year"]),
    ],
)
def test_the_time_of_a_figure_is_told(text: str, times: list[str]) -> None:
    assert [s.meaning.time for s in read(text).slots] == times
