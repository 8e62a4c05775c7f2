"""What keeps a matter from a stage: the order, the second person, the papers, the gate and the closing rule."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from shuzhi.kernel.catalogue import rules
from shuzhi.kernel.catalogue.definitions import Kind, Stage
from shuzhi.kernel.finding import Finding
from shuzhi.matters.models import Movement
from shuzhi.matters.order import out_of_order
from shuzhi.matters.reading import Papers, env_of
from shuzhi.matters.state import State
from shuzhi.subjects.fields import Plain
from shuzhi.units.models import Appointment, Post


def refusals(
    kind: Kind,
    ref: str,
    state: State,
    to: Stage,
    *,
    day: date,
    papers: Papers,
    fields: Plain | None = None,
) -> list[Finding]:
    """Why a matter in this state may not enter a stage on a day; empty when it may.

    ``papers`` says how many papers of each kind there are, with those handed in with the move (or excused for a stated
    reason); ``fields`` are the fields as they will be after it. A wrong order is told alone: the gates of a stage that is not next say nothing useful.
    """
    names = [name for name, _ in state.passed]
    wrong = out_of_order(kind, names, to, closed=state.closed is not None)
    if wrong is not None:
        return [replace(wrong, place=state.title)]
    after = state if fields is None else replace(state, fields=fields)
    found = rules.refusals(env_of(kind, ref, after, papers=papers, day=day), to)
    return [replace(finding, place=state.title) for finding in found]


class Hands:
    """Who held which post when: each post's appointments read once, by whoever asks about many steps."""

    def __init__(self) -> None:
        self._held: dict[str, list[tuple[int, date, date | None]]] = {}

    def learn(self, posts: Iterable[str]) -> None:
        """Read the appointments of these posts (by code) with one query."""
        wanted = {code for code in posts if code not in self._held}
        self._held.update((code, []) for code in wanted)
        rows = Appointment.objects.filter(post__in=wanted) if wanted else ()
        for row in rows:
            self._held[row.post_id].append((row.user_id, row.since, row.until))

    def of(self, code: str, day: date) -> set[int]:
        """Who held a post on a day."""
        self.learn([code])
        return {
            user
            for user, since, until in self._held[code]
            if since <= day and (until is None or until >= day)
        }


def second_person(
    last: Movement, stage: Stage, by: Post | None, day: date, place: str = "", *, hands: Hands | None = None
) -> Finding | None:
    """Whoever made the last step, other than by verifying, may not verify it: who fills does not judge.

    Asked of the post, and of the person behind it, who may hold two posts.
    """
    if stage.by != "verify" or by is None or last.post is None or last.act == "verify":
        return None
    hands = hands or Hands()
    if last.post != by and not hands.of(last.post.code, last.date) & hands.of(by.code, day):
        return None
    who = f"“{by.title}”" if last.post == by else f"“{by.title}”与填报上一步的“{last.post.title}”是同一人，"
    return Finding("matter.second-person", f"{who}刚填报了上一步，不能自己核验", "请由另一人核验", place)
