"""What an edition admits and promises, the matters it opens, and what became of last year's."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from shuzhi.evidence import blobs, instance
from shuzhi.evidence.journal import enter
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.reading import Light, Reading, read_all
from shuzhi.matters.verbs import open_matter, revise_matter
from shuzhi.prose.claiming.pledges import PARTS, pledges
from shuzhi.prose.waivers import shorn
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.models import Edition, Report, Statement
from shuzhi.subjects.kinds import kind_named
from shuzhi.units.models import Post, Unit
from shuzhi.units.queries import post_may, subtree

LABELS = {"shortcoming": "不足", "promise": "承诺"}
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Pledged:
    """A shortcoming or promise of an edition, in the words printed there, and what its author made of it (None: nothing yet)."""

    part: str
    start: int
    end: int
    sentence: str
    statement: Statement | None

    @property
    def label(self) -> str:
        """不足 or 承诺."""
        return LABELS[self.part]


@dataclass(frozen=True, slots=True)
class LastYear:
    """A shortcoming or promise of last year's report as it stands: its light, whether it has its account, and in what words."""

    part: str
    matter: Matter
    light: Light
    accounted: bool
    account: str
    explanation: str

    @property
    def label(self) -> str:
        """不足 or 承诺."""
        return LABELS[self.part]


def receiving(part: str) -> Kind | None:
    """The kind of matter that a shortcoming, or a promise, becomes."""
    return next((kind for kind in instance.catalogue().of_shape("matter") if kind.receives == part), None)


# --- this year's ------------------------------------------------------------------------------------------------------


def pledged(edition: Edition) -> list[Pledged]:
    """What an edition admits and promises, in the order of its text; nothing of a part that no ledger receives."""
    report = edition.report
    draft = shorn(draft_of(blobs.fetch(report.draft_id), report.filename))
    prints = [
        (row.start, row.end, row.text) for row in edition.bindings.all() if row.text or row.state == "略去"
    ]
    settled = {
        (row.part, row.sentence): row
        for row in Statement.objects.filter(edition__report=report).select_related("matter", "edition")
    }
    found = []
    for item in pledges(draft):
        if receiving(item.part) is None:
            continue
        sentence = _printed(item.of(draft.text), item.span.end, prints)
        found.append(
            Pledged(item.part, item.span.start, item.span.end, sentence, settled.get((item.part, sentence)))
        )
    return found


def _printed(words: str, end: int, prints: Sequence[tuple[int, int, str]]) -> str:
    """Words that end at a place of the draft, with what stands in their masks."""
    start = end - len(words)
    for mask_start, mask_end, text in sorted(prints, reverse=True):
        if start <= mask_start and mask_end <= end:
            words = words[: mask_start - start] + text + words[mask_end - start :]
    return words


def confirm(
    edition: Edition, *, start: int, title: str, unit: Unit, due: date, by: Post, day: date
) -> Statement:
    """Confirm what an edition admits or promises at a place: it becomes a matter of the unit that answers for it.

    ``title`` are the words it is to be known by. Side effects, in order: the matter is opened, with its first movement; the
    statement; one link. Raises Refused: not signed, no right, settled already, a due day before the day.
    """
    item = _waiting(edition, start, by)
    kind = receiving(item.part)
    title = title.strip()[:LONGEST]
    if kind is None or not title:
        raise Refused(Finding("pledge.words", "没有写事项名称", "用一句话写明要做到什么", f"第{start}字"))
    if due < day:
        raise Refused(Finding("pledge.due", f"完成时限{due}已经过去", "请写今后的日期", title))
    takes = {"source": edition.report.title, "year": str(edition.report.year), "sentence": item.sentence}
    fields: dict[str, object] = {
        field.code: takes[field.takes] for field in kind.fields if field.takes in takes
    }
    with enter(f"{LABELS[item.part]}立项", by=by.code, note=title) as entry:
        matter = open_matter(kind, unit, title=title, opened=day, by=by, fields=fields, due=due)
        statement = _statement(edition, item, by, day)
        statement.matter = matter
        entry.save(statement)
    return statement


def strike(edition: Edition, *, start: int, reason: str, by: Post, day: date) -> Statement:
    """Strike out a sentence that is no shortcoming or promise, with the reason. Writes the statement.

    Raises Refused: not signed, no right, settled already, no reason.
    """
    item = _waiting(edition, start, by)
    if not reason.strip():
        raise Refused(Finding("pledge.reason", "没有写不立项的理由", "请写明为什么不立项", f"第{start}字"))
    with enter(f"{LABELS[item.part]}不立项", by=by.code, note=reason.strip()) as entry:
        statement = _statement(edition, item, by, day)
        statement.struck = reason.strip()[:300]
        entry.save(statement)
    return statement


def _waiting(edition: Edition, start: int, by: Post) -> Pledged:
    """The sentence at a place, once it may be settled."""
    if not post_may(by, duties=("write",), unit=edition.report.unit):
        raise Refused(Finding("report.duty", f"“{by.title}”没有撰稿职责，不能立项", "请由撰稿人办理"))
    if edition.signer_id is None:
        raise Refused(Finding("pledge.unsigned", "报告还没有签发，不能立项", "请先签发", str(edition)))
    item = next((item for item in pledged(edition) if item.start == start), None)
    if item is None or item.statement is not None:
        raise Refused(
            Finding("pledge.settled", "这一句已经办过，或不在这一版里", "请刷新页面", f"第{start}字")
        )
    return item


def _statement(edition: Edition, item: Pledged, by: Post, day: date) -> Statement:
    return Statement(
        edition=edition,
        start=item.start,
        end=item.end,
        part=item.part,
        sentence=item.sentence,
        by=by,
        day=day,
    )


# --- last year's ------------------------------------------------------------------------------------------------------


def last_year(report: Report, day: date) -> list[LastYear]:
    """Every shortcoming and promise of the unit's report of the year before, as they stand on a day.

    Those opened from a report belong to that report's unit; those entered by hand or from a workbook to the unit that
    answers for them and the units above it.
    """
    found: list[LastYear] = []
    own = subtree(report.unit)
    for part in PARTS.values():
        kind = receiving(part)
        said = kind.taking("year") if kind else None
        if kind is None or said is None:
            continue
        rows = Matter.objects.filter(kind=kind.code, **{f"fields__{said.code}": report.year - 1})
        said_by = _said_by(rows)
        mine = [
            matter
            for matter in rows.select_related("unit").order_by("ref")
            if (said_by[matter.pk] == report.unit_id if matter.pk in said_by else matter.unit_id in own)
        ]
        found += [_as_it_stands(part, kind, reading) for reading in read_all(mine, day)]
    return found


def _said_by(matters: QuerySet[Matter]) -> dict[str, str]:
    """The unit whose report opened each of the matters that a report opened."""
    rows = Statement.objects.filter(matter__in=matters.values("pk")).select_related("edition__report")
    told: dict[str, str] = {}
    for row in rows:
        if row.matter_id is not None:
            told.setdefault(row.matter_id, row.edition.report.unit_id)
    return told


def _as_it_stands(part: str, kind: Kind, reading: Reading) -> LastYear:
    """Account given: the matter is closed, or what became of it is written with an explanation."""
    fields = [kind.taking("account"), kind.taking("explanation")]
    told = [str(reading.state.fields.get(field.code) or "") if field else "" for field in fields]
    accounted = reading.state.closed is not None or (bool(told[0]) and (fields[1] is None or bool(told[1])))
    return LastYear(part, reading.matter, reading.light, accounted, *told)


def account_for(item: LastYear, *, said: int, explanation: str, by: Post, day: date) -> None:
    """Write the account of something last year's report said: the choice of that number in its ledger, and why.

    Side effects, in order: a movement of the matter; one link. Raises Refused: no right, the ledger's own rules.
    """
    kind = kind_named(item.matter.kind)
    account, words = kind.taking("account"), kind.taking("explanation")
    fields: dict[str, object] = {}
    if account is not None:
        fields[account.code] = account.choices[said]
    if words is not None:
        fields[words.code] = explanation
    revise_matter(item.matter, day=day, by=by, fields=fields)


def account_of(report: Report, items: Sequence[LastYear]) -> str:
    """A paragraph on what became of last year's promises and shortcomings, every number counted; "" when there are none."""
    parts = [text for part in ("promise", "shortcoming") if (text := _told(part, items))]
    return f"{report.year - 1}年度报告" + "；".join(parts) + "。" if parts else ""


def _told(part: str, items: Sequence[LastYear]) -> str:
    mine = [item for item in items if item.part == part]
    if not mine:
        return ""
    counted = Counter(item.account for item in mine if item.account)
    silent = len(mine) - sum(counted.values())
    told = [f"{account}{number}项" for account, number in _ordered(counted, part)]
    told += [f"尚无交代{silent}项"] if silent else []
    head = "承诺" if part == "promise" else "所列不足"
    return f"{head}{len(mine)}项，{'，'.join(told)}"


def _ordered(counted: Counter[str], part: str) -> Iterator[tuple[str, int]]:
    """The accounts in the order the ledger lists them."""
    kind = receiving(part)
    field = kind.taking("account") if kind else None
    order = field.choices if field else ()
    for account in (*order, *sorted(set(counted) - set(order))):
        if counted[account]:
            yield account, counted[account]
