"""The reader does not get worse on the marked drafts: every measure stays above its floor, false alarms below theirs."""

from fractions import Fraction

import pytest

from tests.prose.annotated import HERE, Annotated, Row, load_all
from tests.prose.scoring import MEASURES, Score, score
from tests.prose.slips import load

#: folder → measure → the least it may be (of alarms: the most there may be in 10,000 characters).
#: `open` was looked at while the reader was built, `kept` was not, `wide` says all sixty mechanisms in ordinary words,
#: `clean` holds texts with nothing wrong in them.
FLOORS: dict[str, dict[str, str]] = {
    "open": {
        "slotX": "0.99",
        "nameF": "0.97",
        "figP": "0.98",
        "figR": "0.98",
        "value": "0.99",
        "outR": "0.98",
        "level": "0.98",
        "bound": "0.93",
        "defR": "0.92",
        "alarms": "0.6",
    },
    "kept": {
        "slotX": "0.985",
        "nameF": "0.90",
        "figP": "0.98",
        "figR": "0.98",
        "value": "0.99",
        "outR": "0.97",
        "level": "0.99",
        "bound": "0.90",
        "defR": "0.78",
        "alarms": "1",
    },
    "wide": {
        "slotX": "0.99",
        "nameF": "0.90",
        "outR": "0.95",
        "level": "0.99",
        "bound": "0.77",
        "alarms": "0.5",
    },
    "clean": {"outR": "0.99", "level": "0.99", "alarms": "0.5"},
}
#: Of the slips: the least share to be found, and the most findings there may be in their right twins.
SLIPS = {"open": (Fraction("0.97"), 0), "kept": (Fraction("0.50"), 0)}
FOLDERS = [folder for folder in FLOORS if any((HERE / folder).glob("*.txt"))]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_score_falls_under_its_floor(folder: str) -> None:
    drafts = load_all(folder)
    whole = sum((score(draft) for draft in drafts), Score())
    under = {}
    for name, floor in FLOORS[folder].items():
        found = MEASURES[name](whole)
        good = found is None or (found <= Fraction(floor) if name == "alarms" else found >= Fraction(floor))
        if not good:
            under[name] = f"{found} instead of {floor}"
    assert not under, "\n".join(whole.wrong)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_marks_themselves_score_full_and_silence_scores_nothing(folder: str) -> None:
    drafts = load_all(folder)
    full = sum((score(draft, _as_read(draft)) for draft in drafts), Score())
    assert {name: measure(full) for name, measure in MEASURES.items() if measure(full) not in (None, 1)} == {
        "alarms": 0
    }
    nothing: Row = {"slots": [], "figures": [], "defects": [], "outline": []}
    silent = sum((score(draft, nothing) for draft in drafts), Score())
    assert not any(measure(silent) for measure in MEASURES.values())


@pytest.mark.parametrize("which", SLIPS)
def test_enough_slips_are_found_and_their_right_twins_left_alone(which: str) -> None:
    slips = load(which)
    least, most = SLIPS[which]
    found = sum(slip.found() for slip in slips)
    vain = [alarm.explanation for slip in slips for alarm in slip.alarms()]
    assert Fraction(found, len(slips)) >= least
    assert len(vain) <= most, vain


def test_what_is_read_wrongly_costs() -> None:
    draft = load_all("open")[0]
    wrong = _as_read(draft)
    for slot in wrong["slots"]:
        slot |= {"end": slot["end"] + 1, "kind": "count", "unit": "个"}
    for figure in wrong["figures"]:
        figure["value"] = str(Fraction(figure["value"]) * 10)
    for defect in wrong["defects"]:
        defect |= {
            "start": defect["start"] + 5000,
            "end": defect["end"] + 5000,
            "rule": "",
            "explanation": "",
        }
    made = score(draft, wrong)
    taken = {name: measure(made) or 0 for name, measure in MEASURES.items()}
    assert taken["slotX"] == taken["nameF"] == taken["value"] == taken["defR"] == 0
    assert taken["bound"] < Fraction(1, 2)
    assert taken["alarms"] > 1


def _as_read(draft: Annotated) -> Row:
    """The marks of a draft as if they had been read."""
    figures = [{**figure, "value": str(Fraction(str(figure["value"])))} for figure in draft.gold["figures"]]
    slots = [{**slot} for slot in draft.gold["slots"]]
    wrong = [{**d} for d in draft.gold["defects"] if d["type"] != "placeholder_name"]
    return {"slots": slots, "figures": figures, "defects": wrong, "outline": draft.gold["outline"]}
