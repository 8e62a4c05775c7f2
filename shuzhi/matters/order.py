"""The order of stages: a matter moves to the next one, or aside and back; nothing is jumped."""

from collections.abc import Sequence

from shuzhi.kernel.catalogue.definitions import Kind, Stage
from shuzhi.kernel.finding import Finding


def main_line(kind: Kind) -> tuple[Stage, ...]:
    """The stages in their order, without those aside."""
    return tuple(stage for stage in kind.stages if not stage.aside)


def first_stage(kind: Kind) -> Stage:
    """Where a matter begins."""
    return main_line(kind)[0]


def reachable(kind: Kind, passed: Sequence[str], *, closed: bool) -> tuple[Stage, ...]:
    """The stages a matter may enter now, the next one first; ``passed`` are the stages entered so far, in order.

    On the line the way leads to the next stage, or aside; from aside it leads back to a stage already passed, the last
    one first (退回重办 → 反馈), or to another aside stage. What is closed goes on along the line (归档) or aside (复查),
    and stays closed; it cannot be closed again.
    """
    line = main_line(kind)
    names = [stage.name for stage in line]
    here = passed[-1] if passed else ""
    if here in names:
        ways = line[names.index(here) + 1 : names.index(here) + 2]
    else:
        seen = [name for name in passed if name in names]
        # What is closed comes back only to where it was closed.
        back = seen[-1:] if closed else list(dict.fromkeys(reversed(seen)))
        ways = tuple(line[names.index(name)] for name in back)
    aside = [stage for stage in kind.stages if stage.aside and stage.name != here]
    return (*ways, *(stage for stage in aside if not (closed and stage.closes)))


def out_of_order(kind: Kind, passed: Sequence[str], to: Stage, *, closed: bool) -> Finding | None:
    """Why the matter may not enter a stage now, or None when the order allows it."""
    ways = reachable(kind, passed, closed=closed)
    if to in ways:
        return None
    here = passed[-1]
    if here == to.name:
        return Finding("matter.same-stage", f"已在“{here}”环节", "如只更新内容，请用“更新进展”")
    nexts = "、".join(stage.name for stage in ways) or "无（事项已办结）"
    return Finding("matter.order", f"不能从“{here}”直接到“{to.name}”", f"环节须依次办理，现在可到：{nexts}")
