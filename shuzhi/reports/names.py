"""Names for the masks that ask for one: from the items the figures beside them count, marked as proposals, never written."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.compute import compute
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.prose.binding import candidates
from shuzhi.prose.concepts import folded_words, index, likeness
from shuzhi.prose.model import Meaning, Slot
from shuzhi.prose.naming import Asked, asked, dated_thing, fitted, name_key, nearest, stem
from shuzhi.prose.tables import words
from shuzhi.reports.cards import unit_names
from shuzhi.reports.periods import sentence_of
from shuzhi.reports.places import Place, Proposal, State
from shuzhi.reports.task import Task
from shuzhi.reports.things import Thing, among, everywhere, measured_by, things
from shuzhi.reports.works import day_of, find_work

MOST = 5
_SHORTEST = 2
_LONGEST_NAME = 30
_CLOSE = 8
"""Characters between a name and the figure that is said of it (XX群众知晓率X%)."""
_ALIKE = 600
_TAIL = re.compile(r"(?:（[^）]*）|工程|项目|建设)+$")
_TAILS = ("）", "工程", "项目", "建设")


Remembered = Mapping[str, tuple[str, int]]
"""What was put into a place of an earlier year: the words around it → the name, and the year of that report."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A name that is wanted: its place, what it asks for, and the total of a ledger that counts the things named."""

    place: Place
    asked: Asked
    total: "_Total | None"


@dataclass(frozen=True, slots=True)
class _Total:
    """A total of the ledger a noun belongs to: what it is called, its formula, the words it goes by."""

    kind: Kind
    label: str
    expression: str
    words: tuple[str, ...]


def proposed(places: Sequence[Place], task: Task, remembered: Remembered) -> tuple[Place, ...]:
    """The places, those that ask for a name with what the books could put there; no place is filled here."""
    wishes = [_wish(place, task) for place in places if place.state is State.NAME]
    known = [
        (kind, thing, _without_tail(thing.title))
        for kind, thing in (everywhere(task.catalogue, task.closing) if wishes else ())
    ]
    counted = _counted([wish for wish in wishes if wish.total is not None], task)
    made: dict[int, tuple[Proposal, ...]] = {}
    taken: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for wish in wishes:
        start = wish.place.slot.span.start
        found = [
            *_own(wish.asked, task),
            *_beside(wish, places, task),
            *_of_noun(wish, counted.get(start), task),
            *_places(wish, places, task),
            *_ending(wish.asked, known, task),
            *_said_before(wish, made, task),
            *_remembered(wish.place.slot, task, remembered),
        ]
        kin = taken[sentence_of(task.draft, wish.place.slot)[0], wish.asked.head, wish.asked.noun]
        made[start] = _turned(_once(found), kin)
        kin.update(made[start][0].refs if made[start] else ())
    asked_of = {wish.place.slot.span.start: wish.asked for wish in wishes}
    return tuple(
        _told_why(place, made[place.slot.span.start], asked_of[place.slot.span.start], task)
        if place.state is State.NAME
        else replace(place, proposals=tuple(_day(place, task)))
        if place.state is State.OTHER
        else place
        for place in places
    )


def _day(place: Place, task: Task) -> Iterator[Proposal]:
    """The month or day of what a masked date is said of, where a ledger knows the thing by just that name."""
    thing, deed = dated_thing(place.slot)
    work = find_work(thing, deed, task.closing, task.catalogue) if thing else None
    if work is None or not work.sure:
        return
    (figure,) = compute(
        [Ask(work.day, unit=task.unit, year=task.year)], [task.closing], cache=task.closing.cache
    )
    parts = dict(zip(("年", "月", "日"), re.findall(r"\d+", figure.text), strict=False))
    text = parts.get(place.slot.meaning.unit or "", "")
    if text:
        source = f"{work.kind.label}“{work.title}”的{work.label}{figure.text}"
        yield Proposal(str(int(text)), source)


def _told_why(place: Place, found: tuple[Proposal, ...], said: Asked, task: Task) -> Place:
    """The place with its proposals, and what the author is to do with them."""
    if found:
        return replace(place, proposals=found, reason="这里要填名称；账上有可填的，采用以前不写入")
    if said.own:
        reason = f"这里像是本单位的名称，但文中写的是“{said.own}”，本单位是“{task.unit_name}”，请改写这一句"
        return replace(place, reason=reason)
    return place


def _wish(place: Place, task: Task) -> _Wish:
    said = asked(task.draft, place.slot)
    wanted = said.noun if said.beside is None and len(said.noun) > _SHORTEST else ""
    return _Wish(place, said, _total(wanted, place.slot, task) if wanted else None)


# --- the county's own -------------------------------------------------------------------------------------------------


def _own(said: Asked, task: Task) -> Iterator[Proposal]:
    """The unit's own name; none where the text calls it another division than it is."""
    if said.own is None:
        return
    bare = stem(task.unit_name)
    if said.own and task.unit_name != bare + said.own:
        return
    yield Proposal(bare, "本单位名称")
    if not said.own and bare != task.unit_name:
        yield Proposal(task.unit_name, "本单位名称")


# --- what is counted beside the name --------------------------------------------------------------------------------


def _beside(wish: _Wish, places: Sequence[Place], task: Task) -> Iterator[Proposal]:
    """The very items that the figure behind a list of names counts, the largest first."""
    counting = wish.asked.beside
    place = next((p for p in places if counting is not None and p.slot.span == counting.span), None)
    if place is None or place.card is None:
        return
    for kind, refs in _refs(place.card, task.catalogue):
        yield from _told(among(refs, kind, task.closing), kind, wish.asked, f"“{place.label}”数到的")


def _refs(card: Mapping[str, object], catalogue: Catalogue) -> Iterator[tuple[Kind, list[str]]]:
    """The items behind a card, ledger by ledger; those of a closed ledger are not on it."""
    leaves = card.get("leaves")
    for leaf in leaves if isinstance(leaves, list) else []:
        kind = catalogue.kinds.get(str(leaf["relation"]).partition(".")[0])
        if kind is not None and leaf["refs"]:
            yield kind, leaf["refs"]


def _told(found: Sequence[Thing], kind: Kind, said: Asked, whence: str) -> Iterator[Proposal]:
    """A list of names as texts write it (甲、乙等八个), then each by itself."""
    size = measured_by(kind)
    order = f"，按{size.label}由大到小" if size and any(thing.size is not None for thing in found) else ""
    source = f"{whence}{kind.label}{len(found)}件{order}"
    names = [(fitted(thing.title, said.head or said.noun), thing) for thing in found]
    names = [(name, thing) for name, thing in names if _SHORTEST <= len(name) <= _LONGEST_NAME]
    if said.listed and len(names) > 2:
        first = names[:2]
        yield Proposal("、".join(name for name, _ in first), source, tuple(thing.ref for _, thing in first))
    for name, thing in names[:MOST]:
        yield Proposal(name, source, (thing.ref,))


# --- things of a noun -------------------------------------------------------------------------------------------------


def _total(noun: str, slot: Slot, task: Task) -> _Total | None:
    """The total that the noun of the names would be counted by (重点旅游项目: the count of projects)."""
    item = replace(slot, meaning=Meaning("count", "个", noun, "", None))
    for found in candidates(task.draft, item, index(task.known.values())):
        concept = task.known[found.code]
        kind = task.catalogue.kinds.get(concept.code.partition(".")[0])
        if kind is not None and concept.kind == "count" and things(kind, task.closing):
            return _Total(kind, concept.label, concept.expr, (concept.label, *concept.words))
    plain = folded_words(noun)
    called = [
        (max(likeness(plain, folded_words(word)) for word in (kind.label, *kind.words)), kind)
        for kind in task.catalogue.kinds.values()
        if things(kind, task.closing)
    ]
    alike, kind = max(called, key=lambda pair: (pair[0], pair[1].code), default=(0, None))
    if kind is None or alike < _ALIKE:
        return None
    return _Total(kind, kind.label, f"count {kind.code} in year", ())


def _counted(wishes: Sequence[_Wish], task: Task) -> dict[int, Figure]:
    """The totals of the nouns, all computed together; by the place that asked."""
    asks = [
        Ask(wish.total.expression, unit=task.unit, year=task.year)
        for wish in wishes
        if wish.total is not None
    ]
    figures = compute(asks, [task.closing], cache=task.closing.cache) if asks else []
    return {wish.place.slot.span.start: figure for wish, figure in zip(wishes, figures, strict=True)}


def _of_noun(wish: _Wish, figure: Figure | None, task: Task) -> Iterator[Proposal]:
    """Items of the ledger the noun belongs to; what the noun says besides must be written of the item (旅游)."""
    if figure is None or wish.total is None:
        return
    kind = wish.total.kind
    more = _besides(wish.asked.noun, wish.total)
    refs = {ref for leaf in figure.trace.leaves for ref in leaf.refs}
    found = [
        thing
        for thing in among(refs, kind, task.closing)
        if (not more or any(part in word for word in thing.words for part in more))
        and _done(thing, kind, wish.asked.deed, task)
    ]
    yield from _told(found, kind, wish.asked, f"“{wish.total.label}”中")


def _done(thing: Thing, kind: Kind, deed: str, task: Task) -> bool:
    """Whether an item bears the deed said of it (建成投用) this year; where nothing is said, any does."""
    if not deed or kind.shape != "matter":
        return True
    column = day_of(kind, deed)
    day = thing.day(column[0] if column else "closed")
    return day is not None and day.year == task.year


def _besides(noun: str, total: _Total) -> frozenset[str]:
    """The pairs of characters of a noun that the words of the ledger do not have."""
    known = {pair for word in (*total.words, total.kind.label, *total.kind.words) for pair in _pairs(word)}
    return frozenset(_pairs(noun)) - known


def _pairs(word: str) -> list[str]:
    plain = folded_words(word)
    return [plain[i : i + 2] for i in range(len(plain) - 1)]


def _ending(said: Asked, known: Sequence[tuple[Kind, Thing, str]], task: Task) -> Iterator[Proposal]:
    """Items whose own name ends in the noun of the text (专项斗争, 小镇), or is of what was built this year (通车: 公路)."""
    if said.listed or said.own is not None or said.head in words("names", "below"):
        return
    if said.built:
        works = re.compile(rf"(.*?(?:{'|'.join(said.built)}))(?P<rest>.*)")
        found = [
            (kind, thing, _built(kind, thing, works, said, task))
            for kind, thing, _ in known
            if kind.shape == "matter"
        ]
    elif len(said.head) >= _SHORTEST:
        found = [
            (kind, thing, plain.removesuffix(said.head))
            for kind, thing, plain in known
            if plain.endswith(said.head)
        ]
    else:
        return
    for kind, thing, name in found:
        if _SHORTEST <= len(name) <= _LONGEST_NAME:
            yield Proposal(name.removeprefix(task.unit_name), f"{kind.label}“{thing.title}”", (thing.ref,))


@lru_cache(maxsize=65536)
def _without_tail(title: str) -> str:
    """A name without what may end any name of a work (工程, 项目, a remark in brackets)."""
    return _TAIL.sub("", title) if title.endswith(_TAILS) else title


def _built(kind: Kind, thing: Thing, works: re.Pattern[str], said: Asked, task: Task) -> str:
    """The name of a matter that is a work finished this year, up to the word such works end in; "" for any other."""
    found = works.match(thing.title)
    if found is None or (said.head and said.deed not in found["rest"]):
        return ""
    column = day_of(kind, "竣工")
    day = thing.day(column[0]) if column else None
    name = found.group(1)
    fits = day is not None and day.year == task.year and (not said.head or name.endswith(said.head))
    return fitted(name, said.head) if fits else ""


# --- places below -----------------------------------------------------------------------------------------------------


def _places(wish: _Wish, places: Sequence[Place], task: Task) -> Iterator[Proposal]:
    """Villages and townships of the items that the figures of the sentence count, those named most often first."""
    mark = wish.asked.head
    if mark not in words("names", "below"):
        return
    names = unit_names(task.closing)
    below = {name for name in names.values() if name.endswith(mark) and len(name) > len(mark) + 1}
    cards = {place.slot.span.start: place for place in places if place.card is not None}
    for item in nearest(task.draft, wish.place.slot):
        place = cards.get(item.span.start)
        if place is None or place.card is None:
            continue
        seen: dict[str, list[str]] = {}
        for kind, refs in _refs(place.card, task.catalogue):
            for thing in among(refs, kind, task.closing):
                for name in _named_in(thing, names, below):
                    seen.setdefault(name, []).append(thing.ref)
        for name, refs in sorted(seen.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:MOST]:
            yield Proposal(fitted(name, mark), f"“{place.label}”数到的，{name}{len(refs)}件", tuple(refs[:1]))


def _named_in(thing: Thing, names: Mapping[str, str], below: AbstractSet[str]) -> set[str]:
    """Those of the places below that an item belongs to, or that are written of it."""
    told = "　".join(thing.words)
    return {names[code] for code in thing.units if names.get(code) in below} | {n for n in below if n in told}


# --- said before, and in earlier years ------------------------------------------------------------------------------


def _said_before(wish: _Wish, made: Mapping[int, tuple[Proposal, ...]], task: Task) -> Iterator[Proposal]:
    """A name in front of a figure that is said of it (XX群众知晓率X%) is one named earlier in the sentence."""
    slot = wish.place.slot
    following = next(iter(nearest(task.draft, slot)), None)
    if wish.asked.listed or following is None or not 0 < following.span.start - slot.span.end <= _CLOSE:
        return
    first, _ = sentence_of(task.draft, slot)
    for start, found in made.items():
        if first <= start < slot.span.start:
            yield from (replace(one, source=f"同一句前面的名称；{one.source}") for one in found)


def _remembered(slot: Slot, task: Task, remembered: Remembered) -> Iterator[Proposal]:
    """What stood in the same words of an earlier year's report."""
    found = remembered.get(name_key(task.draft, slot))
    if found is not None:
        yield Proposal(found[0], f"{found[1]}年的报告里填的是这个")


def _once(found: Sequence[Proposal]) -> list[Proposal]:
    """Every text once, the first of each."""
    kept: dict[str, Proposal] = {}
    for proposal in found:
        kept.setdefault(proposal.text, proposal)
    return list(kept.values())


def _turned(found: Sequence[Proposal], taken: AbstractSet[str]) -> tuple[Proposal, ...]:
    """Of two names of one kind in a sentence (XX小镇、XX小镇) the second does not begin with the first's."""
    fresh = [one for one in found if not taken & set(one.refs)]
    return tuple((fresh + [one for one in found if one not in fresh])[:MOST])
