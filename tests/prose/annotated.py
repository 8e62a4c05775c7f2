"""Drafts written for the tests, with what a careful reader finds in them marked inside the text.

A file has sections, each opened by a line ``=== name``:

``meta``      TOML: year, doctype, place, masks, layout.
``text``      the draft; masks and figures stand in marks, everything else is as printed:
              ``⟦X.X¦growth¦%¦地区生产总值 增速;GDP增速¦year⟧``   a mask: kind, unit, concept;accepted ones, time
              ``⟦XX¦count¦件¦信访 件次¦year¦petition_case.cases⟧``  and its code in the national catalogue; or ``none``
              ``⟦=9.72¦level/money¦亿元¦一般公共预算收入¦year⟧``    a figure (``=``); ``/`` kinds also defensible
              ``⟦=三分之二¦share¦%¦… 占比¦to date¦66.6667¦eq⟧``   its value where it is not plain digits
                                                               (``1.4—2.1`` is a range), its qualifier
              ``⟦XX¦name¦¦县名⟧``                                a mask of a name
``outline``   a heading a line: level, the mark as printed, the words: ``2 （一） 产业转型步子更稳``
``defects``   ``type ¦ severity ¦ the words as printed ¦ why [¦ other words where it may be told, ; between]``
``claims``    ``type ¦ the words``; figure claims are made from the marks
``traps``     ``slot or figure ¦ the words ¦ why``: what only looks like one
``frame``     ``title ¦ words``, ``boilerplate ¦ words``

Words that occur more than once are told apart by ``#2`` behind them (the second occurrence).
The schema made from it is that of the practice drafts: offsets are characters, ends exclusive.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "drafts"
_MARK = re.compile(r"⟦(=?)([^⟦⟧¦]+)((?:¦[^⟦⟧¦]*)+)⟧")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
Row = dict[str, Any]


@dataclass
class Annotated:
    """A draft and its gold in the schema of the practice drafts."""

    name: str
    text: str
    gold: Row
    meta: Row = field(default_factory=dict)


class Mistake(ValueError):
    """An annotation that does not fit its text."""


def load(path: Path) -> Annotated:
    """The draft in `path` with its gold; raises Mistake where the two do not agree."""
    parts = _sections(path.read_text(encoding="utf-8"))
    text, marks = _unmarked(parts.get("text", ""), path.name)
    slots = [m for m in marks if "value" not in m]
    figures = [m for m in marks if "value" in m]
    for prefix, rows in (("s", slots), ("f", figures)):
        for number, row in enumerate(rows, 1):
            row["id"] = f"{prefix}{number:02}"
    gold: Row = {"file": path.stem + ".txt", "slots": slots, "figures": figures}
    gold["outline"] = list(_outline(parts.get("outline", ""), text, path.name))
    gold["defects"] = list(_defects(parts.get("defects", ""), text, path.name))
    gold["defects"] += [_nameless(s) for s in slots if s["kind"] == "name"]
    gold["claims"] = _claims(parts.get("claims", ""), text, marks, path.name)
    gold |= {"not_slots": [], "not_figures": [], "boilerplate": []}
    for what, words, why in _rows(parts.get("traps", "")):
        start, end = _find(text, words, path.name)
        gold[f"not_{what}s"].append({"start": start, "end": end, "text": text[start:end], "why": why})
    for what, words in _rows(parts.get("frame", "")):
        start, end = _find(text, words, path.name)
        if what == "title":
            gold["title"] = {"start": start, "end": end}
        else:
            gold["boilerplate"].append({"start": start, "end": end})
    if "title" not in gold:
        raise Mistake(f"{path.name}: the frame names no title")
    return Annotated(path.stem, text, gold, tomllib.loads(parts.get("meta", "")))


def load_all(folder: str) -> list[Annotated]:
    """Every draft of `folder` (open: looked at while the reader was built; kept: only measured)."""
    return [load(path) for path in sorted((HERE / folder).glob("*.txt"))]


def clauses(text: str) -> list[tuple[int, int]]:
    """The clauses of `text` as the schema cuts them."""
    made = []
    at = 0
    for m in re.finditer(r"[。！？；：，\n;!?]|(?<![0-9]),|,(?![0-9])|$", text):
        if m.start() > at:
            made.append((at, m.start()))
        at = m.end()
    return made


def _sections(raw: str) -> dict[str, str]:
    made: dict[str, list[str]] = {}
    current: list[str] = []
    for line in raw.split("\n"):
        if line.startswith("=== "):
            current = made.setdefault(line[4:].strip(), [])
        else:
            current.append(line)
    return {name: "\n".join(lines).rstrip("\n") for name, lines in made.items()}


def _unmarked(marked: str, file: str) -> tuple[str, list[Row]]:
    out: list[str] = []
    rows: list[Row] = []
    at = size = 0
    for m in _MARK.finditer(marked):
        before = marked[at : m.start()]
        out.append(before)
        size += len(before)
        words = m.group(2)
        rows.append(_marked(words, size, bool(m.group(1)), m.group(3)[1:].split("¦"), file))
        out.append(words)
        size += len(words)
        at = m.end()
    out.append(marked[at:])
    text = "".join(out)
    if re.search("[⟦⟧¦]", text):
        raise Mistake(
            f"{file}: a mark is not closed or not well formed near {text[max(0, text.find('⟦')) :][:30]}"
        )
    cut = clauses(text)
    for row in rows:
        row["clause_start"], row["clause_end"] = next((a, b) for a, b in cut if a <= row["start"] < b)
        if "value" in row:
            rest = text[row["end"] :]
            unit = row["unit"] or ""
            tail = next((n for n in range(min(len(rest), len(unit) + 2) + 1) if rest[:n].endswith(unit)), 0)
            row["full_start"], row["full_end"] = row["start"], row["end"] + tail
    return text, rows


def _marked(words: str, start: int, filled: bool, said: list[str], file: str) -> Row:
    kind, unit, concept, time, value, bound = [*said, "", "", "", "", "", ""][:6]
    first, *others = kind.split("/")
    if first not in ("level", "growth", "share", "count", "money", "name", "other"):
        raise Mistake(f"{file}: kind {kind!r} of {words!r}")
    name, *accepted = concept.split(";")
    row: Row = {"start": start, "end": start + len(words), "text": words, "kind": first, "unit": unit or None}
    row |= {"concept": name, "time": time or None}
    if others:
        row["kind_alt"] = others
    if accepted:
        row["concept_alt"] = accepted
    if value and not filled:
        row["codes"] = value.split(";")
    if filled:
        low, _, high = (value or words.translate(_WIDE).replace(",", "")).replace("～", "—").partition("—")
        if not _DIGITS.fullmatch(low.strip("-")):
            raise Mistake(f"{file}: give the value of {words!r}")
        row["value"] = float(Fraction(low))
        if high:
            row["value_max"] = float(Fraction(high))
        if bound:
            row["qualifier"] = bound
    return row


def _outline(raw: str, text: str, file: str) -> Iterator[Row]:
    found: list[Row] = []
    at = 0
    for line in filter(None, raw.split("\n")):
        level, marker, heading = line.split(" ", 2)
        m = re.compile(re.escape(marker) + r"\s*" + re.escape(heading)).search(text, at)
        if m is None:
            raise Mistake(f"{file}: heading {line!r} is not in the text")
        at = m.end()
        number = re.sub(r"[、.．（）()，,。\s第]|是$|[款章节]$", "", marker)
        row: Row = {"id": f"o{len(found) + 1}", "level": int(level), "number": number, "marker": marker}
        row |= {"number_start": m.start(), "number_end": m.start() + len(marker)}
        row |= {
            "heading_text_start": m.end() - len(heading),
            "heading_text_end": m.end(),
            "heading_text": heading,
        }
        found.append(row)
    for i, row in enumerate(found):
        after = [o["number_start"] for o in found[i + 1 :] if o["level"] <= row["level"]]
        end = after[0] if after else len(text.rstrip())
        gap = re.compile(r"[。：:\s]*").match(text, row["heading_text_end"])
        row["body_start"] = min(gap.end() if gap else end, end)
        row["body_end"] = row["body_start"] + len(text[row["body_start"] : end].rstrip())
        yield row


def _defects(raw: str, text: str, file: str) -> Iterator[Row]:
    for number, row in enumerate(_rows(raw), 1):
        start, end = _find(text, row[2], file)
        made: Row = {"id": f"d{number}", "start": start, "end": end, "text": text[start:end]}
        made |= {"type": row[0], "severity": row[1], "explanation": row[3]}
        if len(row) > 4:
            made["alt_spans"] = [
                list(_find(text, words, file)) for words in row[4].split(";") if words.strip()
            ]
        yield made


def _nameless(slot: Row) -> Row:
    made = {key: slot[key] for key in ("start", "end", "text")}
    return {
        "id": f"p{slot['id'][1:]}",
        **made,
        "type": "placeholder_name",
        "severity": "certain",
        "explanation": "",
    }


def _claims(raw: str, text: str, marks: list[Row], file: str) -> list[Row]:
    made: list[Row] = []
    for clause in dict.fromkeys((m["clause_start"], m["clause_end"]) for m in marks if m["kind"] != "name"):
        body = text[slice(*clause)]
        start = clause[0] + len(body) - len(body.lstrip())
        made.append({"start": start, "end": clause[1], "type": "figure"})
    for row in _rows(raw):
        start, end = _find(text, row[1], file)
        made.append({"start": start, "end": end, "type": row[0]})
    made.sort(key=lambda c: (c["start"], c["type"]))
    return [{"id": f"c{i:02}", **c, "text": text[c["start"] : c["end"]]} for i, c in enumerate(made, 1)]


def _rows(raw: str) -> Iterator[list[str]]:
    for line in raw.split("\n"):
        if line.strip():
            yield [cell.strip() for cell in line.split("¦")]


def _find(text: str, words: str, file: str) -> tuple[int, int]:
    words, _, nth = words.strip().partition("#")
    at = -1
    for _ in range(int(nth or 1)):
        at = text.find(words, at + 1)
        if at < 0:
            raise Mistake(f"{file}: {words!r} is not in the text")
    if not nth and text.find(words, at + 1) >= 0 and len(words) > 1:
        raise Mistake(f"{file}: {words!r} occurs more than once; write {words}#1 or {words}#2")
    return at, at + len(words)
