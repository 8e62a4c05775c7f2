"""For every claim of a draft the formula that would prove or refute it from the books, or why there is none."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.nodes import Amount, Binary, Call, Literal, Name, Node, Unary
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.spell import speak
from shuzhi.kernel.expr.types import Scope, typed
from shuzhi.prose.binding import Binding
from shuzhi.prose.claiming.formulas import Case, Unsaid, formula
from shuzhi.prose.claiming.grounding import Books, books, plain
from shuzhi.prose.claiming.stated import stated
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import QUALITATIVE, Claim, Draft, Figure, Meaning, Slot, Span
from shuzhi.prose.sense.timing import Clock


@dataclass(frozen=True, slots=True)
class Proof:
    """How a claim could be proved.

    `expression` is true exactly when the claim holds ("" when none can be given), `says` its reading in Chinese,
    `shows` the quantities to look at beside it. `reason`: why there is no expression. `open`: what stays unproved
    although the expression is true (then it can only refute); `doubt`: why a false expression refutes nothing. `item` is where in the text and of which time: the
    figure itself, or the words of the cue; `concept` the code the figure is bound to.
    """

    claim: Claim
    item: Slot | Figure
    concept: str = ""
    expression: str = ""
    says: str = ""
    shows: tuple[str, ...] = ()
    reason: str = ""
    open: str = ""
    doubt: str = ""

    def as_json(self, text: str) -> dict[str, object]:
        """The proof as data: where the claim stands, the formula and its reading, or the reason."""
        return {
            "start": self.claim.span.start,
            "end": self.claim.span.end,
            "text": self.claim.span.of(text),
            "type": self.claim.type,
            "cue": self.claim.cue,
            "about": self.claim.about,
            "item": {"start": self.item.span.start, "end": self.item.span.end, "text": self.item.text},
            "concept": self.concept,
            "expression": self.expression,
            "says": self.says,
            "shows": list(self.shows),
            "reason": self.reason,
            "open": self.open,
            "doubt": self.doubt,
        }


def proofs(
    draft: Draft,
    bindings: Sequence[Binding],
    concepts: Iterable[Concept],
    *,
    year: int = 0,
    scope: Scope | None = None,
) -> tuple[Proof, ...]:
    """One proof for every claim in words and every bound filled figure, in the order of the text.

    `bindings` are those of `bind(draft, concepts)`; `year` is the year of the report (0: that of its title); with a
    `scope` of figures every expression is checked against the catalogue, and one it cannot hold becomes a reason.
    """
    known = books(concepts)
    bound = {binding.item.id: binding.code for binding in bindings if binding.code is not None}
    year = year or _titled(draft)
    settled = {binding.item.id for binding in bindings if not binding.candidates}  # remembered, not guessed
    made = [*_of_figures(draft, known, bound, settled), *_of_words(draft, known, bound, year)]
    made.sort(key=lambda proof: (proof.item.span.start, proof.item.span.end))
    return tuple(_read(proof, known, scope) for proof in made)


def _titled(draft: Draft) -> int:
    found = re.search(r"20\d\d(?=年)", draft.title.of(draft.text))
    return int(found[0]) if found else 0


def _of_figures(draft: Draft, known: Books, bound: dict[str, str], settled: set[str]) -> Iterator[Proof]:
    """Every filled figure that is bound states a value of its concept."""
    cued = [claim.said for claim in draft.claims if claim.said is not None]
    claims = {claim.span: claim for claim in draft.claims if claim.type == "figure"}
    for figure in draft.figures:
        concept = known.known.get(bound.get(figure.id, ""))
        if concept is None or _SEVERAL.search(figure.text) or any(said.touches(figure.span) for said in cued):
            continue  # 翻一番, 零事故, 100%: said of the words
        claim = replace(claims.get(figure.clause, Claim("figure", figure.clause)), figures=(figure.id,))
        if _earlier(draft.text, figure):
            yield Proof(claim, figure, concept.code, reason="这是变动以前的数，文中没有说是哪一年的")
            continue
        says = stated(draft.text, figure, concept.expr, concept.facet)
        doubt = "" if figure.id in settled or plain(draft.text, figure, concept) else _other(figure, concept)
        yield Proof(claim, figure, concept.code, says, shows=(concept.expr,), doubt=doubt)


# 由112家增加到126家: the first figure is of some time before.
_FROM = re.compile(r"[由从]$")
_TO = re.compile(r"[^，；。\d]{0,8}(?:到|至|为)")
_SEVERAL = re.compile(r"[数几]")


def _earlier(text: str, figure: Figure) -> bool:
    """Whether a figure is what something rose or fell from, without its year being said."""
    return (
        _FROM.search(text[: figure.span.start][-2:]) is not None
        and _TO.match(text, figure.full.end) is not None
    )


def _other(figure: Figure, concept: Concept) -> str:
    return f"文中的“{figure.meaning.concept}”不一定就是账上的“{concept.label}”，请核对"


def _of_words(draft: Draft, known: Books, bound: dict[str, str], year: int) -> Iterator[Proof]:
    starts = [sentence.start for sentence in draft.sentences]
    named = [(i, known.known[code]) for i in draft.items() if (code := bound.get(i.id, "")) in known.known]
    places = [item.span.start for item, _ in named]
    clock = Clock(draft.text, draft.sentences, draft.outline)
    for claim in draft.claims:
        if claim.type == "document_issued":
            yield from _of_documents(draft, claim, clock)
        if claim.type != QUALITATIVE or claim.said is None:
            continue
        at = bisect_right(starts, claim.said.start) - 1
        sentence = draft.sentences[at] if at >= 0 else claim.span
        proof = Proof(claim, _place(draft, claim, claim.said, clock))
        told = named[bisect_left(places, sentence.start) : bisect_left(places, claim.span.end)]
        case = Case(draft, claim, claim.said, sentence, known, told, year)
        try:
            found = formula(case)
        except Unsaid as why:
            yield replace(proof, reason=str(why))
            continue
        yield replace(
            proof, expression=found.expression, shows=found.shows, open=found.open, doubt=found.doubt
        )


_DOCUMENT = re.compile(r"《([^《》]{2,60})》")


def _of_documents(draft: Draft, claim: Claim, clock: Clock) -> Iterator[Proof]:
    """Every document named in a claim: it is in a ledger, or it is not."""
    for found in _DOCUMENT.finditer(draft.text, claim.span.start, claim.span.end):
        named = replace(claim, said=Span(*found.span()), about=found[1])
        place = _place(draft, named, Span(*found.span()), clock)
        yield Proof(named, place, reason="这是一份具体的文件，请到台账里按名称核对")


def _place(draft: Draft, claim: Claim, said: Span, clock: Clock) -> Slot:
    """The words of a cue as a place of the text: what is asked there, and of which time."""
    time = clock.at(said.start, draft.text[claim.span.start : said.start])
    return Slot("", said, said.of(draft.text), claim.span, Meaning("level", None, claim.about, "", time))


def _read(proof: Proof, known: Books, scope: Scope | None) -> Proof:
    """The proof with its reading in Chinese; without its expression when the catalogue does not allow it."""
    if not proof.expression:
        return proof
    try:
        node = parse(proof.expression)
        if scope is not None:
            typed(node, scope)
    except ExpressionError as wrong:
        return replace(proof, expression="", shows=(), reason=f"公式语言说不了这句话：{wrong.message}")
    return replace(proof, says=spoken(proof.expression, known))


def spoken(expression: str, known: Books) -> str:
    """A formula in Chinese, with its numbers as they are written and years counted back."""
    labels = {concept.expr: concept.label for concept in known.known.values()}
    return speak(_plain(parse(expression), expression, labels), labels)


_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[%‰]|[\u4e00-\u9fff/]+)?")
_BEFORE = {1: "上年", 2: "前年"}


def _plain(node: Node, source: str, labels: dict[str, str]) -> Node:
    """The node with numbers and years before turned into words of their own, which are said as they stand."""
    match node:
        case Literal(value) if isinstance(value, Amount):
            found = _NUMBER.match(source, node.at - 1)
            return Name((found[0],)) if found else node
        case Binary(sign, left, right):
            return Binary(sign, _plain(left, source, labels), _plain(right, source, labels))
        case Unary(sign, operand):
            return Unary(sign, _plain(operand, source, labels))
        case Call("lastyear", (inner,)):
            years = 1
            while isinstance(inner, Call) and inner.function == "lastyear":
                years, inner = years + 1, inner.arguments[0]
            return Name((f"{_BEFORE.get(years, f'{years}年前')}的{speak(inner, labels)}",))
    return node
