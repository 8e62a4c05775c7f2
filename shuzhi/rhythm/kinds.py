"""The kinds the rhythm works with, found by what the catalogue says of them, never by name."""

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused


def plan_kind() -> Kind:
    """The kind of weekly plans; raises Refused when the catalogue has none."""
    kinds = instance.catalogue().of_shape("plan")
    if not kinds:
        hint = "请在目录中定义一个 shape = “plan” 的台账"
        raise Refused(Finding("rhythm.kind", "目录中没有周计划的定义", hint))
    return kinds[0]


def deciding_kind() -> Kind:
    """The kind of matter that what a meeting decides becomes; raises Refused when none receives it."""
    for kind in instance.catalogue().of_shape("matter"):
        if kind.receives == "decision":
            return kind
    hint = "请在目录里，给接收议定事项的台账写上 receives = “decision”"
    raise Refused(Finding("rhythm.decision-kind", "目录中没有哪个台账接收议定事项", hint))
