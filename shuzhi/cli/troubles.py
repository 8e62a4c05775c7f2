"""What to say when the machine refuses: a full disk, a file that may not be touched, a database that cannot be had."""

import errno
import os
from collections.abc import Mapping

from django.db import Error as DatabaseError
from django.db import connection

from shuzhi.kernel.finding import Finding

_AGAIN = "未完成的一步没有写入，已确认的账目都在；处理好后重新执行同一条命令"
# errno → (what is wrong, what to do)
_FILES: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: ("磁盘已满，没有写成", f"请腾出空间。{_AGAIN}"),
    errno.EDQUOT: ("磁盘配额已用完，没有写成", f"请腾出空间或提高配额。{_AGAIN}"),
    errno.EFBIG: ("文件超过系统允许的大小，没有写成", f"请提高该用户的文件大小上限。{_AGAIN}"),
    errno.EROFS: ("所在的磁盘是只读的", f"请改为可写后再执行。{_AGAIN}"),
    errno.EACCES: ("没有读写权限", "请核对文件和文件夹的所有者与权限"),
    errno.EPERM: ("没有读写权限", "请核对文件和文件夹的所有者与权限"),
    errno.ENOENT: ("没有这个文件", "请核对路径"),
    errno.EISDIR: ("这是文件夹，不是文件", "请核对路径"),
    errno.ENOTDIR: ("路径中间有一段不是文件夹", "请核对路径"),
    errno.EEXIST: ("这里已有同名的文件", "请换一个位置"),
    errno.ENAMETOOLONG: ("文件名太长", "请缩短文件名"),
    errno.EMFILE: ("同时打开的文件太多", f"请提高该用户的打开文件数上限。{_AGAIN}"),
    errno.EIO: ("磁盘读写出错", f"请检查磁盘是否损坏。{_AGAIN}"),
}
# words in the database's message (SQLite's, PostgreSQL's), what is wrong, what to do, whether the books may be damaged
_DATABASE: tuple[tuple[tuple[str, ...], str, str, bool], ...] = (
    (("is full", "no space left"), "磁盘已满，没有写成", f"请腾出空间。{_AGAIN}", False),
    (
        ("readonly", "read-only"),
        "数据库是只读的，没有写成",
        f"请核对数据库文件和文件夹的权限。{_AGAIN}",
        False,
    ),
    (("locked", "lock timeout"), "数据库正被别的程序占用，没有等到", f"请稍候。{_AGAIN}", False),
    (("unable to open",), "打不开数据库文件", "请核对 SHUZHI_HOME 指的文件夹和它的权限", False),
    (
        ("connect", "password", "authentication", "terminat", "shutting down", "starting up", "timeout"),
        "连不上数据库",
        f"请确认 PostgreSQL 已启动，SHUZHI_DATABASE 的主机、端口、用户、口令和库名无误。{_AGAIN}",
        False,
    ),
    (
        ("no such table", "does not exist", "no such column"),
        "数据库里没有账表，或账表不是这一版的",
        "请核对 SHUZHI_DATABASE，再执行 shuzhi init（已有的账不受影响）",
        False,
    ),
    (("malformed", "not a database"), "数据库文件已损坏", "请从备份恢复这个文件", True),
    (("disk i/o",), "数据库所在的磁盘读写出错", f"请检查磁盘是否损坏、配额是否用完。{_AGAIN}", True),
)


def of_file(error: OSError) -> Finding:
    """What is wrong with a file, where, and what to do."""
    said = error.strerror or type(error).__name__
    message, hint = _FILES.get(error.errno or 0, (f"读写文件出错：{said}", _AGAIN))
    return Finding("file.trouble", message, hint, os.fsdecode(error.filename) if error.filename else "输出")


def of_database(error: DatabaseError) -> tuple[Finding, bool]:
    """What is wrong with the database, where, and what to do; and whether the books themselves may be damaged."""
    said = str(error).strip()
    known = next((row for row in _DATABASE if any(word in said.lower() for word in row[0])), None)
    if known is None:
        return Finding(
            "database.trouble", f"数据库读写出错：{said}", "文件损坏的，请从备份恢复", where()
        ), True
    return Finding("database.trouble", known[1], known[2], where()), known[3]


def where() -> str:
    """The database in use, without its password."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(at["NAME"])
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"PostgreSQL {at['HOST'] or '本机'}{port}/{at['NAME']}"
