"""Workbooks become accounts whole or not at all, and the same workbook twice changes nothing."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shuzhi.evidence.journal import head
from shuzhi.evidence.models import Paper
from shuzhi.funds.models import Allocation, Payment
from shuzhi.indicators.models import Observation
from shuzhi.intake.load import Result, dry_run, load
from shuzhi.kernel.finding import Severity
from shuzhi.matters.models import Matter
from shuzhi.records.models import Line, Record
from shuzhi.subjects.models import Subject

if TYPE_CHECKING:
    from tests.cast import Cast

Fill = Callable[[Mapping[str, object]], bytes]
TODAY = date(2025, 6, 30)
TOWN, OFFICE = "清河镇", "县应急管理局"


def errand(number: str = "S-1", **values: object) -> dict[str, object]:
    row = {
        "number": number,
        "title": f"修桥{number}",
        "unit": TOWN,
        "opened": date(2025, 3, 3),
        "urgency": "急",
    }
    return {**row, **values}


def step(stage: str, day: date, number: str = "S-1", **values: object) -> dict[str, object]:
    return {"number": number, "date": day, "stage": stage, **values}


FULL: dict[str, object] = {
    "try_shop": [
        {
            "code": "A1",
            "name": "甲店",
            "unit": TOWN,
            "since": date(2024, 1, 1),
            "trade": "零售",
            "turnover": Decimal("12.5"),
        }
    ],
    "try_errand": [errand(cost=Decimal("3.25"), shop="甲店", place=OFFICE), errand("S-2")],
    "try_errand.办理过程": [
        step("承办", date(2025, 3, 5), progress="已进场"),
        step("", date(2025, 3, 20), cost=Decimal("4.5"), progress="主体完成"),
        step("核验", date(2025, 4, 1), checked=date(2025, 4, 1), papers="会议纪要:纪要.pdf", result="合格"),
        step("办结", date(2025, 4, 2)),
    ],
    "try_meeting": [
        {
            "number": "H-1",
            "title": "对接会",
            "unit": TOWN,
            "date": date(2025, 5, 1),
            "place": "礼堂",
            "present": 30,
        }
    ],
    "try_meeting.deals": [
        {"record": "H-1", "shop": "甲店", "intent": Decimal(10), "signed": Decimal(8)},
        {"record": "H-1", "shop": "A1", "intent": Decimal(6)},
    ],
    "try_grant.预算": [
        {"number": "B-1", "title": "修路", "unit": "县财政局", "year": 2025, "amount": Decimal(100)}
    ],
    "try_grant.分配": [
        {
            "number": "F-1",
            "budget": "B-1",
            "title": "清河路",
            "unit": TOWN,
            "date": date(2025, 2, 1),
            "amount": Decimal(60),
            "purpose": "修路",
        }
    ],
    "try_grant.支付": [
        {
            "number": "P-1",
            "allocation": "F-1",
            "title": "首付",
            "date": date(2025, 3, 1),
            "amount": Decimal("20.01"),
        }
    ],
    "指标数据": [
        {"indicator": "粮食产量", "year": 2025, "month": 6, "value": Decimal("3.1")},
        {"indicator": "粮食产量", "year": 2025, "month": 12, "role": "目标", "value": Decimal("12.4")},
    ],
}
PAPERS = {"三月/纪要.pdf": b"%PDF-1.4 minutes"}


def run(data: bytes) -> Result:
    return load(data, by=None, day=TODAY, materials=PAPERS)


def errors(result: Result) -> list[tuple[str, str]]:
    return [(item.id, item.place) for item in result.findings if item.severity is Severity.ERROR]


def test_a_whole_workbook_becomes_accounts(cast: "Cast", fill: Fill) -> None:
    result = run(fill(FULL))
    assert errors(result) == []
    assert result.loaded
    assert result.counts() == {"新增": 13}
    matter = Matter.objects.get(number="S-1")
    assert (matter.stage, matter.closed) == ("办结", date(2025, 4, 2))
    assert matter.fields["cost"] == 4_500_000
    assert Paper.objects.get(owner=matter.ref).kind == "会议纪要"
    assert [line.fields.get("signed") for line in Line.objects.order_by("no")] == [8_000_000, None]
    assert Allocation.objects.get().paid == 20_010_000
    assert Observation.objects.get(month=6).value == 3_100_000


def test_the_same_workbook_twice_changes_nothing_and_adds_no_link(cast: "Cast", fill: Fill) -> None:
    data = fill(FULL)
    run(data)
    before = head()
    again = run(data)
    assert (errors(again), again.counts()) == ([], {"不变": 13})
    assert head() == before


def test_a_dry_run_tells_the_same_and_keeps_nothing(cast: "Cast", fill: Fill, home: Path) -> None:
    data = fill(FULL)
    before = head()
    told = dry_run(data, by=None, day=TODAY, materials=PAPERS)
    assert not told.loaded
    assert told.fit
    assert told.counts() == {"新增": 13}
    assert head() == before
    assert not Matter.objects.exists()
    assert not [path for path in (home / "blobs").rglob("*") if path.is_file()]
    assert run(data).steps == told.steps


def test_one_wrong_row_and_nothing_is_loaded(cast: "Cast", fill: Fill, home: Path) -> None:
    sheets = {**FULL, "try_errand": [errand(), errand("S-2"), errand("S-3", urgency="不急")]}
    result = run(fill(sheets))
    assert not result.loaded
    assert errors(result) == [("intake.unreadable-cell", "试办事项!K6")]
    wrong = next(item for item in result.findings if item.severity is Severity.ERROR)
    assert "急、缓" in wrong.hint
    assert not Subject.objects.exists()
    assert not [path for path in (home / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("sheets", "cell", "hint"),
    [
        ({"try_errand": [errand(unit="清河鎮")]}, "试办事项!C4", "清河镇"),
        ({"try_errand": [errand(shop="甲")]}, "试办事项!S4", "先登记"),
        ({"try_errand": [errand(opened="2025年3月")]}, "试办事项!E4", "2025-03-01"),
        ({"try_errand": [errand(cost="0.2亿元")]}, "试办事项!M4", "应填 2000"),
        ({"try_errand": [errand(), errand()]}, "试办事项!A5", "另编号"),
        ({"try_errand": [errand(title="")]}, "试办事项!B4", "补填"),
        ({"try_errand": [errand(papers="会议纪要:没有.pdf")]}, "试办事项!U4", "纪要.pdf"),
        (
            {"指标数据": [{"indicator": "粮食产", "year": 2025, "month": 6, "value": 1}]},
            "指标数据!A4",
            "粮食产量",
        ),
        (
            {"指标数据": [{"indicator": "粮食产量", "year": 2025, "month": 5, "value": 1}]},
            "指标数据!H4",
            "6、12月",
        ),
        (
            {"指标数据": [{"indicator": "粮食产量", "year": 2199, "month": 6, "value": 1}]},
            "指标数据!H4",
            "目标或预计",
        ),
    ],
)
def test_a_finding_names_the_cell_and_what_would_be_right(
    cast: "Cast", fill: Fill, sheets: dict[str, object], cell: str, hint: str
) -> None:
    result = run(fill(sheets))
    found = [item for item in result.findings if item.severity is Severity.ERROR]
    assert [item.place for item in found] == [cell]
    assert hint in found[0].hint
    assert not result.loaded


def test_a_step_whose_gate_is_shut_is_refused_at_its_row(cast: "Cast", fill: Fill) -> None:
    moves = [step("承办", date(2025, 3, 5))]
    result = run(fill({"try_errand": [errand()], "try_errand.办理过程": moves}))
    found = [item for item in result.findings if item.severity is Severity.ERROR]
    assert [item.place for item in found] == ["试办事项·办理过程!C4"]
    assert "须先填写进展" in str(found[0])


def test_a_payment_above_its_allocation_is_refused_with_the_sums(cast: "Cast", fill: Fill) -> None:
    run(fill(FULL))
    more = [
        {
            "number": "P-2",
            "allocation": "F-1",
            "title": "尾款",
            "date": date(2025, 5, 1),
            "amount": Decimal(40),
        }
    ]
    result = run(fill({"try_grant.支付": more}))
    assert [item.id for item in result.findings] == ["fund.over-allocation"]
    assert "余399,900.00元" in result.findings[0].message
    assert Payment.objects.count() == 1


def test_a_ledger_sent_again_never_undoes_what_was_done_since(cast: "Cast", fill: Fill) -> None:
    run(fill(FULL))
    result = run(fill({"try_errand": [errand(cost=Decimal("3.25")), errand("S-2", cost=Decimal(9))]}))
    assert result.counts() == {"不变": 1, "变更": 1}
    assert [item.id for item in result.findings] == ["intake.older"]
    assert Matter.objects.get(number="S-1").fields["cost"] == 4_500_000
    assert Matter.objects.get(number="S-2").fields["cost"] == 9_000_000


def test_lines_sent_later_replace_the_table_they_belong_to(cast: "Cast", fill: Fill) -> None:
    run(fill(FULL))
    rows = [{"record": "H-1", "shop": "甲店", "intent": Decimal(10), "signed": Decimal(9)}]
    result = run(fill({"try_meeting.deals": rows}))
    assert errors(result) == []
    assert result.counts() == {"变更": 1}
    assert [line.fields["signed"] for line in Line.objects.filter(struck=None)] == [9_000_000]


def test_a_wrong_line_is_told_at_its_own_sheet(cast: "Cast", fill: Fill) -> None:
    sheets = {
        **FULL,
        "try_meeting.deals": [{"record": "H-1", "shop": "甲店", "intent": Decimal(5), "signed": Decimal(8)}],
    }
    result = run(fill(sheets))
    assert not result.loaded
    assert [item.place.partition("!")[0] for item in result.findings] == ["试用对接会·成交明细"]


def test_a_person_loads_only_what_the_posts_held_allow(cast: "Cast", fill: Fill) -> None:
    mine = load(fill({"try_errand": [errand()]}), by=cast.user("town_filler"), day=TODAY)
    assert mine.loaded
    others = load(
        fill({"try_errand": [errand("S-9", unit="白石乡")]}), by=cast.user("town_filler"), day=TODAY
    )
    assert not others.loaded
    assert [item.id for item in others.findings] == ["intake.right"]
    figures = fill({"指标数据": [{"indicator": "粮食产量", "year": 2025, "month": 6, "value": 3}]})
    assert not load(figures, by=cast.user("town_filler"), day=TODAY).loaded
    assert load(figures, by=cast.user("statistician"), day=TODAY).loaded


def test_rows_without_a_number_are_told_apart_by_name_unit_and_day(cast: "Cast", fill: Fill) -> None:
    data = fill({"try_meeting": [{"title": "座谈", "unit": TOWN, "date": date(2025, 5, 1), "place": "礼堂"}]})
    run(data)
    assert run(data).counts() == {"不变": 1}
    assert Record.objects.count() == 1


def test_two_years_side_by_side_under_merged_headings_are_told_apart(
    cast: "Cast", pen: Callable[..., bytes]
) -> None:
    rows = [
        ["粮食生产情况", None, None, None, None],
        ["指标名称", "计量单位", "2024年", None, "2025年"],
        [None, None, "1-6月", "全年", "1-6月"],
        ["粮食产量", "吨", 31000, 124600, 31500],
        ["注：调查队数据", None, None, None, None],
    ]
    data = pen(rows, name="指标月报", merge=("A1:E1", "A2:A3", "B2:B3", "C2:D2"))
    assert errors(run(data)) == []
    seen = Observation.objects.order_by("year", "month").values_list("year", "month", "value")
    assert list(seen) == [(2024, 6, 3_100_000), (2024, 12, 12_460_000), (2025, 6, 3_150_000)]


def test_what_a_person_may_not_see_is_neither_found_nor_offered(cast: "Cast", fill: Fill) -> None:
    hidden = {
        "number": "X-7",
        "title": "举报",
        "unit": "陵水湾县",
        "opened": date(2025, 3, 3),
        "claim": "某事",
    }
    assert load(fill({"try_complaint": [hidden]}), by=cast.user("discipline"), day=TODAY).loaded
    result = load(fill({"try_errand": [errand(parent="X-7")]}), by=cast.user("town_filler"), day=TODAY)
    found = [item for item in result.findings if item.severity is Severity.ERROR]
    assert [item.id for item in found] == ["intake.matter"]
    near = load(fill({"try_errand": [errand(parent="X-8")]}), by=cast.user("head"), day=TODAY)
    assert not any("X-7" in item.hint for item in near.findings)
