"""Ranks: one ranking with two places, places moved that do not follow from both ranks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuzhi.prose.faults.conflicts import OTHER_TIME
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.years import clock_of, number_of
from shuzhi.prose.model import Draft, Span

_RANK = re.compile(
    r"第(?P<rank>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>位|名|(?=[，。；]))(?!额|单|录|称)"
)
_GENERIC = re.compile(
    r"[全我本][省市国州县区盟旗镇乡]|系统|体系|建设|工作|年度|综合|成绩|名次|位次|排名|在|中|的|名列|位列|位居|考核|考评|评价|评比|测评|得分|总分|总|均|都|连续|继续|名|列|居|获|为|取得|指标|主要|被评为|荣获|获得|排|，"
)


@dataclass(frozen=True, slots=True)
class _Ranked:
    words: frozenset[str]
    where: str
    rank: int
    span: Span


def two_ranks(draft: Draft) -> Iterator[Found]:
    """综合考评列全市第3位 here and 第5位 there."""
    clock = clock_of(draft)
    seen: list[_Ranked] = []
    for match in _RANK.finditer(draft.text):
        rank = number_of(match.group("rank"))
        clause = next((c for c in draft.clauses if c.start <= match.start("rank") < c.end), None)
        if rank is None or clause is None or clock.plans(clause.start):
            continue
        before = draft.text[clause.start : match.start("rank") - 1]
        if OTHER_TIME.search(before) or re.search(r"力争|确保|目标|[升移]至|[升移]到|保[持住]", before):
            continue
        where = re.search(r"全?([省市国州县区盟旗])(?=[^省市国州县区盟旗]*$)", before)
        what = _GENERIC.sub("", before)
        if what in ("增速", "增幅", "增长", "总量"):
            what = _GENERIC.sub("", _clause_before(draft, clause)) + what
        elif len(what) < 2:
            what = (
                _GENERIC.sub("", _clause_before(draft, clause)) if len(_bare(before)) < 2 else _bare(before)
            )
        told = _Ranked(
            frozenset(what), where.group(1) if where else "", rank, Span(clause.start, match.end())
        )
        other = next((r for r in seen if _same_rank(r, told)), None)
        if other is not None and other.rank != rank and len(what) >= 2:
            yield Found(
                told.span,
                f"同一项名次前面写第{other.rank}{match.group('unit')}，这里写第{rank}{match.group('unit')}，请核对后统一。",
            )
        seen.append(told)


def _bare(before: str) -> str:
    return re.sub(r"全[省市国州县区盟旗镇乡]|位居|位列|名列|排名|[列居排获在为]", "", before)


def _clause_before(draft: Draft, clause: Span) -> str:
    at = next((i for i, c in enumerate(draft.clauses) if c.start == clause.start), 0)
    return draft.clauses[at - 1].of(draft.text) if at else ""


def _same_rank(a: _Ranked, b: _Ranked) -> bool:
    return len(a.words) >= 2 and a.words == b.words and (a.where == b.where or not a.where or not b.where)


_MOVED = re.compile(
    r"第(?P<old>\d{1,3}|[一二三四五六七八九十]{1,3})[位名]?[^，。；\n]{0,10}?(?P<how>前移|上升|提升|跃升|升|前进|进位|下滑|后移|下降|退|降)(?:到|至|为)[^，。；\n第\d]{0,10}第?(?P<new>\d{1,3}|[一二三四五六七八九十]{1,3})[位名]"
)
_BY = re.compile(
    r"^[，、（(]?(?:同比|比上年|较上年|整体|总体|共|实现)?(?:前移|上升|提升|跃升|前进|进位|提高|进|升|下滑|后移|下降|退)(?:了|近)?(?P<by>\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?:位次|位|名次|名)"
)


def moved_ranks(draft: Draft) -> Iterator[Found]:
    """由第5位上升到第3位，前移3位: places moved follow from both ranks; a rise leads to a smaller number."""
    for match in _MOVED.finditer(draft.text):
        old, new = number_of(match.group("old")), number_of(match.group("new"))
        if old is None or new is None:
            continue
        down = match.group("how") in ("下滑", "后移", "下降", "退", "降")
        moved = _BY.match(draft.text[match.end() : match.end() + 24])
        by = number_of(moved.group("by").replace("两", "二")) if moved else None
        end = match.end() + (moved.end() if moved else 0)
        if (old < new) is not down and old != new:
            yield Found(
                Span(*match.span()),
                f"由第{old}位到第{new}位是{'前移' if new < old else '后移'}，与写的升降相反，请核对。",
            )
        elif by is not None and by != abs(old - new):
            yield Found(
                Span(match.start(), end),
                f"由第{old}位到第{new}位相差{abs(old - new)}位，文中写{by}位，请核对。",
            )


RULES = (
    Rule("prose-F2-rank", "contradiction", two_ranks),
    Rule("prose-F2-moved", "contradiction", moved_ranks),
)
