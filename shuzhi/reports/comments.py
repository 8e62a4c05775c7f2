"""The findings of a draft as comments in Word: on the file as it came, or on a plain text laid out as one."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from shuzhi.kernel.finding import Finding, Refused
from shuzhi.prose.binding import Binding
from shuzhi.prose.concepts import Concept
from shuzhi.prose.decode import NotADocument, docx_text
from shuzhi.prose.faults import BY_ID
from shuzhi.prose.model import Defect, Draft
from shuzhi.prose.word.docx_comments import Comment, commented
from shuzhi.prose.word.docx_plain import Laid
from shuzhi.reports.proving import State, Verdict

_SHOWN = 3
_ZIP = b"PK\x03\x04"


def comments_of(
    draft: Draft,
    *,
    advice: bool = False,
    verdicts: Iterable[Verdict] = (),
    bindings: Iterable[Binding] = (),
    known: Mapping[str, Concept] | None = None,
) -> tuple[Comment, ...]:
    """What is to be said in the margin of a draft, in the order of the text.

    Always its findings; with ``advice`` what could be better; of ``verdicts`` those that do not hold; of ``bindings`` the
    places whose figure is not sure, with candidates by their labels in ``known``. What a waiver set aside is not said.
    """
    made = [_finding(defect) for defect in (*draft.defects, *(draft.advice if advice else ()))]
    made += [_verdict(verdict) for verdict in verdicts if verdict.state is State.FAILS]
    made += _open_places(bindings, known or {})
    return tuple(sorted(made, key=lambda comment: (comment.span.start, comment.span.end)))


def word_file(
    data: bytes, filename: str, draft: Draft, comments: Sequence[Comment], *, date: datetime.datetime
) -> bytes:
    """A Word file with the comments: ``data`` itself where it is one, otherwise the draft's text laid out.

    ``draft`` was read from ``data``; ``date`` stands on every comment. Raises Refused where the file takes no comments.
    """
    if not data.startswith(_ZIP):
        laid = Laid(draft)
        moved = [replace(comment, span=laid.span(comment.span)) for comment in comments]
        return commented(laid.docx, moved, date=date)
    try:
        if docx_text(data).text != draft.text:
            raise Refused(Finding("comments.other", "草稿不是从这个文件读出来的", "请用原文件", filename))
        return commented(data, comments, date=date)
    except NotADocument as error:
        raise Refused(
            Finding("comments.docx", str(error), "请用 Word 或 WPS 另存后再试", filename)
        ) from error


def waived_by(rule: str) -> str:
    """The words that set the findings of a rule aside where they are written into the paragraph."""
    return f"【不查 {rule}：理由】"


def _finding(defect: Defect) -> Comment:
    lines = [f"〔{defect.force}〕{BY_ID[defect.rule].title}（{defect.rule}）", defect.explanation]
    if not defect.rule.startswith("prose-W0"):
        lines.append(f"确实要这样写的，在这一段里注明：{waived_by(defect.rule)}")
    return Comment(defect.span, tuple(lines))


def _verdict(verdict: Verdict) -> Comment:
    return Comment(verdict.claim.said or verdict.claim.span, (f"〔{verdict.state}〕与账不符", verdict.text))


def _open_places(bindings: Iterable[Binding], known: Mapping[str, Concept]) -> Iterator[Comment]:
    for binding in bindings:
        if binding.state not in ("ambiguous", "unknown"):
            continue
        shown = [c for c in binding.candidates if c.code in known][:_SHOWN]
        told = [f"{n}. {known[c.code].label}（{c.code}）" for n, c in enumerate(shown, 1)]
        head = "〔待选〕请选定是哪个指标" if told else "〔无此指标〕请自行核实"
        yield Comment(binding.item.span, (head, binding.reason, *told))
