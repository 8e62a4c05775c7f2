"""Numbers that measure nothing: dates, ordinals, codes, set phrases, and sizes inside a name."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.signs.units import Unit
from shuzhi.prose.tables import any_of, words

CHINESE = "零一二三四五六七八九〇○两十百千万亿"
# Numbers that measure nothing.
_DATES = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[—－\-–~～、至和](?:19|20)?\d\d)*(?:年度|年代|学年|年)"
    r"|(?<!\d)(?:19|20)\d\d[./\-]\d{1,2}[./\-]\d{1,2}(?!\d)"
    r"|(?<![个\d.])\d{1,2}[—－\-–~～至]\d{1,2}月(?:份|底|末)?"
    r"|(?<![\d.])\d{1,2}月(?:\d{1,2}(?:[—－\-–~～至]\d{1,2})?日|份|底|初|末|中旬|上旬|下旬)?"
    r"|(?<![\d.])\d{1,2}日|(?<![\d.])\d{1,2}[::]\d\d(?![\d.:])|(?<![\d.])\d{1,2}时(?:\d{1,2}分)?|(?<![\d.])\d{1,2}点\d{1,2}分"
    r"|[零一二三四五六七八九〇○]{4}年度?|[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日|份|底|初|末)?"
)
_CODES = re.compile(
    r"[〔\[（(【]\s?(?:19|20)\d\d\s?[〕\]）)】]\s?第?\d+号|第?\d+号(?:文件|文|令|线|楼|公告)?|\d{9,}"
    r"|(?<![A-Za-z])[A-Za-z]{1,12}[\-]?\d+(?:\.\d+)?|\d+(?:A+|G|D|P|K|B|C)(?:级)?(?![A-Za-z])|\d+\s?[×xX*]\s?\d+(?:小时)?|\d+(?:\+[\dNnXx]+)+|[\dNn]+\+\d+"
    r"|“[^”“]{0,4}[十百]?[三四五六七八九十]+五”|[十][一二三四五六]五(?=规划|期间|时期|末|以来)"
    r"|\d+[·]\d+|(?:12345|12328|12315|12388|110|119|120|122|114)(?=热线|平台|政务|市民|便民|服务|指挥|急救|电话|报警|联动)|\d+强"
)
# 十六届三次会议, 十六届人大一次会议: both numbers are ordinals.
_TERM = re.compile(rf"(?:\d+|[{CHINESE}]+)届(?:[^\s，。；、\d{CHINESE}]{{0,8}}(?:\d+|[{CHINESE}]+)次)?")
_DAILY = re.compile(
    r"(?:一年|全年|每年|一天|全天|每天|每日|365天)[、，]?\s?(?:365天|24小时)|365天(?=全|不|无|如一)|24小时(?=不|全天|×)|\d+天无理由"
)
_ORDINAL = re.compile(rf"第(?:\d+|[{CHINESE}]+)[^\s，。；、]?")
_QUOTED = re.compile(r"“[^”“\n]{1,12}”|《[^》《\n]{1,60}》")
_LIST_NUMBER = re.compile(r"(?m)^[ \u3000\t]*\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[）)]")


def unmeasured(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of folded `text` whose numbers are dates, ordinals, codes or parts of a quoted name."""
    rare = [pattern for sign, pattern in (("届", _TERM), ("天", _DAILY)) if sign in text]
    for pattern in (_LIST_NUMBER, _CODES, *rare, _ORDINAL, _QUOTED, _DATES):
        for match in pattern.finditer(text):
            if match.group().endswith("月") and text[match.start() - 1 : match.start()] == "个":
                continue
            yield match.span()


# 平均年龄42岁 measures, 12至17岁学生 names a group.
_AGED = re.compile(r"年龄|寿命|平均|年纪|延长|提高|增加")
# 15分钟便民生活圈 is a name, 2万吨/日污水处理厂 a size.
_REACH = re.compile(r"[^，。；：\s]{0,7}圈")
_PLANT = re.compile(r"(?:级|的)?[一-龥]{0,8}(?:厂|生产线|处理站|设施|项目|工程|装置)")


@cache
def _name_heads() -> re.Pattern[str]:
    return re.compile(any_of(words("numbers", "names")))


def is_name_part(text: str, start: int, unit: Unit) -> bool:
    """A threshold or size inside a name (500万元以上项目, 60岁以上老人, 110千伏变电站, 24小时值守, 每10万人)."""
    after = text[unit.end : unit.end + 6]
    bound = re.match(r"(?:及)?以[上下外](?:的)?", after)
    if bound and unit.cls not in ("percent", "points", "things", "events"):
        rest = text[unit.end + bound.end() : unit.end + bound.end() + 1]
        if "\u4e00" <= rest <= "\u9fff" and not after[bound.end() :].startswith(("参", "，")):
            return True
    if unit.base in ("岁", "周岁") and not _AGED.search(text, max(0, start - 14), start):
        return True
    if unit.text in words("numbers", "classed_units") and _name_heads().match(text, unit.end):
        return True
    if unit.base == "小时" and text.startswith(words("numbers", "round_clock"), unit.end):
        return True
    if (unit.cls == "time" or unit.base in ("公里", "里")) and _REACH.match(text, unit.end):
        return True
    if unit.base.endswith(("/日", "/天", "/小时", "/年")) and _PLANT.match(text, unit.end):
        return True
    before = text[start - 1 : start]
    if before in ("每", "/", "第"):
        return not (before == "每" and unit.cls not in ("people",))
    if unit.base in ("级", "组", "档") and unit.text == unit.base:
        return True
    return threshold_of_a_group(text, start, unit)


def threshold_of_a_group(text: str, start: int, unit: Unit) -> bool:
    """X个村集体收入突破20万元: the money is what sets the counted group apart."""
    if unit.cls != "money":
        return False
    clause = re.split(r"[，。；：！？、\n]", text[max(0, start - 40) : start])[-1]
    return bool(re.search(r"[\dXx×〇某_*]\s?[个家户](?:[一-龥]{2,14})(?:突破|超过|超|达到|实现)了?$", clause))
