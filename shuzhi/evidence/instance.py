"""The instance: one folder that holds a county's database, papers, closings, overlay and fonts."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from shuzhi.kernel.calendar import WorkCalendar
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.kept import checked
from shuzhi.kernel.catalogue.load import national_folder
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import write_whole

FILE = "instance.toml"


@dataclass(frozen=True, slots=True)
class Instance:
    """What was decided once, when the instance was created."""

    county: str
    name: str
    algorithm: str
    today: date | None = None


def home() -> Path:
    """The folder of this instance (SHUZHI_HOME)."""
    return Path(settings.SHUZHI_HOME)


def cache() -> Path:
    """The folder of what was worked out once and may be thrown away at any time: it is worked out again."""
    return home() / "cache"


def create(county: str, name: str, algorithm: str = "sha256", today: date | None = None) -> Instance:
    """Make the folders and write ``instance.toml``; an existing instance is kept and must agree.

    ``today`` fixes the day for a demonstration, whose year is over; a real instance leaves it out.
    """
    folder = home()
    for part in ("blobs", "closings", "catalogue", "fonts", "reports"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    wanted = Instance(county, name, algorithm, today)
    path = folder / FILE
    if path.exists():
        found = read()
        if found != wanted:
            raise Refused(
                Finding(
                    "instance.exists",
                    f"此处已是“{found.name}”（{found.county}，{found.algorithm}）的实例",
                    "换一个空文件夹，或沿用原来的单位与算法",
                    str(path),
                )
            )
        return found
    text = f'county = "{county}"\nname = "{name}"\nalgorithm = "{algorithm}"\n'
    text += f"today = {today}\n" if today else ""
    write_whole(path, text.encode())
    read.cache_clear()
    return wanted


@lru_cache(maxsize=1)
def read() -> Instance:
    """The decisions of this instance; raises Refused when the folder holds none."""
    path = home() / FILE
    if not path.exists():
        raise Refused(
            Finding(
                "instance.absent",
                "这里还没有述职实例",
                "先执行 shuzhi init，或用环境变量 SHUZHI_HOME 指明实例所在的文件夹",
                str(home()),
            )
        )
    data = tomllib.loads(path.read_text("utf-8"))
    return Instance(data["county"], data["name"], data["algorithm"], data.get("today"))


def today() -> date:
    """The day it is in the office: the clock's, or the fixed day of a demonstration."""
    return read().today or timezone.localdate()


def algorithm() -> str:
    """The digest algorithm of this instance."""
    return read().algorithm


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The national catalogue with this county's overlay; raises Refused with every error found."""
    return checked([national_folder(), home() / "catalogue"], cache())


@lru_cache(maxsize=1)
def calendar() -> WorkCalendar:
    """Working days: the national years, with the county's own files where it has any."""
    folders = [national_folder() / "calendar", home() / "catalogue" / "calendar"]
    return WorkCalendar.load(*(folder for folder in folders if folder.is_dir()))


def forget() -> None:
    """Drop what was read, after the folder or its files have changed (tests, overlay installed)."""
    for remembered in (read, catalogue, calendar):
        remembered.cache_clear()
