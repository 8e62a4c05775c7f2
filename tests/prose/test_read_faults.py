"""What the office secretary marks, and what she leaves alone."""

import pytest

from shuzhi.prose.faults import RULES, faults
from shuzhi.prose.faults.placeholder import leftovers
from shuzhi.prose.faults.repetition import copied
from shuzhi.prose.reading import read


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("一是建库。储水。二是修渠。通水。二是种树。造林。", "duplicate_ordinal", "二是种树"),
        ("一、建库\n储水。\n二、修渠\n通水。\n四、种树\n造林。", "missing_ordinal", "四、"),
        ("一、建库\n储水。\n三、修渠\n通水。\n二、种树\n造林。", "heading_order", "三、修渠"),
        ("水库三座，分别投资2.1亿元、1.2亿元和0.9亿元，合计4.6亿元。", "sum_mismatch", "合计4.6亿元"),
        ("茶叶收入由上年的8,000万元增加到9,200万元，增长18%。", "growth_mismatch", "增长18%"),
        ("茶叶收入9,200万元，比上年的8,000万元增长18%。", "growth_mismatch", "增长18%"),
        ("满意率由90.2%提高到95.6%，提高4.4个百分点。", "growth_mismatch", "4.4个百分点"),
        ("完成投资1.2亿元，占总投资4.8亿元的35%。", "share_mismatch", "35%"),
        ("全年目标200户，实际完成180户，完成率95%。", "completion_mismatch", "95%"),
        ("自来水普及率达到104%。", "out_of_range", "104%"),
        ("三次产业结构为20.1:35.2:47.7。", "sum_mismatch", "47.7"),
        ("全县有水库20座，其中大型8座、小型15座。", "sum_mismatch", "15座"),
        ("建立了巡查、会商、抢险四项机制。", "count_mismatch", "四项机制"),
        ("重点做好以下三方面工作：一是建库。储水。二是修渠。通水。", "count_mismatch", "三方面"),
        ("大坝、渠系、泵站合格率分别为98%和97%。", "count_mismatch", "97"),
        ("全县有水库50座，其中大型8座、中型10座、小型30座。", "sum_mismatch", "30座"),
        ("新建水库2座、泵站3座，共6座。", "sum_mismatch", "共6座"),
        ("受理信件200件，办结190件，办结率98%。", "completion_mismatch", "98%"),
        ("事故起数下降130%。", "out_of_range", "130%"),
        ("全乡现有11个村。水利提升。\n12个村全部通水。", "contradiction", "12个村"),
        ("2024年度述职报告\n现将2023年度履职情况报告如下。", "year_mismatch", "2023年"),
        ("一、2023年工作回顾\n修渠。\n二、2023年工作安排\n通水。", "year_mismatch", "2023年工作安排"),
        (
            "云溪县水利局工作总结\n云溪县人民政府高度重视。云西县人民政府拨款。",
            "name_inconsistency",
            "云西县",
        ),
        ("一年来，在县委的坚强领导，全局同心协力。", "missing_word", "领导"),
        ("水费收入增长（下降）X%。", "unresolved_alternative", "增长（下降）"),
        ("农村居民人均可支配收入达到1.93元。", "unit", "1.93元"),
        ("地区生产总值增长6.2个百分点。", "unit", "6.2个百分点"),
        ("推进三项重点工作：一是建库。储水。二是修渠。通水。", "count_mismatch", "三项"),
        ("工程于6月31日完工。", "impossible_date", "6月31日"),
        ("工程于13月2日完工。", "impossible_date", "13月2日"),
        ("2020年度述职报告\n一年来，认真学习党的二十大精神。", "year_mismatch", "党的二十大"),
        (
            "2023年度述职报告\n2022年，我认真履职，完成任务。现报告如下。\n一、学习\n抓学习。",
            "year_mismatch",
            "2022年",
        ),
        ("白石乡乡长述职报告\n一年来，在镇党委领导下，认真履职。", "name_inconsistency", "镇党委"),
        (
            "出台《河道管护奖补办法》。执行《河道管护奖励办法》。",
            "name_inconsistency",
            "《河道管护奖励办法》",
        ),
        ("按装水泵X台。", "wrong_word", "按装"),
        ("化解隐形债务X亿元。", "wrong_word", "隐形债务"),
        ("截止目前，已建库X座。", "wrong_word", "截止"),
        ("加强的的管理。", "grammar", "的的"),
        ("新建泵站X座（含改造2座，全部投用。", "punctuation", "（含改造2座"),
        ("新建泵站X座(含改造）。", "punctuation", "(含改造）"),
        ("新建泵站，，投入使用。", "punctuation", "，，"),
        ("人均预期寿命提高到78.2%。", "unit", "78.2"),
        ("签约率78%，比上年提高5%。", "unit", "5%"),
        ("县（区）长述职报告\n一年来，认真履职。", "unresolved_alternative", "县（区）"),
    ],
)
def test_a_defect_is_found_in_its_place(text: str, kind: str, place: str) -> None:
    found = [d for d in read(text).defects if d.type == kind]
    assert len(found) == 1
    at = text.rindex(place)
    assert found[0].span.start < at + len(place)
    assert at < found[0].span.end
    assert any("\u4e00" <= c <= "\u9fff" for c in found[0].explanation)


@pytest.mark.parametrize(
    "text",
    [
        "一是建库。储水。二是修渠。通水。不足之处：一是人少。待补。二是钱少。待筹。",
        "水库三座，分别投资2.1亿元、1.2亿元和0.9亿元，合计4.2亿元。",
        "茶叶收入由上年的8,000万元增加到9,200万元，增长15%。",
        "茶叶收入由2019年的8,000万元增加到2023年的9,200万元，年均增长3.6%。",
        "完成投资1.2亿元，占总投资4.8亿元的25%。",
        "建立了巡查、会商、抢险等四项机制。",
        "建立了巡查、会商、抢险三项机制。",
        "市、县、乡三级联动，大坝和渠系、泵站两类设施全部检修。",
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”。",
        "工程于2月29日完工。",
        "2024年度述职报告\n一年来，认真学习党的二十大精神。",
        "携手渡过难关，平安度过汛期。",
        "群众反映的问题及时解决，截至目前全部办结。",
        "必须坚持，切实保障生活必需品供应，规范权力运行，维护群众合法权利。",
        "各县（市、区）和村（社区）都参加。",
        "白石镇镇长述职报告\n一年来，走访各乡镇，在镇党委领导下，认真履职。",
        "（一）建库。储水。\n（二）修渠。通水。\n1）备料；2）施工。",
        "满意率由90.2%提高到95.6%，提高5.4个百分点。",
        "在县委的坚强领导下，不断加强党的领导，提升水平。",
        "新建水库2座、泵站3座，共5座。",
        "受理信件200件，办结190件，办结率95%。",
        "累计参训1,000人次，其中干部300人次，宣讲受众达到5,000人次。",
        "一、2023年工作回顾\n修渠。\n二、2024年工作安排\n通水。",
        "森林区域和园林区一并管护。",
        "以经济建设为中心，按排名先后，全部暑期工程验收。",
        "群众对公园满意，幼儿园满足需求，成功坚持到底，安排察看现场。",
        "书记律己甚严，作工作报告，统筹资源分配和相关工作。",
        "依托贫困村资源，顺延申请时间，一批露天矿关停，问题纲要清楚。",
        "不良反应情况稳定，采购救灾帐篷，以增收为目的的项目。",
        "新建全封闭厂房，全部份额到位，世纪率先建成，疫情诸多影响。",
        "完成率108%，超额完成年度任务。",
        "全县有水库20座，其中大型8座、小型11座。",
    ],
)
def test_sound_text_raises_no_alarm(text: str) -> None:
    assert read(text).defects == ()


def test_a_sentence_written_twice_is_marked_once() -> None:
    sentence = "坚持把水库除险加固作为头等大事来抓，逐座建档、逐座验收。"
    text = f"{sentence}全年无险情。\n{sentence}"
    (found,) = read(text).defects
    assert (found.type, found.span.start) == ("duplicate_text", text.rindex("坚持把"))


def test_a_paragraph_copied_from_last_year_is_named() -> None:
    last = "全年完成病险水库除险加固12座，新铺供水管网35公里，解决了6,000名群众的饮水困难，群众反映良好，各项指标如期完成。"
    this = last.replace("12", "15").replace("35", "41").replace("6,000", "7,200")
    (found,) = copied(read(this), [last])
    assert found.type == "copied_paragraph"


def test_a_finished_text_may_hold_no_mask_but_a_line_to_sign_on() -> None:
    found = leftovers(read("XX县新建泵站X座。\n述职人：____"))
    assert [d.type for d in found] == ["placeholder_name", "placeholder_figure"]


def test_every_rule_has_its_own_id_and_sentence() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.check.__doc__ for rule in RULES)


def test_rules_can_be_chosen() -> None:
    draft = read("按装水泵X台，，投用。")
    assert {d.type for d in faults(draft, [r for r in RULES if r.type == "wrong_word"])} == {"wrong_word"}
