"""Lists: the values of 分别 with their subjects in order, and bare second values (城乡居民收入X元、X元)."""

import re

from shuzhi.prose.sense.coordinated import parts
from shuzhi.prose.sense.facets import facet_of, kind_of
from shuzhi.prose.sense.phrases import bare, change, ends_with, unlinked
from shuzhi.prose.sense.walk import Place, Said, Walk

_OF_TARGET = re.compile(r"(?:占|为|完成|达到)(?:了)?(?:年度|全年|年初|年|当年)?(?:目标|计划|预算|任务)+的?$")
_HEAD = re.compile(r"(?:实现|完成|创造|拥有|有)([\u4e00-\u9fff]{2,8}?)(?:达到|达|为|约)?$")
_AGAINST = re.compile(
    r"(?:(?:比|较)(?:(?:19|20)\d\d年|上年|去年|年初|前年|同期)[底末初]?|同期|同比|同口径|环比|比上年|较上年|年均|比去年|较去年|按可比价计算|预计)+$"
)


def paired(walk: Walk, where: Place) -> Said | None:
    """分别: the n-th value of the clause goes with the n-th subject, named here or in the clauses before."""
    head, respectively, tail = where.clause_text.partition("分别")
    if not respectively or where.offset < len(head):
        return None
    index = sum(1 for item in walk.items if item.clause == where.clause)
    subjects = _subjects(walk, head, _values(tail), where.clause)
    if len(subjects) == 1 and where.token.cls == "percent":
        subjects = _each(walk, subjects[0], _values(tail), where.clause)
    if index >= len(subjects):
        return None
    quantity = subjects[index]
    lead = re.match(r"[\u4e00-\u9fff]{0,12}", tail)
    behind = lead.group() if lead else ""
    if where.token.cls == "percent" and _OF_TARGET.match(behind):
        return Said(quantity, "完成率", "share")
    noun = _HEAD.match(behind)
    if noun is not None and change(behind) is None and bare(noun.group(1)) not in quantity:
        quantity += bare(noun.group(1))
    moved = change(where.left) or (change(lead.group()) if lead else None)
    if moved is not None and not moved.new_value:
        facet = facet_of("growth", where.token, moved.facet, "")
        return Said(quantity, facet, "growth", direction="down" if moved.down else "up")
    kind = kind_of(where.token, quantity, "")
    return Said(quantity, facet_of(kind, where.token, "", "") if kind == "count" else "", kind)


def _values(tail: str) -> int:
    """How many values the words behind 分别 join."""
    return 1 + len(re.findall(r"[、和与及]", re.sub(r"[\u4e00-\u9fff]{4,}$", "", tail)))


def _each(walk: Walk, rate: str, values: int, clause: int) -> list[str]:
    """机收率分别达到X%、X% behind 小麦、玉米种植面积: the rate of each thing the clause before measured."""
    earlier = [i for i in walk.items if i.clause < clause and i.kind in ("level", "count", "money")]
    earlier = [i for i in earlier if i.clause == earlier[-1].clause]
    if values < 2 or len(earlier) != values or not rate.endswith(("率", "占比", "比重", "比例")):
        return [rate]
    measure = ends_with("nouns", "measures")
    return [(measure.sub("", i.quantity) or i.quantity) + rate for i in earlier]


def _subjects(walk: Walk, head: str, values: int, clause: int) -> list[str]:
    subject = bare(unlinked(_AGAINST.sub("", head.strip(" \u3000，、"))))
    if subject:
        return parts(subject)
    if walk.pending:
        return walk.pending
    kinds = ("level", "count", "money", "share")
    earlier = [item.stem() for item in walk.items if item.clause < clause and item.kind in kinds]
    return earlier[-values:]


def repeated(walk: Walk, where: Place) -> Said | None:
    """A value glued to the one before, with its unit, takes the next of the coordinated subjects or the same."""
    last = walk.last(where.clause)
    if not where.glued or last is None or last.token.unit != where.token.unit:
        return None
    before = re.split(r"[XxX×〇○□*_\d（(\[【]", where.clause_text)[0]
    each = parts(bare(unlinked(before)))
    nth = sum(1 for item in walk.items if item.clause == where.clause)
    joint = jointly(walk, where) if last.kind == "growth" else ""
    quantity = joint if joint else each[nth] if len(each) > 1 and nth < len(each) else last.quantity
    return Said(quantity, last.facet, last.kind, verb=last.verb, light=walk.light)


def jointly(walk: Walk, where: Place) -> str:
    """接待游客X万人次、旅游收入X亿元，增长X%和X%: as many growths as the clause before gave amounts, in order."""
    here = [i for i in walk.items if i.clause == where.clause]
    amounts = [i for i in walk.items if i.clause < where.clause and i.kind != "growth"]
    amounts = [i for i in amounts if i.clause == amounts[-1].clause]
    values = len(here) + where.twins + 1
    return amounts[len(here)].stem() if values > 1 and len(amounts) == values else ""
