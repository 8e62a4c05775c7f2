"""The order of stages: a matter moves to the next one, or aside and back; a closed one only onward."""

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

    From an aside stage the way leads back to the stage it was left from, or on to the one after that. What is closed
    may only go on along the line (归档 after 办结), never aside or back.
    """
    line = main_line(kind)
    names = [stage.name for stage in line]
    here = passed[-1] if passed else ""
    on_line = [name for name in passed if name in names]
    place = names.index(on_line[-1]) if on_line else -1
    onward = line[place + 1 : place + 2]
    if closed:
        return onward if here in names else ()
    back = (line[place],) if here not in names and place >= 0 else ()
    aside = tuple(stage for stage in kind.stages if stage.aside and stage.name != here)
    return (*onward, *back, *aside)


def out_of_order(kind: Kind, passed: Sequence[str], to: Stage, *, closed: bool) -> Finding | None:
    """Why the matter may not enter a stage now, or None when the order allows it."""
    ways = reachable(kind, passed, closed=closed)
    if to in ways:
        return None
    here = passed[-1]
    if closed:
        return Finding(
            "matter.closed",
            f"事项已办结（{here}），不能再到“{to.name}”",
            "办结后的事项不改动；确需重办的，另立事项",
        )
    if here == to.name:
        return Finding("matter.same-stage", f"已在“{here}”环节", "如只更新内容，请用“更新进展”")
    nexts = "、".join(stage.name for stage in ways) or "无"
    return Finding("matter.order", f"不能从“{here}”直接到“{to.name}”", f"环节须依次办理，现在可到：{nexts}")
