"""The secretary holds one page against another: dates, posts, directions, rests, and numbers that lost their unit."""

import pytest

from shuzhi.prose.faults import RULES, bare, conflicts, faults, measures, namesakes, totals, twofold
from shuzhi.prose.reading import read


def found(text: str) -> list[tuple[str, str]]:
    """Rule and words of what the rules of this page object to in `text`, read as part of a report."""
    whole = f"水利工作总结\n{text}"
    return [
        (d.rule, d.span.of(whole))
        for d in faults(read(whole), (*twofold.RULES, *bare.RULES, *namesakes.RULES))
    ]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("5月6日，南岭隧道正式通车。自6月5日隧道通车以来，车流平稳。", "prose-F3-date", "6月5日"),
        ("3月1日，清淤专项行动启动。4月1日专项行动启动以来，清淤80公里。", "prose-F3-date", "4月1日"),
        ("水文展览馆于7月1日开馆。\n水文展览馆7月11日开馆后，接待观众2万人次。", "prose-F3-date", "7月11日"),
        ("乡长方志远带队巡渠。\n乡党委书记方志远主持会商。", "prose-F3-post", "方志远"),
        ("县水利局局长顾长河任组长。\n县农业局局长顾长河出席会议。", "prose-F3-post", "农业局局长顾长河"),
        ("取水许可证数量比上年增加12本。\n取水许可证比上年减少12本。", "prose-F3-direction", "减少12本"),
        (
            "农村供水投诉较上年下降15%。\n一年来，农村供水投诉总量较上年上升15%。",
            "prose-F3-direction",
            "上升15%",
        ),
        (
            "水产养殖产值再创历史新高。\n不足之处是，水产养殖产值连续三年下降。",
            "prose-F3-record",
            "连续三年下降",
        ),
        ("灌溉用水量逐年减少。\n灌溉用水量连续3年增长。", "prose-F3-record", "连续3年增长"),
        ("排查出的48处病险塘坝，已整改40处。\n对尚未整改的6处病险塘坝，限期加固。", "prose-F3-rest", "6处"),
        (
            "巡察反馈的20项问题，目前已完成整改17项。\n对未完成整改的5项巡察反馈问题跟踪督办。",
            "prose-F3-rest",
            "5项",
        ),
        ("共有缺水农户320户。\n对全部230户缺水农户逐户送水。", "prose-F3-whole", "230户"),
        ("摸排病险塘坝86座。\n全部68座病险塘坝均已加固。", "prose-F3-whole", "68座"),
        ("水样检测420份，合格率居全市第二位。水样合格率已居全市第四位。", "prose-F3-place", "第四位"),
        ("修建泵站3座，总投资860，受益农田2万亩。", "prose-U3-bare", "860，"),
        ("疏浚沟渠126。", "prose-U3-bare", "126。"),
        ("培训网格员340，覆盖11个村。", "prose-U3-bare", "340，"),
        ("灌区面积3600亩，其中滴灌420公顷。", "prose-U3-part", "420公顷"),
        ("渠道总长18公里，其中硬化25000米。", "prose-U3-part", "25000米"),
        ("节水灌溉占比较上年提高1.2%。", "prose-U3-share", "1.2%"),
        ("农户自来水入户率比去年上升3%。", "prose-U3-share", "3%"),
        ("龙潭水库除险加固完工。龙谭水库下游渠道同步疏浚。", "prose-N1-namesake", "龙谭水库"),
        ("清风路雨水管网改造完成。青风路两侧铺设草沟。", "prose-N1-namesake", "青风路"),
        ("引进宏源节水设备有限公司。目前，鸿源节水设备有限公司已投产。", "prose-N1-namesake", "鸿源节水"),
    ],
)
def test_what_one_page_says_and_another_denies_is_told(text: str, rule: str, words: str) -> None:
    ((told, place),) = found(text)
    assert told == rule
    assert words in place


@pytest.mark.parametrize(
    "text",
    [
        "5月6日，南岭隧道正式通车。自5月6日隧道通车以来，车流平稳。",
        "5月6日，南岭隧道通车；6月5日，北岭隧道通车。自6月5日隧道通车以来，车流平稳。",
        "3月1日，一期工程开工。9月1日，二期工程开工。",
        "3月1日，项目开工。9月1日，项目开工。",
        "乡党委副书记、乡长方志远带队巡渠。\n乡党委副书记方志远主持会商。",
        "县水利局党组书记、局长顾长河任组长。\n县水利局局长顾长河出席会议。",
        "时任乡长方志远带队巡渠。\n乡党委书记方志远主持会商。",
        "乡长高度重视。乡党委书记高度重视。",
        "取水许可证比上年增加12本。\n临时取水许可证比上年减少12本。",
        "农村供水投诉同比下降15%。\n一季度，农村供水投诉同比上升15%。",
        "水产养殖产值再创历史新高。\n扭转了水产养殖产值连续三年下降的局面。",
        "水产养殖产值再创历史新高。\n水产加工产值连续三年下降。",
        "排查出的48处病险塘坝，已整改40处。\n对尚未整改的8处病险塘坝，限期加固。",
        "排查出的48处病险塘坝，已整改40处。\n对尚未整改的6处违章建筑，限期拆除。",
        "共有缺水农户320户。\n其中230户缺水农户逐户送水。",
        "新识别缺水农户23户。\n对全部230户缺水农户逐户送水。",
        "修建泵站3座，总投资860万元，受益农田2万亩。",
        "力争完成总投资2025，再上台阶。",
        "单位：万元\n项目资金860，已到位。",
        "灌区面积3600亩，其中滴灌120公顷。",
        "渠道总长18公里，其中硬化2500米。",
        "节水灌溉占比较上年提高1.2个百分点。",
        "用水效率比上年提高3%。",
        "龙潭水库、龙谭水库除险加固完工。",
        "东风路雨水管网改造完成。清风路两侧铺设草沟。",
        "宏源节水设备有限公司投产。鸿达节水设备有限公司开工。",
    ],
)
def test_other_things_times_and_parts_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_every_rule_of_this_page_is_asked() -> None:
    assert {*twofold.RULES, *bare.RULES, *namesakes.RULES} <= {*RULES}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("规模以上取水户用水量下降9.2%。\n规上取水户用水量下降8.2%。", "8.2%"),
        ("注册护水志愿者3200人。\n登记护水志愿者2300人。", "2300人"),
        ("我局现有干部职工56人。\n全局65名干部职工全部参加培训。", "65名干部职工"),
        ("全县20个乡镇全部通水。\n还有3个乡镇尚未通水。", "还有3个乡镇"),
    ],
)
def test_one_thing_said_in_two_ways_is_known_again(text: str, words: str) -> None:
    whole = f"水利工作总结\n{text}"
    ((kind, place),) = [(d.type, d.span.of(whole)) for d in faults(read(whole), conflicts.RULES)]
    assert kind == "contradiction"
    assert words in place


def sums(text: str) -> list[str]:
    """The types of what the rules of totals object to."""
    return [d.type for d in faults(read(f"水利工作总结\n{text}"), totals.RULES)]


def test_parts_of_one_head_a_digit_away_from_their_total_are_told() -> None:
    assert sums("全年开展水质检测46次，其中水源检测12次、出厂检测15次、末梢检测9次。") == ["sum_mismatch"]
    assert sums("全年开展水政检查38次，其中节前检查12次、专项检查9次、联合检查7次。") == ["sum_mismatch"]


def test_a_few_kinds_out_of_many_need_not_fill_their_total() -> None:
    assert sums("全年开展水质检测85次，其中水源检测12次、出厂检测15次、末梢检测9次。") == []
    assert sums("全年开展水质检测46次，其中水源检测12次、出厂检测15次、末梢检测9次等。") == []
    assert sums("全年办理案件38件，其中取水12件、采砂9件、涉河7件。") == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("泵房建筑面积320立方米。", "泵房建筑面积320平方米。"),
        ("举办节水讲座12场，受教育群众2400户次。", "走访用水群众2400户次，受教育群众5200人次。"),
        ("泵站用电量3200吨。", "泵站用电量3200千瓦时。"),
    ],
)
def test_a_measure_has_units_of_its_own(wrong: str, right: str) -> None:
    for text, kinds in ((wrong, ["unit"]), (right, [])):
        assert [d.type for d in faults(read(f"水利工作总结\n{text}"), measures.RULES)] == kinds
