"""A target that stands is not typed over: another value needs a recorded decision (see :mod:`shuzhi.indicators.targets`)."""

from collections.abc import Iterator

from shuzhi.indicators.checks import Period, told
from shuzhi.indicators.models import Observation
from shuzhi.kernel.finding import Finding


def changed(period: Period, newest: Observation | None, value: int | None) -> bool:
    """Whether a value would take the place of a target that stands."""
    return (
        period.role == "target" and newest is not None and newest.value is not None and newest.value != value
    )


def fixed(period: Period, newest: Observation | None, value: int | None) -> Iterator[Finding]:
    """The refusal of a target changed without a decision."""
    if changed(period, newest, value) and newest is not None and newest.value is not None:
        yield Finding(
            "indicator.target-fixed",
            f"目标已定为{told(period.indicator, newest.value)}，不能直接改",
            "凭调整决定（文号、文件）在“目标”页或“目标调整”表中办理，原数留存",
            period.place,
        )


def held_before(period: Period, newest: Observation | None, value: int | None, reason: str) -> bool:
    """Whether this very target stood before a decision changed it: an old workbook loaded again changes nothing."""
    return (
        changed(period, newest, value)
        and value is not None
        and period.vintages().filter(value=value, reason=reason).exists()
    )
