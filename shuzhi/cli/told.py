"""A draft in words, for whoever reads the screen: what it holds, what is wrong where, and what to do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from shuzhi.prose.faults import BY_ID
from shuzhi.prose.model import QUALITATIVE, Defect, Draft, Span

if TYPE_CHECKING:
    from shuzhi.reports.proving import Verdict

FORCES = {
    "规定": "国家标准、规定明文要求，应当改",
    "一般": "按通行写法是错的，应当改",
    "推荐": "这样写更好",
    "提示": "供参考",
}
AROUND = 12
"""Characters of the text shown before and after the words a finding is about."""
_LONGEST = 40


def draft(
    name: str, read: Draft, verdicts: "Sequence[Verdict] | None", counted: str = "行", *, advice: bool
) -> None:
    """Print a draft: its frame, its findings by force, with ``advice`` the rest, and the verdicts when there are books.

    ``counted`` is what its lines are called: 行 of a text, 段 of a Word file.
    """
    lines = [*_frame(name, read), *_findings(read, counted, advice=advice), *_waived(read, counted)]
    print("\n".join([*lines, *_verdicts(read, verdicts, counted), ""]))


def _frame(name: str, read: Draft) -> Iterator[str]:
    """Title, structure and counts."""
    yield f"{read.title.of(read.text) or '（没有标题）'}　{name}"
    for heading in read.outline:
        if heading.level == 1:
            inner = sum(heading.text_span.end <= h.marker_span.start < heading.body.end for h in read.outline)
            yield f"　{heading.marker}{heading.text}{f'（下有 {inner} 个小标题）' if inner else ''}"
    names = sum(slot.meaning.kind == "name" for slot in read.slots)
    claims = sum(claim.type != QUALITATIVE for claim in read.claims)
    size = sum(not char.isspace() for char in read.text)
    yield (
        f"全文 {size} 字；空格 {len(read.slots)} 处（数字 {len(read.slots) - names}，名称 {names}）；"
        f"已有数字 {len(read.figures)} 处；可核事项 {claims} 条"
    )


def _findings(read: Draft, counted: str, *, advice: bool) -> Iterator[str]:
    """The findings, heaviest first, and how to live with one that is meant so."""
    yield f"\n疑误 {len(read.defects)} 处" if read.defects else "\n没有查出疑误"
    for force, meant in FORCES.items():
        found = [defect for defect in read.defects if defect.force == force]
        if found:
            yield f"\n{force}（{meant}）{len(found)} 处"
            yield from _listed(read, found, counted)
    if advice and read.advice:
        yield f"\n建议（{FORCES['提示']}）{len(read.advice)} 条"
        yield from _listed(read, read.advice, counted)
    elif read.advice:
        yield f"\n另有建议 {len(read.advice)} 条，加 --advice 列出"
    if read.defects:
        rule = read.defects[0].rule
        yield f"\n逐条的说明和例子见 docs/findings；确实要这样写的，在那一段里注明【不查 {rule}：理由】"


def _listed(read: Draft, found: Iterable[Defect], counted: str) -> Iterator[str]:
    for defect in found:
        yield _shown(read.text, defect.span, counted)
        yield f"      {BY_ID[defect.rule].title}：{defect.explanation}（{defect.rule}）"


def _waived(read: Draft, counted: str) -> Iterator[str]:
    if read.waived:
        yield f"\n已注明不查 {len(read.waived)} 处"
    for waived in read.waived:
        yield _shown(read.text, waived.defect.span, counted)
        yield f"      {BY_ID[waived.defect.rule].title}，理由：{waived.waiver.reason}"


def _verdicts(read: Draft, verdicts: "Sequence[Verdict] | None", counted: str) -> Iterator[str]:
    """What the books say: what does not hold and what cannot be known one by one, what holds as a number."""
    if verdicts is None:
        return
    counts = Counter(verdict.state for verdict in verdicts)
    from shuzhi.reports.proving import State

    order = (State.FAILS, State.UNKNOWN, State.HOLDS)
    yield "\n与账对照：" + "，".join(f"{state} {counts[state]} 条" for state in order)
    for state in order[:2]:
        rows = [verdict for verdict in verdicts if verdict.state is state]
        if rows:
            yield f"\n{state}"
        for verdict in rows:
            yield _shown(read.text, verdict.claim.said or verdict.claim.span, counted)
            yield f"      {verdict.text}"


def _shown(text: str, span: Span, counted: str) -> str:
    """Where a stretch is, its line counted as an editor counts lines, and its words with a little on both sides."""
    before = text[max(0, span.start - AROUND) : span.start].rpartition("\n")[2].lstrip()
    after = text[span.end : span.end + AROUND].partition("\n")[0].rstrip()
    words = " ".join(span.of(text).split())
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST - 12]}……{words[-10:]}"
    line = text.count("\n", 0, span.start) + 1
    return f"  第{line}{counted}  {before}〔{words}〕{after}"
