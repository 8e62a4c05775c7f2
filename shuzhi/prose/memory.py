"""Finds what a user chose before for what a place measures, also where this year's wording differs a little."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuzhi.prose.concepts import Concept, folded_words, index, opposed, same_unit
from shuzhi.prose.model import Figure, Meaning, Slot

# Per mille. A wording this alike is the same place in another year; the next one that meant something else must be clearly less so.
ALIKE = 760
CLEAR = 60
_AMOUNTS = frozenset({"level", "money", "count"})


@dataclass(frozen=True, slots=True)
class Recalled:
    """The code chosen before, how alike the wordings are (per mille, 1000 for the same), and the wording of then."""

    code: str
    alike: int
    wording: str


def memory_key(item: Slot | Figure) -> str:
    """The key a user's choice for `item` is remembered under: what it measures, its kind and its unit."""
    meaning = item.meaning
    return f"{folded_words(meaning.concept)}|{meaning.kind}|{(meaning.unit or '').lstrip('万亿')}"


def kinds_agree(said: str, wanted: str) -> bool:
    """Whether two kinds may name one thing: amounts among themselves; a change or a share never for an amount."""
    return said == wanted or (said in _AMOUNTS and wanted in _AMOUNTS)


def fits(meaning: Meaning, concept: Concept) -> bool:
    """Whether a concept can be printed in the unit of a place and is of its kind."""
    return same_unit(meaning.unit, concept.units) > 0 and kinds_agree(meaning.kind, concept.kind)


class Memory:
    """The choices of earlier years, asked by key; built once for a draft."""

    def __init__(self, chosen: Mapping[str, str], known: Mapping[str, Concept]) -> None:
        self._chosen = {key: code for key, code in chosen.items() if code in known and key.count("|") == 2}
        self._known = known
        wordings = dict.fromkeys(key.split("|")[0] for key in self._chosen)
        self._index = index(Concept(said, said, (said,), (), "") for said in sorted(wordings) if said)

    def recall(self, item: Slot | Figure) -> Recalled | None:
        """What was chosen for this place, or for one worded almost alike, of its kind and unit; None when in doubt."""
        key, meaning = memory_key(item), item.meaning
        code = self._chosen.get(key)
        if code is not None:
            return Recalled(code, 1000, meaning.concept) if fits(meaning, self._known[code]) else None
        if not self._chosen or not meaning.quantity:
            return None
        return self._nearest(key.split("|")[0], meaning)

    def _nearest(self, said: str, meaning: Meaning) -> Recalled | None:
        alike = self._index.likenesses([said])
        found: dict[str, Recalled] = {}
        for key, code in self._chosen.items():
            wording, kind, unit = key.split("|")
            near = alike.get(wording, 0)
            if near < ALIKE - CLEAR or near <= (found[code].alike if code in found else 0):
                continue
            one_thing = (
                kinds_agree(meaning.kind, kind) and same_unit(meaning.unit, (unit,) if unit else ()) >= 900
            )
            if one_thing and not opposed(said, wording) and fits(meaning, self._known[code]):
                found[code] = Recalled(code, near, wording)
        ranked = sorted(found.values(), key=lambda r: (-r.alike, r.code))
        if not ranked or ranked[0].alike < ALIKE:
            return None
        tied = len(ranked) > 1 and ranked[0].alike - ranked[1].alike < CLEAR
        return None if tied else ranked[0]
