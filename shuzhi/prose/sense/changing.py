"""Changes: growth and falls, leads over another place, the value before (由上年的B) and the value after (增加到A)."""

import re
from functools import cache

from shuzhi.prose.sense.behind import right_noun
from shuzhi.prose.sense.facets import facet_of, kind_of
from shuzhi.prose.sense.pairing import jointly
from shuzhi.prose.sense.phrased import general
from shuzhi.prose.sense.phrases import Change, bare, change, phrase, unlinked
from shuzhi.prose.sense.walk import Place, Said, Walk
from shuzhi.prose.signs.tokens import Token
from shuzhi.prose.tables import any_of, listed, strings, words

_RATIOS = ("percent", "points", "multiple")
_CUTS = ("压减", "精简", "压缩", "削减", "缩减", "节约", "降低")
# These state a change even with no subject before them (较上年前移2位).
_OPEN = (
    "前移",
    "上移",
    "前进",
    "后移",
    "跃升",
    "减少",
    "下降",
    "增加",
    "缩短",
    "提升",
    "上升",
    "下滑",
    "后退",
    "提高",
    "提速",
    "超收",
    "短收",
    "减收",
    "偏多",
    "偏少",
    "提前",
    "压缩",
)
_PREVIOUS = re.compile(
    r"[，]?(?:由|从)?(?:比|较)?(?:上年|去年|年初|上年同期|前年|原来|期初|改革前|往年|(?:19|20)\d\d年)(?:的)?$"
)
_FROM = re.compile(
    r"(?:由|从)(?:原来|最初|过去|以前|先前)?的?(?:每人每月|每人每年|每人|每户|每亩|每月|每年)?$"
)
_PER = re.compile(r"每(?:人每月|人每年|人|户|亩|月|年|吨|平方米|公里)$")


@cache
def _led() -> re.Pattern[str]:
    overs = any_of(words("phrases", "change", "lead_over"))
    return re.compile(
        rf"(.*?)(?:({overs})([^，]{{1,12}}?)"
        rf"|(?:比|较)([^，]{{1,16}}?)(高出|(?<!提)高|(?<!加)快|(?<!降)低|慢|(?<!增)多|(?<!减)少))$"
    )


_ABOVE = re.compile(r"高出|多|高")
_TIMES = re.compile(r"年|上|去|期|初|月|计划|以前|过去")


def led_over(walk: Walk, where: Place) -> Said | None:
    """高于全市平均水平X个百分点, 比全市高X个百分点."""
    found = _led().search(where.left[-60:])
    if found is None:
        return None
    place = found.group(3) or found.group(4) or ""
    known = re.search(r"全[省市国州县区]|平均|水平|预期|期间|[省市]", place)
    if known is None and where.token.cls == "points" and not _TIMES.search(place):
        known = re.search(r".", place)
    if known is None and _ABOVE.search(found.group(5) or "") and not _TIMES.search(place):
        facet = f"较{place.lstrip('种')}高出{'额' if where.token.cls == 'money' else '数'}"
        return Said(bare(unlinked(found.group(1))) or walk.topic, facet, "growth", direction="up")
    if known is None or (where.token.cls not in ("points", "percent") and not re.search(r"平均|水平", place)):
        return None
    base = bare(unlinked(found.group(1)))
    last = walk.last()
    if general(base):
        base = walk.carried() + base
    if not base and last is not None:
        base = last.quantity + (last.facet if last.kind == "growth" and last.facet.endswith("速") else "")
    low = (found.group(2) or found.group(5) or "") in ("低于", "慢于", "低", "慢", "少")
    short = re.match(r"全[省市国州县区]|[省市]", place)
    facet = ("低于" if low else "高于") + (short.group() if short else place) + "幅度"
    return Said(base or walk.topic, facet, "growth", direction="down" if low else "up")


# A gain against an earlier time; 净增 alone is a deed.
_NET = re.compile(r"[，]?(?:比|较)(?:上年|去年|年初|上年同期|上年末|上年底)净增加?$")


def changed(walk: Walk, where: Place) -> Said | None:
    """增长X%, 下降X个百分点, 减少X万元, 前移X位, 翻一番."""
    token = where.token
    fresh = _NET.search(where.left)
    if fresh is not None and token.cls not in _RATIOS:
        last = walk.last()
        quantity = bare(unlinked(where.left[: fresh.start()])) or (
            last.stem() if last is not None else walk.topic
        )
        return Said(quantity, "增加额" if token.cls == "money" else "增加数", "growth", direction="up")
    if token.form == "doubled":
        moved: Change | None = Change(
            "翻", "增速", re.sub(r"(?:比|较)(?:上年|去年)$", "", where.left), False, False
        )
    else:
        moved = change(where.left.rstrip(" \u3000"))
    if moved is None or moved.new_value or not _is_change(token, moved):
        return None
    subject = re.sub(r"(?:由|从)[^由从]*$", "", moved.subject.lstrip("，、"))
    subject = _subject(subject)
    last = walk.last(where.clause)
    ranked = walk.last()
    places = token.unit in ("位", "名") or where.right.startswith(("位次", "名次"))
    if not subject and places and ranked is not None and ranked.token.form == "rank":
        subject = ranked.quantity
    if not subject and (where.twins or where.glued):
        subject = jointly(walk, where)
    if not subject:
        own = last is not None and (last.kind != "share" or token.cls == "points")
        subject = (
            last.stem()
            if last is not None and own
            else walk.carried(token.cls) or bare(right_noun(where.right)[0])
        )
    elif subject in listed("phrases", "nouns", "general") and walk.items:
        subject = walk.items[-1].quantity + subject
    facet = facet_of("growth", token, moved.facet, moved.verb)
    return Said(subject, facet, "growth", direction="down" if moved.down else "up")


def _is_change(token: Token, moved: Change) -> bool:
    """新增X个 is a deed; 减少X万元, 提高X个百分点, 增长X% are changes."""
    per_head = moved.subject.endswith(("亩均", "户均", "人均", "日均", "每亩", "每户"))
    if token.cls in ("things", "people") and moved.verb in ("提升", "提高", "改善", "发展"):
        return False
    if moved.verb == "增收" and moved.compared:
        return True
    if moved.verb in ("增收", "发展", "壮大", "扩大") or (per_head and token.cls not in _RATIOS):
        return False
    if token.cls in _RATIOS or token.form in ("doubled", "fraction"):
        return True
    if moved.verb in _CUTS and token.cls not in ("money", "time"):
        return moved.subject != ""
    return moved.subject != "" or moved.verb in _OPEN


def _subject(text: str) -> str:
    text = bare(unlinked(text.rstrip("的")))
    said = phrase(text) if len(text) > 3 else None
    if said is not None and said.verb and not said.behind and said.noun and said.light:
        return said.noun
    return text


_BEFORE_OBJECT = re.compile(
    r"(.{0,14}?)(减少|降低|压减|压缩|缩短|提高|提升|节约|精简|缩减|削减)(?!到|至|为|率)([^占率]{2,16})(?<!比例)(?<!比重)(?<!幅度)$"
)


def fallen(walk: Walk, where: Place) -> Said | None:
    """减少化肥用量三成: the change verb stands before its object."""
    if where.token.cls not in ("percent", "points"):
        return None
    text = bare(unlinked(where.left))
    found = _BEFORE_OBJECT.match(text)
    if found is None or (found.group(1) and len(found.group(3)) > 8):
        return None
    facet = strings("phrases", "growth")[found.group(2)]
    down = found.group(2) in listed("phrases", "down", "verbs")
    quantity = bare(found.group(1)) + found.group(3).lstrip("了")
    return Said(quantity, facet, "growth", direction="down" if down else "up")


def previous(walk: Walk, where: Place) -> Said | None:
    """比上年的B…, 由年初的B…: the value of the time before, of the same quantity."""
    found = _PREVIOUS.search(where.left) or _FROM.search(where.left)
    if found is None:
        return None
    before = where.left[: found.start()]
    subject = _rest(before)
    if subject.startswith("占") and walk.items:
        subject = walk.carried() + subject
    last = walk.last()
    if not subject and last is not None:
        subject = walk.carried()
        kind = kind_of(where.token, subject, last.verb)
        return Said(subject, last.facet if kind == last.kind else "", kind, "previous year")
    subject = subject or walk.topic
    kind = kind_of(where.token, subject, "")
    return Said(subject, facet_of(kind, where.token, "", "", subject), kind, "previous year")


def _rest(text: str) -> str:
    said = phrase(text)
    return said.noun if said.light or not said.verb or not said.noun else bare(unlinked(text))


def reached(walk: Walk, where: Place) -> Said | None:
    """增加到A, 降至A, 提高到每人每月A: the new value measures what the old one did."""
    moved = change(_PER.sub("", where.left.rstrip(" \u3000")))
    if moved is None or not moved.new_value:
        return None
    subject = _rest(re.sub(r"(?:由|从).*$", "", moved.subject))
    last = walk.last(where.clause)
    if not subject and last is not None:
        return Said(last.quantity, last.facet, last.kind, verb=last.verb)
    subject = subject or walk.topic or walk.carried()
    if subject in listed("phrases", "nouns", "general") and walk.items:
        subject = walk.items[-1].quantity + subject
    kind = kind_of(where.token, subject, "")
    return Said(subject, facet_of(kind, where.token, "", "", subject), kind)
