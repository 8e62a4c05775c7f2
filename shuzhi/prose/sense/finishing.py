"""Finishes what was understood of a plain amount: its owner, its kind, the words of its facet."""

import re

from shuzhi.prose.sense.coordinated import AND
from shuzhi.prose.sense.facets import facet_of, kind_of
from shuzhi.prose.sense.lending import implied_object, spent_on
from shuzhi.prose.sense.owning import followed, headed, ownerless, qualified
from shuzhi.prose.sense.phrased import AIM, general
from shuzhi.prose.sense.phrases import Phrase
from shuzhi.prose.sense.walk import Place, Said, Walk
from shuzhi.prose.signs.tokens import Token
from shuzhi.prose.tables import listed, strings

_CHANGE_NOUN = re.compile(r"(?<=.{2})(增速|增幅|涨幅|降幅|增长率)$")
_SHARE_SAID = re.compile(r"比重|比例|占比|比$|率$")
SHARES = ("占比", "比重", "占", "所占比重", "所占比例", "")
# Of a list of places or fields before an event only the event counts (道路交通、烟花爆竹专项检查).
_EVENT = re.compile(
    r"^.*[、和与及].{2,10}?(?=(?:专项)?(?:检查|督导|督查|调研|巡查|整治|行动|演练|走访|宣讲|座谈会|调度会|抽查|暗访)$)"
)


def finished(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Said:
    """Quantity, kind and facet of a plain amount."""
    token = where.token
    said = _owned(walk, where, said, verb_right)
    base, said = said.noun, _worded(token, said, "问题" in where.left)
    noun, verb, light = said.noun, said.verb, said.light
    if verb in listed("phrases", "verbs", "follow"):
        return _follow(walk, token, noun, verb)
    noun = headed(walk, where, noun)
    if token.cls == "percent":
        share = _shared(walk, where, Phrase(noun, verb, said.behind, light))
        if share is not None:
            return share
    kind = kind_of(token, noun, verb)
    facet = facet_of(kind, token, "", "" if light else verb, noun)
    return Said(noun, facet, kind, verb=verb, light=light, behind=said.behind, base=base)


def _owned(walk: Walk, where: Place, said: Phrase, verb_right: str) -> Phrase:
    """The noun with whose it is: 剩余 of what, 年初预算 of what, 总投资 of what."""
    token, noun, verb, light = where.token, said.noun, said.verb, said.light
    left_over = implied_object(verb_right, token.unit)
    if noun in ("剩余", "其余", "全部") and left_over:
        noun, verb, light = noun + left_over, verb_right, False
    if noun.startswith("占") and len(noun) > 2:
        noun = noun[1:]
    last = walk.last()
    if noun in ("剩余", "其余", "尚余") and last is not None:
        noun, verb = last.base or last.quantity, "剩余"
    if last is not None and AIM.fullmatch(noun):
        noun = walk.carried() + noun
    if last is not None and noun.endswith(("以上", "以下")):
        noun += last.quantity
    part = (
        token.cls == "percent"
        and noun in SHARES
        and last is not None
        and last.parent not in ("", last.quantity)
    )
    if part:
        return Phrase(noun)
    if general(noun) or (token.cls == "percent" and ownerless(walk, noun)):
        noun = spent_on(where, noun) or qualified(walk, noun)
    return Phrase(noun, verb, said.behind, light)


def _worded(token: Token, said: Phrase, named: bool) -> Phrase:
    """Deed and thing in the order they are said in for this unit (走访群众 户次, 发现问题 数, 巡河 次数).

    `named` says the words beside the figure name the thing; a carried one keeps its own order.
    """
    noun, verb, light, behind = said.noun, said.verb, said.light, said.behind
    fixed = verb in strings("phrases", "verbs", "facet") or verb in listed("phrases", "verbs", "follow")
    if noun == "问题" and named and verb and not behind:
        return Phrase(verb + noun)
    if (token.unit or "").endswith(("人次", "户次", "家次")) and verb and not (light or behind or fixed):
        return Phrase(noun if noun.startswith(verb) else verb + noun)
    if behind and verb in listed("phrases", "verbs", "whole"):
        return Phrase(noun + verb)
    if behind and (token.cls in ("events", "time") or (token.unit or "").endswith(("人次", "户次"))):
        noun, verb, behind = noun + verb, "", False
    if token.cls == "events":
        noun = _EVENT.sub("", noun)
        if verb and not light and not behind and AND.search(noun):
            return Phrase(verb)
    if verb == "发展":
        light = token.cls not in ("people", "things")
    return Phrase(noun, verb, behind, light)


def _follow(walk: Walk, token: Token, noun: str, verb: str) -> Said:
    quantity = followed(walk, noun, verb)
    kind = kind_of(token, quantity, "")
    return Said(quantity, facet_of(kind, token, "", "", quantity), kind, verb=verb, base=noun)


def _shared(walk: Walk, where: Place, said: Phrase) -> Said | None:
    """Percentages that say themselves what they are: 增速为X%, 占比X%, 完成主体工程的X%; None for a plain share."""
    noun = said.noun
    stated = _CHANGE_NOUN.search(noun)
    if stated is not None:
        return Said(noun[: stated.start()], stated.group(1), "growth", verb=said.verb, light=said.light)
    if said.light and said.verb == "完成" and where.left.rstrip().endswith("的"):
        return Said(walk.topic + noun, "完成比例", "share")
    part = walk.last()
    if part is not None and noun in SHARES:
        whole = part.parent
        if whole and whole != part.quantity:
            return Said(f"{part.quantity}占{whole}比重", "", "share")
    if where.left.startswith("其中") and part is not None and re.search(r"占(?:比)?$", where.left.strip()):
        return Said(f"{noun.removesuffix('占')}占{part.quantity}比重", "", "share")
    if _BARE_SHARE.search(where.left.strip()) and not _SHARE_SAID.search(noun):
        return Said(noun, "占比", "share", verb=said.verb, light=said.light, behind=said.behind)
    return None


_BARE_SHARE = re.compile(r"占(?:比|比重)?(?:为|达到?)?(?:的)?$")
