"""The command ``shuzhi``: every daily job of an instance, from founding it to publishing its report.

Exit codes (docs/commands.md): 0 done; 1 done, but something is missing or was found; 2 the input was refused; 3 the books or the journal are damaged.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from shuzhi.cli import (
    ballot,
    books,
    catalogue,
    checking,
    demo,
    drafts,
    instance,
    reading,
    rhythm,
    targets,
    troubles,
    units,
)
from shuzhi.kernel.finding import Refused

DONE, FOUND, REFUSED, DAMAGED = 0, 1, 2, 3
MOST_TOLD = 50


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(
        prog="shuzhi",
        description="述职：账本、结账、算数、成稿、公开。环境变量 SHUZHI_HOME 指明实例所在的文件夹。",
    )
    commands = made.add_subparsers(dest="command", metavar="命令", required=True)
    for part in (instance, units, books, rhythm, reading, drafts, catalogue, demo, targets, checking, ballot):
        part.add(commands)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Refused input is printed finding by finding, in Chinese."""
    arguments = parser().parse_args(argv)
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
