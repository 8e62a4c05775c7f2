"""The secretary reckons: growth, totals, shares and completion must follow from the numbers beside them."""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.faults import changes, directions, ranges, ratios, totals
from shuzhi.prose.faults.rule import Found
from shuzhi.prose.model import Draft
from shuzhi.prose.reading import read

RULES = (*totals.RULES, *changes.RULES, *directions.RULES, *ratios.RULES, *ranges.RULES)


def types_of(text: str) -> list[str]:
    """What the rules of reckoning find in `text`, under a title of its own."""
    draft = read(f"水利工作总结\n{text}")
    return [rule.type for rule in RULES for _ in rule.check(draft)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("茶叶收入46.8亿元，上年为42.5亿元，增长12.6%。", "growth_mismatch"),
        ("上年完成投资8亿元，今年完成投资9.2亿元，增长18%。", "growth_mismatch"),
        ("全县水站由去年底的86家增加到98家，净增11家。", "growth_mismatch"),
        ("供水率从52.3%提升到54.1%，提高2.8个百分点。", "growth_mismatch"),
        ("水费收入由2015年的1.2万元增加到2020年的1.9万元，年均增长15%。", "growth_mismatch"),
        ("产值由12亿元增加到20亿元，翻了一番。", "growth_mismatch"),
        ("茶园由3.2万亩扩大到4.8万亩，增长一倍。", "growth_mismatch"),
        ("审批时限由15个工作日缩短至6个工作日，压缩率达70%。", "growth_mismatch"),
        ("粮食产量28.6万吨，比上年增加1.1万吨，增长6.5%。", "growth_mismatch"),
        ("新增专利86件，同比增长72%，去年为60件。", "growth_mismatch"),
        ("发生险情8起，险情起数比上年的10起下降25%。", "growth_mismatch"),
        ("产值36亿元，是2015年12亿元的2.5倍。", "growth_mismatch"),
        ("群众来信由1,320件下降到1,450件。", "contradiction"),
        ("水电费支出同比下降-3.2%。", "contradiction"),
        ("产值149.5亿元，其中第一产业21.4亿元，第二产业68.2亿元，第三产业57.9亿元。", "sum_mismatch"),
        ("现有职工120名，其中男职工86名、女职工44名。", "sum_mismatch"),
        ("处置线索86件。其中，函询20件、初核45件、了结18件。", "sum_mismatch"),
        ("投入资金1,200万元（省级500万元、市级300万元、县级500万元）。", "sum_mismatch"),
        ("安排资金18.6亿元：修渠6.8亿元、建库3.9亿元、防汛5.2亿元、供水1.1亿元。", "sum_mismatch"),
        ("办理建议56件、提案88件，共计154件。", "sum_mismatch"),
        ("排查险段326处，已整改298处，正在整改38处。", "sum_mismatch"),
        ("工业、农业、服务业占比分别为45%、32%和30%。", "sum_mismatch"),
        ("三次产业结构由21.1:35.2:43.7调整为20.1:35.2:46.7。", "sum_mismatch"),
        ("从行业看，道路险情占50%，河道险情占25%，山洪险情占37.5%。", "share_mismatch"),
        ("共有水站120个，改造36个，占比35%。", "share_mismatch"),
        ("共有职工86名，其中35岁以下12名，占24%。", "share_mismatch"),
        ("120个行政村中，有96个实现集中供水，占比85%。", "share_mismatch"),
        ("抽检水样420批次，合格412批次，合格率99.5%。", "share_mismatch"),
        ("送审金额8.0亿元，审减0.96亿元，审减率15%。", "share_mismatch"),
        ("发放补贴120万元，惠及农户400户，户均5,000元。", "share_mismatch"),
        ("年度计划投资10亿元，完成投资8.2亿元，占年度计划的92%。", "completion_mismatch"),
        ("完成投资8.2亿元，占年度计划10亿元的92%。", "completion_mismatch"),
        ("完成投资86亿元（年度计划100亿元），完成率95%。", "completion_mismatch"),
        ("发现问题93个，已解决80个，整改率98%。", "completion_mismatch"),
        ("超额完成年度任务，完成率96%。", "completion_mismatch"),
        ("投资完成56亿元，超额完成全年60亿元的目标。", "completion_mismatch"),
        ("通水率达到104%。", "out_of_range"),
        ("自来水覆盖率百分之百以上。", "out_of_range"),
        ("综合考评列全市第0位。", "out_of_range"),
    ],
)
def test_a_sum_that_does_not_come_out_is_found_once(text: str, kind: str) -> None:
    assert types_of(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "茶叶收入由2019年的8,000万元增加到2023年的9,200万元，年均增长3.6%。",
        "茶叶收入9,200万元，比上年的8,000万元增长15%，占比达到18%。",
        "供水率由90.2%提高到95.6%，提高5.4个百分点。",
        "地区生产总值由186亿元增加到200亿元，按可比价增长6.5%。",
        "水费由24万元增加到36万元，增长近五成。",
        "来信由1,320件下降到1,150件，下降超一成。",
        "水站由12家增加到18家，增加6家，增长50%，产值增长12%。",
        "水费由2016年的120万元增加到2020年的480万元，增长3倍，同比增长25%。",
        "落实经费286万元，其中市级60万元、区级96万元、街道130万元，比上年的260万元增长10%。",
        "现有干部86名，其中党员70名，女干部30名。",
        "党员208名，大专以上331名，分别占42.8%和68.1%。",
        "辖5个街道、4个镇、1个乡，共有86个社区。",
        "新增企业120家，其中规上45家、限上20家。",
        "新增企业120家，其中工业45家、服务业38家、农业22家等。",
        "供应土地860亩，其中工业用地520亩、商住用地210亩，盘活存量土地320亩。",
        "办理建议112件、提案97件，一一答复，办复率100%。",
        "参加120人，通过60人，近一半；满意118人，占98.3%。",
        "受理信件200件，办结190件，办结率95%，满意率98%。",
        "民生支出32.6亿元，占一般公共预算支出的81.1%。",
        "完成投资8.2亿元，占年度计划的92%。",
        "全面完成各项任务，其中投资完成率96%。",
        "超额完成年度任务，完成率106%。",
        "毛入学率达到101.5%，资产负债率120%。",
        "产值增长120%，收入是上年的120%。",
        "发放补贴120万元，惠及农户400户，户均3,000元。",
        "全镇18个村全部通水，120个村民小组中110个通路，其余10个年内打通。",
    ],
)
def test_numbers_that_fit_or_speak_of_different_things_raise_no_alarm(text: str) -> None:
    assert types_of(text) == []


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("近一成", True),
        ("近两成", False),
        ("超8%", True),
        ("超9%", False),
        ("9%左右", True),
        ("5%左右", False),
        ("约8.7%", True),
        ("不到9%", True),
        ("不到8%", False),
        ("8%以上", True),
        ("10%以上", False),
        ("8.7%", True),
        ("8.9%", False),
    ],
)
def test_near_over_and_about_are_held_to_what_they_say(said: str, fits: bool) -> None:
    # 11.50 → 12.50 is 8.7 % more.
    assert (types_of(f"水费由11.50亿元增加到12.50亿元，增长{said}。") == []) is fits


def shown(value: Fraction, places: int) -> str:
    """`value` printed with `places` decimals, half up."""
    step = Decimal(1).scaleb(-places)
    return str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, ROUND_HALF_UP))


def _found(check: Callable[[Draft], Iterator[Found]], text: str) -> bool:
    return next(check(read(f"水利工作总结\n{text}")), None) is not None


money = st.integers(min_value=100_000, max_value=99_999_999).map(lambda n: Fraction(n, 10_000))
places = st.integers(min_value=1, max_value=3)


@given(old=money, rise=st.integers(10, 900), k=places, p=st.integers(0, 2))
def test_true_growth_is_never_doubted_however_it_was_rounded(
    old: Fraction, rise: int, k: int, p: int
) -> None:
    new = old * (1000 + rise) / 1000
    said = shown(Fraction(rise, 10), p)
    text = f"水费由上年的{shown(old, k)}亿元增加到{shown(new, k)}亿元，增长{said}%。"
    assert not _found(changes.growth, text)


@given(old=money, rise=st.integers(10, 900), off=st.integers(20, 300))
def test_growth_off_by_more_than_rounding_is_always_found(old: Fraction, rise: int, off: int) -> None:
    new = old * (1000 + rise) / 1000
    # Three decimals of at least 10 leave less than 0.02 points of doubt; the slip is at least 2 points.
    text = f"水费由上年的{shown(old, 3)}亿元增加到{shown(new, 3)}亿元，增长{shown(Fraction(rise + off, 10), 1)}%。"
    assert _found(changes.growth, text)


@given(parts=st.lists(money, min_size=2, max_size=6), k=places)
def test_a_true_total_is_never_doubted_however_it_was_rounded(parts: list[Fraction], k: int) -> None:
    row = "、".join(
        f"{name}渠{shown(part, k)}亿元" for name, part in zip("甲乙丙丁戊己", parts, strict=False)
    )
    assert not _found(totals.closing_total, f"分别投入{row}，合计{shown(sum(parts, Fraction(0)), k)}亿元。")


@given(parts=st.lists(money, min_size=2, max_size=6), k=places, off=st.integers(1, 9))
def test_a_total_off_by_more_than_rounding_is_always_found(parts: list[Fraction], k: int, off: int) -> None:
    row = "、".join(
        f"{name}渠{shown(part, k)}亿元" for name, part in zip("甲乙丙丁戊己", parts, strict=False)
    )
    # Above the true total by more than its roundings, so no shorter row of parts can reach it either.
    wrong = sum(parts, Fraction(0)) + Fraction(len(parts) + 1 + off, 10**k)
    assert _found(totals.closing_total, f"分别投入{row}，合计{shown(wrong, k)}亿元。")


@given(whole=st.integers(50, 9_999), part=st.integers(1, 9_999), p=st.integers(0, 2))
def test_a_true_share_is_never_doubted(whole: int, part: int, p: int) -> None:
    part = min(part, whole)
    said = shown(Fraction(part * 100, whole), p)
    assert not _found(ratios.shares, f"共有水站{whole}座，改造{part}座，占比{said}%。")


@given(whole=st.integers(50, 9_999), part=st.integers(1, 9_999), off=st.integers(2, 40))
def test_a_share_off_by_more_than_rounding_is_always_found(whole: int, part: int, off: int) -> None:
    part = min(part, whole)
    said = shown(Fraction(part * 100, whole) + off, 1)
    assert _found(ratios.shares, f"共有水站{whole}座，改造{part}座，占比{said}%。")


@given(aim=st.integers(50, 9_999), done=st.integers(1, 9_999), p=st.integers(0, 2))
def test_true_completion_is_never_doubted(aim: int, done: int, p: int) -> None:
    said = shown(Fraction(done * 100, aim), p)
    assert not _found(ratios.completion, f"全年目标{aim}户，实际完成{done}户，完成率{said}%。")
