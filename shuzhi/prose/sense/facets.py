"""Chooses the kind of a figure (level, growth, share, count, money) and the words of its facet (改造数, 里程)."""

import re
from typing import Protocol

from shuzhi.prose.model import Kind
from shuzhi.prose.sense.phrases import ends_with
from shuzhi.prose.tables import strings, words


class Measured(Protocol):
    """What is needed of a token here."""

    @property
    def unit(self) -> str | None:
        """The printed unit."""

    @property
    def cls(self) -> str:
        """The class of the unit."""

    @property
    def form(self) -> str:
        """number, fraction, doubled, …"""


# Nouns that are lengths of time themselves.
_SPAN = re.compile(r"(?:时间|时限|时长|周期|期限|工期|寿命)$")


def kind_of(token: Measured, noun: str, verb: str) -> Kind:
    """The kind of a figure that is no change: by its unit first, then by what it measures."""
    per_many = (token.unit or "").startswith(("人/", "起/", "例/"))
    if token.cls in ("percent", "ratio") or token.form == "fraction" or per_many:
        return "share"
    if token.cls in ("points", "multiple"):
        return "growth"
    if token.cls == "money":
        return _money(noun, verb)
    if token.cls == "physical":
        return "level"
    if token.cls == "time":
        days = (token.unit or "").endswith(("天", "学时", "课时", "工作日"))
        return "count" if days and not _SPAN.search(noun) else "level"
    if re.match(r"(?:每千|每万|每百|人均|户均|平均)", noun) or "平均" in noun:
        return "level"
    return "count"


def _money(noun: str, verb: str) -> Kind:
    if re.match(r"(?:人均|户均|亩均)", noun) or "人均" in noun:
        return "level"
    if ends_with("nouns", "money_heads").search(noun) or (
        verb and verb not in words("phrases", "verbs", "light")
    ):
        return "money"
    if ends_with("nouns", "level_heads").search(noun):
        return "level"
    return "money"


_SUFFIX = {
    "户": "户数",
    "人": "人数",
    "人次": "人次",
    "户次": "户次",
    "次": "次数",
    "场次": "场次",
    "场": "场次",
    "期": "期数",
    "轮": "轮次",
    "轮次": "轮次",
    "批": "批次",
    "批次": "批次",
    "家次": "家次",
    "天": "天数",
    "份": "份数",
    "员": "人数",
    "个月": "月数",
    "届": "届数",
}
_BARE = frozenset("个家项名位件条座处所宗起例支台")


def facet_of(kind: Kind, token: Measured, stated: str, verb: str, noun: str = "") -> str:
    """The facet words: as `stated` by a change verb, or made of the deed and what the unit counts."""
    unit = token.unit or ""
    base = unit.lstrip("万亿千百")
    if kind == "growth":
        return _growth(stated, token, base)
    if kind == "share":
        return "" if ends_with("nouns", "rates").search(noun) or token.form != "fraction" else "占比"
    fixed = strings("phrases", "verbs", "facet").get(verb)
    if fixed and base in ("人次", "人", "头", "只", "羽", "件次"):
        return fixed
    if kind == "count":
        return _count(base, verb, noun)
    if kind == "level" and token.cls == "time" and _SPAN.search(noun):
        return ""
    if kind == "money":
        return f"{verb}额" if verb and not noun.endswith(("额", "投资", "支出")) else ""
    return _physical(base, verb, noun)


def _growth(stated: str, token: Measured, base: str) -> str:
    if token.cls in ("percent", "multiple") or token.form == "doubled":
        return stated or "增速"
    if token.cls == "points":
        return {"增速": "提高幅度"}.get(stated, stated)
    if stated in ("降幅", "压减幅度", "精简幅度"):
        return "减少额" if token.cls == "money" else "减少数"
    if stated.endswith("幅度"):
        return stated.removesuffix("幅度") + ("额" if token.cls == "money" else "数")
    if stated == "增速":
        return "增加额" if token.cls == "money" else "增加数"
    return stated


def _count(base: str, verb: str, noun: str) -> str:
    if noun.endswith("量") and not verb:
        return ""
    if base in _SUFFIX and not noun.endswith(_SUFFIX[base]):
        suffix = _SUFFIX[base]
        if not verb and noun.endswith(base) and base in ("户", "人"):
            return "数"
        return verb + suffix if verb and suffix in ("户数", "人数", "次数", "人次", "户次") else suffix
    if _SPAN.search(noun) or noun.endswith(("量", "总数", "次数", "起数", "件数", "个数")):
        return ""
    if base == "名" and not verb:
        return "人数"
    if verb:
        return f"{verb}数"
    return "数" if base in _BARE else f"{base}数"


def _physical(base: str, verb: str, noun: str) -> str:
    if not verb or re.search(r"(?:面积|里程|产量|总产|量|能耗|寿命|浓度)$", noun):
        return _bare_physical(base, noun) if not verb else ""
    if base in ("公里", "千米", "米", "车道公里"):
        return f"{verb}里程"
    if base in ("亩", "平方米", "平方公里", "公顷", "亩次"):
        return f"{verb}面积"
    return f"{verb}量"


def _bare_physical(base: str, noun: str) -> str:
    if base in ("公里", "千米", "车道公里") and not noun.endswith("里程"):
        return "里程"
    if base in ("亩", "平方米", "平方公里", "公顷") and not noun.endswith("面积"):
        return "面积"
    return ""
