"""The command ``shuzhi``: every daily job of an instance, from founding it to publishing its report.

Exit codes (docs/commands.md): 0 done; 1 done, but something is missing or was found; 2 the input was refused; 3 the books or the journal are damaged.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from shuzhi.cli import troubles
from shuzhi.kernel.finding import Refused

DONE, FOUND, REFUSED, DAMAGED = 0, 1, 2, 3
MOST_TOLD = 50
# Definitions and drafts are a hundred thousand small objects that stay: looking through them for garbage as often as Python
# does by itself takes a quarter of the time a report takes to fill.
SELDOM = (100_000, 20, 20)


# The modules of the commands. A command reads its own only, for each draws in all that it works with.
COMMANDS = {
    "instance": ("init", "load", "template", "password", "serve"),
    "units": ("units",),
    "books": ("close", "verify", "figure"),
    "bulk": ("ingest",),
    "rhythm": ("owed", "digest", "burden"),
    "reading": ("read",),
    "drafts": ("fill", "report"),
    "archives": ("archive", "replay"),
    "catalogue": ("catalogue",),
    "demo": ("demo",),
    "targets": ("targets", "score", "estimate", "trueup"),
    "checking": ("check",),
    "ballot": ("ballot",),
    "rollup": ("rollup",),
}


def parser(command: str = "") -> argparse.ArgumentParser:
    """The command line of one command; of all of them when it is none, so that help tells of each."""
    made = argparse.ArgumentParser(
        prog="shuzhi",
        description="述职：账本、结账、算数、成稿、公开。环境变量 SHUZHI_HOME 指明实例所在的文件夹。",
    )
    commands = made.add_subparsers(dest="command", metavar="命令", required=True)
    for part in [part for part, known in COMMANDS.items() if command in known] or COMMANDS:
        import_module(f"shuzhi.cli.{part}").add(commands)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Refused input is printed finding by finding, in Chinese."""
    gc.set_threshold(*SELDOM)
    given = sys.argv[1:] if argv is None else list(argv)
    arguments = parser(next(iter(given), "")).parse_args(given)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except Refused as refused:
        for finding in refused.findings[:MOST_TOLD]:
            print(finding, file=sys.stderr)
        if len(refused.findings) > MOST_TOLD:
            print(f"……共 {len(refused.findings)} 条，先改以上 {MOST_TOLD} 条", file=sys.stderr)
        return REFUSED
    except ImproperlyConfigured as error:
        print(f"[错误] 设置有误：{error}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # The reader (head, less) has enough.
        _hush()
        return DONE
    except DatabaseError as error:
        finding, damaged = troubles.of_database(error)
        print(finding, file=sys.stderr)
        return DAMAGED if damaged else REFUSED
    except OSError as error:
        print(troubles.of_file(error), file=sys.stderr)
        if error.filename is None:
            _hush()
        return REFUSED
    except KeyboardInterrupt:
        print("已中断，未完成的一步没有写入。", file=sys.stderr)
        return REFUSED


def _hush() -> None:
    """What is left of our own output must not raise again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
