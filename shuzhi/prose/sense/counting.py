"""The common case: a noun, perhaps what was done to it, and its number (改造老旧小区X个, X个项目建成试产)."""

import re

from shuzhi.prose.sense.behind import right_noun
from shuzhi.prose.sense.coordinated import parts
from shuzhi.prose.sense.finishing import SHARES, finished
from shuzhi.prose.sense.lending import done_to, elsewhere, going, implied_object
from shuzhi.prose.sense.phrased import general
from shuzhi.prose.sense.phrases import Phrase, bare, bare_object, phrase, unlinked
from shuzhi.prose.sense.walk import Item, Place, Said, Walk
from shuzhi.prose.signs.units import COUNTED
from shuzhi.prose.tables import listed, words

_CHANGE_NOUN = re.compile(r"(?<=.{2})(增速|增幅|涨幅|降幅|增长率)$")
_SHARE_SAID = re.compile(r"比重|比例|占比|比$|率$")


def counted(walk: Walk, where: Place) -> Said:
    """The meaning of a token no special reader understood."""
    token = where.token
    noun_right, verb_right = right_noun(where.right)
    if token.cls == "events" and going(where.right):
        noun_right = verb_right = ""
    left = _own_words(walk, where)
    said = _rated(left) if token.cls == "percent" else phrase(left)
    said = _own_share(walk, said) if token.cls == "percent" else said
    last = walk.last(where.clause)
    before = where.clause_text[: where.offset - len(where.left)]
    if (
        last is not None
        and last.verb
        and before.endswith("、")
        and said.verb in listed("phrases", "verbs", "nounlike")
    ):
        # 整改巡视反馈问题X个、审计反馈问题X个: the second thing begins with a noun.
        said = Phrase(bare(unlinked(left))) if not said.behind else said
    if where.twins and said.noun:
        each = parts(said.noun)
        if len(each) == where.twins + 1:
            said = Phrase(each[0], said.verb, said.behind, said.light)
    if where.more:
        # X名干部帮扶X户: the deed belongs to the second figure.
        doing = phrase(noun_right)
        noun_right, verb_right = (doing.noun if doing.behind and len(doing.noun) > 1 else noun_right), ""
    if said.light and verb_right and not said.noun and not noun_right:
        said = Phrase("", verb_right)
    said = _found(walk, where, said, noun_right, verb_right)
    return finished(walk, where, said, verb_right)


def _own_words(walk: Walk, where: Place) -> str:
    """The words left of a figure without the noun of the figure before (为X户困难家庭 | 发放救助金X万元)."""
    last = walk.last(where.clause)
    if last is None or where.glued:
        return where.left
    noun = last.base or last.quantity
    return where.left[len(noun) :] if len(noun) > 1 and where.left.startswith(noun) else where.left


def _found(walk: Walk, where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    """Where the noun stands: left, right, in the item before, or in the clause before."""
    last = walk.last(where.clause)
    if _OF.search(where.left.rstrip()) and not noun_right and where.token.cls in COUNTED and walk.items:
        # 未完成的X项 are those of the items before.
        return Phrase(walk.items[-1].base or walk.items[-1].quantity, bare(where.left.rstrip()[:-1]))
    if where.glued and not said.noun and last is not None:
        return _chained(walk, where, last, said, noun_right, verb_right)
    if said.noun and not said.verb and not where.first and last is not None and not general(said.noun):
        said = Phrase(said.noun, last.verb, False, walk.light)
    if (
        where.left.startswith("其中")
        and said.noun
        and not said.verb
        and where.token.cls in COUNTED
        and walk.items
    ):
        return Phrase(said.noun, walk.items[-1].verb, False, walk.light)
    if noun_right and where.token.cls in COUNTED and not where.right.startswith("的"):
        return _between(walk, where, said, noun_right, verb_right)
    if not said.noun or bare_object(said.noun) in ("", "其中"):
        return elsewhere(walk, where, said, noun_right, verb_right)
    if where.right.startswith("的") and noun_right and general(said.noun):
        return Phrase(noun_right + said.noun, said.verb, said.behind, said.light)
    if noun_right and (_locative(said.noun) or where.left.rstrip().endswith("等")):
        return Phrase(noun_right, said.verb or verb_right, False, said.light if said.verb else False)
    return said


_OF = re.compile(r"(?<!有)的$")
_PARTNER = re.compile(r"(?:^|[^参给结配针核面相认])(?:与|同|对|向|为|给|和)$")


def _between(walk: Walk, where: Place, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    """遭遇X轮强降雨, 年初承诺的X件实事, 与X家企业签订协议: what is counted stands behind, the words before say which."""
    left = where.left.rstrip()
    if _OF.search(left):
        which = re.sub(r"[《》“”]", "", bare(left[:-1]))
        walk.which = (where.clause, which if len(which) <= 12 else "")
        return Phrase((which if 2 <= len(which) <= 12 else "") + noun_right, "", False, False)
    last = walk.last(where.clause)
    if walk.which[0] == where.clause and last is not None and last.quantity.endswith(said.noun or "〓"):
        # 反馈的X个方面X个问题: both are what was fed back.
        return Phrase(walk.which[1] + noun_right)
    if _PARTNER.search(left):
        # 与X个乡镇、X个部门签订责任书: what was done stands behind the last of them.
        return done_to(noun_right, verb_right or ("" if where.more else right_noun(where.tail)[1]))
    if said.verb in listed("phrases", "verbs", "causing") and verb_right and not said.noun:
        return done_to(noun_right, verb_right)
    if said.verb and not said.behind:
        if _locative(said.noun) or left.endswith("等") or len(said.noun) + len(noun_right) > 12:
            return Phrase(noun_right, said.verb, False, said.light)
        return Phrase(said.noun + noun_right, said.verb, False, said.light)
    if said.behind and said.noun.endswith(noun_right):
        return said
    if said.behind:
        doer = len(said.noun) < 4 or _DOER.search(said.noun) or len(said.noun) > 14
        return Phrase(noun_right, said.verb) if doer else Phrase(said.noun + said.verb + noun_right)
    if not (said.noun or verb_right or where.first) and last is not None:
        return Phrase(noun_right, last.verb, False, walk.light)
    return done_to(noun_right, verb_right)


_DOER = re.compile(r"(?:[局院校司会心所站室府委办处科县市区乡镇村省]|部门|企业|单位|财政)$")


def _chained(walk: Walk, where: Place, last: Item, said: Phrase, noun_right: str, verb_right: str) -> Phrase:
    implied, before = implied_object(last.verb, where.token.unit), implied_object(last.verb, last.token.unit)
    if implied and before and last.quantity.endswith(before):
        return Phrase(last.quantity.removesuffix(before) + implied, last.verb)
    if not last.quantity and noun_right:
        last.quantity = noun_right
    noun = noun_right or last.quantity or walk.noun
    verb = said.verb or last.verb
    return Phrase(noun, verb or verb_right, False, walk.light if verb else False)


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
    part = walk.last()
    if general(said.noun[1:]) or (said.noun in SHARES and part is not None and part.parent):
        return said
    tail = "" if re.search(r"比重|比例|比$", said.noun) else "比重"
    whose = re.sub(r"增[速幅]$", "", walk.carried())
    return Phrase(whose + said.noun.rstrip("的") + tail, said.verb, said.behind, said.light)


def _locative(noun: str) -> bool:
    return re.search(r"(?:全[县市区乡镇省]|各板块|各村|各乡镇|上级|基层)$", noun) is not None
