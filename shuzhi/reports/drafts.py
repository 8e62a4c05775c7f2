"""A draft as it comes from an office: .txt in UTF-8 or GB18030, or .docx; decoded and read, or refused with a finding."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from shuzhi.kernel.finding import Finding, Refused
from shuzhi.prose.decode import NotADocument, decode, docx_text
from shuzhi.prose.model import Draft
from shuzhi.prose.reading import read, scan
from shuzhi.prose.waivers import applied

_ZIP, _OLD_WORD, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


@lru_cache(maxsize=32)
def draft_of(data: bytes, filename: str, *, judged: bool = True) -> Draft:
    """The draft in a .txt or .docx file, read; raises Refused when the file is neither or holds no words.

    One that is not ``judged`` has neither findings nor claims: enough to be filled.
    """
    hint = "请用 Word 或 WPS 另存为 .docx 后再试"
    if data.startswith((_OLD_WORD, _PDF)):
        raise Refused(Finding("draft.form", "这是旧版 .doc、.wps 或 PDF 文件，读不了", hint, filename))
    if filename.lower().endswith(".docx") or data.startswith(_ZIP):
        try:
            text = docx_text(data).text
        except NotADocument as error:
            raise Refused(Finding("draft.docx", str(error), hint, filename)) from error
    else:
        text = decode(data).text
    if "\x00" in text:
        raise Refused(Finding("draft.form", "这不是文字文件", hint, filename))
    if not text.strip():
        raise Refused(Finding("draft.empty", "草稿里没有文字", "请用 .txt 或 .docx 文稿", filename))
    return read(text) if judged else scan(text)


def compared(draft: Draft, earlier: Sequence[str]) -> Draft:
    """The draft with what it has copied from earlier texts among its findings, unless a waiver sets it aside."""
    from shuzhi.prose.faults.repetition import copied

    found, waived = applied(copied(draft, earlier), draft.waivers)
    defects = sorted((*draft.defects, *found), key=lambda defect: (defect.span.start, defect.span.end))
    return replace(draft, defects=tuple(defects), waived=(*draft.waived, *waived))
