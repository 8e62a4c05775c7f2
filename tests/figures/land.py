"""A small city whose counties are merged, split and given other towns, as the accounts keep it."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from shuzhi.figures.closing import Closing
from tests.figures.county import Close
from tests.figures.province import Row, books, unit

CITY, QINGSHI, BAIDU, SHAXI = "9901", "990101", "990102", "990103"
DAY = date(2025, 7, 1)
BEFORE = DAY - timedelta(1)
FOUNDED = date(2000, 1, 1)
NAMES = {CITY: "明州市", QINGSHI: "青石县", BAIDU: "白渡县", SHAXI: "沙溪县"}
LEVELS = {4: "city", 6: "county", 8: "township"}


class Land:
    """A city whose units are merged, split and moved; every change keeps the old place, as the accounts do."""

    def __init__(self, towns: Mapping[str, Sequence[str]]) -> None:
        self.parent: dict[str, str | None] = {CITY: None}
        for county, below in towns.items():
            self.parent[county] = CITY
            self.parent |= dict.fromkeys(below, county)
        self.since: dict[str, date] = {}
        self.until: dict[str, date] = {}
        self.places: list[tuple[str, str | None, date, date]] = []
        self.steps: list[Row] = []

    def found(self, code: str, day: date) -> None:
        """Found a county."""
        self.parent[code], self.since[code] = CITY, day

    def move(self, code: str, to: str, day: date = DAY) -> None:
        """Put a unit under another one."""
        earlier = [until for own, _, _, until in self.places if own == code]
        since = max(earlier) + timedelta(1) if earlier else FOUNDED
        self.places.append((code, self.parent[code], since, day - timedelta(1)))
        self.parent[code] = to

    def merge(self, code: str, into: str, day: date = DAY) -> None:
        """Merge a unit whole into another one, with what lies below it."""
        for below in [
            each for each, above in self.parent.items() if above == code and each not in self.until
        ]:
            self.move(below, into, day)
        self.move(code, into, day)
        self.until[code] = day - timedelta(1)
        self.steps.append((code, into, day, True, "民政批〔2025〕3号"))

    def split(self, code: str, parts: Mapping[str, Sequence[str]], day: date = DAY) -> None:
        """Divide a unit among others."""
        for into, towns in parts.items():
            for town in towns:
                self.move(town, into, day)
            self.steps.append((code, into, day, False, "民政批〔2025〕4号"))
        self.until[code] = day - timedelta(1)

    def close(self, close: Close, observation: Sequence[Row], **more: Sequence[Row]) -> Closing:
        """The city's closing."""
        told: dict[str, Sequence[Row]] = {
            "unit": self.units(),
            "unit_place": self.places,
            "succession": self.steps,
        }
        return books(close, CITY, NAMES[CITY], **told, observation=observation, **more)

    def units(self) -> list[Row]:
        """The city's units as they stand, in preorder."""
        rows: list[Row] = []

        def lay(code: str) -> int:
            at = len(rows)
            rows.append(())
            last = at + 1
            for below in [each for each, above in self.parent.items() if above == code]:
                last = lay(below)
            days = {"since": self.since.get(code, FOUNDED), "until": self.until.get(code)}
            rows[at] = self._row(code, self.parent[code], at + 1, last, **days)
            return last

        lay(CITY)
        return rows

    def without(self, codes: Container[str]) -> "Land":
        """The same land as it is known to who knows nothing of these units."""
        known = Land({})
        known.parent = {code: above for code, above in self.parent.items() if code not in codes}
        known.since, known.until, known.steps = self.since, self.until, self.steps
        known.places = [place for place in self.places if place[0] not in codes]
        return known

    def county(self, code: str) -> list[Row]:
        """The units of a county's own books: towns it gave away ended there, those it was given began there."""
        held: list[tuple[str, date, date | None]] = [
            (own, since, until) for own, above, since, until in self.places if above == code
        ]
        held += [
            (
                own,
                max([FOUNDED, *(until + timedelta(1) for each, _, _, until in self.places if each == own)]),
                None,
            )
            for own, above in self.parent.items()
            if above == code
        ]
        towns = {own: (since, until) for own, since, until in held if len(own) > len(code)}
        rows = [self._row(code, None, 1, 1 + len(towns), until=self.until.get(code))]
        for number, (own, (since, until)) in enumerate(sorted(towns.items()), 2):
            rows.append(self._row(own, code, number, number, since=since, until=until))
        return rows

    def _row(self, code: str, above: str | None, first: int, last: int, **days: date | None) -> Row:
        return unit(code, NAMES.get(code, f"{code}镇"), LEVELS[len(code)], above, first, last, **days)


TOWNS = {QINGSHI: ("99010101", "99010102"), BAIDU: ("99010201",), SHAXI: ("99010301", "99010302")}
CODES = (*TOWNS, *(town for towns in TOWNS.values() for town in towns))
Steps = Sequence[tuple[str, str, str]]
changes = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.sampled_from(tuple(TOWNS)), st.sampled_from(tuple(TOWNS))),
        st.tuples(st.just("move"), st.sampled_from(CODES[3:]), st.sampled_from(tuple(TOWNS))),
        st.tuples(st.just("split"), st.sampled_from(tuple(TOWNS)), st.sampled_from(tuple(TOWNS))),
    ),
    max_size=3,
)
"""Mergers, towns that changed counties, and counties divided between another one and a new one."""


def redrawn(steps: Steps) -> Land:
    """The city after some of these, a month apart from 1 March 2025 on; what cannot be is passed over."""
    land = Land(TOWNS)
    for number, (what, code, to) in enumerate(steps):
        day = date(2025, 3 + number, 1)
        if code in land.until or to in land.until or land.parent[code] == to or code == to:
            continue
        if what == "split":
            towns = [own for own, above in land.parent.items() if above == code and own not in land.until]
            land.found(f"99019{number}", day)
            land.split(code, {to: towns[1:], f"99019{number}": towns[:1]}, day)
        else:
            getattr(land, what)(code, to, day)
    return land
