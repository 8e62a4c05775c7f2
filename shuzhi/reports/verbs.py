"""All that can be done to a report: take in a draft, choose, answer, compile an edition, release, sign, publish."""

import re
from datetime import date, datetime

from django.conf import settings

from shuzhi.books.verbs import close_books
from shuzhi.cube.asking.drawn import figures, proved
from shuzhi.evidence import blobs, instance
from shuzhi.evidence.journal import enter
from shuzhi.evidence.models import Blob
from shuzhi.evidence.numbering import next_ref
from shuzhi.figures.closing import Closing
from shuzhi.indicators.releases import held_back
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.portal.models import Publication
from shuzhi.portal.verbs import Content, publish
from shuzhi.prose.binding import bind, memory_key
from shuzhi.prose.model import Draft
from shuzhi.prose.waivers import shorn
from shuzhi.prose.writing.html_out import to_html
from shuzhi.reports.answered import Answer
from shuzhi.reports.assemble import paper_of
from shuzhi.reports.cards import public_card
from shuzhi.reports.comments import comments_of, word_file
from shuzhi.reports.concepts import concepts
from shuzhi.reports.disclosure import undisclosed
from shuzhi.reports.drafts import compared, draft_of
from shuzhi.reports.filling import Earlier, Filled, fill
from shuzhi.reports.models import Binding, Choice, Edition, Report
from shuzhi.reports.outputs import outputs
from shuzhi.reports.places import State
from shuzhi.reports.pledged import last_year, pledged
from shuzhi.reports.proving import Verdict, prove
from shuzhi.reports.queries import answers, holders, lacking, memory, remembered
from shuzhi.units.models import Post, Unit
from shuzhi.units.queries import post_may

PAGE = "页面.html"
MOST_TOLD = 12
"""How many of the places that lack something are told one by one."""
EARLIER = 3
"""Earlier years a draft is held against, so that nothing is copied from them."""


def take_in(data: bytes, *, filename: str, unit: Unit, year: int, writer: Post, day: date) -> Report:
    """Take in a draft: decoded and read at once, refused with findings when it is no text.

    Side effects, in order: the draft's bytes become a blob; the report; one link.
    """
    _demand(writer, "write", unit, "登记草稿")
    draft = draft_of(data, filename)
    with enter("登记草稿", by=writer.code, note=filename) as entry:
        blob = entry.keep(data, "application/octet-stream")
        report = Report(
            ref=next_ref("report", year),
            title=draft.title.of(draft.text).strip()[:200] or filename,
            unit=unit,
            writer=writer,
            year=year,
            filename=filename,
            draft=blob,
            day=day,
        )
        entry.save(report)
    return report


def choose(report: Report, *, start: int, concept: str, by: Post) -> Choice:
    """Settle one place by hand; choosing again replaces the choice. Writes the choice, remembered for next year.

    Raises Refused for a concept the catalogue has not, and for a place the draft has not.
    """
    _demand(by, "write", report.unit, "选定指标")
    if all(concept != known.code for known in concepts(instance.catalogue())):
        raise Refused(Finding("report.concept", f"目录中没有“{concept}”", "请从候选指标里选", f"第{start}字"))
    # Places are counted as the page shows them: without the author's notes about findings.
    draft = shorn(draft_of(blobs.fetch(report.draft_id), report.filename))
    slot = next((item for item in draft.slots if item.span.start == start), None)
    if slot is None:
        raise Refused(Finding("report.place", "草稿的这个位置没有空格", "请刷新页面后重选", f"第{start}字"))
    with enter("选定指标", by=by.code, note=concept) as entry:
        choice = Choice.objects.filter(report=report, start=start).first() or Choice(
            report=report, start=start, end=slot.span.end
        )
        choice.wording = memory_key(slot)
        choice.concept = concept
        choice.by = by
        entry.save(choice)
    return choice


def read_draft(report: Report) -> Draft:
    """The draft of a report, read, and held against the drafts of the unit's earlier years."""
    rows = Report.objects.filter(unit=report.unit, year__lt=report.year).order_by("-year", "ref")
    earlier = [draft_of(blobs.fetch(row.draft_id), row.filename, judged=False).text for row in rows[:EARLIER]]
    return compared(draft_of(blobs.fetch(report.draft_id), report.filename), earlier)


def commented(report: Report, closing: Closing, date: datetime) -> bytes:
    """The draft as a Word file with its findings, what does not hold, and its open places as comments; nothing is written."""
    draft = read_draft(report)
    catalogue, chosen = instance.catalogue(), memory(report)
    known = concepts(catalogue)
    comments = comments_of(
        draft,
        advice=True,
        verdicts=prove(
            draft, closing, catalogue=catalogue, year=report.year, unit=report.unit_id, memory=chosen
        ),
        bindings=bind(draft, known, memory=chosen, figures=False),
        known={concept.code: concept for concept in known},
    )
    return word_file(blobs.fetch(report.draft_id), report.filename, draft, comments, date=date)


def filled(report: Report, closing: Closing, *, answer: Answer = figures) -> Filled:
    """The report as it would stand over a closing; nothing is written. What is to be printed is ``proved``."""
    chosen = dict(Choice.objects.filter(report=report).values_list("start", "concept"))
    return fill(
        read_draft(report),
        closing,
        catalogue=instance.catalogue(),
        year=report.year,
        unit=report.unit_id,
        choices=chosen,
        given=answers(report),
        earlier=Earlier(memory(report), remembered(report)),
        answer=answer,
    )


def proven(report: Report, made: Filled) -> tuple[Verdict, ...]:
    """What the books the draft was filled from say of its claims; nothing is written."""
    return prove(
        made.draft,
        made.closing,
        catalogue=instance.catalogue(),
        year=made.year,
        unit=made.unit,
        memory=memory(report),
    )


def compile_edition(report: Report, *, as_of: date, by: Post, day: date) -> Edition:
    """Compile an edition over the books as of a day and freeze it.

    Side effects, in order: the books are closed and kept; the files become blobs; the edition; its bindings; one link.
    """
    _demand(by, "write", report.unit, "成稿")
    closing = close_books(as_of, by=by.code, keep=True)
    made = filled(report, closing, answer=proved)
    files, _ = outputs(made, fonts=[instance.home() / "fonts"], address=settings.PUBLIC_ADDRESS)
    page = to_html(
        paper_of(made),
        card_href=lambda mark: f"card:{mark.code}" if mark.code else "",
    )
    with enter("成稿", by=by.code, note=report.title) as entry:
        number = Edition.objects.filter(report=report).count() + 1  # counted here, where nobody else writes
        kept = {output.name: entry.keep(output.data, output.media_type).digest for output in files}
        kept[PAGE] = entry.keep(page.encode(), "text/html").digest
        edition = Edition(
            report=report, no=number, closing=closing.id, as_of=as_of, day=day, files=kept, writer=by
        )
        entry.save(edition)
        entry.save_all(_bindings(edition, made))
    return edition


def _bindings(edition: Edition, made: Filled) -> list[Binding]:
    return [
        Binding(
            edition=edition,
            no=number,
            start=place.slot.span.start,
            end=place.slot.span.end,
            mask=place.slot.text[:200],
            state=str(place.state),
            text=place.text,
            unit=place.unit,
            concept=place.concept,
            label=place.label,
            code=place.code,
            reason=place.reason,
            card=place.card,
        )
        for number, place in enumerate(made.places, 1)
    ]


def release(edition: Edition, *, by: Post, day: date) -> Edition:
    """Release the figures of an edition; never by whoever wrote it. Writes the edition."""
    _demand(by, "release", edition.report.unit, "放数")
    if edition.signer is not None:
        raise Refused(Finding("report.signed", "这一版已经签发，不能再放数", "要改请另成一版", str(edition)))
    _apart(by, day, edition.writer, edition.day, "撰稿和放数须由不同的人办理")
    _released(edition)
    with enter("放数", by=by.code, note=str(edition)) as entry:
        edition.releaser = by
        entry.save(edition)
    return edition


def _released(edition: Edition) -> None:
    """Refuse while a figure of the edition stands on a statistic nobody published, or on a secret nobody approved."""
    found = held_back(observed_in(edition))
    if found:
        said = f"用到的数里有{len(found)}个还不能进报告，不能放数"
        hint = "请在“发布数字”页登记公布；没有公布的统计数只能作为预计数引用"
        raise Refused([Finding("report.unpublished", said, hint, str(edition)), *found[:MOST_TOLD]])


def observed_in(edition: Edition) -> set[str]:
    """The observations behind the figures of an edition, by their stable names."""
    cards = Binding.objects.filter(edition=edition, card__isnull=False).values_list("card", flat=True)
    leaves = [
        leaf for card in cards for leaf in (card or {}).get("leaves", ()) if leaf["relation"] == "observation"
    ]
    return {ref for leaf in leaves for ref in leaf["refs"]}


def sign(edition: Edition, *, by: Post, day: date) -> Edition:
    """Sign an edition whose figures were released; never by whoever wrote it or released its figures. Writes the edition."""
    _demand(by, "sign", edition.report.unit, "签发")
    if edition.releaser is None:
        raise Refused(
            Finding("report.unreleased", "数字还没有放数，不能签发", "请先由放数人核对并放数", str(edition))
        )
    if edition.signer is not None:
        raise Refused(Finding("report.signed", "这一版已经签发过", "要改请另成一版", str(edition)))
    _apart(by, day, edition.writer, edition.day, "撰稿和签发须由不同的人办理")
    _apart(by, day, edition.releaser, day, "放数和签发须由不同的人办理")
    _whole(edition, "签发")
    _accounted(edition, day)
    with enter("签发", by=by.code, note=str(edition)) as entry:
        edition.signer = by
        entry.save(edition)
    return edition


def publish_edition(edition: Edition, *, by: Post, day: date) -> Publication:
    """Put a signed edition on the shelf, with the public side of every figure's card.

    Side effects, in order: the publication and its figures; the edition's address; one link.
    """
    report = edition.report
    _demand(by, "publish", report.unit, "公开")
    if edition.signer is None:
        raise Refused(Finding("report.unsigned", "报告还没有签发，不能公开", "请先签发", str(edition)))
    _whole(edition, "公开")
    _settled(edition)
    slug = f"{report.ref.replace('/', '-')}-{edition.no}"
    rows = list(edition.bindings.filter(state=str(State.FILLED)))
    cards = _public_cards(rows, edition.as_of)
    names = ("报告.docx", "报告.pdf")
    files = [(name, _media_type(edition.files[name]), blobs.fetch(edition.files[name])) for name in names]
    with enter("公开报告", by=by.code, note=str(edition)) as entry:
        publication = publish(
            slug,
            "report",
            Content(page_of(edition), cards, files),
            title=report.title,
            unit_name=report.unit.name,
            day=day,
            closing=edition.closing,
            by=by.code,
        )
        edition.published = slug
        entry.save(edition)
    return publication


def _whole(edition: Edition, what: str) -> None:
    """Refuse while a place is neither filled, nor written in with its source, nor left out with a reason."""
    found = lacking(edition)
    if found:
        said = f"还有{len(found)}处空着，不能{what}"
        hint = "每一处都要填上、自填并注明来源，或略去并写明理由，然后重新成稿"
        raise Refused([Finding("report.gaps", said, hint, str(edition)), *found[:MOST_TOLD]])


def _accounted(edition: Edition, day: date) -> None:
    """Refuse while a shortcoming or promise of last year's report has no account."""
    open_ = [item for item in last_year(edition.report, day) if not item.accounted]
    if open_:
        said = f"上年报告的不足和承诺还有{len(open_)}条没有交代，不能签发"
        told = [
            Finding(
                "report.unaccounted",
                f"{item.label}：{item.matter.title}",
                "请在台账里写明交代和说明",
                item.matter.ref,
            )
            for item in open_[:MOST_TOLD]
        ]
        raise Refused([Finding("report.unaccounted", said, "请责任单位逐条交代", str(edition)), *told])


def _settled(edition: Edition) -> None:
    """Refuse while a shortcoming or promise of the edition neither opened a matter nor was struck out."""
    waiting = [item for item in pledged(edition) if item.statement is None]
    if waiting:
        said = f"还有{len(waiting)}条不足和承诺没有确认，不能公开"
        raise Refused(
            Finding(
                "report.unsettled", said, "请撰稿人在“不足和承诺”页逐条立项，或划去并写明理由", str(edition)
            )
        )


def _public_cards(rows: list[Binding], as_of: date) -> dict[str, dict[str, object]]:
    """The public side of the cards, without items that their kind's rule keeps from publication."""
    catalogue = instance.catalogue()
    refs = {ref for row in rows for leaf in (row.card or {}).get("leaves", ()) for ref in leaf["refs"]}
    kept_back = undisclosed(refs, catalogue, as_of)
    return {row.code: public_card(row.card or {}, catalogue, kept_back) for row in rows}


def page_of(edition: Edition, address: str = "/figure/{code}/") -> str:
    """The edition's frozen page as an HTML fragment whose figures lead to their cards at the given address."""
    before, after = address.split("{code}")
    page = blobs.fetch(edition.files[PAGE]).decode()
    return re.sub(r'href="card:([0-9A-Z-]+)"', lambda found: f'href="{before}{found[1]}{after}"', page)


def _media_type(digest: str) -> str:
    return Blob.objects.get(pk=digest).media_type


def _demand(post: Post, duty: str, unit: Unit, what: str) -> None:
    """Refuse when the post has not the duty over the unit."""
    if not post_may(post, duties=(duty,), unit=unit):
        label = instance.catalogue().duties[duty].label
        raise Refused(
            Finding("report.duty", f"“{post.title}”没有{label}职责，不能{what}", f"请由有{label}职责的人办理")
        )


def _apart(one: Post, day: date, other: Post, then: date, why: str) -> None:
    """Refuse when two rights would fall to one post, or to one person on the days each was used."""
    if one.code == other.code or holders(one, day) & holders(other, then):
        raise Refused(Finding("report.apart", why, f"“{other.title}”已办过前一步"))
