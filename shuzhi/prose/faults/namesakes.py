"""Two names of one company, park or road that differ in one character of the same sound."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span

_HAN = "\u4e00-\u9fff"
_SUFFIX = "有限公司|公司|集团|合作社|水库|大桥|隧道|路|街|公园|广场|产业园|工业园|学校|小学|中学|医院|大厦|酒店|景区"
_NAMED = re.compile(rf"[{_HAN}]{{2,16}}?(?:{_SUFFIX})(?![{_HAN}]?(?:径|线|面|段))")
# Characters names are made of that sound alike, or nearly: one is typed for another.
_ALIKE = (
    "盛晟胜圣 鹭露 邦帮 宏洪鸿弘虹 潭谭 清青 峰锋烽 祥翔 伟玮炜 桦骅 钧均 铭鸣 琳霖 辉晖 萍坪 兴鑫欣 源沅 "
    "泰太 嘉佳 瑞锐睿 凯恺楷 隆龙 庚耕 莲廉 荷禾 榕蓉 岭陵 湾弯 澜岚 屿宇 滨宾 溪熙 达大 洋扬 珠竹 梅媒 枫丰 湘香"
)
_SOUND = {character: group for group in _ALIKE.split() for character in group}
_SIDE_BY_SIDE = re.compile(r"[、和与及]")
_REACH = 8


def namesakes(draft: Draft) -> Iterator[Found]:
    """宏达电子公司 here, 鸿达电子公司 there."""
    seen: dict[str, list[tuple[str, int]]] = {}
    for match in _NAMED.finditer(draft.text):
        span = Span(*match.span())
        if any(s.touches(span) for s in draft.boilerplate):
            continue
        name = match.group()
        others = seen.setdefault(name[-2:], [])
        for other, end in others:
            apart = _apart(name, other)
            between = draft.text[end : match.end() - apart] if apart else ""
            if apart and not _SIDE_BY_SIDE.fullmatch(between):
                said, before = name[-apart:], other[-apart:]
                yield Found(
                    Span(match.end() - apart, match.end()),
                    f"别处写“{before}”，这里写“{said}”，一字之差，请核对是不是同一个。",
                    "likely",
                )
                break
        others.append((name, match.end()))


def _apart(name: str, other: str) -> int:
    """How long the name is, counted from its end to where it differs from `other` in one character of like sound; or 0."""
    limit = min(len(name), len(other))
    same = next((i for i in range(limit) if name[-1 - i] != other[-1 - i]), limit)
    if same == limit:
        return 0
    a, b = name[-1 - same], other[-1 - same]
    suffix = re.search(rf"(?:{_SUFFIX})$", name)
    body = same - len(suffix.group()) if suffix else 0
    more = 0
    while same + 1 + more < limit and name[-2 - same - more] == other[-2 - same - more] and more < _REACH:
        more += 1
    # 龙潭、龙谭水库: what stands around the character must be the same on one side at least.
    return same + 1 + min(more, 2) if _SOUND.get(a, a) == _SOUND.get(b, b) and body + more >= 1 else 0


RULES = (Rule("prose-N1-namesake", "name_inconsistency", namesakes),)
