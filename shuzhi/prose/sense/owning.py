"""Whose a figure is: general nouns, bare rates and follow-up deeds take their owner from what was said before."""

import re
from functools import cache

from shuzhi.prose.sense.phrases import ends_with
from shuzhi.prose.sense.walk import Place, Walk
from shuzhi.prose.signs.units import COUNTED
from shuzhi.prose.tables import any_of, listed, words

_RATE = re.compile(r"(?:按期|按时|及时|总体|综合|平均)?(.{2})(?:完成)?率$")
_RATE_TAIL = re.compile(r"(?<=.{2})(?:按期|按时|及时|综合|平均)?.{2}率$")
_HEADS = re.compile(r"(余额|支出|收入|投资|产值|增加值|面积|产量|总额|用电量|补助资金|资金)$")


def ownerless(walk: Walk, noun: str) -> bool:
    """A rate of nothing but a deed (清偿率, 破案率): what the sentence spoke of before is its owner."""
    rate = _RATE.fullmatch(noun)
    if rate is not None and walk.recent:
        return rate.group(1) in listed("phrases", "verbs", "action")
    last = walk.last() if len(walk.items) > walk.opened else None
    if rate is None or last is None:
        return False
    deed = rate.group(1)
    return deed in listed("phrases", "verbs", "action") or deed == last.verb or last.quantity.endswith(deed)


def followed(walk: Walk, noun: str, verb: str) -> str:
    """What a deed came to, with the deed (老旧小区改造 惠及居民)."""
    last = walk.last() if len(walk.items) > walk.opened else None
    if last is None and walk.recent and not noun.startswith(verb):
        return walk.recent + verb + noun
    if last is not None and last.verb == verb and last.base and last.quantity.endswith(last.base):
        return last.quantity.removesuffix(last.base) + noun
    if noun.startswith(verb) or re.search(r"[户人亩]均", noun):
        return noun
    if last is None or last.kind in ("growth", "share", "other") or len(last.quantity) > 14:
        return verb + noun if len(noun) < 3 else noun
    if verb == "发现" and len(noun) > 3:
        return verb + noun
    deed = last.verb if last.kind == "count" and last.verb not in listed("phrases", "verbs", "light") else ""
    deed = "" if last.token.cls == "events" and deed in last.quantity else deed
    return last.quantity + deed + verb + ("" if noun == last.quantity else noun)


def headed(walk: Walk, where: Place, noun: str) -> str:
    """一般债务 behind 政府债务余额X亿元，其中 is 一般债务余额."""
    last = walk.last()
    if last is None or last.token.unit != where.token.unit or where.token.cls in COUNTED:
        return noun
    if not (
        where.left.lstrip(" 　，、").startswith("其中") or (where.clause - last.clause <= 1 and last.parent)
    ):
        return noun
    head = _HEADS.search(last.quantity)
    if head is None or len(noun) < 3 or _HEADS.search(noun) or noun[-2:] not in last.quantity:
        return noun
    return noun + head.group()


@cache
def _general() -> re.Pattern[str]:
    return re.compile(rf"(?<=.{{2}}){any_of(words('phrases', 'nouns', 'general'))}$")


def owner_of(noun: str) -> str:
    """What a general noun at the end of `noun` belongs to (重点项目总投资 → 重点项目)."""
    return _general().sub("", noun)


def qualified(walk: Walk, noun: str) -> str:
    """A general noun with its owner in front: 成功率 after 调解纠纷X件 is 纠纷调解成功率."""
    last = walk.last() if len(walk.items) > walk.opened else None
    owner = last.quantity if last is not None else walk.topic
    if noun.endswith("率") and _RATE.fullmatch(owner) and len(walk.items) - 1 > walk.opened:
        owner = walk.items[-2].quantity
    if walk.recent and (noun.endswith("率") or noun in ("完成投资", "总投资", "权重")):
        owner = walk.recent
    # The owner of 到位资金 after 重点项目总投资 is 重点项目.
    if noun in ("总产", "总产量", "总数", "单产", "总量", "亩产", "平均亩产"):
        owner = ends_with("nouns", "measures").sub("", owner) or owner
    owner = owner_of(owner)
    if noun.endswith("率"):
        owner = _RATE_TAIL.sub("", owner)
    if not owner:
        return noun
    if noun == "支出":
        owner = owner.removesuffix("收入")
    if noun in ("收益", "增收", "收入") and last is not None and last.kind == "count":
        return owner + (last.verb if last.verb not in listed("phrases", "verbs", "light") else "") + noun
    deed = last.verb if last is not None and last.behind and noun.startswith(last.verb or "。") else ""
    if deed:
        return owner + noun
    if noun.startswith("成功") and last is not None and last.kind == "count":
        verb = last.verb if last.verb and last.verb not in owner and last.verb not in noun else ""
        return owner + verb + noun
    if noun in ("合计", "总额"):
        return walk.topic if walk.pending and walk.topic else owner
    return owner if noun in owner else owner + noun
