"""Finds by its name the one thing a claim speaks of (a work, a document) in the ledgers, and what would prove it done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shuzhi.figures.closing import Closing, Table
from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.reports.held import table

_SHORTEST = 4
# What the words of a deed are called among the dates of a ledger; of a plan or a request they are no deed.
_DEEDS = (
    (re.compile(r"竣工|完工|建成|投用|投入使用|启用|通车|贯通|交付"), re.compile(r"竣工|完工")),
    (re.compile(r"开工|动工|启动"), re.compile(r"开工")),
    (re.compile(r"投产|试产|试运行"), re.compile(r"投产|试产")),
    (re.compile(r"出台|制定|印发|修订|颁布|发布|制订|编制"), re.compile(r"印发")),
)
_NO_DEED = re.compile(r"计划|申请|拟")
_PLAIN = re.compile(
    r"[\s《》“”\"'（）()·、，]|(?:工程|项目|建设)+$|主体$|新址$|^(?:全县|全市|全区|我县|我市|我区)"
)
_WHEN = re.compile(r"(?:于|在|已于).*$")


@dataclass(frozen=True, slots=True)
class Work:
    """One item of a ledger: where it stands, what it is called there, the date that says it was done.

    `sure`: it is called there just as in the text.
    """

    kind: Kind
    title: str
    column: str
    label: str
    sure: bool

    @property
    def condition(self) -> str:
        """True when the date is there."""
        return f"(count {self.kind.code} where {self._named} and {self.column} is not missing) >= 1"

    @property
    def day(self) -> str:
        """The date itself."""
        return f"max {self.column} of {self.kind.code} where {self._named}"

    @property
    def says(self) -> str:
        """The condition in Chinese."""
        return f"台账“{self.kind.label}”里“{self.title}”的{self.label}已经填了"

    @property
    def _named(self) -> str:
        quote = '"' if "'" in self.title else "'"
        return f"title = {quote}{self.title}{quote}"


def find_work(name: str, deed: str, closing: Closing, catalogue: Catalogue) -> Work | None:
    """The one item called so whose ledger has a date for the deed; None when there is none, or more than one."""
    wanted = _core(name)
    if len(wanted) < _SHORTEST:
        return None
    found = [
        work for kind in _ledgers(closing, catalogue) for work in _in_ledger(kind, wanted, deed, closing)
    ]
    exact = [work for work in found if work.sure]
    best = exact or found
    return best[0] if len(best) == 1 else None


def _ledgers(closing: Closing, catalogue: Catalogue) -> Iterator[Kind]:
    for kind in catalogue.of_shape("matter"):
        held = closing.tables.get(kind.code)
        if not kind.guarded and held is not None and held.rows:
            yield kind


def _in_ledger(kind: Kind, wanted: str, deed: str, closing: Closing) -> Iterator[Work]:
    """The items whose names are like the one wanted: the same, or one within the other."""
    column = day_of(kind, deed)
    if column is None:
        return
    for title in _titles(closing.tables[kind.code], closing):
        core = _core(title)
        both_quotes = "'" in title and '"' in title
        if len(core) >= _SHORTEST and not both_quotes and (core in wanted or wanted in core):
            yield Work(kind, title, *column, core == wanted)


def day_of(kind: Kind, deed: str) -> tuple[str, str] | None:
    """The date of a ledger that says the deed was done, with its label."""
    for said, label in _DEEDS:
        if not said.search(deed):
            continue
        for field in kind.fields:
            if field.type == "date" and label.search(field.label) and not _NO_DEED.search(field.label):
                return field.code, field.label
        return None
    return ("closed", "办结日期") if deed == "完成" else None


def _core(name: str) -> str:
    """A name without brackets, blanks and the words that any work ends with."""
    name = _WHEN.sub("", name)
    while True:
        cut = _PLAIN.sub("", name)
        if cut == name:
            return name
        name = cut


def _titles(held: Table, closing: Closing) -> Sequence[str]:
    """The names in a relation, each once."""
    if held.column("title") is None:
        return ()
    rows = table(held.digest, closing.file(held.name), ("title",))
    return tuple(dict.fromkeys(title for title in rows["title"].to_pylist() if title))
