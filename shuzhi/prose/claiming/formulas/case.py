"""One claim in words with what stands around it, and the formula found for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shuzhi.prose.claiming.grounding import Books, plain
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Claim, Draft, Figure, Slot, Span

# Nobody looks further back than this many years.
LONGEST = 10

# 年初确定, 县人大会议确定的: which of the targets is not said.
_GENERAL = re.compile(
    r"^(?:其|该|这一|各|主要|多|上述|两|几|三|有关|相关|全部|这些|项|全年|年度|既定|预期|增速|增幅|总量|总额|规模|增长|均|都|人均|也|又|一举|还|更|累计|经济|指标|完成率|数量|目标|任务|计划|工作|省定|市定|县定|国定|省|市|县|上级|下达|控制|序时|进度|考核|和|、|的)*$"
)


# 均超额完成: said of every figure of the clause before.
_BOTH = re.compile(r"均|都|双|分别")

Condition = tuple[str, tuple[str, ...]]
"""A condition, and the quantities to show beside it."""


class Unsaid(Exception):
    """No formula can be given, and why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Formula:
    """`expression` is true when the claim holds; `shows` are the quantities to print beside it.

    `open`: what stays unproved although the formula is true, in Chinese; "" when it proves the claim. `doubt`: why a
    false formula does not refute it; "" when it does.
    """

    expression: str
    shows: tuple[str, ...]
    open: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One claim in words, with what stands around it.

    `told` are the bound items of its sentence up to the end of its clause, each with what it is bound to.
    """

    draft: Draft
    claim: Claim
    said: Span
    sentence: Span
    books: Books
    told: Sequence[tuple[Slot | Figure, Concept]]
    year: int

    @property
    def cue(self) -> str:
        """The words of the claim."""
        return self.said.of(self.draft.text)

    @property
    def before(self) -> str:
        """The clause up to the cue."""
        return self.draft.text[self.claim.span.start : self.said.start]

    @property
    def after(self) -> str:
        """The clause behind the cue."""
        return self.draft.text[self.said.end : self.claim.span.end]

    def subjects(self) -> tuple[Concept, ...]:
        """What the claim is said of; raises Unsaid when the books do not know it or know only something like it."""
        told = [item for item in self.told if item[0].span.start < self.said.start]
        if told and (self._beside(told[-1][0]) or _GENERAL.match(self.claim.about)):
            both = _BOTH.search(self.before) is not None
            meant = [item for item in told if item[0].clause == told[-1][0].clause] if both else told[-1:]
            return tuple(dict.fromkeys(self._head(*item) for item in meant))
        if _GENERAL.match(self.claim.about):
            raise Unsaid("没有说是哪一项，请写明指标的名称再核")
        return self.named(self.claim.about)

    def _head(self, item: Slot | Figure, concept: Concept) -> Concept:
        """What an item is a figure of; raises Unsaid when that is not certain."""
        head = self.books.head(concept.code) or concept
        if not plain(self.draft.text, item, concept):
            said = f"前面说的“{item.meaning.quantity}”不一定就是账上的“{head.label}”"
            raise Unsaid(f"{said}，请核对后判断")
        return head

    def topic(self) -> str:
        """What the claim is said of, in the words of the text, or those of the books where it is carried over."""
        if self.claim.about and not _GENERAL.match(self.claim.about):
            return self.claim.about
        told = [item for item in self.told if item[0].span.start < self.said.start]
        head = self.books.head(told[-1][1].code) if told else None
        if head is None or not plain(self.draft.text, *told[-1]):
            raise Unsaid("没有说是哪一项，请写明名称再核")
        return next((word for word in head.words if word in self.sentence.of(self.draft.text)), head.label)

    def _beside(self, item: Slot | Figure) -> bool:
        """Whether an item stands right before the cue in the clause (收入8亿元，… 收入8亿元超额完成)."""
        gap = self.draft.text[item.span.end : self.said.start]
        return item.span.start >= self.claim.span.start and len(gap) <= 6

    def named(self, words: str) -> tuple[Concept, ...]:
        """The concepts a phrase names, one for each part of it."""
        grounds = self.books.all_named(words, self.sentence.of(self.draft.text))
        for ground in grounds:
            if ground is None:
                raise Unsaid(f"账上没有记“{words}”" if words else "没有说是哪一项，请写明名称再核")
            if not ground.sure:
                said = f"账上最接近的是“{ground.concept.label}”，与文中的“{words}”不完全一样"
                raise Unsaid(f"{said}，请核对后判断")
        return tuple(ground.concept for ground in grounds if ground is not None)


def back(expression: str, years: int) -> str:
    """A formula so many years before."""
    return "lastyear(" * years + expression + ")" * years


def all_of(parts: Sequence[Condition], rest: str = "", doubt: str = "") -> Formula:
    """All of several conditions."""
    shows = dict.fromkeys(shown for _, shown_of in parts for shown in shown_of)
    return Formula(" and ".join(condition for condition, _ in parts), tuple(shows), rest, doubt)
