"""What stood where in a roll-up: which closing lies above which, whose units keep no books, and what is listed twice."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shuzhi.cube.axis import Axis
from shuzhi.cube.crown import Crown

_NAMED: Final = 5
_DEPTHS: Final = ("最上", "其下", "再下")


def layers(crown: Crown, closings: Sequence[str], name: Callable[[str, str], str]) -> dict[str, object]:
    """How the closings of these units lie in a crown, as the manifest of a roll-up says it.

    ``above`` gives the unit of the closing right above each ("" for none); ``without`` the units on the levels of
    closings that have none themselves, with that of the closing right above; ``twice`` the names of those that count
    below several units, with theirs. ``name`` gives the name of a unit by its code and a closing above it.
    """
    axis, known = crown.axis, frozenset(closings)
    rows = {code: axis.find(code) for code in sorted(known)}
    levels = {axis.level_of(row) for row in rows.values() if row >= 0}
    without: dict[str, list[str]] = {}
    parents: dict[str, dict[str, str]] = {}
    places: dict[str, str] = {}
    for row, above in enumerate(axis.parent):
        code = axis.codes[row]
        if above < 0 or row not in axis.areas(above):
            continue
        teller = _above(axis, row, known)
        places[code] = name(code, teller)
        parents.setdefault(code, {})[axis.codes[above]] = name(axis.codes[above], teller)
        if code not in known and axis.level_of(row) in levels:
            without[code] = [code, places[code], teller]
    return {
        "above": {code: _above(axis, row, known) for code, row in rows.items()},
        "without": [without[code] for code in sorted(without)],
        "twice": [
            [places[code], [each[above] for above in sorted(each)]]
            for code, each in sorted(parents.items())
            if len(each) > 1
        ],
    }


def _above(axis: Axis, row: int, known: frozenset[str]) -> str:
    """The nearest unit with a closing above a row, "" when there is none."""
    return next((axis.codes[each] for each in axis.above(row) if axis.codes[each] in known), "")


def told(found: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What :func:`layers` found in words, a line each; nothing where no closing lies above another. ``names`` are those
    of the closings' units.
    """
    above: Mapping[str, str] = found["above"]
    depth: dict[str, int] = {}
    for code in above:
        steps, at = 0, code
        while above.get(at):
            steps, at = steps + 1, above[at]
        depth[code] = steps
    lines: list[str] = []
    if any(depth.values()):
        deepest = max(depth.values())
        rows = [[code for code in above if depth[code] == number] for number in range(deepest + 1)]
        places = [_DEPTHS[min(number, 2)] + _named(row, names) for number, row in enumerate(rows)]
        lines.append(f"结账共 {len(rows)} 层：" + "；".join(places))
    if found["without"]:
        more = {code: name for code, name, _ in found["without"]}
        lines.append(f"自己没有结账、用上级结账里的数的：{_named(list(more), more)}")
    for name, above_it in found["twice"][:_NAMED]:
        lines.append(f"{name}同时列在{'、'.join(above_it)}之下，几处都算了；请核对各家的单位，改正后重新结账")
    return lines


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    said = "、".join(names.get(code, code) for code in codes[:_NAMED])
    return f"{said}等 {len(codes)} 个" if len(codes) > _NAMED else said
