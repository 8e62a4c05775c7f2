"""The secretary holds a statement against its denial: none and some, everywhere and not yet, built and not begun."""

import pytest

from shuzhi.prose.faults import denied, faults
from shuzhi.prose.reading import read


def found(text: str) -> list[tuple[str, str]]:
    """Rule and words of what the rules of this page object to in `text`, read as part of a report."""
    whole = f"水利工作总结\n{text}"
    return [(d.rule, d.span.of(whole)) for d in faults(read(whole), denied.RULES)]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("全县未发生溺水事故。\n发生学生溺水事故1起。", "prose-F3-never", "溺水事故1起"),
        ("没有发生一起水污染事件。\n全县发生水污染事件2起，均已处置。", "prose-F3-never", "水污染事件2起"),
        ("全年实现进京越级上访零发生。\n发生进京越级上访3起。", "prose-F3-never", "上访3起"),
        ("集中供水站建设实现全覆盖。\n还有4个村没有集中供水站。", "prose-F3-everywhere", "没有集中供水站"),
        ("村村通自来水。\n仍有3个村未通自来水。", "prose-F3-everywhere", "未通自来水"),
        ("南岭净水厂已于9月投入使用。\n南岭净水厂尚未开工。", "prose-F3-built", "尚未开工"),
        ("龙潭提灌站工程尚在施工。\n龙潭提灌站已建成。", "prose-F3-built", "已建成"),
        ("超额完成沟渠清淤年度任务。\n沟渠清淤320公里，完成年度任务的86%。", "prose-F3-over", "86%"),
        ("沟渠清淤仅完成年度任务的86%。\n沟渠清淤超额完成年度任务。", "prose-F3-over", "超额完成年度任务"),
        (
            "水产养殖总产值3.1亿元，增长4.2%。\n受寒潮影响，水产养殖总产值有所下降。",
            "prose-F3-rate",
            "水产养殖总产值有所下降",
        ),
        ("涉水纠纷逐年减少，2020年218件，2021年263件。", "prose-F3-trend", "2021年263件"),
        ("灌溉面积持续增加：2019年42万亩、2020年40万亩、2021年38万亩。", "prose-F3-trend", "38万亩"),
        ("专业技术人员占一半以上。\n专业技术人员占比不足三成。", "prose-F3-most", "不足三成"),
        ("村级水质监测室实现全覆盖。\n还有6个村没有水质监测室。", "prose-F3-everywhere", "6个村没有"),
        ("全县所有行政村通自来水。\n尚有5个行政村未通自来水。", "prose-F3-everywhere", "未通自来水"),
        (
            "总投资2.3亿元的南岭净水厂建成投用。\n南岭净水厂项目因征地滞后，至今未开工。",
            "prose-F3-built",
            "未开工",
        ),
        (
            "一、工作回顾\n整治病险塘坝23座。\n二、下一步打算\n在今年整治病险塘坝32座的基础上，再治理一批。",
            "prose-F3-base",
            "塘坝32座",
        ),
    ],
)
def test_a_statement_and_its_denial_are_told(text: str, rule: str, words: str) -> None:
    ((told, place),) = found(text)
    assert told == rule
    assert words in place


@pytest.mark.parametrize(
    "text",
    [
        "全县未发生较大及以上溺水事故。\n发生溺水事故1起。",
        "全县未发生溺水事故。\n去年发生溺水事故1起。",
        "龙潭水库管护期间未发生溺水事故。\n全县发生溺水事故1起。",
        "灯会接待游客3万人，未发生安全事故。\n全县发生安全事故2起。",
        "集中供水站建设实现乡镇全覆盖。\n还有4个村没有集中供水站。",
        "集中供水站实现全覆盖。\n还有4个村没有节水展厅。",
        "村村通自来水。\n仍有3个自然村未通自来水。",
        "年初，仍有3个村未通自来水，去年以来逐村施工。\n村村通自来水。",
        "南岭净水厂一期已于9月投入使用。\n南岭净水厂二期尚未开工。",
        "南岭净水厂已建成。\n南岭净水厂尚未投入使用。",
        "南岭净水厂已建成。\n北岭净水厂尚未建成。",
        "超额完成沟渠清淤年度任务。\n水库除险完成年度任务的86%。",
        "超额完成沟渠清淤年度任务。\n上半年，沟渠清淤完成年度任务的46%。",
        "涉水纠纷逐年减少，2020年263件，2021年218件。",
        "涉水纠纷总体呈下降态势，2020年218件，2021年263件。",
        "专业技术人员占一半以上。\n女性技术人员占比不足三成。",
        "去年，专业技术人员占比不足三成。\n专业技术人员占一半以上。",
        "一、工作回顾\n新增灌溉面积3.24万亩。\n二、下一步打算\n在今年新增灌溉面积3.2万亩的基础上，再扩一批。",
        "一、工作回顾\n上半年整治病险塘坝23座。\n二、下一步打算\n在今年整治病险塘坝32座的基础上，再治理一批。",
    ],
)
def test_statements_that_go_together_are_let_be(text: str) -> None:
    assert found(text) == []
