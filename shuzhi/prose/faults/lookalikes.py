"""Characters mistaken for one another: words whose wrong writing has no right reading where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import words


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A wrong writing, the right one, and what must (not) follow or stand before it for it to be surely wrong."""

    wrong: str
    right: str
    after: tuple[str, ...] = ()
    never_after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    never_before: tuple[str, ...] = ()

    def at(self, text: str, start: int) -> bool:
        """Whether it stands at `start` of `text`, in a place where it is wrong."""
        end = start + len(self.wrong)
        if not text.startswith(self.wrong, start):
            return False
        if self.never_after and text.startswith(self.never_after, end):
            return False
        if self.never_before and text.endswith(self.never_before, 0, start):
            return False
        # One of the two sides is enough to be sure.
        if not self.after and not self.before:
            return True
        return bool(self.after and text.startswith(self.after, end)) or bool(
            self.before and text.endswith(self.before, 0, start)
        )


_SIGNS = {"+": "after", "-": "never_after", "<": "before", "~": "never_before"}


def entry(line: str) -> Lookalike:
    """One line of the table: 按装 安装 -卸|载."""
    wrong, right, *conditions = line.split()
    return Lookalike(wrong, right, **{_SIGNS[c[0]]: tuple(c[1:].split("|")) for c in conditions})


@cache
def lookalikes() -> dict[str, tuple[Lookalike, ...]]:
    """The table, by the first two characters of the wrong writing; the longer writings first."""
    made: dict[str, list[Lookalike]] = {}
    for line in words("lookalikes", "words"):
        one = entry(line)
        made.setdefault(one.wrong[:2], []).append(one)
    return {key: tuple(sorted(each, key=lambda e: -len(e.wrong))) for key, each in made.items()}


def mistaken(draft: Draft) -> Iterator[Found]:
    """A word written with a character that only looks or sounds like its own."""
    table, text = lookalikes(), draft.text
    for i in range(len(text) - 1):
        for one in table.get(text[i : i + 2], ()):
            if one.at(text, i):
                span = Span(i, i + len(one.wrong))
                if not any(s.touches(span) for s in draft.boilerplate):
                    yield Found(span, f"“{one.wrong}”应为“{one.right}”。")
                break


RULES = (Rule("prose-N2-lookalike", "wrong_word", mistaken),)
