"""What a report admits and announces: the sentences of its shortcomings and of what is to be done next."""

import re
from dataclasses import dataclass
from typing import Final

from shuzhi.prose.model import Draft, Span

PARTS: Final = {"shortcoming": "shortcoming", "commitment": "promise"}
"""The types of claims that are pledges, and what the catalogue calls them (see ``receives``)."""
_PIECE = re.compile(r"[；;。！？\n]")
# Said of oneself anywhere in a report, these own up to something.
_SHORT = re.compile(
    r"(?:还|仍|尚|做得|学得)不够|不够(?:深|细|实|高|强|严|透|广|紧|到位|多)|有待(?:加强|提高|改进|提升)|(?:还|仍|尚)(?:有|存在).{0,12}(?:差距|不足|短板|亟待)"
    r"|(?:还|仍|尚)需要?(?:攻坚|加强|努力|提高|进一步)"
)
_COMING = re.compile(r"^(?:20\d\d年|明年|来年|新的一年|下一?步|今后)$")
_WILL = re.compile(r"[^，。；\n]{0,12}(?:将|要|力争|确保)")
_MARKED = re.compile(
    r"^(?:[一二三四五六七八九十]是|[（(]?[一二三四五六七八九十\d]+[）)、.．]|同时，|此外，|另外，)+"
)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A sentence, or the part of one between semicolons, that says what falls short or what will be done."""

    part: str
    span: Span

    def of(self, text: str) -> str:
        """Its words without the mark of a list in front."""
        return _MARKED.sub("", self.span.of(text).strip())


def pledges(draft: Draft) -> tuple[Pledge, ...]:
    """The shortcomings and promises of a draft in the order of the text; each piece of a sentence once.

    Rather one too many than one too few: whoever wrote the report strikes out what is none.
    """
    found = [(PARTS[claim.type], claim.span) for claim in draft.claims if claim.type in PARTS]
    foreign = (draft.title, *draft.boilerplate)
    for clause in draft.clauses:
        said = clause.of(draft.text)
        if any(clause.touches(span) for span in foreign):
            continue
        if _SHORT.search(said):
            found.append(("shortcoming", clause))
        elif (
            _COMING.search(said)
            and draft.text[clause.end : clause.end + 1] in "，,"
            and _WILL.match(draft.text, clause.end + 1)
        ):
            found.append(("promise", clause))
    made: dict[int, Pledge] = {}
    for part, span in found:
        piece = _piece(draft.text, span)
        made.setdefault(piece.start, Pledge(part, piece))
    return tuple(made[start] for start in sorted(made))


def _piece(text: str, span: Span) -> Span:
    """The stretch around a claim up to the next semicolon or full stop on both sides."""
    before = [found.end() for found in _PIECE.finditer(text, 0, span.start)]
    after = _PIECE.search(text, span.end)
    start = before[-1] if before else 0
    end = after.start() if after else len(text)
    words = text[start:end]
    return Span(start + len(words) - len(words.lstrip()), end)
