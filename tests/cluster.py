"""A real cluster on loopback: a standalone master of Spark's and two workers, small, without pages, gone at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from shuzhi.figures.many.spark import Spark

__all__ = ["Cluster", "cluster", "spark"]

_BOUND: Final = 60.0
SETTINGS: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    # An executor on each worker with one core, so that two applications fit side by side.
    "spark.executor.cores": "1",
    "spark.cores.max": "2",
}


class Cluster:
    """One master and two workers of two cores each, all on 127.0.0.1, each in a session of its own."""

    def __init__(self, folder: Path, java: str) -> None:
        import pyspark

        self.folder = folder
        self.home = Path(pyspark.__file__).parent
        self.env = {
            **os.environ,
            "JAVA_HOME": str(Path(java).resolve().parents[1]),
            "SPARK_HOME": str(self.home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "192m",
            "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -Dspark.worker.cleanup.enabled=false",
            "SPARK_LOCAL_DIRS": str(folder / "scratch"),
            "PYSPARK_PYTHON": sys.executable,
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.master = f"spark://127.0.0.1:{port}"
        self.daemons = [self._start("master", "--port", str(port))]
        size = ("-c", "2", "-m", "1200m", "-d", str(folder / "work"), self.master)
        self.workers = [self._start("worker", *size) for _ in range(2)]
        self.daemons += self.workers
        self._wait(port)

    def _start(self, role: str, *more: str) -> "subprocess.Popen[bytes]":
        name = f"org.apache.spark.deploy.{role}.{role.capitalize()}"
        command = [str(self.home / "bin" / "spark-class"), name, "--host", "127.0.0.1", "--webui-port", "0"]
        with (self.folder / f"{role}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, *more], env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, port: int) -> None:
        until = time.monotonic() + _BOUND
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise RuntimeError((self.folder / "master.log").read_text(errors="replace")[-2000:])

    def executors(self) -> list[int]:
        """The process numbers of the executors the workers run now."""
        owners = {worker.pid for worker in self.workers}
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal():
                continue
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes()
            except (OSError, ValueError):
                continue
            if parent in owners and b"CoarseGrainedExecutorBackend" in command:
                found.append(int(entry.name))
        return found

    def stop(self) -> None:
        """End every process of the cluster, workers before their master."""
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(daemon.pid, signal.SIGKILL)
                daemon.wait()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster, one for all tests."""
    made = Cluster(tmp_path_factory.mktemp("cluster"), os.environ["SHUZHI_TEST_JAVA"])
    with pytest.MonkeyPatch.context() as here:
        for name in ("JAVA_HOME", "SPARK_LOCAL_IP", "SPARK_LOCAL_DIRS"):
            here.setenv(name, made.env[name])
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="session")
def spark(cluster: Cluster) -> Iterator[Spark]:
    """One engine on the cluster, one for all tests."""
    engine = Spark(cluster.master, settings=SETTINGS, log=cluster.folder / "driver.log")
    try:
        yield engine
    finally:
        engine.close()
