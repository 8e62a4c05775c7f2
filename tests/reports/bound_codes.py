"""Which concept of the national catalogue each mask is bound to: ``python -m tests.reports.bound_codes``.

right: the marked code (or honestly none where there is none); asked: left to the author with the right one shown;
missed: left open without it; wrong: bound to something else, the one outcome that puts a false figure into a report.
"""

import sys
from collections import Counter
from collections.abc import Iterator

from shuzhi.kernel.catalogue.load import national
from shuzhi.prose.binding import Binding, bind
from shuzhi.prose.reading import read
from shuzhi.reports.concepts import concepts
from tests.prose.annotated import load_all

NONE = "none"


def outcomes(folder: str = "wide") -> Iterator[tuple[str, str, tuple[str, ...], Binding]]:
    """Draft, outcome, marked codes and binding of every mask that has a code."""
    known = concepts(national())
    for draft in load_all(folder):
        text = read(draft.text)
        said = {binding.item.span.start: binding for binding in bind(text, known, figures=False)}
        for slot in draft.gold["slots"]:
            codes = tuple(slot.get("codes", ()))
            binding = said.get(slot["start"])
            if codes and binding is not None:
                yield draft.name, _outcome(codes, binding), codes, binding


def _outcome(codes: tuple[str, ...], binding: Binding) -> str:
    if binding.code is not None:
        return "right" if binding.code in codes else "wrong"
    if NONE in codes:
        return "right"
    return "asked" if any(candidate.code in codes for candidate in binding.candidates) else "missed"


def main() -> int:
    """Print the score of every draft, and all that is not right."""
    whole: Counter[str] = Counter()
    parts: dict[str, Counter[str]] = {}
    for name, outcome, codes, binding in outcomes():
        whole[outcome] += 1
        parts.setdefault(name, Counter())[outcome] += 1
        if outcome != "right" or "-v" in sys.argv:
            item = binding.item
            shown = " ".join(f"{one.code}:{one.confidence}" for one in binding.candidates[:4])
            print(
                f"{name[:3]} {outcome:6} {item.span.start:4} {item.meaning.concept}|{item.meaning.kind}|{item.meaning.unit} = {';'.join(codes)}"
                f" / {binding.code} [{shown}]"
            )
    for name, part in {**parts, "all": whole}.items():
        print(f"{name:20} {dict(part)} {part['right'] / part.total():.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
