"""An archive gives every figure again, and takes nothing with it that its readers may not see."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.compute import worked
from shuzhi.figures.partial import PARTIALS
from shuzhi.figures.signed import archive as files
from shuzhi.figures.signed.taken import Audience, Extract, Rules, extract_of, take
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from shuzhi.kernel.chain import GENESIS, canonical, digest, link
from shuzhi.kernel.finding import Refused
from tests.figures.county import BOOKS, COLUMNS, danger, texts

ASKS = (
    Ask("revenue", month=11),
    Ask("revenue.completion"),
    Ask("growth(revenue_tax)", month=11),
    Ask("income"),
    Ask("rank(residents)", unit="990101"),
    Ask("count danger in year"),
    Ask("danger.closed_rate"),
    Ask("sum cost of danger where seen or level = '县级'", shown_in="万元"),
    Ask("count danger in year", unit="990101"),
    Ask("max closed of danger"),
    Ask("count danger where cost > param('dear')"),
    Ask("count distinct firm of meeting.rows in year"),
    Ask("sum loan of meeting.rows", shown_in="万元"),
    Ask("sum amount of relief.payment in year", shown_in="元"),
    Ask("sum amount of relief.budget in year", shown_in="万元"),
)


def nobody(refs: Collection[str]) -> set[str]:
    """No item keeps itself back."""
    return set()


def county(folder: Path, kinds: Mapping[str, str] = {}, **books: Sequence[Sequence[Cell]]) -> Closing:
    """The small county with some kinds of another visibility and some relations of other rows."""
    told = texts()
    for name, line in kinds.items():
        path = f"kinds/{name}.toml"
        told[path] = told[path].replace('shape = "', f'visibility = "{line}"\nshape = "', 1)
    return closed(folder, load_texts(told).catalogue, **books)


def closed(folder: Path, catalogue: Catalogue, **books: Sequence[Sequence[Cell]]) -> Closing:
    """The small county closed under a catalogue."""
    rows = {**BOOKS, **books}
    return write_closing(
        folder,
        unit_code="990100",
        unit_name="明澜县",
        as_of=date(2025, 12, 31),
        catalogue=catalogue,
        relations=[Relation(name, COLUMNS[name], found) for name, found in rows.items()],
    )


def made(
    closing: Closing, audience: Audience, asks: Sequence[Ask] = ASKS, **more: object
) -> dict[str, bytes]:
    """The files of an archive of these figures, signed by nobody in particular."""
    works = worked(asks, [closing])
    kept_back = more.get("kept_back", nobody)
    later = more.get("later", closing.catalogue)
    taken = take(works, closing, Rules(audience, (closing.catalogue, later), kept_back))  # type: ignore[arg-type]
    content = {"closing": closing.id}
    body = canonical({"rows": [["edition/1", digest(canonical(content))]]})
    about: dict[str, object] = {
        "audience": str(audience),
        "edition": {"name": "edition/1", "content": content},
        "journal": [{"seq": 1, "previous": GENESIS, "body": body.decode(), "link": link(GENESIS, body)}],
    }
    said = [{"ask": ask.as_json()} for ask in asks]
    return files.files_of(about, said, closing, taken, "")


def again(made_: Mapping[str, bytes], path: Path, asks: Sequence[Ask] = ASKS) -> list[tuple[object, ...]]:
    """What an archive's figures come to, from the archive alone."""
    path.write_bytes(files.packed(made_))
    with files.opened(path) as archive:
        return [told(one.figure) for one in worked(asks, [archive.closing], shelf=archive.totals)]


def told(figure: object) -> tuple[object, ...]:
    """What counts of a figure: value, words, status, and the totals behind it."""
    leaves = tuple((leaf.text, leaf.rows, leaf.missing, leaf.total) for leaf in figure.trace.leaves)  # type: ignore[attr-defined]
    return figure.value, figure.text, figure.unit, figure.status, figure.reason, leaves  # type: ignore[attr-defined]


def signed(closing: Closing, asks: Sequence[Ask] = ASKS) -> list[tuple[object, ...]]:
    """What the figures are."""
    return [told(one.figure) for one in worked(asks, [closing])]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("visibility", ["public", "internal", "restricted"])
def test_every_figure_is_computed_again_whoever_it_is_for(
    tmp_path: Path, audience: Audience, visibility: str
) -> None:
    closing = county(tmp_path, dict.fromkeys(("danger", "meeting", "relief"), visibility))
    assert again(made(closing, audience), tmp_path / "a.zip") == signed(closing)


@given(
    st.lists(
        st.tuples(
            st.dates(date(2024, 6, 1), date(2025, 12, 31)) | st.none(),
            st.sampled_from(("县级", "镇级", None)),
            st.integers(0, 10**12) | st.none(),
            st.sampled_from(("990101", "990102", "990101001")),
            st.booleans() | st.none(),
        ),
        max_size=12,
    ),
    st.sampled_from(Audience),
    st.sampled_from(("public", "internal", "work-secret")),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_come_to_the_same_figures(
    tmp_path: Path,
    rows: list[tuple[date | None, str | None, int | None, str, bool | None]],
    audience: Audience,
    visibility: str,
) -> None:
    cells = [
        danger(number, opened, level=level, cost=cost, unit=unit, seen=seen)
        for number, (opened, level, cost, unit, seen) in enumerate(rows)
    ]
    closing = county(tmp_path, {"danger": visibility}, danger=cells)
    assert again(made(closing, audience), tmp_path / "a.zip") == signed(closing)


@pytest.mark.parametrize("audience", Audience)
def test_of_a_restricted_ledger_only_totals_leave(tmp_path: Path, audience: Audience) -> None:
    closing = county(tmp_path, {"danger": "restricted", "meeting": "work-secret"})
    going = made(closing, audience)
    everything = b"".join(data for name, data in going.items() if name != "catalogue.json")
    for word in ("matter/2025-0001", "第1处", "甲厂", "record/2025-0001"):
        assert word.encode() not in everything
    assert "relations/danger.jsonl" not in going
    head = json.loads(going[files.HEAD])
    assert head["closing"]["relations"]["danger"]["held"] == files.BARE
    assert {item["relation"] for item in head["closing"]["bare"]} >= {"danger", "meeting.rows"}


def test_a_ledger_restricted_since_then_does_not_leave_either(tmp_path: Path) -> None:
    closing = county(tmp_path, {"danger": "public"})
    later = county(tmp_path, {"danger": "restricted"}).catalogue
    assert "relations/danger.jsonl" in made(closing, Audience.PUBLIC, [ASKS[5]])
    assert "relations/danger.jsonl" not in made(closing, Audience.PUBLIC, [ASKS[5]], later=later)


def test_nothing_is_said_of_ledgers_the_figures_do_not_read(tmp_path: Path) -> None:
    going = made(county(tmp_path), Audience.AUDIT, ASKS[:1])
    head = json.loads(going[files.HEAD])
    assert set(head["closing"]["relations"]) == {"unit", "observation"}


def test_the_public_gets_the_rows_that_were_counted_and_the_columns_that_were_read(tmp_path: Path) -> None:
    closing = county(tmp_path, {"danger": "public"})
    going = made(closing, Audience.PUBLIC, [ASKS[5]])
    assert going["relations/danger.jsonl"].decode().splitlines() == [
        '["matter/2025-0001","990101","2025-02-01"]',
        '["matter/2025-0002","990101001","2025-03-05"]',
        '["matter/2025-0003","990102","2025-08-09"]',
    ]
    audited = made(closing, Audience.AUDIT, [ASKS[5]])["relations/danger.jsonl"]
    assert len(audited.splitlines()) == len(BOOKS["danger"])


def test_an_item_that_keeps_itself_back_takes_its_cut_with_it(tmp_path: Path) -> None:
    closing = county(tmp_path, {"danger": "public"})

    def kept_back(refs: Collection[str]) -> set[str]:
        return {"matter/2025-0003"} & set(refs)

    asks = [ASKS[5], ASKS[8]]  # the third danger counts for the county, not for the town
    going = made(closing, Audience.PUBLIC, asks, kept_back=kept_back)
    assert b"matter/2025-0003" not in b"".join(going.values())
    assert b"matter/2025-0001" in going["relations/danger.jsonl"]
    assert again(going, tmp_path / "a.zip", asks) == signed(closing, asks)


def test_columns_that_are_somebodys_own_do_not_leave(tmp_path: Path) -> None:
    told_ = texts()
    path = "kinds/meeting.toml"
    told_[path] = told_[path].replace('code = "firm"', 'code = "firm"\npersonal = "name"')
    closing = closed(tmp_path, load_texts(told_).catalogue)
    going = made(closing, Audience.AUDIT)
    assert "甲厂".encode() not in b"".join(going.values())
    assert b",100000000]" in going["relations/meeting.rows.jsonl"]
    assert again(going, tmp_path / "a.zip") == signed(closing)


def test_vintages_and_reasons_are_for_the_audit(tmp_path: Path) -> None:
    closing = county(tmp_path)
    lines = {
        audience: made(closing, audience, ASKS[:1])["relations/observation.jsonl"].splitlines()
        for audience in Audience
    }
    assert len(lines[Audience.PUBLIC]) == 1  # the vintage that was read
    assert len(lines[Audience.AUDIT]) == sum(row[0] == "revenue" for row in BOOKS["observation"])


def test_an_extract_reads_back_as_it_was_written() -> None:
    columns = COLUMNS["danger"]
    rows = tuple(tuple(row) for row in sorted(BOOKS["danger"], key=repr))
    back = extract_of(columns, Extract(columns, rows).data)
    assert sorted(back.rows, key=repr) == sorted(rows, key=repr)


def test_the_order_of_rows_does_not_show_in_the_bytes(tmp_path: Path) -> None:
    closing = county(tmp_path)
    turned = county(tmp_path, danger=tuple(reversed(BOOKS["danger"])))
    assert files.packed(made(closing, Audience.AUDIT)) == files.packed(made(turned, Audience.AUDIT))


def test_an_archive_without_its_folder_of_relations_is_refused(tmp_path: Path) -> None:
    going = made(county(tmp_path), Audience.AUDIT)
    path = tmp_path / "a.zip"
    path.write_bytes(files.packed({name: data for name, data in going.items() if "unit" not in name}))
    with pytest.raises(Refused, match=r"unit\.parquet 不见了"), files.opened(path):
        pass


def test_what_an_archive_left_out_is_asked_for_in_vain(tmp_path: Path) -> None:
    """Another question than those it was made for has no answer in it, rather than a wrong one."""
    closing = county(tmp_path, {"danger": "restricted"})
    path = tmp_path / "a.zip"
    path.write_bytes(files.packed(made(closing, Audience.PUBLIC, [ASKS[5]])))
    with files.opened(path) as archive:
        other = worked([Ask("count danger where level = '县级'")], [archive.closing], shelf=archive.totals)
        assert other[0].figure.value is None
        same = worked([ASKS[5]], [archive.closing], shelf=archive.totals)
        assert same[0].figure.value == Fraction(3)


def test_what_an_archive_says_without_rows_is_not_remembered_of_the_closing(tmp_path: Path) -> None:
    """A process that has replayed an archive still names the rows behind the figures of the closing itself."""
    closing = county(tmp_path, {"danger": "restricted"})
    going = made(closing, Audience.PUBLIC)
    PARTIALS.clear()
    again(going, tmp_path / "a.zip")
    (counted,) = worked([ASKS[5]], [closing])[0].figure.trace.leaves
    assert counted.refs == ("matter/2025-0001", "matter/2025-0002", "matter/2025-0003")


def test_an_archive_is_read_as_if_nothing_were_remembered_of_the_closing(tmp_path: Path) -> None:
    closing = county(tmp_path, {"danger": "restricted"})
    path = tmp_path / "a.zip"
    path.write_bytes(files.packed(made(closing, Audience.PUBLIC)))
    worked([ASKS[5]], [closing])
    with files.opened(path) as archive:
        (counted,) = worked([ASKS[5]], [archive.closing], shelf=archive.totals)[0].figure.trace.leaves
    assert counted.refs == ()
