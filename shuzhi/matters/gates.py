"""What keeps a matter from a stage: the order, the second person, the papers, the gate and the closing rule."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from shuzhi.kernel.catalogue import rules
from shuzhi.kernel.catalogue.definitions import Kind, Stage
from shuzhi.kernel.finding import Finding
from shuzhi.matters.models import Movement
from shuzhi.matters.order import out_of_order
from shuzhi.matters.reading import env_of, papers_of
from shuzhi.matters.state import State
from shuzhi.subjects.fields import Plain
from shuzhi.units.models import Post


def refusals(
    kind: Kind,
    ref: str,
    state: State,
    to: Stage,
    *,
    day: date,
    fields: Plain | None = None,
    handed: Collection[str] = (),
) -> list[Finding]:
    """Why a matter in this state may not enter a stage on a day; empty when it may.

    ``fields`` are the fields as they will be after the move, ``handed`` the kinds of papers handed in with it (or excused
    for a stated reason). A wrong order is told alone: the gates of a stage that is not next say nothing useful.
    """
    names = [name for name, _ in state.passed]
    wrong = out_of_order(kind, names, to, closed=state.closed is not None)
    if wrong is not None:
        return [replace(wrong, place=state.title)]
    papers = papers_of([ref], day).get(ref, Counter()) + Counter(handed)
    after = state if fields is None else replace(state, fields=fields)
    found = rules.refusals(env_of(kind, ref, after, papers=papers, day=day), to)
    return [replace(finding, place=state.title) for finding in found]


def second_person(last: Movement, stage: Stage, by: Post | None, place: str) -> Finding | None:
    """A post that made the last step, other than by verifying, may not verify it: whoever fills does not judge."""
    if stage.by != "verify" or by is None or last.post_id != by.code or last.act == "verify":
        return None
    return Finding(
        "matter.second-person", f"“{by.title}”刚填报了上一步，不能自己核验", "请由另一职务核验", place
    )
