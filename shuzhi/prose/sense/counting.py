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
    if (
        where.left.startswith("其中")
        and said.noun
        and not said.verb
        and where.token.cls in COUNTED
        and walk.items
    ):
        return Phrase(said.noun, walk.items[-1].verb, False, walk.light)
    if not said.noun or bare_object(said.noun) in ("", "其中"):
        return _elsewhere(walk, where, said, noun_right, verb_right)
    if where.right.startswith("的") and noun_right and general(said.noun):
        return Phrase(noun_right + said.noun, said.verb, said.behind, said.light)
    if noun_right and where.token.cls in COUNTED and not where.right.startswith("的"):
        return _between(where, said, noun_right, verb_right)
    if noun_right and (_locative(said.noun) or where.left.rstrip().endswith("等")):
        return Phrase(noun_right, said.verb or verb_right, False, said.light if said.verb else False)
    return said


_OF = re.compile(r"(?<!有)的$")
_PARTNER = re.compile(r"(?:^|[^参给])(?:与|同|对|向|为|给|和)$")


def _between(where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    """遭遇X轮强降雨, 年初承诺的X件实事, 与X家企业签订协议: what is counted stands behind, the words before say which."""
    left = where.left.rstrip()
    if _OF.search(left):
        which = bare(left[:-1])
        return Phrase((which if 2 <= len(which) <= 8 else "") + noun_right, "", False, False)
    if _PARTNER.search(left):
        return Phrase(noun_right)
    if said.verb and not said.behind:
        if _locative(said.noun) or left.endswith("等") or len(said.noun) + len(noun_right) > 12:
            return Phrase(noun_right, said.verb, False, said.light)
        return Phrase(said.noun + noun_right, said.verb, False, said.light)
    if said.behind and len(said.noun) < 2:
        return Phrase(noun_right, said.verb)
    if len(verb_right) > 4 and len(noun_right) + len(verb_right) < 14:
        return Phrase(verb_right + noun_right)
    return Phrase(noun_right, verb_right)


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
    if walk.pending and walk.topic and re.search(r"合计|共计|总计", where.left):
        return Phrase(walk.topic)
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
    token, verb, light = where.token, said.verb, said.light
    noun = said.noun
    left_over = implied_object(verb_right, token.unit)
    if noun in ("剩余", "其余", "全部") and left_over:
        noun, verb, light = noun + left_over, verb_right, False
    if noun.startswith("占") and len(noun) > 2:
        noun = noun[1:]
    if noun.endswith(("以上", "以下")) and walk.items:
        noun += walk.items[-1].quantity
    if general(noun) or (token.cls == "percent" and _ownerless(walk, noun)):
        noun = _spent_on(where, noun) or _qualified(walk, noun)
    if verb in words("phrases", "verbs", "follow"):
        noun, verb, light = _followed(walk, noun, verb), "", False
    elif said.behind and token.cls == "events":
        noun, verb = noun + verb, ""
    elif verb == "发展" and token.cls == "people":
        light = False
    noun = _headed(walk, where, noun)
    if token.cls == "percent":
        share = _shared(walk, where, Phrase(noun, verb, said.behind, light))
        if share is not None:
            return share
    kind = kind_of(token, noun, verb)
    facet = facet_of(kind, token, "", "" if light else verb, noun)
    return Said(noun, facet, kind, verb=verb, light=light, behind=said.behind)


def _shared(walk: Walk, where: Place, said: Phrase) -> Said | None:
    """Percentages that say themselves what they are: 增速为X%, 占比X%, 完成主体工程的X%; None for a plain share."""
    noun = said.noun
    stated = _CHANGE_NOUN.search(noun)
    if stated is not None:
        return Said(noun[: stated.start()], stated.group(1), "growth", verb=said.verb, light=said.light)
    if said.light and said.verb == "完成" and where.left.rstrip().endswith("的"):
        return Said(walk.topic + noun, "完成比例", "share")
    part = walk.last()
    if part is not None and noun in ("占比", "比重", "占", "所占比重", "所占比例", ""):
        whole = part.parent
        if whole and whole != part.quantity:
            return Said(f"{part.quantity}占{whole}比重", "", "share")
    if _BARE_SHARE.search(where.left.strip()) and not _SHARE_SAID.search(noun):
        return Said(noun, "占比", "share", verb=said.verb, light=said.light, behind=said.behind)
    return None


_BARE_SHARE = re.compile(r"占(?:比|比重)?(?:为|达到?)?(?:的)?$")


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


_RATE = re.compile(r"(?:按期|按时|及时|总体|综合|平均)?(.{2})率$")
_RATE_TAIL = re.compile(r"(?<=.{2}).{2,3}率$")
_HEADS = re.compile(r"(余额|支出|收入|投资|产值|增加值|面积|产量|总额|用电量|补助资金|资金)$")


def _ownerless(walk: Walk, noun: str) -> bool:
    """A rate of nothing but a deed (清偿率, 破案率): what the sentence spoke of before is its owner."""
    rate = _RATE.fullmatch(noun)
    last = walk.last() if len(walk.items) > walk.opened else None
    if rate is None or last is None:
        return False
    deed = rate.group(1)
    return deed in words("phrases", "verbs", "action") or deed in last.quantity + last.verb


def _followed(walk: Walk, noun: str, verb: str) -> str:
    """What a deed came to, with the deed (老旧小区改造 惠及居民)."""
    last = walk.last() if len(walk.items) > walk.opened else None
    if last is None or last.kind in ("growth", "share", "other") or len(last.quantity) > 14:
        return verb + noun if len(noun) < 3 else noun
    if verb == "发现" and len(noun) > 3:
        return verb + noun
    deed = last.verb if last.kind == "count" and last.verb not in words("phrases", "verbs", "light") else ""
    deed = "" if last.token.cls == "events" and deed in last.quantity else deed
    return last.quantity + deed + verb + ("" if noun == last.quantity else noun)


def _headed(walk: Walk, where: Place, noun: str) -> str:
    """一般债务 behind 政府债务余额X亿元，其中 is 一般债务余额."""
    last = walk.last()
    if last is None or last.token.unit != where.token.unit or where.token.cls in COUNTED:
        return noun
    if not (where.left.lstrip(" 　，、").startswith("其中") or (where.clause == last.clause and last.parent)):
        return noun
    head = _HEADS.search(last.quantity)
    if head is None or len(noun) < 3 or _HEADS.search(noun) or noun[-2:] not in last.quantity:
        return noun
    return noun + head.group()


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
    if noun.endswith("率"):
        owner = _RATE_TAIL.sub("", owner)
    if not owner:
        return noun
    if noun in ("收益", "增收", "收入") and last is not None and last.kind == "count":
        return owner + (last.verb if last.verb not in words("phrases", "verbs", "light") else "") + noun
    deed = last.verb if last is not None and last.behind and noun.startswith(last.verb or "。") else ""
    if deed:
        return owner + noun
    if noun.startswith("成功") and last is not None and last.kind == "count":
        verb = last.verb if last.verb and last.verb not in owner and last.verb not in noun else ""
        return owner + verb + noun
    if noun in ("合计", "总额"):
        return walk.topic if walk.pending and walk.topic else owner
    return owner if noun in owner else owner + noun
