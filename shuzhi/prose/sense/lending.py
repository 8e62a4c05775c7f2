"""Lends a figure its noun from elsewhere when none stands beside it: the item before, the clause before, the place."""

import re

from shuzhi.prose.sense.owning import owner_of
from shuzhi.prose.sense.phrases import Phrase, phrase
from shuzhi.prose.sense.walk import Item, Place, Walk
from shuzhi.prose.signs.units import COUNTED
from shuzhi.prose.tables import at, listed

# X户、X人 with nothing beside them, behind 我镇辖X个行政村, count the place itself.
_HEADS_OF = {"户": "户", "人": "人口", "万人": "人口", "万户": "户"}
# X次到矿山、学校宣讲: the deed stands behind where it was done.
_GOING = re.compile(r"(?:带队|亲自)?(?:到|赴|深入|前往|奔赴|向|对|就|下)")


def going(text: str) -> bool:
    """Whether words begin by saying where somebody went to do something."""
    return _GOING.match(text) is not None


def elsewhere(walk: Walk, where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    """X个项目建成试产: the noun stands behind; with none there, what came before lends its own."""
    if noun_right:
        return _behind(walk, where, said, noun_right, verb_right)
    for finder in (_implied, _summed, _deed_alone, _aimed, _gone, _of_place):
        found = finder(walk, where, said, verb_right)
        if found is not None:
            return found
    return _carried(walk, where, said, verb_right)


def _behind(walk: Walk, where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    last = walk.last(where.clause)
    if not (said.verb or verb_right or where.first) and last is not None:
        return Phrase(noun_right, last.verb, False, walk.light)
    return Phrase(noun_right, said.verb, False, said.light) if said.verb else done_to(noun_right, verb_right)


_EMPTY = re.compile(r"^(?:实现|完成|进行|开展|实行|做到|达到)了?(?=.{2})")


def done_to(noun: str, verb: str) -> Phrase:
    """What was done with its object behind the counted noun: 用山泉 of X个村用上山泉 says which villages."""
    if len(verb) <= 4:
        return Phrase(noun, _EMPTY.sub("", verb))
    return Phrase(_EMPTY.sub("", verb) + noun) if len(noun) + len(verb) < 20 else Phrase(noun)


def _implied(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase | None:
    implied = implied_object(said.verb or verb_right, where.token.unit)
    return Phrase(implied, said.verb or verb_right) if implied else None


def _summed(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase | None:
    """合计 behind the parts of a whole is the whole."""
    if walk.pending and walk.topic and re.search(r"合计|共计|总计", where.left):
        return Phrase(walk.topic)
    return None


def _deed_alone(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase | None:
    """立案X起, 献血X人次: the deed is what is counted."""
    if said.verb in listed("phrases", "verbs", "follow") and walk.items:
        return Phrase("", said.verb)
    whole = said.verb in listed("phrases", "verbs", "whole")
    if said.verb and (whole or where.token.cls in ("events", "people", "time")):
        return Phrase(said.verb)
    if where.token.cls == "people" and where.first and len(verb_right) > 4:
        return Phrase(verb_right)
    return None


def _aimed(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase | None:
    """投入X万元维修校舍: the purpose behind the sum."""
    if said.verb not in ("投入", "安排", "落实", "筹措", "筹集", ""):
        return None
    aim = spent_on(where, "资金")
    return Phrase(aim, said.verb) if aim else None


def _gone(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase | None:
    if where.token.cls != "events" or not where.first or said.verb or not going(where.tail):
        return None
    inner = phrase("到" + _GOING.sub("", where.tail, count=1))
    if not inner.verb:
        return Phrase(where.tail[-4:])
    return Phrase(inner.verb if inner.behind else inner.verb + inner.noun)


def _of_place(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase | None:
    heads = _HEADS_OF.get(where.token.unit or "")
    if heads is None or said.verb or verb_right or not walk.home or not walk.items:
        return None
    return Phrase(walk.home + heads)


def _carried(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase:
    alike: list[Item] = []
    carried = walk.noun or (walk.items[-1].quantity if walk.items else "")
    if where.token.cls in COUNTED:
        alike = [i for i in walk.items[-6:] if i.token.unit == where.token.unit and i.kind == "count"]
        carried = (alike[-1].base or alike[-1].quantity) if alike else owner_of(carried)
    if walk.recent and said.verb and len(walk.items) == walk.opened:
        carried = walk.recent
    if not said.verb:
        return Phrase(carried or walk.topic, verb_right)
    if where.token.cls == "things" and walk.items and not alike and not said.light:
        # 检查X台，责令整改X家: another counter counts another thing.
        return Phrase(said.verb)
    if not carried:
        return Phrase(said.verb)
    light = said.light and not (said.verb == "完成" and where.token.cls in COUNTED)
    return Phrase(carried, said.verb, False, light)


def implied_object(verb: str, unit: str | None) -> str:
    """What a bare 脱贫X户 counts, by the verb and the unit; "" if the table has none."""
    table = at("phrases", "verbs", "implied")
    found = table.get(verb) if isinstance(table, dict) else None
    return str(found.get((unit or "").lstrip("万"), "")) if isinstance(found, dict) else ""


def spent_on(where: Place, noun: str) -> str:
    """投资X亿元改造薄弱学校: the sum's purpose stands behind it."""
    if where.token.cls != "money" or where.right.startswith("的"):
        return ""
    aim = phrase(re.split(r"[\dXx×〇○□*_（(]", where.right)[0])
    return aim.noun + aim.verb + noun if aim.verb and len(aim.noun) >= 2 else ""
