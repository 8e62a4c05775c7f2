"""Words that do not go together: a verb with an object it cannot have, one thing said in two ways at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import Value, any_of, at, words


@dataclass(frozen=True, slots=True)
class Saying:
    """A pattern and what to tell the writer about it."""

    pattern: re.Pattern[str]
    say: str


def _entries(name: str, *path: str) -> list[dict[str, Value]]:
    listed = at(name, *path)
    return [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []


@cache
def sayings(name: str, *path: str) -> tuple[Saying, ...]:
    """The table of patterns at `path` of table `name`."""
    return tuple(Saying(re.compile(str(e["pattern"]), re.M), str(e["say"])) for e in _entries(name, *path))


def _strings(value: Value) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


@cache
def _rights() -> dict[tuple[str, str], str]:
    """The right verb for every verb and object that do not go together."""
    made: dict[tuple[str, str], str] = {}
    for entry in _entries("grammar", "match"):
        for verb in _strings(entry["verb"]):
            for thing in _strings(entry["object"]):
                made.setdefault((verb, thing), str(entry["say"]))
    return made


@cache
def _objects() -> re.Pattern[str]:
    """An object at the end of its clause."""
    things = tuple(sorted({thing for _, thing in _rights()}))
    return re.compile(f"({any_of(things)})(?=[，。；！\n]|$)")


_CLAUSE = re.compile(r"[^，。；：、！\n“”《》（）]+$")
_FAR = 18
_JOINED = re.compile(r"[和与及并以为是有让使或]|就是|的(?:工作|管理)?[新高](?!质)")


def mismatched(draft: Draft) -> Iterator[Found]:
    """A verb whose object asks for another verb (提高……步伐)."""
    text = draft.text
    for span in matched(draft, _objects()):
        clause = _CLAUSE.search(text, max(0, span.start - 2 * _FAR), span.start)
        if clause is None:
            continue
        thing = span.of(text)
        for verb in _verbs().finditer(clause.group()):
            right = _rights().get((verb.group(), thing))
            if right and _governs(clause.group()[: verb.start()], clause.group()[verb.end() :]):
                whole = Span(clause.start() + verb.start(), span.end)
                yield Found(whole, f"“{whole.of(text)}”搭配不当，“{thing}”应说“{right}”。", "likely")
                break


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile(any_of((*words("grammar", "verbs"), *(verb for verb, _ in _rights()))))


@cache
def _others() -> re.Pattern[str]:
    """Verbs that, standing between, take the object for themselves."""
    return re.compile(any_of(words("grammar", "verbs")))


def _governs(before: str, between: str) -> bool:
    """Whether what stands between lets the verb govern the object at the end."""
    if (
        len(between) > _FAR
        or between.startswith("的")
        or before.endswith(("的", "得到", "和", "与", "更", "高"))
    ):
        return False
    between = between.removeprefix("了")
    return not (_JOINED.search(between) or _others().search(between))


_GETS = r"(?:得到|有了?|实现|获得|取得)?了?(?:很大|较大|明显|显著|进一步|不断|持续|稳步|逐步|大幅|有效|极大|全面|更大)?(?:的|地)?"


@cache
def _predicates() -> tuple[Saying, ...]:
    """A subject and a predicate that ends the clause and cannot be said of it."""
    made: list[Saying] = []
    for entry in _entries("grammar", "predicate"):
        subject, verb = any_of(_strings(entry["subject"])), any_of(_strings(entry["verb"]))
        kept = "".join(f"(?<!{re.escape(word)})" for word in _strings(entry.get("after", [])))
        made.append(Saying(re.compile(f"{kept}{subject}{_GETS}{verb}(?=[，。；\n]|$)"), str(entry["say"])))
    return tuple(made)


def predicated(draft: Draft) -> Iterator[Found]:
    """A predicate that cannot be said of its subject (面貌有了很大提高)."""
    for saying in _predicates():
        for span in matched(draft, saying.pattern):
            yield Found(span, f"“{span.of(draft.text)}”搭配不当，应说“{saying.say}”。", "likely")


def framed(draft: Draft) -> Iterator[Found]:
    """One thing said in two ways at once (原因是因为, 约……左右), or a sense turned round by a needless 不."""
    for saying in sayings("grammar", "frame"):
        for span in matched(draft, saying.pattern):
            yield Found(span, f"“{span.of(draft.text)}”不通：{saying.say}。", "likely")


RULES = (
    Rule("prose-N2-object", "grammar", mismatched),
    Rule("prose-N2-predicate", "grammar", predicated),
    Rule("prose-N2-frame", "grammar", framed),
)
