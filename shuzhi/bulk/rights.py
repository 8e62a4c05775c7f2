"""Who may bring observations into a closing: the post's duties and place, as the closing itself tells them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.bulk.roll import Roll, flags
from shuzhi.figures.closing import Closing
from shuzhi.figures.tree import DEPARTMENT
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.finding import Finding, Refused

POSTS: Final = "post"
SYSTEM: Final = "system"
LEAD: Final = "lead"
# Remarks in an owner's name (商务局(海关)) name nobody who sits in the county.
_REMARK: Final = re.compile(r"[（(][^）)]*[）)]")
NOWHERE, BELOW, SERVED = 0, 1, 2


@dataclass(frozen=True)
class Reach:
    """How far a post goes: ``over`` each unit (:data:`NOWHERE`, :data:`BELOW` it or it itself, :data:`SERVED` by its
    department); ``actual`` and ``planned`` say of each indicator whether its duty is there; ``owned`` whether the
    department owns it. ``who`` is how findings name the post.
    """

    who: str
    over: bytes
    actual: bytes
    planned: bytes
    owned: bytes

    def may(self, indicator: int, unit: int, role: str) -> bool:
        """Whether the post may report the indicator for the unit; targets and forecasts are also a leader's."""
        duty = self.actual if role == "actual" else self.planned
        over = self.over[unit]
        return bool(duty[indicator]) and (over == BELOW or (over == SERVED and bool(self.owned[indicator])))


@dataclass(frozen=True, slots=True)
class Post:
    """A post as a closing has it; whoever keeps the instance (``system``) may bring everything."""

    code: str
    unit: str = ""
    title: str = ""
    duties: frozenset[str] = frozenset()

    @classmethod
    def of(cls, closing: Closing, code: str) -> "Post":
        """The post of that code; raises Refused when the closing does not know it, or not its duties."""
        if code in ("", SYSTEM):
            return cls(SYSTEM)
        table = closing.tables.get(POSTS)
        if table is None or table.column("duties") is None:
            hint = "用这一版的述职重新结一次账，或由系统导入（不写 --by）"
            raise Refused(Finding("ingest.by", "这次结账没有记各职务的职责，不能核对权限", hint, code))
        for row in pq.read_table(closing.file(POSTS)).to_pylist():
            if row["code"] == code:
                return cls(code, row["unit"], row["title"], frozenset(row["duties"].split()))
        raise Refused(Finding("ingest.by", f"这次结账里没有代码为“{code}”的职务", "请写经办职务的代码", code))

    def reach(self, roll: Roll, indicators: Sequence[Indicator]) -> Reach:
        """How far the post goes."""
        if self.code == SYSTEM:
            every = b"\1" * len(indicators)
            return Reach(SYSTEM, b"\1" * len(roll), every, every, every)
        own = roll.find(self.unit)
        if own is None:
            raise Refused(Finding("ingest.by", f"职务“{self.code}”的单位不在账上", "请核对结账", self.unit))
        first = roll.column("first")
        inside = pc.and_(pc.greater_equal(first, own["first"]), pc.less_equal(first, own["last"]))
        below = pc.if_else(pc.fill_null(inside, False), BELOW, NOWHERE)
        serves = own["parent"] if own["level"] == DEPARTMENT else None
        served = pc.fill_null(pc.equal(roll.column("code"), pa.scalar(serves, pa.string())), False)
        return Reach(
            f"{own['name']}·{self.title}",
            flags(pc.if_else(served, SERVED, below)),
            bytes(item.duty in self.duties for item in indicators),
            bytes(bool({item.duty, LEAD} & self.duties) for item in indicators),
            bytes(_owns(own["name"], item) for item in indicators),
        )


def _owns(name: str, indicator: Indicator) -> bool:
    """Whether the catalogue names a unit among the indicator's owners (统计局/商务局)."""
    owners = _REMARK.sub("", indicator.owner).split("/")
    return any(owner.strip() and name.endswith(owner.strip()) for owner in owners)
