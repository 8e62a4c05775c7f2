"""``shuzhi init``, ``load``, ``template``, ``password``, ``serve``: founding an instance and putting the accounts in.

Imports inside functions are of models, which may only be touched once Django is awake.
"""

import argparse
import getpass
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shuzhi.cli import say
from shuzhi.cli.setup import hand_over, migrate, wake
from shuzhi.kernel.chain import ALGORITHMS
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import write_whole

if TYPE_CHECKING:
    from shuzhi.intake.load import Result
    from shuzhi.intake.parcel import Parcel
    from shuzhi.units.models import User


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    init = commands.add_parser("init", help="创建实例")
    init.add_argument("--county", required=True, help="本级单位代码，如 990123")
    init.add_argument("--name", required=True, help="本级单位名称")
    init.add_argument("--algorithm", choices=ALGORITHMS, default="sha256", help="摘要算法，建后不改")
    init.set_defaults(run=_init)

    load = commands.add_parser("load", help="导入工作簿")
    load.add_argument("workbooks", nargs="+", type=Path, help="工作簿、文件夹或压缩包，按先后顺序导入")
    load.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    load.add_argument("--marked", type=Path, help="有问题时，把标注过的工作簿写到这个文件夹")
    load.add_argument("--user", default="", help="以谁的账号导入；不写即由系统导入")
    load.add_argument("--json", action="store_true", help="输出 JSON")
    load.set_defaults(run=_load)

    template = commands.add_parser("template", help="按目录生成填报模板")
    template.add_argument("kind", help="台账代码，见 shuzhi catalogue list")
    template.add_argument("--out", type=Path, required=True, help="写到哪个文件")
    template.set_defaults(run=_template)

    password = commands.add_parser("password", help="设置登录口令")
    password.add_argument("username", help="账号")
    password.set_defaults(run=_password)

    serve = commands.add_parser("serve", help="启动网站")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址")
    serve.add_argument("--port", type=int, default=8000, help="端口")
    serve.add_argument("--workers", type=int, default=2, help="进程数")
    serve.set_defaults(run=_serve)


def _init(arguments: argparse.Namespace) -> int:
    wake(founding=True)
    from shuzhi.evidence import instance

    made = instance.create(arguments.county, arguments.name, arguments.algorithm)
    migrate()
    print(f"已在 {instance.home()} 建立“{made.name}”的实例（{made.algorithm}）。")
    return 0


def _load(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.evidence import instance
    from shuzhi.intake.load import dry_run, load
    from shuzhi.intake.parcel import from_path

    act = dry_run if arguments.dry_run else load
    parcels = [parcel for path in arguments.workbooks for parcel in from_path(path)]
    person, bad, told = _person(arguments.user), False, []
    for number, parcel in enumerate(parcels):
        say.bar(number, len(parcels), "导入")
        result = act(parcel.workbook, by=person, day=instance.today(), materials=parcel.materials)
        bad = bad or not result.fit
        told.append(
            {
                "file": parcel.name,
                "loaded": result.loaded,
                "counts": dict(result.counts()),
                "findings": [finding.as_json() for finding in result.findings],
            }
        )
        if not arguments.json:
            print(
                f"{parcel.name}："
                + ("，".join(f"{n} {c}" for n, c in result.counts().items()) or "没有可读的行")
            )
            say.findings(result.findings)
        if arguments.marked and result.findings:
            mark(parcel, result, arguments.marked)
    say.bar(len(parcels), len(parcels), "导入")
    if arguments.json:
        say.as_json(told)
    return 2 if bad else 0


def _person(username: str) -> "User | None":
    """The person who imports; the instance itself when none is named."""
    from shuzhi.units.models import User

    if not username:
        return None
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refused(Finding("user.unknown", f"没有账号“{username}”", "账号随任职名册导入而建立"))
    return found


def mark(parcel: "Parcel", result: "Result", folder: Path) -> Path:
    """Write the marked copy of a workbook into a folder and say where it is."""
    from shuzhi.intake.marked import marked_copy

    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{parcel.name.rpartition('.')[0]}-标注.xlsx"
    write_whole(target, marked_copy(parcel.workbook, result.findings))
    print(f"标注过的工作簿：{target}", file=sys.stderr)
    return target


def _template(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.evidence import instance
    from shuzhi.intake.forms import forms
    from shuzhi.intake.template import template

    known_forms = forms(instance.catalogue()).values()
    wanted = [form for form in known_forms if form.kind and form.kind.code == arguments.kind]
    if not wanted:
        known = "、".join(sorted(instance.catalogue().kinds))
        raise Refused(Finding("template.kind", f"没有“{arguments.kind}”这种台账", f"可用：{known}"))
    write_whole(arguments.out, template(wanted))
    print(f"模板已写到 {arguments.out}")
    return 0


def _password(arguments: argparse.Namespace) -> int:
    wake()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    user = _person(arguments.username)
    assert user is not None
    password = getpass.getpass("新口令：")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused([Finding("password.weak", said, "请换一个口令") for said in error.messages]) from None
    user.set_password(password)
    user.save()
    print("口令已改。")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    wake()
    migrate()
    serve(arguments.host, arguments.port, arguments.workers)
    return 0


def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until interrupted; raises Refused when somebody else already listens there."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _free(host, port)
    hand_over()
    Granian(
        "shuzhi.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


def _free(host: str, port: int) -> None:
    """The server shares a port without a word, so that two sites would answer in turns: ask first."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Refused(
                Finding(
                    "serve.port", f"{host} 的 {port} 端口已被占用或不能用", "用 --port 换一个端口", str(port)
                )
            ) from None
