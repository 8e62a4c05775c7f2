"""``shuzhi demo``: a fictional county from its workbooks to its published report, on this machine, in one command.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
import importlib
import os
import shutil
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.cli.instance import mark, serve
from shuzhi.cli.setup import migrate
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import write_whole

if TYPE_CHECKING:
    from shuzhi.reports.models import Edition, Report
    from shuzhi.units.models import Post

PASSWORD = "mingming-2025"  # noqa: S105 - the demonstration's own, printed for whoever runs it
AS_OF = date(2025, 12, 31)
DONE = "demo-done"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    made = commands.add_parser("demo", help="演示：虚构的明澜县，从导入到公开")
    made.add_argument("--dir", type=Path, default=Path(".demo"), help="演示实例放在哪里")
    made.add_argument("--no-serve", action="store_true", help="做完不启动网站")
    made.add_argument("--port", type=int, default=8000, help="网站端口")
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make everything that is not there yet, say where it lies, and serve."""
    folder = arguments.dir.resolve()
    home = folder / "instance"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["SHUZHI_HOME"] = str(home)
    if (folder / DONE).exists():
        migrate()
        print("演示县已经建好，直接使用。", file=sys.stderr)
    else:
        build(folder, home)
        (folder / DONE).write_text("ok", "utf-8")
    tell(folder, arguments.port, serving=not arguments.no_serve)
    if not arguments.no_serve:
        serve("127.0.0.1", arguments.port, 1)
    return 0


def build(folder: Path, home: Path) -> None:
    """Workbooks, instance, import, closing, report, publication, proof: each step shown with its time."""
    workbooks = folder / "workbooks"
    with say.step("写出明澜县的工作簿"):
        written = _maker().make(workbooks)
    with say.step("建立实例和数据库"):
        migrate()
        from shuzhi.evidence import instance

        instance.create("990123", "明澜县", today=AS_OF)
        # The county's own definitions, where a county keeps them: catalogue/ of its instance.
        shutil.copytree(importlib.import_module("demo.pen").OVERLAY, home / "catalogue", dirs_exist_ok=True)
        instance.forget()
    for path in written:
        with say.step(f"导入 {path.name}"):
            _load(path)
    for path in sorted((workbooks / "不能入账").glob("*.xlsx")):
        with say.step(f"导入 {path.name}（超出分配数，应被拒绝）"):
            _refused(path, folder / "marked")
    with say.step("碰头会议定、纪要、日报告"):
        importlib.import_module("demo.rhythm").live()
    with say.step("民主测评：印票、投票、封存"):
        importlib.import_module("demo.ballot").live()
    with say.step("登记统计数的公布"):
        importlib.import_module("demo.publishing").live(AS_OF)
    with say.step("设置演示口令"):
        _passwords()
    with say.step("结账、填报、成稿"):
        edition = _report(next(workbooks.glob("*样稿.txt")), folder / "report")
    with say.step("交代上年、放数、签发、立项、公开"):
        _publish(edition)
    with say.step("核验全部日志、账目、材料和结账"):
        _verify()


def _maker() -> ModuleType:
    """The generator of the demo county, which lies in the source tree beside the package."""
    try:
        return importlib.import_module("demo.make")
    except ModuleNotFoundError:
        raise Refused(
            Finding("demo.absent", "演示数据只随源码提供", "请在源码文件夹里执行 ./dev demo")
        ) from None


def _load(path: Path) -> None:
    from shuzhi.intake.load import load
    from shuzhi.intake.parcel import from_path

    for parcel in from_path(path):
        result = load(parcel.workbook, by=None, day=AS_OF, materials=parcel.materials)
        if not result.fit:
            raise Refused(result.findings)


def _refused(path: Path, out: Path) -> None:
    """Load a workbook that must be refused, and keep the marked copy that goes back to its sender."""
    from shuzhi.intake.load import load
    from shuzhi.intake.parcel import from_path

    for parcel in from_path(path):
        result = load(parcel.workbook, by=None, day=AS_OF, materials=parcel.materials)
        if result.fit:
            raise Refused(Finding("demo.accepted", f"{path.name} 本应被拒绝", "请检查资金台账的约束"))
        mark(parcel, result, out)


def _passwords() -> None:
    from django.contrib.auth.hashers import make_password

    from shuzhi.units.models import User

    User.objects.update(password=make_password(PASSWORD))


def _report(draft: Path, out: Path) -> "Edition":
    """The report on the sample draft, compiled once, and its files laid out for whoever looks."""
    from shuzhi.evidence import blobs
    from shuzhi.reports.models import Report
    from shuzhi.reports.verbs import PAGE, compile_edition, take_in
    from shuzhi.units.queries import root

    writer = _post("write")
    report = Report.objects.filter(filename=draft.name).first() or take_in(
        draft.read_bytes(), filename=draft.name, unit=root(), year=AS_OF.year, writer=writer, day=AS_OF
    )
    if not report.editions.exists():
        _answer(report, writer)
    edition = report.editions.last() or compile_edition(report, as_of=AS_OF, by=writer, day=AS_OF)
    out.mkdir(parents=True, exist_ok=True)
    for name, digest in edition.files.items():
        if name != PAGE:
            write_whole(out / name, blobs.fetch(digest))
    return edition


def _answer(report: "Report", writer: "Post") -> None:
    """No gap is left: proposed names are taken, the writer's own name is written in, all else left out with its reason."""
    from shuzhi.books.verbs import close_books
    from shuzhi.reports import answering
    from shuzhi.reports.places import State
    from shuzhi.reports.verbs import filled

    made = filled(report, close_books(AS_OF, by=writer.code))
    signer = _post("sign").appointments.first()
    for gap in made.gaps():
        start = gap.slot.span.start
        if gap.proposals:
            answering.accept(report, made, start=start, text=gap.proposals[0].text, by=writer, day=AS_OF)
        elif made.draft.text[:start].endswith("述职人：") and signer is not None:
            answering.write(
                report,
                made,
                start=start,
                text=signer.user.name,
                source="述职人本人署名",
                by=writer,
                day=AS_OF,
            )
        else:
            answering.leave_out(
                report,
                made,
                start=start,
                reason=gap.reason,
                by=writer,
                day=AS_OF,
                dash=gap.state is not State.NAME,
            )


def _account(report: "Report", writer: "Post") -> None:
    """Whatever of last year's report has no account by now is carried over, and says so."""
    from shuzhi.reports.pledged import account_for, last_year

    for item in last_year(report, AS_OF):
        if not item.accounted:
            account_for(item, said=-1, explanation="年底还没有验收，转下年继续办理", by=writer, day=AS_OF)


def _pledge(edition: "Edition", writer: "Post") -> None:
    """What the signed report admits and promises becomes matters of next year."""
    from shuzhi.reports.pledged import confirm, pledged

    for item in pledged(edition):
        if item.statement is None:
            unit, due = edition.report.unit, date(AS_OF.year + 1, 12, 31)
            confirm(edition, start=item.start, title=item.sentence, unit=unit, due=due, by=writer, day=AS_OF)


def _publish(edition: "Edition") -> None:
    """Every step that an interrupted run has left to do."""
    from shuzhi.reports.disclosure import publish_ledgers
    from shuzhi.reports.verbs import publish_edition, release, sign

    publisher = _post("publish")
    if edition.releaser is None:
        release(edition, by=_post("release"), day=AS_OF)
    if edition.signer is None:
        _account(edition.report, edition.writer)
        sign(edition, by=_post("sign"), day=AS_OF)
    _pledge(edition, edition.writer)
    if not edition.published:
        publish_edition(edition, by=publisher, day=AS_OF)
    publish_ledgers(by=publisher, as_of=AS_OF, day=AS_OF)


def _post(duty: str) -> "Post":
    """The first post of the county itself that carries a duty."""
    from shuzhi.units.models import Post
    from shuzhi.units.queries import root

    here = root()
    found = [post for post in Post.objects.order_by("code") if duty in post.duties]
    return next(post for post in found if post.unit_id == here.code)


def _verify() -> None:
    from shuzhi.evidence.verify import verify

    found = list(verify())
    if found:
        raise Refused(found)


def tell(folder: Path, port: int, *, serving: bool) -> None:
    """Say where everything lies and who may log in."""
    from shuzhi.units.models import Appointment

    print(
        f"\n报告文件：{folder / 'report'}\n工作簿：{folder / 'workbooks'}\n被拒绝后标注的工作簿：{folder / 'marked'}"
    )
    print(f"实例：{folder / 'instance'}（SHUZHI_HOME 指向这里即可使用 shuzhi 的其他命令）")
    print(f"\n登录账号（口令都是 {PASSWORD}）：")
    shown: dict[str, tuple[str, str, str]] = {}
    for row in Appointment.objects.select_related("user", "post").order_by("post_id"):
        for duty in row.post.duties:
            shown.setdefault(duty, (row.user.username, str(row.user), row.post.title))
    say.table(sorted(set(shown.values())))
    if serving:
        print(
            f"\n网站：http://127.0.0.1:{port}/　办公桌面：http://127.0.0.1:{port}/desk/　（按 Ctrl+C 停止）",
            flush=True,
        )
