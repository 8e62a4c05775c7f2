"""The engine of clusters: a task reads a few whole closings where they lie, the driver puts the answers in order.

Nothing is shuffled: a closing is read by one task, and what a task sends back is small. Spark gives the task of an
executor that died to another one. Spark's own chatter goes to a log. PySpark is imported when an engine is made.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from shuzhi import __version__
from shuzhi.figures.many.engines import all_told, cut, fitting, one_thread
from shuzhi.figures.many.java import check_java
from shuzhi.kernel.finding import Finding, Refused

if TYPE_CHECKING:
    from pyspark import SparkContext

P = TypeVar("P")
R = TypeVar("R")

_LEAST_WAVE: Final = 16
_IN_FLIGHT: Final = 2
_PATIENCE: Final = 60
_CONNECT: Final = 10
_QUIET: Final[Mapping[str, str]] = {
    "spark.app.name": "shuzhi",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_PYTHON: Final = "spark.pyspark.python"
_LOG_HINT: Final = "详情见 {log}"


class Spark:
    """Work done by the executors of a cluster.

    ``master`` is the cluster's address (``spark://…``, ``yarn``, ``k8s://…``, ``local[2]``); empty, it is what the
    environment or an already running context of this process says. ``settings`` are Spark's own; ``log`` is the file
    for what Spark says; ``notice`` hears when the cluster keeps us waiting. Raises Refused when the cluster cannot be had.
    """

    name = "spark"

    def __init__(
        self,
        master: str = "",
        *,
        settings: Mapping[str, str] | None = None,
        log: Path | None = None,
        notice: Callable[[str], None] = lambda _said: None,
    ) -> None:
        self.log = log or Path(tempfile.gettempdir()) / f"shuzhi-spark-{os.getpid()}.log"
        self._passing = log is None  # a log nobody asked for stays only when something went wrong
        self.notice = notice
        self._group = ""
        self._chatter: IO[bytes] | None = None
        self._context, self._own = self._found(master, dict(settings or {}))

    # --- beginning and end -------------------------------------------------------------------------------------------

    def _found(self, master: str, settings: dict[str, str]) -> "tuple[SparkContext, bool]":
        try:
            from pyspark import SparkContext
        except ImportError:
            hint = '请在本机和集群的运行环境里安装：pip install "shuzhi[spark]"'
            raise Refused(Finding("engine.no-pyspark", "没有安装 PySpark", hint)) from None
        _check_master(master)
        running = SparkContext._active_spark_context
        if running is not None:
            if master not in ("", running.master):
                hint = "请先结束那个会话，或不写 --master，用已有的会话"
                raise Refused(Finding("engine.other-master", f"本进程已连着 {running.master}", hint, master))
            return running, False
        check_java()
        return self._started(master, settings), True

    def _started(self, master: str, settings: dict[str, str]) -> "SparkContext":
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
        from pyspark.java_gateway import launch_gateway

        conf = SparkConf(loadDefaults=False).setAll(list({**_QUIET, **settings}.items()))
        if master:
            conf.setMaster(master)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._chatter = self.log.open("ab")
        try:
            streams = {"stdout": self._chatter, "stderr": self._chatter}
            gateway = launch_gateway(conf, streams)  # type: ignore[no-untyped-call]
            context = SparkContext(gateway=gateway, conf=conf)
        except (PySparkException, Py4JError, OSError) as error:
            refused = Refused(self._unstarted(master, str(error)))
            self.close()
            raise refused from None
        # Executors must run a Python that has this package: the one named, or the one this process runs.
        context.pythonExec = settings.get(_PYTHON) or os.environ.get("PYSPARK_PYTHON") or sys.executable
        return context

    def close(self) -> None:
        """Leave the cluster and end Spark's process, where this engine began it."""
        from pyspark import SparkContext

        gateway = SparkContext._gateway
        if self.__dict__.get("_own", True) and gateway is not None:
            if self.__dict__.get("_context") is not None:
                self._context.stop()
            gateway.shutdown()
            SparkContext._gateway = SparkContext._jvm = None
            _ended(gateway.proc)
        if self._chatter is not None:
            self._chatter.close()
            if self._passing:
                self.log.unlink(missing_ok=True)

    # --- work --------------------------------------------------------------------------------------------------------

    def each(
        self, places: Sequence[P], work: Callable[[P], R], *, parts: int = 0
    ) -> Iterator[tuple[P, R | Refused]]:
        """See :class:`shuzhi.figures.many.engines.Engine`.

        Tasks go out in waves, two at a time, so that answers come in while others are worked on.
        """
        groups = cut(places, parts or fitting(len(places), self._context.defaultParallelism))
        wave = max(_LEAST_WAVE, 2 * self._context.defaultParallelism)
        self._group = f"shuzhi-{uuid.uuid4().hex}"
        waves = deque(groups[start : start + wave] for start in range(0, len(groups), wave))
        running: deque[tuple[Sequence[Sequence[P]], Future[list[list[R | Refused]]]]] = deque()
        with ThreadPoolExecutor(_IN_FLIGHT, "spark-wave") as threads:
            try:
                while waves or running:
                    while waves and len(running) < _IN_FLIGHT:
                        running.append((waves[0], threads.submit(self._job, waves.popleft(), work)))
                    asked, future = running.popleft()
                    for group, found in zip(asked, self._waited(future), strict=True):
                        yield from zip(group, found, strict=True)
            finally:
                if running:
                    self._cancel()

    def _job(self, groups: Sequence[Sequence[P]], work: Callable[[P], R]) -> list[list[R | Refused]]:
        self._context.setJobGroup(self._group, "shuzhi", interruptOnCancel=True)
        tasks = self._context.parallelize(list(groups), len(groups))
        return tasks.mapPartitions(partial(_task, work, __version__)).collect()

    def _waited(self, future: "Future[list[list[R | Refused]]]") -> list[list[R | Refused]]:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        idle = 0
        try:
            while True:
                try:
                    return future.result(timeout=_PATIENCE)
                except StillRunning:
                    if self._busy():
                        continue
                    # Spark waits for a master that went away for ever; we do not.
                    _check_master(self._context.master or "")
                    idle += 1
                    if idle & (idle - 1) == 0:  # after one minute, two, four, …
                        self.notice("集群还没有给出计算资源，继续等待（不想等请按 Ctrl+C）")
        except (PySparkException, Py4JError, OSError, EOFError) as error:
            raise Refused(self._failed(str(error))) from None

    def _busy(self) -> bool:
        """Whether any task runs."""
        tracker = self._context.statusTracker()
        stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
        return any(stage is not None and stage.numActiveTasks for stage in stages)

    def _cancel(self) -> None:
        from py4j.protocol import Py4JError

        with contextlib.suppress(Py4JError, OSError):  # nothing runs any more when the cluster is gone
            self._context.cancelJobGroup(self._group)

    # --- what went wrong ---------------------------------------------------------------------------------------------

    def _unstarted(self, master: str, said: str) -> Finding:
        self._passing = False
        hint = "请核对 --master 的写法、集群是否在运行、SPARK_HOME 和集群的设置；" + _LOG_HINT.format(
            log=self.log
        )
        return Finding("engine.no-cluster", f"没有连上集群：{_short(said)}", hint, master)

    def _failed(self, said: str) -> Finding:
        self._passing = False
        log = _LOG_HINT.format(log=self.log)
        for words, message, hint in _FAILURES:
            if any(word in said for word in words):
                return Finding("engine.spark", message, f"{hint}；{log}")
        return Finding("engine.spark", f"集群没有做完：{_short(said)}", log)


_FAILURES: Final = (
    (
        ("No module named", "ModuleNotFoundError"),
        "执行器的 Python 里没有述职，或缺它要用的包",
        "请给执行器配好运行环境（见 docs/rollup.md“执行器的运行环境”）",
    ),
    (("shuzhi-version",), "执行器里的述职与本机的版本不同", "请换成同一版本的运行环境"),
    (
        ("PYTHON_VERSION_MISMATCH", "Cannot run program", "Python in worker has different version"),
        "执行器上没有合用的 Python",
        f"请用 --conf {_PYTHON}=路径 指明执行器上的 Python，小版本要与本机相同",
    ),
    (
        (
            "ExecutorLostFailure",
            "Python worker exited unexpectedly",
            "Executor heartbeat timed out",
            "exited unrelated to the running tasks",
        ),
        "执行器反复退出，没有做完",
        "多半是内存不够：请加大 spark.executor.memory 和 spark.executor.memoryOverhead，或加大 --parts",
    ),
    (
        ("stopped SparkContext", "SparkContext was shut down", "has been killed", "cancelled because"),
        "集群中途断开或取消了这次计算",
        "请核对集群后重新执行，已经算好的不会重算",
    ),
)


def _task(work: Callable[[P], R], version: str, groups: Iterator[Sequence[P]]) -> Iterator[list[R | Refused]]:
    """What an executor does: all places of its groups, with the very version of this package the driver has."""
    if version != __version__:
        raise RuntimeError(f"shuzhi-version {version} {__version__}")
    one_thread()
    for group in groups:
        yield all_told(work, group)


def _check_master(master: str) -> None:
    """One master of a standalone cluster must answer: Spark itself would try for a minute before it says no."""
    scheme, _, hosts = master.partition("://")
    if scheme != "spark":
        return
    for address in hosts.split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT):
                return
        except (OSError, ValueError):
            continue
    hint = "请核对地址和端口（如 spark://主机:7077）、主节点是否在运行、防火墙是否放行"
    raise Refused(Finding("engine.no-master", "连不上集群的主节点", hint, master))


def _ended(process: "subprocess.Popen[Any] | None") -> None:
    """See Spark's process out; it ends when its input closes."""
    if process is None:
        return
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _short(said: str) -> str:
    """The line of a Java trace that says what is wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("at ", "An error occurred", "..."))]
    return (told or lines or ["没有说明原因"])[0][:300]
