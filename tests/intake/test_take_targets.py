"""Sheets of targets: broken down as the row says, changed only with a document and its file, lights judged by hand."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from shuzhi.evidence.blobs import path_of
from shuzhi.evidence.models import Blob, Paper
from shuzhi.indicators.models import Adjustment, LightMark, Observation
from shuzhi.intake.load import Result, dry_run, load
from shuzhi.kernel.catalogue.load import national

if TYPE_CHECKING:
    from tests.cast import Cast

Fill = Callable[[Mapping[str, object]], bytes]
TODAY = date(2025, 6, 30)
ITEM = next(
    item
    for _, item in sorted(national().indicators.items())
    if (item.temporal, item.rollup, item.profile, item.decimals) == ("cum", "sum", "P_LIN", 0)
    and item.expression is None
    and item.frequency == "month"
)
MATERIALS = {"决定.pdf": b"decided"}


def target(**values: object) -> dict[str, object]:
    return {
        "indicator": ITEM.label,
        "year": 2025,
        "value": Decimal(1200),
        "curve": "按全年进度曲线",
        **values,
    }


def change(**values: object) -> dict[str, object]:
    row = {
        "indicator": ITEM.label,
        "year": 2025,
        "value": Decimal(1150),
        "document": "陵发〔2025〕8号",
        "title": "调整决定",
        "day": date(2025, 6, 1),
        "reason": "常委会批准",
        "papers": "正式文件:决定.pdf",
    }
    return {**row, **values}


def brought(fill: Fill, sheets: Mapping[str, object], act: Callable[..., Result] = load) -> Result:
    return act(fill(sheets), by=None, day=TODAY, materials=MATERIALS)


def test_a_target_is_broken_down_as_its_row_says_and_loaded_again_changes_nothing(
    cast: "Cast", fill: Fill
) -> None:
    assert brought(fill, {"目标值": [target()]}).fit
    assert Observation.objects.filter(role="target").count() == 12
    again = brought(fill, {"目标值": [target()]})
    assert dict(again.counts()) == {"不变": 1}


def test_without_a_way_the_year_stands_alone(cast: "Cast", fill: Fill) -> None:
    assert brought(fill, {"目标值": [target(curve="")]}).fit
    assert Observation.objects.filter(role="target").count() == 1


def test_a_target_typed_over_is_refused_at_its_cell(cast: "Cast", fill: Fill) -> None:
    brought(fill, {"目标值": [target()]})
    result = brought(fill, {"目标值": [target(value=Decimal(1100))]})
    assert [finding.id for finding in result.findings] == ["indicator.target-fixed"]


def test_a_decision_comes_with_its_paper_and_old_sheets_do_not_undo_it(cast: "Cast", fill: Fill) -> None:
    brought(fill, {"目标值": [target()]})
    result = brought(fill, {"目标调整": [change()]})
    assert dict(result.counts()) == {"变更": 1}
    made = Adjustment.objects.get()
    assert Paper.objects.get(owner=made.ref).kind == "正式文件"
    for sheets in ({"目标调整": [change()]}, {"目标值": [target()]}):
        assert dict(brought(fill, sheets).counts()) == {"不变": 1}
    assert Observation.objects.filter(role="target", month=12).count() == 2


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"papers": ""}, "target.no-paper"),
        ({"papers": "正式文件:别的.pdf"}, "target.no-paper"),
        ({"document": ""}, "intake.empty"),
        ({"reason": ""}, "intake.empty"),
        ({"value": Decimal(1200)}, "target.same"),
    ],
)
def test_a_change_without_its_proof_is_refused(
    cast: "Cast", fill: Fill, wrong: dict[str, object], found: str
) -> None:
    brought(fill, {"目标值": [target()]})
    result = brought(fill, {"目标调整": [change(**wrong)]})
    assert found in [finding.id for finding in result.findings]
    assert not Adjustment.objects.exists()


def test_a_dry_run_leaves_no_file(cast: "Cast", fill: Fill) -> None:
    brought(fill, {"目标值": [target()]})
    assert brought(fill, {"目标调整": [change()]}, dry_run).fit
    assert not Blob.objects.exists()
    assert not Adjustment.objects.exists()
    brought(fill, {"目标调整": [change()]})
    assert path_of(Blob.objects.get().digest).read_bytes() == b"decided"


def test_a_light_judged_by_hand_is_read_once(cast: "Cast", fill: Fill) -> None:
    row = {
        "indicator": ITEM.label,
        "unit": "清河镇",
        "year": 2025,
        "colour": "黄灯",
        "reason": "已复工",
        "since": date(2025, 6, 1),
        "until": date(2025, 9, 30),
    }
    assert dict(brought(fill, {"灯色认定": [row]}).counts()) == {"新增": 1}
    assert dict(brought(fill, {"灯色认定": [row]}).counts()) == {"不变": 1}
    assert LightMark.objects.get().colour == "yellow"
    wrong = brought(fill, {"灯色认定": [{**row, "until": date(2025, 5, 1)}]})
    assert [finding.id for finding in wrong.findings] == ["target.mark-until"]
