"""Passages that stand twice, word for word or nearly, in one draft or copied from an earlier text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shuzhi.prose.clauses import lines, sentences
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.years import clock_of
from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Defect, Draft, Span

_NUMBERS = re.compile(r"[0-9.,%XxＸ×〇○□■*_＿]+|[零一二三四五六七八九十百千]{2,}")
_MARK = re.compile(
    r"^[\s\u3000]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]+|[一二三四五六七八九十]是|第[一二三四五六七八九十]，|[①-⑳])"
)
_STOPS = re.compile(r"[\s，。；：、！？“”（）()《》,;:]")
# Shorter sentences repeat by right (…请予审议); how alike two passages must be to count as one, in per mille.
_SHORTEST, _LONG = 18, 30
_NEARLY, _COPIED = 860, 850
# Stretches of so many characters by which likely partners are found.
_GRAM = 5


def _plain(text: str) -> str:
    """`text` without its list mark, blanks and stops, numbers and masks made alike."""
    return _STOPS.sub("", _NUMBERS.sub("#", folded(_MARK.sub("", text))))


def _alike(a: str, b: str) -> int:
    """How alike two plain texts are, in per mille: Dice overlap of their character pairs, each as often as it stands."""
    first, second = (Counter(t[i : i + 2] for i in range(len(t) - 1)) for t in (a, b))
    both = len(a) + len(b) - 2
    return 2000 * sum((first & second).values()) // both if both > 0 else 0


@dataclass(slots=True)
class _Shelf:
    """Passages to compare with, found by the runs of characters they share."""

    plain: list[str]
    holding: dict[str, list[int]]

    def __init__(self) -> None:
        self.plain, self.holding = [], {}

    def put(self, plain: str) -> None:
        """Add a passage."""
        at = len(self.plain)
        self.plain.append(plain)
        for i in range(0, len(plain) - _GRAM + 1, _GRAM):
            self.holding.setdefault(plain[i : i + _GRAM], []).append(at)

    def likest(self, plain: str, least: int) -> int | None:
        """The passage most like `plain`, if at least `least` per mille alike."""
        shared: dict[int, int] = {}
        for i in range(len(plain) - _GRAM + 1):
            for at in self.holding.get(plain[i : i + _GRAM], ()):
                shared[at] = shared.get(at, 0) + 1
        size = len(plain)
        likely = [
            (-count, at)
            for at, count in shared.items()
            if count * _GRAM * 3 >= size and abs(len(self.plain[at]) - size) * 4 <= size
        ]
        best, found = least - 1, None
        for _, at in sorted(likely)[:4]:
            alike = _alike(self.plain[at], plain)
            if alike > best:
                best, found = alike, at
        return found


def _hidden(draft: Draft, span: Span) -> bool:
    return any(s.touches(span) for s in draft.boilerplate) or span.touches(draft.title)


def sentences_twice(draft: Draft) -> Iterator[Found]:
    """A sentence that already stood in the text, word for word or nearly, numbers aside."""
    clock = clock_of(draft)
    seen: dict[str, Span] = {}
    shelf, spans = _Shelf(), list[Span]()
    for span in draft.sentences:
        words = _plain(span.of(draft.text))
        if len(words) < _SHORTEST or _hidden(draft, span) or "\t" in span.of(draft.text):
            continue
        other = seen.setdefault(words, span)
        if other is not span:
            # The same sentence with other figures may state a result here and a plan there.
            same = _figures(other.of(draft.text)) == _figures(span.of(draft.text))
            if same or clock.plans(other.start) is clock.plans(span.start):
                yield Found(span, f"{_where(draft, other)}已经写过这句话，请删去一处。")
            continue
        if len(words) >= _LONG:
            at = shelf.likest(words, _NEARLY)
            if at is not None and not _parallel(draft, spans[at], span):
                yield Found(span, f"这句话与{_where(draft, spans[at])}的几乎相同，请核对是否重复。", "likely")
        shelf.put(words)
        spans.append(span)


def _where(draft: Draft, span: Span) -> str:
    """A place of the text as it may be told to a reader."""
    number = draft.text.count("\n", 0, span.start) + 1
    return f"第{number}行“{span.of(draft.text)[:12]}…”处"


def _parallel(draft: Draft, a: Span, b: Span) -> bool:
    """Whether two like sentences say the same of different things (甲村…，乙村…): they follow each other or open alike."""
    first, second = a.of(draft.text), b.of(draft.text)
    return 0 <= b.start - a.end <= 2 and first[:4] != second[:4]


def paragraphs_alike(draft: Draft) -> Iterator[Found]:
    """A long paragraph that is nearly another one of the text."""
    shelf, rows = _Shelf(), list[Span]()
    for row in lines(draft.text):
        words = _plain(row.of(draft.text))
        if row.end - row.start < 60 or _hidden(draft, row) or "\t" in row.of(draft.text):
            continue
        at = shelf.likest(words, _NEARLY)
        if at is not None and words not in shelf.plain:
            yield Found(row, f"这一段与{_where(draft, rows[at])}的几乎相同，请核对是否重复。", "likely")
        shelf.put(words)
        rows.append(row)


def clauses_twice(draft: Draft) -> Iterator[Found]:
    """A clause that stands twice in one sentence, or at the head of the next."""
    last: tuple[Span, str] | None = None
    recent: list[tuple[Span, str]] = []
    sentence_at = 0
    for clause in draft.clauses:
        while (
            sentence_at + 1 < len(draft.sentences) and draft.sentences[sentence_at + 1].start <= clause.start
        ):
            sentence_at += 1
            recent = []
        words = _STOPS.sub("", _MARK.sub("", clause.of(draft.text)))
        if len(words) < 6 or re.search(r"[\dXxＸ×〇○□■*＊_\t|]", words) or _hidden(draft, clause):
            last = None
            continue
        twice = any(words == other for _, other in recent)
        following = (
            last is not None
            and len(last[1]) >= 8
            and words.startswith(last[1])
            and len(words) - len(last[1]) <= 3
        )
        if twice or following:
            yield Found(clause, f"“{clause.of(draft.text)[:20]}”连着写了两遍，请删去一处。")
        recent.append((clause, words))
        last = (clause, words)


_LISTED = re.compile(r"[\u4e00-\u9fff“”（）]{2,14}(?:、[\u4e00-\u9fff“”（）]{2,14}){2,}")


def items_twice(draft: Draft) -> Iterator[Found]:
    """教育、医疗、养老、教育: an item that stands twice in one list."""
    for match in _LISTED.finditer(draft.text):
        items = match.group().split("、")
        inner = items[1:-1]
        # The first item may carry the words before the list, the last one those behind it.
        ends = [items[-1][: len(i)] for i in inner if len(i) >= 2 and items[-1].startswith(i)]
        heads = [i for i in inner if len(i) >= 2 and items[0].endswith(i)]
        twice = [i for i, n in Counter(inner).items() if n > 1 and len(i) >= 2] or heads
        if not twice and ends and re.match(rf"{re.escape(ends[0])}(?:等|和|$)", items[-1]):
            twice = ends
        if twice and "某" not in twice[0]:
            yield Found(Span(*match.span()), f"并列的几项里“{twice[0]}”写了两次，请核对。", "likely")


_WORD_TWICE = re.compile(r"(?P<word>[\u4e00-\u9fff]{2,8})(?P=word)")


def words_twice(draft: Draft) -> Iterator[Found]:
    """加快加快推进: a word typed twice."""
    for match in _WORD_TWICE.finditer(draft.text):
        word = match.group("word")
        if len(word) == 2 and (word[0] == word[1] or word[0] in "一逐每几某层步点" or word in _REDOUBLED):
            continue
        if word[0] in "一逐某" or any(s.span.touches(Span(*match.span())) for s in draft.slots):
            continue
        yield Found(Span(*match.span()), f"“{word}”连着写了两遍，请删去一个。", "likely")


_REDOUBLED = frozenset(
    (
        "研究",
        "讨论",
        "商量",
        "琢磨",
        "学习",
        "反思",
        "总结",
        "活动",
        "休息",
        "了解",
        "检查",
        "打扮",
        "比较",
        "意思",
        "很久",
        "许多",
        "非常",
        "商讨",
        "交流",
    )
)


def copied(draft: Draft, earlier: Sequence[str]) -> tuple[Defect, ...]:
    """Passages of `draft` that stand, numbers aside, in one of the `earlier` texts (last year's, another office's)."""
    made: list[Defect] = []
    shelf, origins = _Shelf(), list[tuple[int, str]]()
    known: set[str] = set()
    for number, text in enumerate(earlier, 1):
        for span in sentences(text):
            words = _plain(span.of(text))
            known.add(words)
            if len(words) >= _SHORTEST:
                shelf.put(words)
                origins.append((number, span.of(text)))
    for row in lines(draft.text):
        if _hidden(draft, row):
            continue
        run: list[tuple[Span, int]] = []
        end = row.start
        for span in [s for s in draft.sentences if row.start <= s.start < row.end] + [Span(row.end, row.end)]:
            words = _plain(span.of(draft.text))
            at = shelf.likest(words, _COPIED) if len(words) >= _SHORTEST else None
            if at is not None and not re.search(
                r"现将.{0,30}如下|请予?(?:审议|评议)|请.{0,6}批评指正", span.of(draft.text)
            ):
                run.append((span, at))
                end = span.end
                continue
            # A short sentence behind copied ones belongs to them if it stood there too.
            if run and span.start < row.end and len(words) < _SHORTEST and words in known:
                end = span.end
                continue
            made.extend(_copy(draft, run, end, origins, len(earlier)))
            run = []
    return tuple(made)


def _copy(
    draft: Draft, run: list[tuple[Span, int]], end: int, origins: list[tuple[int, str]], texts: int
) -> Iterator[Defect]:
    if not run:
        return
    place = Span(run[0][0].start, end)
    if len(_plain(place.of(draft.text))) < 40:
        return
    number, source = origins[run[0][1]]
    same = all(_figures(span.of(draft.text)) == _figures(origins[at][1]) for span, at in run)
    said = (
        "连数字也没有改"
        if same and any(_figures(s.of(draft.text)) for s, _ in run)
        else "只改了数字或个别字词"
    )
    which = f"第{number}份以前的材料" if texts > 1 else "以前的材料"
    yield Defect(
        "prose-S1-copied",
        "copied_paragraph",
        "likely",
        place,
        f"这一段与{which}“{source[:16]}…”处几乎一字不差，{said}，请按今年的情况重写。",
    )


def _figures(text: str) -> list[str]:
    return re.findall(r"\d[\d.,]*", folded(text))


RULES = (
    Rule("prose-S1-sentence", "duplicate_text", sentences_twice),
    Rule("prose-S1-paragraph", "duplicate_text", paragraphs_alike),
    Rule("prose-S1-clause", "duplicate_text", clauses_twice),
    Rule("prose-S1-item", "duplicate_text", items_twice),
    Rule("prose-S1-word", "duplicate_text", words_twice),
)
