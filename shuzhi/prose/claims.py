"""Lists the checkable statements of a draft: figures, documents, mechanisms, meetings, projects, promises, shortcomings."""

import re
from collections.abc import Callable
from functools import cache

from shuzhi.prose.cues import qualitative
from shuzhi.prose.model import Claim, Draft
from shuzhi.prose.tables import any_of, matcher, words
from shuzhi.prose.timing import Clock


def claims(draft: Draft) -> tuple[Claim, ...]:
    """The claims of `draft` in the order of the text; a clause may carry a figure claim and another."""
    first = draft.preamble.end if draft.preamble else (draft.outline[0].body.start if draft.outline else 0)
    skipped = bytearray(len(draft.text))
    for span in (draft.title, *draft.boilerplate, *(h.text_span for h in draft.outline)):
        skipped[span.start : span.end] = b"\x01" * (span.end - span.start)
    made: list[Claim] = []
    figured = {(i.clause.start, i.clause.end) for i in draft.items() if i.meaning.kind != "name"}
    weak = [h.body for h in draft.outline if matcher("claims", "weak_sections").search(h.text)]
    clock = Clock(draft.text, draft.sentences, draft.outline)
    for clause in draft.clauses:
        if skipped[clause.start]:
            continue
        if (clause.start, clause.end) in figured:
            made.append(Claim("figure", clause))
        if clause.start < first:
            continue
        words_of = re.sub(r"^.{0,3}?(?=[\u4e00-\u9fff“《])", "", clause.of(draft.text), count=1) or ""
        kind = _kind(words_of, clock.plans(clause.start), any(b.start <= clause.start < b.end for b in weak))
        if kind is not None:
            made.append(Claim(kind, clause))
    made += qualitative(draft, skipped, clock)
    return tuple(sorted(made, key=lambda claim: claim.span.start))


def _kind(text: str, planned: bool, weak: bool) -> str | None:
    """The type of the statement a clause makes besides its figures, or None; the first rule that fits wins."""
    if len(text) < 5:
        return None
    if planned:
        return "commitment" if matcher("claims", "commitment").search(text) and not _is_target(text) else None
    if weak:
        return "shortcoming" if matcher("claims", "shortcoming").search(text) else None
    for kind, fits in _RULES:
        if fits(text):
            return kind
    return None


def _is_target(text: str) -> bool:
    return (
        re.search(r"(?:增长|下降|达到|引进|新增)[^，]{0,12}[%X×〇\d]", text) is not None
        and "底前" not in text
    )


def _document(text: str) -> bool:
    verb = matcher("claims", "document").search(text)
    if verb is None:
        return False
    return (
        "《" in text
        or re.search(any_of(words("claims", "document_nouns")) + r"[”）]?(?:等)?$", text) is not None
    )


@cache
def _mechanism_noun() -> re.Pattern[str]:
    return re.compile("|".join(words("claims", "mechanism_nouns")))


def _mechanism(text: str) -> bool:
    verb = matcher("claims", "mechanism_verbs").search(text)
    return verb is not None and _mechanism_noun().search(text, verb.end()) is not None


def _fits(key: str) -> Callable[[str], bool]:
    def search(text: str) -> bool:
        return matcher("claims", key).search(text) is not None

    return search


_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("document_issued", _document),
    ("mechanism", _mechanism),
    ("declaration", _fits("declaration")),
    ("meeting", _fits("meeting")),
    ("project", _fits("project")),
)
