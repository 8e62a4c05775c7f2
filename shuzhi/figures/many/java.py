"""Whether this machine has the Java that Spark runs on, told before Spark itself fails in words of its own."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from shuzhi.kernel.finding import Finding, Refused

LEAST: Final = 17
"""The oldest Java that Spark 4 runs on."""
_PATIENCE: Final = 30
_VERSION: Final = re.compile(r'version "(?:1\.)?(\d+)')
_HINT: Final = (
    f"请安装 Java {LEAST}，Debian 上是 apt-get install openjdk-{LEAST}-jre-headless；"
    "已装在别处的，把 JAVA_HOME 设成它所在的文件夹"
)


def check_java() -> None:
    """Look for the Java that Spark would start: of ``JAVA_HOME``, else on the path. Raises Refused when there is none, when
    it does not run or when it is too old. Where another program has started Spark already, nothing is looked for.
    """
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if java is None:
        said = "JAVA_HOME 所指的文件夹里没有 Java" if home else "没有找到 Java"
        raise Refused(Finding("engine.no-java", f"{said}，Spark 不能启动", _HINT, home or ""))
    try:
        done = subprocess.run(  # noqa: S603 - the Java of this machine, which Spark would start next
            [java, "-version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        raise Refused(
            Finding("engine.no-java", "这里的 Java 运行不了，Spark 不能启动", _HINT, java)
        ) from None
    found = _VERSION.search(done.stderr + done.stdout)
    if found and int(found[1]) < LEAST:
        said = f"这里的 Java 是 {found[1]} 版，Spark 要 {LEAST} 版或更新的"
        raise Refused(Finding("engine.old-java", said, _HINT, java))
