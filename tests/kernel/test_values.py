"""Findings, refs and the chain: the small values everything else is made of."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel import chain
from shuzhi.kernel.finding import Finding, Refused, Severity, worst
from shuzhi.kernel.ref import Ref

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(plain, plain)
def test_different_values_have_different_canonical_forms(one: object, two: object) -> None:
    # Python holds 1 == True; the canonical form must not.
    same = repr(one) == repr(two) or (one == two and _typed(one) == _typed(two))
    assert (chain.canonical(one) == chain.canonical(two)) == same


def _typed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return type(value), value


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_change_the_canonical_form(table: dict[str, int]) -> None:
    assert chain.canonical(table) == chain.canonical(dict(reversed(list(table.items()))))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        (date(2025, 3, 1), '"2025-03-01"'),
        (Decimal("1.50"), '"1.50"'),
        (Fraction(1, 3), '"1/3"'),
        ("镕𠀀", '"镕𠀀"'),
        (datetime(2025, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))), '"2025-03-01T00:00:00+00:00"'),
    ],
)
def test_a_value_has_one_canonical_form(value: object, text: str) -> None:
    assert chain.canonical(value).decode() == text


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        chain.canonical({"amount": 0.1})


def test_a_digest_carries_its_algorithm_however_the_bytes_come(tmp_path: Path) -> None:
    data = b"shuzhi" * 1000
    expected = f"sha256:{hashlib.sha256(data).hexdigest()}"
    file = tmp_path / "data"
    file.write_bytes(data)
    assert chain.digest(data) == expected
    assert chain.digest_stream(iter([data[:10], data[10:]])) == expected
    assert chain.digest_file(file) == expected
    assert chain.algorithm_of(expected) == "sha256"


def test_sm3_is_known_by_its_published_example() -> None:
    expected = "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert chain.digest(b"abc", "sm3") == expected


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(ValueError, match="可用：sha256、sm3"):
        chain.digest(b"", "md5")


def test_a_link_depends_on_the_link_before_and_on_the_body() -> None:
    links = {chain.link(previous, body) for previous in ("genesis", "x") for body in (b"a", b"b")}
    assert len(links) == 4


@given(st.sampled_from(["matter", "record"]), st.integers(1000, 9999), st.integers(1, 10**6))
def test_a_ref_reads_back_as_it_was_written(shape: str, year: int, number: int) -> None:
    ref = Ref.numbered(shape, year, number)
    assert Ref.parse(str(ref)) == ref


@pytest.mark.parametrize("text", ["", "matter", "matter/", "Matter/1", "matter/a/b", "matter/a b"])
def test_what_is_no_ref_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是编号"):
        Ref.parse(text)


def test_a_finding_says_what_where_and_what_to_do() -> None:
    finding = Finding("x.y", "多了一行", "删去", "表1 B2", Severity.WARNING)
    assert str(finding) == "[警告] 表1 B2：多了一行（删去）"
    assert finding.as_json()["severity"] == "警告"
    assert str(Refused([finding, finding])).count("\n") == 1
    assert worst([finding, Finding("z", "错")]) is Severity.ERROR
    assert worst([]) is None


def test_a_moment_is_kept_in_universal_time() -> None:
    assert chain.canonical(datetime(2025, 1, 1, tzinfo=UTC)) == b'"2025-01-01T00:00:00+00:00"'
