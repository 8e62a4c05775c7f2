"""The cast: a small county and the people in it, each with one sentence, so that tests read as what happened.

陵水湾县 (code 990100) is not anybody's county. Every account test opens with ``cast`` (see ``county``):

- 县长 顾明远 leads the county: he decides, and sees every ordinary ledger, but not what is restricted from him.
- 督查员 骆青山 supervises for the county office: he hands matters down and verifies what others report done.
- 综合岗 阮两全 both fills and supervises: the rule of the second person is there for him.
- 立项员 祁小满 files supervised matters beside him, because who files one may not hand it down.
- 统计员 沈一禾 is the only one who may enter statistics for the county.
- 财政专员 温若谷 keeps budgets, allocations and payments at the finance bureau, and fiscal figures.
- 应急局填报员 石大勇 keeps the hazard ledger of the emergency bureau; 应急局审核员 方静 is his second person.
- 清河镇填报员 田小满 fills what the township of 清河 keeps; 清河镇镇长 江一帆 leads it and verifies.
- 信访局 填报员 白露 keeps petitions, which only duties named by the kind may see.
- 纪检专员 秦守正 keeps what is restricted even from the head.
"""

from dataclasses import dataclass
from datetime import date

from shuzhi.evidence.journal import enter
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.verbs import appoint, create_post, found_unit, register_user

SINCE = date(2020, 1, 1)
COUNTY = "990100"

# code, name, level, parent
UNITS = (
    ("990100", "陵水湾县", "county", ""),
    ("990100-fgj", "县发展和改革局", "department", "990100"),
    ("990100-czj", "县财政局", "department", "990100"),
    ("990100-yjj", "县应急管理局", "department", "990100"),
    ("990100-xfj", "县信访局", "department", "990100"),
    ("990101", "清河镇", "township", "990100"),
    ("990102", "白石乡", "township", "990100"),
    ("990101001", "柳溪村", "village", "990101"),
    ("990101002", "桃源村", "village", "990101"),
)
# key, name, post's title, unit, duties
PEOPLE = (
    ("head", "顾明远", "县长", "990100", ("lead", "sign")),
    ("supervisor", "骆青山", "督查室督查员", "990100", ("supervise",)),
    ("both", "阮两全", "综合岗", "990100", ("fill", "supervise")),
    ("filer", "祁小满", "督查室立项员", "990100", ("supervise", "fill")),
    ("statistician", "沈一禾", "统计员", "990100", ("statistics",)),
    ("treasurer", "温若谷", "财政专员", "990100-czj", ("treasury", "fill")),
    ("county_treasurer", "温如玉", "预算专员", "990100", ("treasury",)),
    ("hazard_filler", "石大勇", "应急局填报员", "990100-yjj", ("fill",)),
    ("hazard_verifier", "方静", "应急局审核员", "990100-yjj", ("verify",)),
    ("town_filler", "田小满", "清河镇填报员", "990101", ("fill",)),
    ("town_head", "江一帆", "清河镇镇长", "990101", ("lead", "verify")),
    ("petition_filler", "白露", "信访局填报员", "990100-xfj", ("fill",)),
    ("discipline", "秦守正", "纪检专员", "990100", ("discipline",)),
)


@dataclass(frozen=True)
class Cast:
    """The county with its people: units by code, posts and users by key."""

    units: dict[str, Unit]
    posts: dict[str, Post]
    users: dict[str, User]

    @property
    def county(self) -> Unit:
        """陵水湾县."""
        return self.units[COUNTY]

    @property
    def town(self) -> Unit:
        """清河镇."""
        return self.units["990101"]

    def unit(self, code: str) -> Unit:
        """A unit by its code."""
        return self.units[code]

    def post(self, key: str) -> Post:
        """The post of one of the cast."""
        return self.posts[key]

    def user(self, key: str) -> User:
        """One of the cast, as a log-in."""
        return self.users[key]


def county() -> Cast:
    """Found the county, make its posts, and appoint its people, by the units' own verbs, as one link of the journal."""
    with enter("建县", by="system"):
        return _county()


def _county() -> Cast:
    units: dict[str, Unit] = {}
    for order, (code, name, level, parent) in enumerate(UNITS):
        units[code] = found_unit(
            code=code,
            name=name,
            level=level,
            parent=units.get(parent),
            since=SINCE,
            by="system",
            order=order,
        )
    posts, users = {}, {}
    for key, name, title, unit, duties in PEOPLE:
        posts[key] = create_post(
            code=f"{unit}-{key}", unit=units[unit], title=title, duties=duties, since=SINCE, by="system"
        )
        users[key] = register_user(username=key, name=name)
        appoint(posts[key], user=users[key], since=SINCE, by="system")
    return Cast(units, posts, users)
