"""The journal's entries, the blobs and the papers; and the base of every row of the accounts."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from shuzhi.evidence.guard import refuse_unless_entering

Row = TypeVar("Row", bound=models.Model)


class Ledger(models.QuerySet[Row]):
    """A queryset that reads; whoever wants to write goes through ``enter()``."""

    def update(self, **kwargs: Any) -> int:
        """Refused always: rows changed in bulk would pass the journal by; a row is changed by ``entry.save``."""
        raise RuntimeError(f"rows of {self.model.__name__} are never changed in bulk")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused always: nothing is deleted from the accounts."""
        raise RuntimeError(f"rows of {self.model.__name__} are never deleted")

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        """Refused outside the journal."""
        refuse_unless_entering(f"{self.model.__name__}.bulk_create")
        return super().bulk_create(objs, *args, **kwargs)


class Account(models.Model):
    """A row of the accounts: saved only inside ``enter()``, never deleted, its content digested in the journal."""

    objects: ClassVar[models.Manager[Self]] = models.Manager.from_queryset(Ledger)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save inside ``enter()``; anywhere else it is a programming error."""
        refuse_unless_entering(f"{type(self).__name__}.save")
        super().save(*args, **kwargs)

    def identity(self) -> str:
        """The row's name for ever, free of database keys: ``matter/2025-0143``."""
        raise NotImplementedError

    def content(self) -> dict[str, object]:
        """Every column by its natural value; automatic keys are left out, references are given by theirs."""
        values: dict[str, object] = {}
        for column in self._meta.concrete_fields:
            if isinstance(column, models.AutoField):
                continue
            values[column.attname] = self._natural(column)
        return values

    def _natural(self, column: "models.Field[Any, Any]") -> object:
        """A column's value; a reference to a row with an automatic key is given by that row's identity."""
        value: object = getattr(self, column.attname)
        target = column.related_model
        if value is None or not (isinstance(target, type) and issubclass(target, Account)):
            return value
        return (
            getattr(self, column.name).identity() if isinstance(target._meta.pk, models.AutoField) else value
        )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused always: a fact is corrected by another fact."""
        raise RuntimeError(f"{self.identity()} is never deleted")


class Entry(models.Model):
    """One link of the journal: what was done by whom, and the digest of every row it wrote."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    body = models.TextField()
    previous = models.CharField(max_length=80)
    link = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering: ClassVar = ["seq"]

    def __str__(self) -> str:
        return f"第{self.seq}笔"


class Head(models.Model):
    """The end of the chain, one row, locked while a link is added so that links never fork."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField()
    link = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"第{self.seq}笔 {self.link}"


class Counter(models.Model):
    """The last number given to a shape in a year."""

    shape = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shape", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.shape}/{self.year}-{self.last:04d}"


class Blob(Account):
    """A file by its digest; the bytes lie in the instance's ``blobs`` folder."""

    digest = models.CharField(max_length=80, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.digest

    def identity(self) -> str:
        """``blob/sha256:…``"""
        return f"blob/{self.digest}"


class Paper(Account):
    """A piece of evidence attached to something in the accounts, named by its ref."""

    owner = models.CharField(max_length=60)
    no = models.IntegerField()
    kind = models.CharField("材料类别", max_length=40)
    title = models.CharField("材料名称", max_length=200)
    day = models.DateField("形成日期")
    blob = models.ForeignKey(Blob, models.PROTECT)

    class Meta:
        ordering: ClassVar = ["owner", "no"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "no"], name="one_paper_a_number")]

    def __str__(self) -> str:
        return self.title

    def identity(self) -> str:
        """``paper/matter/2025-0143/1``"""
        return f"paper/{self.owner}/{self.no}"
