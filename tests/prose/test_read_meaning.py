"""What a figure measures: quantity, facet, kind, unit, time, carried and coordinated subjects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("完成技改投资X亿元，占全年计划的X%。", ["技改投资", "技改投资 完成率"]),
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
        ("五年来，新建水窖X口。", ["multi-year period"]),
        ("上半年，新建水窖X口。", ["part of the year"]),
    ],
)
def test_the_time_of_a_figure_is_told(text: str, times: list[str]) -> None:
    assert [s.meaning.time for s in read(text).slots] == times


# Own sentences, a class at a time: what a careful reader says each figure measures.
CLASSES = {
    "a rate without an owner belongs to the deed before it": [
        ("办理宅基地申请X件，办结率X%。", ["宅基地申请 办理数", "宅基地申请办结率"]),
        ("清偿民营工程款X万元，清偿率X%。", ["民营工程款 清偿额", "民营工程款清偿率"]),
        ("盗窃案件发案率下降X%，破案率X%。", ["盗窃案件发案率 降幅", "盗窃案件破案率"]),
    ],
    "a noun that only looks like an opening word stays whole": [
        ("县域内转诊率达X%。", ["县域内转诊率"]),
        ("户均增收X元。", ["户均增收"]),
        ("在全省率先建成X个湿地驿站。", ["湿地驿站 建成数"]),
    ],
    "what stands behind the figure says which things are counted": [
        ("遭遇X轮强寒潮。", ["强寒潮 轮次"]),
        ("年初公布的X件实事。", ["年初公布实事 数"]),
        ("X个村全部用上山泉水。", ["用上山泉水村 数"]),
        ("与X个苗圃、X个林场签订管护合同。", ["签订管护合同苗圃 数", "签订管护合同林场 数"]),
        ("三分之一的茶农加入合作社。", ["加入合作社茶农 占比"]),
    ],
    "what came of a deed is told with the deed": [
        ("修缮凉亭X座，惠及游人X人。", ["凉亭 修缮数", "凉亭修缮惠及游人 数"]),
        ("开展消防演练X场，参演X人次。", ["消防演练 场次", "消防演练参演 人次"]),
        ("全年发生溺水事故X起、死亡X人。", ["溺水事故 数", "溺水事故死亡 人数"]),
    ],
    "a list of examples is told by its class": [
        ("配备水泵、沙袋等器材X件。", ["器材 配备数"]),
        ("聘请木匠、裁缝担任辅导员X名。", ["辅导员 聘请数"]),
        ("开展屠宰、冷库和市场专项检查X次。", ["专项检查 次数"]),
    ],
    "what opens a clause is not measured": [
        ("街道共收集金点子X条。", ["金点子 收集数"]),
        ("给村民免费发放菜籽X袋。", ["菜籽 发放数"]),
        ("村里铺设步道X公里。", ["步道 铺设里程"]),
    ],
    "parts take the deed and the head of the whole": [
        ("招录护士X名，其中助产士X名。", ["护士 招录数", "助产士 招录数"]),
        ("委托贷款余额X亿元，其中住房贷款X亿元。", ["委托贷款余额", "住房贷款余额"]),
        ("总支出X万元，其中办公支出X万元，占比X%。", ["总支出", "办公支出", "办公支出占总支出比重"]),
    ],
    "targets and their completion are of the thing before": [
        ("水费收入X万元，为年初预算X万元的X%。", ["水费收入", "水费收入年初预算", "水费收入 完成率"]),
        ("水费、电费收入分别完成年度任务的X%、X%。", ["水费收入 完成率", "电费收入 完成率"]),
    ],
    "several growths go with as many amounts in order": [
        (
            "一、二、三产业增加值分别为X亿元、X亿元、X亿元。",
            ["第一产业增加值", "第二产业增加值", "第三产业增加值"],
        ),
        (
            "鲜果销量X吨、干果销量X吨，增长X%和X%。",
            ["鲜果销量", "干果销量", "鲜果销量 增速", "干果销量 增速"],
        ),
        ("门诊量、住院量、手术量分别增长X%、X%、X%。", ["门诊量 增速", "住院量 增速", "手术量 增速"]),
    ],
    "changes said before their object or against another yardstick": [
        ("窗口事项压减盖章环节X%。", ["窗口事项盖章环节 压减幅度"]),
        ("全年降雪量比常年偏少X%。", ["降雪量 偏少幅度"]),
        ("邮政业务量X亿件，比上年净增X万件。", ["邮政业务量", "邮政业务量 增加数"]),
        ("由全省第X位上升到第X位。", [" 全省位次", " 位次"]),
    ],
    "a masked name is passed over": [
        ("引进XX集团等X家药企。", ["集团名称", "药企 引进数"]),
        ("XX街道居民知晓率X%。", ["街道名称", "街道居民知晓率"]),
    ],
    "bare households and people behind the seat of a place": [
        ("我镇下辖X个自然村，X户，X人。", ["自然村 数", "全镇户 数", "全镇人口 人数"]),
    ],
    "a deed between two figures belongs to the second": [
        ("X名教师结对X名学徒。", ["教师 人数", "学徒 结对数"]),
        ("保障X家规上药企开工。", ["规上药企 开工数"]),
        ("为X户承租户减免租金X元。", ["承租户 数", "租金 减免额"]),
    ],
    "a change goes with an amount of its own kind": [
        (
            "林业支出X元，占总支出的X%，比上年增加X元，增长X%。",
            ["林业支出", "林业支出占总支出比重", "林业支出 增加额", "林业支出 增速"],
        ),
        ("存贷比X%，提升X个百分点。", ["存贷比", "存贷比 提升幅度"]),
        ("门票收入X元，比预算减少X元。", ["门票收入", "门票收入 减少额"]),
        ("渔业投资增长X%，高于全部投资X个百分点。", ["渔业投资 增速", "渔业投资增速 高于全部投资幅度"]),
    ],
    "two things in one word, one rate for each of several": [
        ("涉农存贷款余额分别达X元、X元。", ["涉农存款余额", "涉农贷款余额"]),
        (
            "油菜、花生产量分别为X吨、X吨，良种率分别达到X%、X%。",
            ["油菜产量", "花生产量", "油菜良种率", "花生良种率"],
        ),
        ("城、乡低保标准分别为X元、X元。", ["城镇低保标准", "农村低保标准"]),
    ],
    "what a relative clause says holds for all the counted things behind it": [
        (
            "督导组反馈的X个方面X个问题，整改X个。",
            ["督导组反馈方面 数", "督导组反馈问题 数", "督导组反馈问题 整改数"],
        ),
        ("未达标的X项。", ["未达标 数"]),
    ],
    "who did it, and for whom, is not what is counted": [
        ("县林业局完成河滩护岸X处。", ["河滩护岸 数"]),
        ("96110热线受理咨询X件。", ["咨询 受理数"]),
        ("为茶农发放贷款X元。", ["贷款 发放额"]),
        ("茶产业实现产值X亿元。", ["茶产业产值"]),
    ],
    "a new rate takes the owner of the rate before it": [
        ("办理热线工单X件，响应率X%、满意率X%。", ["热线工单 办理数", "热线工单响应率", "热线工单满意率"]),
    ],
    "events say where somebody went or what was done": [
        ("我先后X次到夜市、码头暗访。", ["暗访 次数"]),
        ("送医下乡X场次。", ["送医下乡 场次"]),
    ],
    "what the clause before speaks of": [
        ("针对渡口改造进度慢问题，完成投资X万元。", ["渡口改造完成投资"]),
        ("孤老生活费按时发放，发放率X%。", ["孤老生活费发放率"]),
        ("投入X万元维修校舍。", ["校舍维修资金 投入额"]),
    ],
}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [pytest.param(*row, id=f"{name}-{i}") for name, rows in CLASSES.items() for i, row in enumerate(rows)],
)
def test_a_class_of_sentences_is_understood(text: str, concepts: list[str]) -> None:
    assert [i.meaning.concept for i in read(text).items()] == [c.strip() for c in concepts]


EVERY = [text for rows in CLASSES.values() for text, _ in rows]
STYLES = ("XX", "××", "〇〇", "____", "（　　）", "［填写］")


@pytest.mark.parametrize("text", [text for text in EVERY if "XX" not in text and "第X" not in text])
@pytest.mark.parametrize("style", STYLES)
def test_the_meaning_does_not_hang_on_how_a_mask_is_drawn(text: str, style: str) -> None:
    if style == "［填写］":
        style = "【此处填写数据】"
    drawn = text.replace("X", style)
    assert _said(drawn) == _said(text)


@pytest.mark.parametrize("text", [text for text in EVERY if "XX" not in text])
def test_a_filled_figure_measures_what_a_mask_in_its_place_does(text: str) -> None:
    assert _said(text.replace("X", "37")) == _said(text)


@pytest.mark.parametrize("text", [text for text in EVERY if "我" not in text and "村里" not in text])
@pytest.mark.parametrize("before", ["今年以来，", "一年来，", "全年，"])
def test_an_opening_of_time_changes_no_quantity(text: str, before: str) -> None:
    assert [said[:3] for said in _said(before + text)] == [said[:3] for said in _said(text)]


def _said(text: str) -> list[tuple[str, str | None, str, str | None]]:
    return [
        (i.meaning.kind, i.meaning.unit, i.meaning.concept, i.meaning.direction) for i in read(text).items()
    ]


THINGS = ("粮食", "油料", "甘蔗", "蔬菜", "水果", "茶叶", "蚕茧")


@given(
    st.lists(st.sampled_from(THINGS), min_size=2, max_size=5, unique=True), st.sampled_from(("吨", "万吨"))
)
def test_respectively_gives_as_many_values_as_subjects_in_order(things: list[str], unit: str) -> None:
    values = "、".join(f"X{unit}" for _ in things)
    text = f"{'、'.join(things)}产量分别为{values}。"
    assert [s.meaning.concept for s in read(text).slots] == [f"{thing}产量" for thing in things]


@given(
    st.text(
        alphabet="X%，。、的分别等其中占由到为完成增长下降全县户人亿元个公里第位一二三1.5 \n“”", max_size=60
    )
)
def test_every_figure_has_a_kind_and_a_reading_whatever_stands_around_it(text: str) -> None:
    for item in read(text).items():
        assert item.meaning.kind in ("level", "growth", "share", "count", "money", "name", "other")
        assert item.meaning.concept == item.meaning.concept.strip()


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("截至年底，银行网点X个。", "to date"),
        ("截至6月底，已栽植桂花X株，成活率达到九成。", "to date"),
        ("竹荪产量是上年的X倍。", "year"),
        ("2031年，我们将新栽桂花X株。", "plan"),
        ("由全市第X位升至前列。", "previous year"),
        ("溺水事故连续三年下降。", "multi-year period"),
    ],
)
def test_the_sentence_says_of_which_time_it_speaks(text: str, time: str) -> None:
    assert read(text).items()[0].meaning.time == time


def test_a_date_has_no_time_of_its_own() -> None:
    assert [s.meaning.time for s in read("渡口于X月X日通航。").slots] == [None, None]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("近X个村。", "lt"),
        ("约X个村。", "approx"),
        ("超过X个村。", "gt"),
        ("X个以上。", "ge"),
        ("X余个村。", "gt"),
        ("控制在X%以内。", "le"),
    ],
)
def test_a_bound_is_told(text: str, bound: str) -> None:
    assert read(text).items()[0].meaning.bound == bound
