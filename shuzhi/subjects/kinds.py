"""The kind of a row, from the catalogue in use."""

from shuzhi.evidence.instance import catalogue
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused


def kind_named(code: str) -> Kind:
    """The kind of that code; raises Refused when the catalogue in use no longer has it."""
    kind = catalogue().kinds.get(code)
    if kind is None:
        raise Refused(
            Finding("kind.absent", f"目录中没有“{code}”这一台账", "请恢复目录中的定义，账上的登记仍在", code)
        )
    return kind


def require_shape(kind: Kind, shape: str) -> None:
    """Raise ValueError when a kind of another shape is given: that is a fault of the program."""
    if kind.shape != shape:
        raise ValueError(f"{kind.code} is a {kind.shape}, not a {shape}")
