"""Weekly plans of some leaders, bureaus and townships in both years, settled at meetings; and what was decided there.

The plans come in by workbook (90). Decisions, minutes and the last days' reports are made by the verbs themselves (`live`),
as the office makes them at the desk: no workbook holds a meeting.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from demo.geography import clerk, head, seat
from demo.pen import Parcel, Row

# Monday of the week planned, and the day of the meeting that settles it (None: the running week).
WEEKS = (
    (date(2024, 10, 28), date(2024, 11, 4)),
    (date(2024, 11, 4), date(2024, 11, 11)),
    (date(2025, 11, 10), date(2025, 11, 17)),
    (date(2025, 11, 17), date(2025, 11, 24)),
    (date(2025, 12, 15), date(2025, 12, 22)),
    (date(2025, 12, 22), date(2025, 12, 29)),
    (date(2025, 12, 29), None),
)
TASKS = (
    ("工业园区管网改造完成验收", "验收单齐全"),
    ("走访规上企业并交办诉求", "诉求当周全部交办"),
    ("冬春水利施工现场调度", "两处工程复工"),
    ("学校周边食品安全检查", "问题清单交办"),
    ("老旧小区改造居民意见征求", "意见汇总成稿"),
    ("包案信访事项约访", "当面答复"),
    ("重大项目要件会商", "用地预审报出"),
    ("秋冬森林防火巡查", "隐患全部整改"),
    ("河道清理扫尾", "断面无漂浮物"),
    ("年度预算执行会商", "支出进度表报出"),
    ("校车线路隐患排查", "问题线路整改"),
    ("农村饮水管护检查", "水质抽检合格"),
)
REASONS = {
    "部分": ("只完成现场部分，资料还在补", "两处中完成一处"),
    "未完成": ("施工单位未按期进场", "牵头单位未提供要件"),
    "顺延": ("连续降雨不能施工", "上级评审改期"),
    "取消": ("并入县里统一检查，不再单独进行",),
}
DECISIONS = {
    date(2024, 11, 4): ("月底前完成农村公路安全隐患排查并建账", "交通局"),
    date(2024, 11, 11): ("两周内办结拖欠工程款线索的核实", "住建局"),
    date(2025, 11, 17): ("年底前完成冬春水利在建工程安全复核", "水利局"),
    date(2025, 12, 29): ("元旦前后燃气安全检查发现的问题逐户销账", "城管局"),
}

# One leader's promise of that week is put off, and put off again.
STUBBORN = (seat("lead-2"), date(2025, 12, 15))
PUT_OFF = 93


def posts() -> tuple[str, ...]:
    """Whose plans the demo shows."""
    leaders = (seat("lead-1"), seat("lead-2"), seat("lead-3"), seat("lead-4"))
    return (*leaders, head("水利局"), head("住建局"), head("望溪镇"))


def write(parcel: Parcel) -> None:
    """The workbook of weekly plans."""
    parcel.write("90-周计划与交账.xlsx", {"weekly_item": _rows(parcel)})


def _rows(parcel: Parcel) -> Sequence[Row]:
    """Items week by week; what was put off comes back the next week, one promise three times in a row."""
    chance = parcel.chance("rhythm")
    rows: list[dict[str, object]] = []
    carried: dict[str, dict[str, object]] = {}
    for monday, meets in WEEKS:
        year, week, _ = monday.isocalendar()
        for place, post in enumerate(posts()):
            for title, result in _tasks(chance.whole(0, 11), 1 + (place % 2)):
                rows.append(_item(len(rows) + 1, monday, f"{year}-W{week:02d}", post, title, result))
                drawn = chance.whole(0, 99)
                _settle(rows[-1], meets, PUT_OFF if (post, monday) == STUBBORN else drawn)
            before = carried.pop(post, None)
            if before is not None and before["settled"] == monday:
                again = _item(
                    len(rows) + 1, monday, f"{year}-W{week:02d}", post, before["title"], before["result"]
                )
                _settle(again, meets, PUT_OFF if post == STUBBORN[0] else 0)
                rows.append({**again, "origin": "上次承诺", "before": before["number"]})
            if rows[-1]["verdict"] == "顺延":
                carried[post] = rows[-1]
    return rows


def _tasks(start: int, count: int) -> list[tuple[str, str]]:
    return [TASKS[(start + number * 5) % len(TASKS)] for number in range(count)]


def _item(
    number: int, monday: date, week: str, post: str, title: object, result: object
) -> dict[str, object]:
    return {
        "number": f"ZJ{monday.year}-{number:03d}",
        "title": title,
        "post": post,
        "week": week,
        "due": monday + timedelta(4),
        "result": result,
        "origin": "自提",
        "before": "",
        "verdict": "",
        "settled": None,
        "reason": "",
        "moved": None,
        "chair": "",
        "recorder": "",
    }


def _settle(row: dict[str, object], meets: date | None, drawn: int) -> None:
    """Most promises are kept; what is not says why."""
    if meets is None:
        return
    verdict = next(
        word
        for word, until in (("完成", 68), ("部分", 80), ("未完成", 90), ("顺延", 98), ("取消", 100))
        if drawn < until
    )
    reasons = REASONS.get(verdict, ("",))
    row |= {
        "verdict": verdict,
        "settled": meets,
        "reason": reasons[drawn % len(reasons)],
        "moved": meets + timedelta(4) if verdict == "顺延" else None,
        "chair": seat("lead"),
        "recorder": seat("supervise"),
    }


def live() -> None:
    """Decide at the meetings, keep their minutes, and report the last days: once, however often it is asked."""
    from shuzhi.rhythm.kinds import deciding_kind
    from shuzhi.rhythm.minutes import PAPER, minutes
    from shuzhi.rhythm.models import Meeting
    from shuzhi.rhythm.verbs import decide, keep_minutes, report_day
    from shuzhi.units.models import Post, Unit

    recorder = Post.objects.get(code=seat("supervise"))
    kind = deciding_kind()
    asked = {
        field.code: field.choices[0]
        for field in kind.fields
        if field.required and not field.takes and field.choices
    }
    for meeting in Meeting.objects.order_by("date"):
        told = DECISIONS.get(meeting.date)
        if told and not meeting.decisions.exists():
            text, name = told
            unit = Unit.objects.get(name=name)
            due = meeting.date + timedelta(25)
            decide(meeting, text, unit=unit, due=due, by=recorder, fields=asked)
        keep_minutes(meeting, minutes(meeting, ()), paper=PAPER, by=recorder)
    for code, where in ((seat("lead-2"), "在岗"), (seat("lead-3"), "望溪镇调研"), (clerk("水利局"), "在岗")):
        post = Post.objects.get(code=code)
        for day in (date(2025, 12, 29), date(2025, 12, 30)):
            lines = [{"done": True, "about": "", "text": "参加碰头会"}] if day.day == 29 else []
            report_day(post, day, by=post, lines=lines, whereabouts=where)
