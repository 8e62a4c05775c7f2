"""The office the desk's tests sit in: who else works there, how one sits down, and what lies on the desks."""

from datetime import date

from django.test import Client

from shuzhi.matters.models import Matter
from shuzhi.matters.papers import NewPaper
from shuzhi.matters.verbs import move_matter, open_matter
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.accounts import kind
from tests.cast import SINCE, Cast

TODAY = date(2025, 12, 31)
MORE = (
    ("writer", "苏问", "文秘", ("write",)),
    ("releaser", "何放", "办公室主任", ("release", "verify")),
    ("publisher", "纪开", "公开办主任", ("publish",)),
    ("admin", "管清", "系统管理员", ("admin",)),
)
MINUTES = NewPaper("会议纪要", "第3次碰头会纪要", date(2025, 3, 10), b"minutes")


def staffed(cast: Cast) -> Cast:
    """The cast with those who write, release, publish and administer."""
    for key, name, title, duties in MORE:
        cast.posts[key] = create_post(
            code=f"990100-{key}", unit=cast.county, title=title, duties=duties, since=SINCE, by="system"
        )
        cast.users[key] = register_user(username=key, name=name)
        appoint(cast.posts[key], user=cast.users[key], since=SINCE, by="system")
    return cast


def seated(cast: Cast, key: str) -> Client:
    """One of the cast, logged in."""
    client = Client()
    client.force_login(cast.user(key), backend="django.contrib.auth.backends.ModelBackend")
    return client


def errand(cast: Cast, title: str = "修通村路", **fields: str) -> Matter:
    """田小满 opens an errand of her town."""
    given = {"urgency": "急", **fields}
    by = cast.post("town_filler")
    return open_matter(
        kind("try_errand"), cast.town, title=title, opened=date(2025, 12, 22), by=by, fields=given
    )


def underway(cast: Cast, matter: Matter) -> Matter:
    """The errand is taken in hand."""
    move_matter(
        matter, "承办", day=date(2025, 12, 23), by=cast.post("town_filler"), changes={"progress": "已进场"}
    )
    return Matter.objects.get(ref=matter.ref)


def complaint(cast: Cast) -> Matter:
    """秦守正 files a complaint nobody else may see."""
    by = cast.post("discipline")
    given = {"claim": "反映某人收受礼金"}
    return open_matter(
        kind("try_complaint"), cast.county, title="密件甲", opened=date(2025, 12, 1), by=by, fields=given
    )


def hazard(cast: Cast, number: int = 1, **fields: str) -> Matter:
    """石大勇 lists a hazard, which anybody who holds a post may see."""
    given = {
        "hazard_code": f"H{number:03}",
        "list_level": "县级",
        "grade": "一般",
        "industry": "工贸",
        "place": "柳溪村",
        "description": "灯具老化，联系人电话13912345678",
        **fields,
    }
    by = cast.post("hazard_filler")
    unit = cast.unit("990100-yjj")
    title = f"仓库线路老化{number}号"
    return open_matter(kind("listed_hazard"), unit, title=title, opened=date(2025, 3, 3), by=by, fields=given)
