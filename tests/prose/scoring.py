"""Scores the reader against marked drafts: ``python -m tests.prose.scoring [FOLDER …] [-v]`` prints the table and what fails.

The measures are those by which the reader is judged: slots found exactly; names told from figures; figures found, and
their values; headings found, and their levels; bound (kind, unit and quantity of a figure's slot all right); defects
found with the right family, and false alarms. A defect may be told at any of its accepted places; one marked possible
or style counts neither way; a masked name is a slot, not a defect.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from shuzhi.prose.reading import read
from tests.prose.annotated import HERE, Annotated, Row, load_all

FAMILIES = {
    "numbering": ("duplicate_ordinal", "missing_ordinal", "heading_order"),
    "arithmetic": (
        "sum_mismatch",
        "growth_mismatch",
        "completion_mismatch",
        "share_mismatch",
        "out_of_range",
    ),
    "wording": ("wrong_word", "missing_word", "grammar"),
    "placeholder": ("placeholder_name", "unresolved_alternative"),
    "consistency": (
        "contradiction",
        "name_inconsistency",
        "year_mismatch",
        "impossible_date",
        "count_mismatch",
    ),
    "repetition": ("copied_paragraph", "duplicate_text"),
    "form": ("punctuation", "format", "unit"),
}
FAMILY = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
_WIDE = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_SCALES = {"万亿": 10**12, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万": 10**4}
_BARE = {**_SCALES, "千": 1000, "百": 100}
_COUNTERS = frozenset("个名人家户项件位")
# Written in turn: what a gold concept and a read one may call differently.
_SAME = (
    ("国内生产总值", "地区生产总值"), ("GDP", "地区生产总值"), ("规模以上", "规上"), ("规模以下", "规下"),
    ("社零总额", "社会消费品零售总额"), ("一般公共财政预算", "一般公共预算"), ("同比", ""), ("增长率", "增速"),
    ("增长幅度", "增速"), ("增幅", "增速"), ("增长", "增速"), ("比重", "占比"), ("所占比例", "占比"), ("比例", "占比"),
    ("总数", "数"), ("数量", "数"), ("总量", "量"), ("个数", "数"),
)  # fmt: skip
_ALIKE = Fraction(3, 5)
Spot = tuple[int, int]


@dataclass
class Score:
    """What was counted over some drafts, and in words what went wrong; scores add up."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.counts + other.counts, self.wrong + other.wrong)

    def rate(self, part: str, whole: str) -> Fraction | None:
        """One count over another; None where there is nothing to be right or wrong about."""
        return Fraction(self.counts[part], self.counts[whole]) if self.counts[whole] else None

    def f1(self, right: str, said: str, gold: str) -> Fraction | None:
        """Twice what is right over what was said and what there is."""
        both = self.counts[said] + self.counts[gold]
        return Fraction(2 * self.counts[right], both) if both else None


#: name of a measure → how it is taken; all but the alarms are shares of one, the alarms are per 10,000 characters.
#: slotX: F1 of slots at their exact place; nameF: F1 of names told from figures; P, R: precision, recall.
MEASURES: dict[str, Callable[[Score], Fraction | None]] = {
    "slotX": lambda s: s.f1("slot exact", "slot said", "slot gold"),
    "kind": lambda s: s.rate("kind right", "slot paired"),
    "nameF": lambda s: s.f1("name right", "name said", "name gold"),
    "bound": lambda s: s.rate("bound", "bound gold"),
    "figP": lambda s: s.rate("figure paired", "figure said"),
    "figR": lambda s: s.rate("figure paired", "figure gold"),
    "value": lambda s: s.rate("value right", "figure paired"),
    "outR": lambda s: s.rate("heading paired", "heading gold"),
    "level": lambda s: s.rate("level right", "heading paired"),
    "defR": lambda s: s.rate("defect found", "defect gold"),
    "defP": lambda s: s.rate("defect found", "defect said"),
    "alarms": lambda s: s.rate("alarm × 10000", "characters"),
}


def score(draft: Annotated, said: Row | None = None) -> Score:
    """The score of what was read of a draft (by default: what the reader reads now)."""
    said = read(draft.text).as_json() if said is None else said
    made = Score()
    made.counts["characters"] = len(draft.text)
    for part in (_slots, _figures, _defects, _outline):
        part(draft.gold, said, made)
    return made


def over(folder: str) -> list[tuple[str, Score]]:
    """Every draft of a folder with its score."""
    return [(draft.name, score(draft)) for draft in load_all(folder)]


# --- pairing -----------------------------------------------------------------------------------------------------------


def _spot(row: Row) -> Spot:
    return int(row["start"]), int(row["end"])


def _shared(a: Spot, b: Spot) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _size(spot: Spot) -> int:
    return spot[1] - spot[0]


def _paired(likely: Iterable[tuple[Fraction | int, int, int]]) -> dict[int, int]:
    """Gold to said, one to one, the best pairs first."""
    made: dict[int, int] = {}
    taken: set[int] = set()
    for _, gold, said in sorted(likely, key=lambda one: (-one[0], one[1], one[2])):
        if gold not in made and said not in taken:
            made[gold] = said
            taken.add(said)
    return made


# --- slots -------------------------------------------------------------------------------------------------------------


def _slots(gold: Row, said: Row, made: Score) -> None:
    wanted, found = gold["slots"], said["slots"]
    made.counts["slot gold"] += len(wanted)
    made.counts["slot said"] += len(found)
    made.counts["slot exact"] += len({_spot(s) for s in wanted} & {_spot(s) for s in found})
    pairs = _paired(
        (Fraction(_shared(_spot(g), _spot(s)), max(_size(_spot(g)), _size(_spot(s)))), i, j)
        for i, g in enumerate(wanted)
        for j, s in enumerate(found)
        if _shared(_spot(g), _spot(s))
    )
    made.counts["slot paired"] += len(pairs)
    made.counts["name gold"] += sum(slot["kind"] == "name" for slot in wanted)
    made.counts["bound gold"] += sum(slot["kind"] != "name" for slot in wanted)
    for i, slot in enumerate(wanted):
        if i in pairs:
            _slot(slot, found[pairs[i]], made)
        else:
            made.wrong.append(f"slot not found: {slot['start']} {slot['text']!r} {slot['concept']}")
    for j in sorted(set(range(len(found))) - set(pairs.values())):
        made.wrong.append(f"slot that is none: {found[j]['start']} {found[j]['text']!r}")


def _slot(gold: Row, said: Row, made: Score) -> None:
    named, called = gold["kind"] == "name", said["kind"] == "name"
    kind = said["kind"] in (gold["kind"], *gold.get("kind_alt", []))
    made.counts["kind right"] += kind
    made.counts["name said"] += called
    made.counts["name right"] += named and called
    unit = _unit(said["unit"]) == _unit(gold["unit"])
    bound = kind and unit and alike(said["concept"], gold) >= _ALIKE
    made.counts["bound"] += bound and not named
    if not kind or (not named and not bound):
        told = " / ".join(f"{row['kind']} {row['unit']} {row['concept']}" for row in (gold, said))
        made.wrong.append(f"slot read otherwise: {gold['start']} {gold['text']!r} {told}")


def alike(concept: str | None, gold: Row) -> Fraction:
    """How alike a concept is to the marked one or one of its accepted wordings: the overlap of their character pairs."""
    said = _plain(concept)
    return max(_overlap(said, _plain(words)) for words in (gold["concept"], *gold.get("concept_alt", [])))


def _plain(concept: str | None) -> str:
    words = re.sub(r"[\s“”\"'《》()（）、，,·]", "", concept or "")
    for old, new in _SAME:
        words = words.replace(old, new)
    return words


def _overlap(a: str, b: str) -> Fraction:
    if a == b:
        return Fraction(1)
    if not a or not b:
        return Fraction(0)
    first, second = (Counter(t[i : i + 2] for i in range(max(1, len(t) - 1))) for t in (a, b))
    return Fraction(2 * (first & second).total(), first.total() + second.total())


# --- figures -----------------------------------------------------------------------------------------------------------


def _figures(gold: Row, said: Row, made: Score) -> None:
    wanted, found = gold["figures"], said["figures"]
    made.counts["figure gold"] += len(wanted)
    made.counts["figure said"] += len(found)
    pairs = _paired(
        (
            Fraction(_shared(_spot(g), _spot(s)), _size(_spot(g)))
            - abs(_size(_spot(g)) - _size(_spot(s))) / Fraction(100),
            i,
            j,
        )
        for i, g in enumerate(wanted)
        for j, s in enumerate(found)
        if _shared(_spot(g), _spot(s)) and s["start"] >= g["full_start"] - 3 and s["end"] <= g["full_end"] + 3
    )
    made.counts["figure paired"] += len(pairs)
    for i, figure in enumerate(wanted):
        if i not in pairs:
            made.wrong.append(f"figure not found: {figure['start']} {figure['text']!r} {figure['concept']}")
            continue
        read_as = found[pairs[i]]
        right = _value_right(read_as, figure)
        made.counts["value right"] += right
        if not right:
            made.wrong.append(
                f"value read otherwise: {figure['text']!r} {figure['value']} {figure['unit']}"
                f" / {read_as['value']} {read_as['unit']}"
            )
    for j in sorted(set(range(len(found))) - set(pairs.values())):
        trap = [t["why"] for t in gold["not_figures"] if _shared(_spot(t), _spot(found[j]))]
        made.wrong.append(f"figure that is none: {found[j]['start']} {found[j]['text']!r} {' '.join(trap)}")


def _value_right(said: Row, gold: Row) -> bool:
    """Whether the value is the marked one, in the printed unit or scaled to it."""
    value, (size, base) = Fraction(said["value"]), _scaled(said["unit"])
    for wanted, unit in ((gold["value"], gold["unit"]), *gold.get("value_alt", [])):
        exact, (own, thing) = Fraction(str(wanted)), _scaled(unit)
        same_thing = base == thing or not base or not thing or {base, thing} <= _COUNTERS
        if (size == own and _near(value, exact)) or (same_thing and _near(value * size, exact * own)):
            return True
        if _unit(unit) == "%" and not base and _near(value * 100, exact):
            return True
    return False


def _near(a: Fraction, b: Fraction) -> bool:
    """Whether two values are one but for the rounding of a fraction (三分之二 = 66.6667)."""
    close = max(Fraction(1), abs(a), abs(b)) / 10**6
    return abs(a - b) <= (close + Fraction(5, 10**5) if abs(b) < 1 else close)


def _unit(unit: str | None) -> str:
    plain = re.sub(r"[\s余多来]", "", (unit or "").translate(_WIDE)).replace("人民币", "")
    return {"百分比": "%", "百分点": "个百分点"}.get(plain, plain)


def _scaled(unit: str | None) -> tuple[int, str]:
    plain = _unit(unit)
    if plain in _BARE:
        return _BARE[plain], ""
    scale = next((word for word in _SCALES if plain.startswith(word) and plain != word), "")
    return (_SCALES[scale], plain.removeprefix(scale)) if scale else (1, plain)


# --- defects and outline -----------------------------------------------------------------------------------------------


def _defects(gold: Row, said: Row, made: Score) -> None:
    names = [slot for slot in gold["slots"] if slot["kind"] == "name"]
    marked = [d for d in gold["defects"] if d["type"] != "placeholder_name"]
    main = [d for d in marked if d["severity"] in ("certain", "likely")]
    told = [
        d
        for d in said["defects"]
        if d["type"] != "placeholder_name" or not any(_shared(_spot(n), _spot(d)) for n in names)
    ]
    pairs = _paired(
        (_closeness(g["type"], s["type"]), i, j)
        for i, g in enumerate(main)
        for j, s in enumerate(told)
        if _at(g, s)
    )
    made.counts["defect gold"] += len(main)
    for i, defect in enumerate(main):
        found = i in pairs and _closeness(defect["type"], told[pairs[i]]["type"]) > 1
        made.counts["defect found"] += found
        if not found:
            made.wrong.append(f"defect not found: {defect['type']} {defect['start']} {defect['text'][:30]!r}")
    made.counts["defect said"] += len(pairs)
    neutral = [d for d in gold["defects"] if d["severity"] not in ("certain", "likely")]
    for j in sorted(set(range(len(told))) - set(pairs.values())):
        if any(_at(d, told[j]) for d in neutral):
            continue
        again = (d for d in gold["defects"] if d not in neutral and _at(d, told[j]))
        if any(_closeness(d["type"], told[j]["type"]) > 1 for d in again):
            continue
        made.counts["alarm × 10000"] += 10000
        made.counts["defect said"] += 1
        made.wrong.append(f"false alarm: {told[j]['rule']} {told[j]['start']} {told[j]['explanation']}")


def _at(gold: Row, said: Row) -> bool:
    """Whether a finding stands at a defect or at one of the other places where it may be told."""
    places: Sequence[Sequence[int]] = [_spot(gold), *gold.get("alt_spans", [])]
    return any(_shared((a, b), _spot(said)) for a, b in places)


def _closeness(gold: str, said: str) -> int:
    if gold == said:
        return 3
    return 2 if gold in FAMILY and FAMILY[gold] == FAMILY.get(said) else 1


def _outline(gold: Row, said: Row, made: Score) -> None:
    wanted, found = gold["outline"], said["outline"]
    made.counts["heading gold"] += len(wanted)
    pairs = _paired(
        (Fraction(_shared(a, b), max(a[1], b[1]) - min(a[0], b[0])), i, j)
        for i, a in enumerate(map(_heading, wanted))
        for j, b in enumerate(map(_heading, found))
        if _shared(a, b) * 2 >= _size(a) and b[0] >= wanted[i]["number_start"] - 2
    )
    made.counts["heading paired"] += len(pairs)
    for i, heading in enumerate(wanted):
        words = f"{heading['marker']}{heading['heading_text']}"
        if i not in pairs:
            made.wrong.append(f"heading not found: {words}")
            continue
        level = found[pairs[i]]["level"]
        made.counts["level right"] += level == heading["level"]
        if level != heading["level"]:
            made.wrong.append(f"level read otherwise: {words} {heading['level']} / {level}")
    for j in sorted(set(range(len(found))) - set(pairs.values())):
        made.wrong.append(f"heading that is none: {found[j]['marker']}{found[j]['heading_text']}")


def _heading(row: Row) -> Spot:
    return row["heading_text_start"], row["heading_text_end"]


# --- the table ---------------------------------------------------------------------------------------------------------


def line(name: str, made: Score) -> str:
    """A draft's measures on one line, in percent; a dash where there is nothing to measure."""
    cells = [measure(made) for measure in MEASURES.values()]
    shares = [f"{'-' if cell is None else format(float(cell * 100), '.1f'):>7}" for cell in cells[:-1]]
    return f"{name:28}{''.join(shares)}{format(float(cells[-1] or 0), '.2f'):>7}"


def main(words: Sequence[str] | None = None) -> int:
    """Print the table of every folder and, if asked, what still fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", default=["open", "kept", "clean"])
    parser.add_argument("-v", action="store_true", help="what fails, draft by draft")
    given = parser.parse_args(words)
    for folder in given.folders:
        if not (HERE / folder).is_dir():
            continue
        print(f"{folder:28}" + "".join(f"{name:>7}" for name in MEASURES))
        whole = Score()
        for name, made in over(folder):
            print(line(name, made))
            whole += made
            if given.v:
                print("".join(f"    {wrong}\n" for wrong in made.wrong), end="")
        print(line("all", whole), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
