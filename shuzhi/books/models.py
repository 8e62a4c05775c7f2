"""A closing: the books frozen at a day, by the digest of their manifest."""

from typing import ClassVar

from django.db import models

from shuzhi.evidence.models import Account

PURPOSES = (("working", "随时结账"), ("kept", "留存结账"))


class Closing(Account):
    """One closing of the accounts; its files lie in the instance's ``closings`` folder."""

    id = models.CharField("摘要", max_length=80, primary_key=True)
    as_of = models.DateField("截止日期")
    purpose = models.CharField("用途", max_length=10, choices=PURPOSES, default="working")
    folder = models.CharField("文件夹", max_length=80)
    entry = models.BigIntegerField("登记结账的日志序号")

    class Meta:
        ordering: ClassVar = ["-entry", "-as_of"]

    def __str__(self) -> str:
        return f"{self.as_of}结账 {self.short}"

    @property
    def short(self) -> str:
        """The first twelve digits of the digest, for the screen."""
        return self.id.partition(":")[2][:12]

    def identity(self) -> str:
        """``closing/sha256:…``"""
        return f"closing/{self.id}"
