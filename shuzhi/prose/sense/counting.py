"""The common case: a noun, perhaps what was done to it, and its number (改造老旧小区X个, X个项目建成试产)."""

import re

from shuzhi.prose.facets import facet_of, kind_of
from shuzhi.prose.phrases import Phrase, bare, bare_object, ends_with, parts, phrase, right_noun, unlinked
from shuzhi.prose.sense.phrased import general
from shuzhi.prose.sense.walk import Item, Place, Said, Walk
from shuzhi.prose.tables import any_of, at, words
from shuzhi.prose.units import COUNTED

_CHANGE_NOUN = re.compile(r"(?<=.{2})(增速|增幅|涨幅|降幅|增长率)$")
_SHARE_SAID = re.compile(r"比重|比例|占比|比$|率$")


def counted(walk: Walk, where: Place) -> Said:
    """The meaning of a token no special reader understood."""
    token = where.token
    noun_right, verb_right = right_noun(where.right)
    said = _rated(where.left) if token.cls == "percent" else phrase(where.left)
    said = _own_share(walk, said) if token.cls == "percent" else said
    if where.twins and said.noun:
        each = parts(said.noun)
        if len(each) == where.twins + 1:
            said = Phrase(each[0], said.verb, said.behind, said.light)
    if said.light and verb_right and not said.noun and not noun_right:
        said = Phrase("", verb_right)
    said = _found(walk, where, said, noun_right, verb_right)
    return _finished(walk, where, said, verb_right)


def _found(walk: Walk, where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    """Where the noun stands: left, right, in the item before, or in the clause before."""
    last = walk.last(where.clause)
    if where.glued and not said.noun and last is not None:
        return _chained(walk, where, last, said, noun_right, verb_right)
    if said.noun and not said.verb and not where.first and last is not None:
        said = Phrase(said.noun, last.verb, False, walk.light)
    if not said.noun or bare_object(said.noun) in ("", "其中"):
        return _elsewhere(walk, where, said, noun_right, verb_right)
    if where.right.startswith("的") and noun_right and general(said.noun):
        return Phrase(noun_right + said.noun, said.verb, said.behind, said.light)
    if noun_right and (_locative(said.noun) or where.left.rstrip().endswith("等")):
        return Phrase(noun_right, said.verb or verb_right, False, said.light if said.verb else False)
    return said


def _chained(walk: Walk, where: Place, last: Item, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    implied = implied_object(last.verb, where.token.unit)
    if implied and last.quantity == implied_object(last.verb, last.token.unit):
        return Phrase(implied, last.verb)
    if not last.quantity and noun_right:
        last.quantity = noun_right
    noun = noun_right or last.quantity or walk.noun
    verb = said.verb or last.verb
    return Phrase(noun, verb or verb_right, False, walk.light if verb else False)


def _elsewhere(walk: Walk, where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    """X个项目建成试产: the noun stands behind; with none there, the clause before lends its noun."""
    last = walk.last(where.clause)
    if noun_right:
        if not (said.verb or verb_right or where.first) and last is not None:
            return Phrase(noun_right, last.verb, False, walk.light)
        return Phrase(noun_right, said.verb or verb_right, False, said.light if said.verb else False)
    implied = implied_object(said.verb or verb_right, where.token.unit)
    if implied:
        return Phrase(implied, said.verb or verb_right)
    whole = said.verb in words("phrases", "verbs", "whole")
    if said.verb and (whole or where.token.cls in ("events", "people", "time")):
        return Phrase(said.verb)
    carried = walk.noun or (walk.items[-1].quantity if walk.items else "")
    if where.token.cls in COUNTED:
        carried = _owner(carried)
    if said.verb:
        return Phrase(carried, said.verb, False, said.light if carried else False)
    return Phrase(carried or walk.topic, verb_right)


def _finished(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Said:
    token, noun, verb, light = where.token, said.noun, said.verb, said.light
    left_over = implied_object(verb_right, token.unit)
    if noun in ("剩余", "其余", "全部") and left_over:
        noun, verb, light = noun + left_over, verb_right, False
    if noun.startswith("占") and len(noun) > 2:
        noun = noun[1:]
    if noun.endswith(("以上", "以下")) and walk.items:
        noun += walk.items[-1].quantity
    if general(noun):
        noun = _spent_on(where, noun) or _qualified(walk, noun)
    stated = _CHANGE_NOUN.search(noun) if token.cls == "percent" else None
    if stated is not None:
        return Said(noun[: stated.start()], stated.group(1), "growth", verb=verb, light=light)
    if token.cls == "percent" and light and verb == "完成" and where.left.rstrip().endswith("的"):
        return Said(walk.topic + noun, "完成比例", "share")
    bare_share = (
        token.cls == "percent"
        and re.search(r"占(?:比|比重)?(?:为|达到?)?(?:的)?$", where.left.strip()) is not None
    )
    kind = kind_of(token, noun, verb)
    facet = facet_of(kind, token, "", "" if light else verb, noun)
    if bare_share and not _SHARE_SAID.search(noun):
        facet = "占比"
    return Said(noun, facet, kind, verb=verb, light=light, behind=said.behind)


def _rated(text: str) -> Phrase:
    """Before a percentage the whole phrase is the quantity; only a verb that says nothing goes."""
    text = bare(unlinked(text))
    for verb in sorted(words("phrases", "verbs", "light"), key=len, reverse=True):
        if text.startswith(verb) and len(text) - len(verb) >= 3:
            return Phrase(text[len(verb) :], verb, False, True)
    text = re.sub(r"(?:仅|只|约|已|就)占", "占", text)
    if "占" in text[1:] and not _SHARE_SAID.search(text):
        text += "比重"
    return Phrase(text)


def _own_share(walk: Walk, said: Phrase) -> Phrase:
    """占GDP比重X% and 占全部投资的X% measure the carried subject's share."""
    if not said.noun.startswith("占") or not (walk.items or walk.topic):
        return said
    if general(said.noun[1:]):
        return said
    tail = "" if re.search(r"比重|比例|比$", said.noun) else "比重"
    return Phrase(walk.carried() + said.noun.rstrip("的") + tail, said.verb, said.behind, said.light)


def _locative(noun: str) -> bool:
    return re.search(r"(?:全[县市区乡镇省]|各板块|各村|各乡镇|上级|基层)$", noun) is not None


def implied_object(verb: str, unit: str | None) -> str:
    """What a bare 脱贫X户 counts, by the verb and the unit; "" if the table has none."""
    table = at("phrases", "verbs", "implied")
    found = table.get(verb) if isinstance(table, dict) else None
    return str(found.get((unit or "").lstrip("万"), "")) if isinstance(found, dict) else ""


def _spent_on(where: Place, noun: str) -> str:
    """投资X亿元改造薄弱学校: the sum's purpose stands behind it."""
    if where.token.cls != "money" or where.right.startswith("的"):
        return ""
    aim = phrase(re.split(r"[\dXx×〇○□*_（(]", where.right)[0])
    return aim.noun + aim.verb + noun if aim.verb and len(aim.noun) >= 2 else ""


def _owner(noun: str) -> str:
    """What a general noun at the end of `noun` belongs to (重点项目总投资 → 重点项目)."""
    return re.sub(rf"(?<=.{{2}}){any_of(words('phrases', 'nouns', 'general'))}$", "", noun)


def _qualified(walk: Walk, noun: str) -> str:
    """A general noun with its owner in front: 成功率 after 调解纠纷X件 is 纠纷调解成功率."""
    last = walk.last() if len(walk.items) > walk.opened else None
    owner = last.quantity if last is not None else walk.topic
    # The owner of 到位资金 after 重点项目总投资 is 重点项目.
    if noun in ("总产", "总产量", "总数", "单产", "总量"):
        owner = ends_with("nouns", "measures").sub("", owner) or owner
    owner = _owner(owner)
    if not owner:
        return noun
    if noun.startswith("成功") and last is not None and last.kind == "count":
        verb = last.verb if last.verb and last.verb not in owner and last.verb not in noun else ""
        return owner + verb + noun
    if noun in ("合计", "总额"):
        return walk.topic if walk.pending and walk.topic else owner
    return owner if noun in owner else owner + noun
