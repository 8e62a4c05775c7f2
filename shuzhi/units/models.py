"""Units, their dated names and places, what became of them, posts, appointments, and the person who logs in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from shuzhi.evidence.models import Account

LEVELS = (
    ("nation", "全国"),
    ("province", "省（自治区、直辖市）"),
    ("city", "市（州、地区）"),
    ("county", "县（区）"),
    ("department", "部门"),
    ("township", "乡镇（街道）"),
    ("village", "村（社区）"),
)


class User(AbstractUser):
    """A person who logs in; what the person may do comes only from the posts held on the day."""

    name = models.CharField("姓名", max_length=100)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name or self.username


class Unit(Account):
    """An administrative body or area. Its code is never used again after it ends."""

    code = models.CharField("代码", max_length=20, primary_key=True)
    name = models.CharField("名称", max_length=100)
    level = models.CharField("层级", max_length=12, choices=LEVELS)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级单位"
    )
    since = models.DateField("设立日期")
    until = models.DateField("撤销日期", null=True)
    order = models.IntegerField("排序", default=0)

    class Meta:
        ordering: ClassVar = ["order", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="unit_ends_after_it_begins",
                violation_error_message="撤销日期不能早于设立日期",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def identity(self) -> str:
        """``unit/990123``"""
        return f"unit/{self.code}"


class UnitName(Account):
    """A name a unit bore from a day on; the newest is the unit's own ``name``."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name = models.CharField("名称", max_length=100)
    since = models.DateField("启用日期")

    class Meta:
        ordering: ClassVar = ["unit", "since"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "since"], name="one_name_a_day")]

    def __str__(self) -> str:
        return self.name

    def identity(self) -> str:
        """``unit-name/990123/2024-01-01``"""
        return f"unit-name/{self.unit_id}/{self.since}"


class UnitPlace(Account):
    """Where a unit stood before: under which unit, from when, and until which day. Its present place is its ``parent``."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="places", verbose_name="单位")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="原上级单位")
    since = models.DateField("起始日期")
    until = models.DateField("终止日期")

    class Meta:
        ordering: ClassVar = ["unit", "since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "since"], name="one_place_a_day"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="place_ends_after_it_begins",
                violation_error_message="终止日期不能早于起始日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}（{self.since}至{self.until}属{self.parent}）"

    def identity(self) -> str:
        """``unit-place/990123/2024-01-01``"""
        return f"unit-place/{self.unit_id}/{self.since}"


class Succession(Account):
    """What became of a unit that ended: into which unit it went, on which day, whole (merge) or in part (split)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="原单位")
    into = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions", verbose_name="后继单位")
    day = models.DateField("生效日期")
    whole = models.BooleanField("整体并入")
    document = models.CharField("批准文件", max_length=200)

    class Meta:
        ordering: ClassVar = ["day", "unit", "into"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "into"], name="one_succession")]

    def __str__(self) -> str:
        return f"{self.unit}{'并入' if self.whole else '分设'}{self.into}（{self.day}）"

    def identity(self) -> str:
        """``succession/990123001/990123002``"""
        return f"succession/{self.unit_id}/{self.into_id}"


class Spelling(models.Model):
    """The initials of a unit's name in pinyin, for finding it by them: made from the name, no account of its own."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="spelling")
    initials = models.CharField(max_length=100, db_index=True)

    def __str__(self) -> str:
        return self.initials


class Post(Account):
    """A seat in a unit, with its duties; people come and go, the post remains answerable."""

    code = models.CharField("代码", max_length=40, primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="所在单位")
    title = models.CharField("职务", max_length=100)
    duties = models.JSONField("职责", default=list)
    since = models.DateField("设置日期")
    until = models.DateField("撤销日期", null=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``post/990123-lead``"""
        return f"post/{self.code}"


class Appointment(Account):
    """Who holds a post from when to when."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="职务")
    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name="任职人")
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True)

    class Meta:
        ordering: ClassVar = ["post", "since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "user", "since"], name="one_appointment_a_day"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="appointment_ends_after_it_begins",
                violation_error_message="免职日期不能早于任职日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.post}）"

    def identity(self) -> str:
        """``appointment/990123-lead/gu-mingyuan/2024-01-01``"""
        return f"appointment/{self.post_id}/{self.user.username}/{self.since}"

    def content(self) -> dict[str, object]:
        """As every row, but the person by log-in name."""
        return {**super().content(), "user_id": self.user.username}
