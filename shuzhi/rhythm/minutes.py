"""The minutes of a settling meeting, put together from what was entered there, as a paper in GB/T 9704."""

from collections.abc import Iterable

from shuzhi.kernel.calendar import say_day
from shuzhi.prose.writing.docx_out import to_docx
from shuzhi.prose.writing.paper import Block, Paper, Run
from shuzhi.rhythm.models import Meeting, PlanItem
from shuzhi.rhythm.periods import week_name
from shuzhi.rhythm.queries import Exceptional, roll, told_kept

PAPER = "会议纪要"


def minutes(meeting: Meeting, exceptions: Iterable[Exceptional]) -> bytes:
    """The minutes as docx: how last week's promises were kept, first; then exceptions; then what was decided."""
    settled = [item for item in roll(meeting) if item.settled == meeting.date]
    blocks = [
        _text(
            f"{say_day(meeting.date)}，{meeting.chair.unit.name}{meeting.chair.title}主持召开碰头会。纪要如下："
        ),
        _head("一、承诺交账情况"),
        *_settled(settled),
        _head("二、例外事项"),
        *_exceptions(list(exceptions)),
        _head("三、议定事项"),
        *_decided(meeting),
    ]
    title = (Run(f"{meeting.unit.name}碰头会纪要"),)
    day = say_day(meeting.date)
    return to_docx(Paper((title,), tuple(blocks), signature=meeting.unit.name, date=day))


def _head(text: str) -> Block:
    return Block(1, (Run(text),))


def _text(text: str) -> Block:
    return Block(0, (Run(text),))


def _settled(items: list[PlanItem]) -> Iterable[Block]:
    if not items:
        yield _text("本次没有需要交账的承诺。")
        return
    counted = told_kept(items, by_unit=True)
    done = sum(one.verdicts["完成"] for one in counted)
    total = sum(one.counted for one in counted)
    yield _text(f"应交账{len(items)}件，完成{done}件，计入完成率的{total}件。顺延不算完成。")
    for number, item in enumerate(items, 1):
        reason = f"，{item.reason}" if item.reason else ""
        moved = f"，顺延至{say_day(item.moved)}" if item.moved else ""
        often = f"（第{item.times}次顺延）" if item.moved and item.times > 1 else ""
        who = (
            f"{item.unit.name}{item.post.title}" if item.unit.name not in item.post.title else item.post.title
        )
        yield _text(
            f"{number}.{item.title}（{who}，{week_name(item.week)}）：{item.verdict}{reason}{moved}{often}。"
        )


def _exceptions(rows: list[Exceptional]) -> Iterable[Block]:
    if not rows:
        yield _text("没有红灯和逾期事项。")
    for number, row in enumerate(rows, 1):
        yield _text(f"{number}.{row.title}（{row.unit.name}）：{row.reason}。")


def _decided(meeting: Meeting) -> Iterable[Block]:
    rows = meeting.decisions.select_related("matter__unit").order_by("no")
    if not rows:
        yield _text("本次没有新的议定事项。")
    for row in rows:
        due = f"，{say_day(row.matter.due)}前完成" if row.matter.due else ""
        yield _text(f"{row.no}.{row.text.rstrip('。')}（责任单位：{row.matter.unit.name}{due}）。")
