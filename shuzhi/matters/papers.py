"""Papers handed in with an act: what they are, and how they are attached to the thing they prove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.journal import Writing
from shuzhi.evidence.models import Paper
from shuzhi.kernel.finding import Finding, Refused


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A piece of evidence as it is handed in; ``kind`` is one of the catalogue's paper kinds (会议纪要, 验收单 …)."""

    kind: str
    title: str
    day: date
    data: bytes
    media_type: str = "application/octet-stream"


def require_papers(papers: Sequence[NewPaper]) -> None:
    """Raise Refused when a paper is of an unknown kind or empty; asked before anything is written."""
    known = catalogue().papers
    for paper in papers:
        if paper.kind not in known:
            hint = f"可用：{'、'.join(known)}"
            raise Refused(Finding("paper.kind", f"没有“{paper.kind}”这一类材料", hint, paper.title))
        if not paper.data:
            hint = "请重新上传"
            raise Refused(Finding("paper.empty", f"材料“{paper.title}”是空文件", hint, paper.title))


def attach_all(entry: Writing, owner: str, papers: Sequence[NewPaper]) -> list[Paper]:
    """Attach papers to the thing of that ref, inside an open entry."""
    require_papers(papers)
    return [
        entry.attach(owner, paper.kind, paper.title, paper.day, paper.data, paper.media_type)
        for paper in papers
    ]
