"""Numbers left without a unit, parts larger than their whole in another unit of the same measure."""

import re
from collections.abc import Iterator
from fractions import Fraction

from shuzhi.prose.faults.rows import by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import base_unit, plain, scale_of
from shuzhi.prose.model import Draft, Figure, Span

_HAN = "\u4e00-\u9fff"
# Nouns no number may follow without its unit, with the units asked for.
_TAKING = {
    "万元、亿元": "总投资|投资额|完成投资|计划投资|补助资金|专项资金|扶持资金|帮扶资金|项目资金|到位资金|资金|经费|金额|总收入|经营性收入|集体收入|人均收入|可支配收入|销售收入|总产值|产值|销售额|交易额|贷款|税收|利润|总额",
    "人、名": "人才|人员|职工|党员|群众|学生|教师|医护人员|劳动力|志愿者|贫困人口|常住人口|户籍人口|总人口|就业|干部|网格员|护林员|人数",
    "户": "农户|贫困户|脱贫户|监测户|受灾户|低保户|困难户|用户|总户数|户数",
    "公里、米": "公路|道路|村道|县道|产业路|机耕路|管网|管道|里程|渠道|沟渠|干渠|线路|步道|绿道|河道|堤防|护栏",
    "亩、平方米": "建筑面积|占地面积|种植面积|总面积|面积|高标准农田|耕地|林地|撂荒地|违建",
    "吨、公斤": "总产量|粮食产量|产量|粮食",
}
_NOUNS = "|".join(f"(?P<n{i}>{nouns})" for i, nouns in enumerate(_TAKING.values()))
_SAYING = list(_TAKING)
_BARE = re.compile(
    rf"(?:{_NOUNS})(?:达到了|达到|达|为|共计|共|约|超过|突破|增加到|累计)?(?P<value>\d[\d,]*(?:\.\d+)?)(?=[，。；])"
)
_UNIT_TOLD = re.compile(r"单位[：:]|[\t|｜]")


def bare_numbers(draft: Draft) -> Iterator[Found]:
    """总投资4860，: a number that ends its clause behind a noun that asks for a unit."""
    if _UNIT_TOLD.search(draft.text):
        return
    for match in _BARE.finditer(draft.text):
        value = match.group("value").replace(",", "")
        # 投资2020，: what may be a year is left alone.
        if re.fullmatch(r"(?:19|20)\d\d|0\d+", value) or value == "0" or match.end("value") < draft.title.end:
            continue
        if any(s.touches(Span(*match.span())) for s in draft.boilerplate):
            continue
        which = next(i for i in range(len(_SAYING)) if match.group(f"n{i}"))
        stop = match.end() + 1
        yield Found(
            Span(match.start(), stop),
            f"“{match.group()}”后面缺单位（如{_SAYING[which]}），请补上。",
        )


# Sizes of the units of one measure beside each other.
_MEASURES: tuple[dict[str, Fraction], ...] = (
    {"亩": Fraction(1), "公顷": Fraction(15), "平方公里": Fraction(1500), "平方米": Fraction(3, 2000)},
    {"公里": Fraction(1), "千米": Fraction(1), "里": Fraction(1, 2), "米": Fraction(1, 1000)},
    {"吨": Fraction(1), "公斤": Fraction(1, 1000), "斤": Fraction(1, 2000)},
)
_OF_IT = re.compile(r"^[，、；（(]?(?:其中|含|包括)[^，。；\d]{0,14}$")


def _size(figure: Figure, units: dict[str, Fraction]) -> Fraction:
    scale, base = scale_of(figure.meaning.unit)
    return figure.value * scale * units[base]


def converted_parts(draft: Draft) -> Iterator[Found]:
    """耕地2860亩，其中流转土地1950公顷: the part, converted, is more than the whole."""
    for row in by_sentence(draft):
        for i in range(1, len(row.items)):
            whole, part = row.figure(i - 1), row.figure(i)
            if whole is None or part is None or not plain(whole, part) or not _OF_IT.match(row.joint(i)):
                continue
            a, b = base_unit(whole), base_unit(part)
            units = next((m for m in _MEASURES if a in m and b in m), None)
            if units is None or a == b or _size(part, units) <= _size(whole, units):
                continue
            yield Found(
                Span(part.clause.start, part.full.end),
                f"其中的{part.text}{part.meaning.unit}比总数{whole.text}{whole.meaning.unit}还大，请核对单位。",
            )


_SHARE_MOVED = re.compile(
    r"(?:占比|比重|比例|(?<![功频汇效速税利费概斜长])率)(?:比|较)(?:上年|去年|年初|前年|上年同期|去年同期)(?:末|底)?(?:提高|提升|上升|下降|降低|回落|增加)(?:了)?\d+(?:\.\d+)?[%％](?!以)"
)


def shares_moved(draft: Draft) -> Iterator[Found]:
    """占比较上年提高1.2%: a share moves by points."""
    for match in _SHARE_MOVED.finditer(draft.text):
        yield Found(Span(*match.span()), "比率、占比的升降应说“个百分点”，不说“%”，请核对。", "likely")


RULES = (
    Rule("prose-U3-share", "unit", shares_moved),
    Rule("prose-U3-bare", "unit", bare_numbers),
    Rule("prose-U3-part", "unit", converted_parts),
)
