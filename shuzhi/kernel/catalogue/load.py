"""Reads a catalogue: folders of TOML in layers, or the texts a closing carries, become checked frozen definitions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from shuzhi.kernel import chain
from shuzhi.kernel.calendar import WorkCalendar, read_year
from shuzhi.kernel.catalogue.build import Wrong, build
from shuzhi.kernel.catalogue.check import check
from shuzhi.kernel.catalogue.check_rules import check_rules
from shuzhi.kernel.catalogue.check_schemes import check_schemes
from shuzhi.kernel.catalogue.definitions import (
    Catalogue,
    Duty,
    Indicator,
    Kind,
    PaperKind,
    Parameter,
)
from shuzhi.kernel.catalogue.rulebook import Rule
from shuzhi.kernel.catalogue.schemes import Mechanism, Profile, Scheme
from shuzhi.kernel.catalogue.scopes import FigureScope
from shuzhi.kernel.catalogue.sources import (
    SORTS,
    Raw,
    Sources,
    Table,
    is_calendar,
    layered,
    parse_sources,
    read_texts,
)
from shuzhi.kernel.finding import Finding, Refused, Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A catalogue as far as it could be understood, and everything found wrong with it.

    ``cases`` are the tables of ``*.cases.toml`` by kind, with the file each came from.
    """

    catalogue: Catalogue
    findings: tuple[Finding, ...]
    cases: Mapping[str, tuple[tuple[str, Table], ...]]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the catalogue from being used."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


def national_folder() -> Path:
    """Where the packaged national catalogue lies."""
    return Path(__file__).resolve().parents[2] / "catalogues" / "national"


@cache
def national() -> Catalogue:
    """The packaged catalogue; raises Refused when it has errors."""
    loaded = load(national_folder())
    if loaded.errors:
        raise Refused(loaded.errors)
    return loaded.catalogue


def load(*folders: Path) -> Loaded:
    """Read the folders, later ones laid over earlier ones key by key; never raises for what the files say."""
    try:
        texts = read_texts(folders)
    except UnicodeDecodeError as error:
        finding = Finding(
            "catalogue.not-utf-8", f"文件不是 UTF-8 编码：{error.reason}", "另存为 UTF-8", str(folders[0])
        )
        return Loaded(_catalogue(Sources(), {}, []), (finding,), {})
    return load_texts(texts)


def load_texts(texts: Mapping[str, str]) -> Loaded:
    """Read a catalogue from its texts by path, as a closing keeps them; the same texts are read once."""
    return _loaded(tuple(sorted(texts.items())))


@lru_cache(maxsize=16)
def _loaded(items: tuple[tuple[str, str], ...]) -> Loaded:
    texts = dict(items)
    sources = parse_sources(texts)
    findings = sources.findings
    catalogue = _catalogue(sources, texts, findings)
    findings.extend(_calendar_faults(texts))
    # Words that failed to build would be reported again wherever they are used: first things first.
    if not findings:
        findings.extend(check(catalogue, sources))
        check_schemes(catalogue, sources, findings, FigureScope(catalogue))
        check_rules(catalogue, sources, findings, FigureScope(catalogue))
    cases = {code: tuple(tables) for code, tables in sources.cases.items()}
    return Loaded(catalogue, tuple(findings), MappingProxyType(cases))


def _calendar_faults(texts: Mapping[str, str]) -> list[Finding]:
    years = [read_year(path, text) for path, text in texts.items() if is_calendar(path)]
    return [finding for _, found in years for finding in found]


def calendar_of(catalogue: Catalogue) -> WorkCalendar:
    """The working-day calendar among a catalogue's texts, later layers replacing a year whole."""
    paths = sorted(filter(is_calendar, catalogue.texts), key=layered)
    return WorkCalendar.of_texts({path: catalogue.texts[path] for path in paths})


def _catalogue(sources: Sources, texts: Mapping[str, str], findings: list[Finding]) -> Catalogue:
    return Catalogue(
        kinds=_all(Kind, sources.raws["kind"], findings),
        indicators=_all(Indicator, sources.raws["indicator"], findings),
        duties=_all(Duty, sources.raws["duty"], findings),
        papers=_all(PaperKind, sources.raws["paper"], findings),
        parameters=_all(Parameter, sources.raws["parameter"], findings),
        texts=MappingProxyType(dict(texts)),
        digest=chain.digest(chain.canonical(dict(texts))),
        local=frozenset(
            raw.code for sort in ("kind", "indicator") for raw in sources.raws[sort].values() if raw.local
        ),
        profiles=_all(Profile, sources.raws["profile"], findings),
        schemes=_all(Scheme, sources.raws["scheme"], findings),
        mechanisms=_all(Mechanism, sources.raws["mechanism"], findings),
        checks=_all(Rule, sources.raws["check"], findings),
    )


def _reporter(raw: Raw, findings: list[Finding]) -> Callable[[str, str, str, str], None]:
    def report(identity: str, message: str, hint: str, key: str) -> None:
        findings.append(Finding(identity, message, hint, raw.place(key)))

    return report


def _all(cls: type[T], raws: Mapping[str, Raw], findings: list[Finding]) -> Mapping[str, T]:
    made: dict[str, T] = {}
    for code in sorted(raws):
        try:
            made[code] = build(cls, raws[code].table, _reporter(raws[code], findings))
        except Wrong:
            continue
    return MappingProxyType(made)


def departures(national: Catalogue, merged: Catalogue) -> list[Finding]:
    """What a tenant changed, as advice: every key that reads differently, every definition or calendar year added."""
    ours, theirs = parse_sources(national.texts), parse_sources(merged.texts)
    found: list[Finding] = []
    for sort in SORTS:
        for code, raw in sorted(theirs.raws[sort].items()):
            before = ours.raws[sort].get(code)
            old: Table = before.table if before else {}
            for key in raw.table:
                if raw.table[key] != old.get(key):
                    was = f"全国目录为 {old[key]}" if key in old else "全国目录没有这一项"
                    message = f"本地改为 {raw.table[key]}"
                    place = f"{raw.files[key]} {code} {key}"
                    found.append(Finding("catalogue.departure", message, was, place, Severity.ADVICE))
    return found
