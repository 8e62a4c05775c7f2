"""``verify()``: recompute the whole chain, every blob and every account row, and name what is wrong, first things first."""

import json
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.apps import apps
from django.db import models

from shuzhi.evidence import blobs, instance
from shuzhi.evidence.models import Account, Blob, Entry, Head
from shuzhi.kernel.chain import GENESIS, algorithm_of, canonical, digest, digest_file, link
from shuzhi.kernel.finding import Finding

CHUNK = 500
Row = TypeVar("Row", bound=models.Model)
# Other floors register what they keep outside the database (the books: closings).
CHECKERS: list[Callable[[], Iterator[Finding]]] = []


def verify() -> Iterator[Finding]:
    """All that is wrong with this instance, in order: journal, accounts, blobs, then what others registered."""
    expected: dict[str, tuple[int, str]] = {}
    yield from _journal(expected)
    yield from _accounts(expected)
    yield from _blobs()
    for checker in CHECKERS:
        yield from checker()


def _journal(expected: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    """Recompute every link; collect into ``expected`` the last digest the journal knows of each row."""
    algorithm = instance.algorithm()
    previous, number = GENESIS, -1
    for entry in _rows(Entry):
        if isinstance(entry, Finding):
            yield entry
            continue
        place = f"日志第{entry.seq}笔"
        if entry.seq != number + 1:
            yield Finding("verify.gap", f"第{number + 1}笔不见了", "从备份恢复日志后再核验", place)
        if entry.previous != previous:
            yield Finding("verify.link", "与上一笔接不上", "这一笔或上一笔被改动过，请从备份比对", place)
        body = entry.body.encode("utf-8", "surrogatepass")
        if link(entry.previous, body, algorithm) != entry.link:
            yield Finding("verify.entry", "内容与摘要不符，这一笔被改动过", "请从备份比对这一笔", place)
        yield from _outer_columns(entry, place)
        previous, number = entry.link, entry.seq
        try:
            rows = json.loads(body).get("rows", [])
        except ValueError:
            continue  # already reported: the link does not fit
        expected.update((name, (entry.seq, value)) for name, value in rows)
    head = Head.objects.filter(pk=1).first()
    if head is not None and (head.seq, head.link) != (number, previous):
        yield Finding(
            "verify.head", f"链尾记为第{head.seq}笔，实际到第{number}笔", "末尾的日志被删改过", "日志链尾"
        )


def _outer_columns(entry: Entry, place: str) -> Iterator[Finding]:
    """The columns beside the body repeat what it says; they must agree with it."""
    if entry.seq == 0:
        return
    try:
        body = json.loads(entry.body)
    except ValueError:
        return
    if canonical(entry.at).decode().strip('"') != body.get("at") or entry.by != body.get("by"):
        yield Finding("verify.entry", "登记人或时间与正文不符，这一笔被改动过", "请从备份比对这一笔", place)


def _rows(model: type[Row]) -> Iterator[Row | Finding]:
    """Every row of a model; a row whose columns cannot even be read (a thirteenth month) is a finding, not the end."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        some = model._default_manager.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")
        try:
            yield from list(some)
        except ValueError:
            for key in keys[start : start + CHUNK]:
                yield _row(model, key)


def _row(model: type[Row], key: object) -> Row | Finding:
    try:
        return model._default_manager.get(pk=key)
    except ValueError as error:
        place = f"{model._meta.label} {key}"
        return Finding("verify.unreadable", f"这一行读不出来，被改坏了：{error}", "请从备份比对这一行", place)


def account_models() -> list[type[Account]]:
    """Every model of the accounts, in a fixed order."""
    found = [model for model in apps.get_models() if issubclass(model, Account)]
    return sorted(found, key=lambda model: model._meta.label)


def _accounts(expected: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    """Compare each row as it stands with the last digest the journal holds of it."""
    algorithm = instance.algorithm()
    unseen = dict(expected)
    for model in account_models():
        for row in _rows(model):
            if isinstance(row, Finding):
                yield row
                continue
            name = row.identity()
            known = unseen.pop(name, None)
            if known is None:
                yield Finding(
                    "verify.unentered", "账上有这一行，日志里没有", "它绕过了登记，请查明来源", name
                )
            elif digest(canonical(row.content()), algorithm) != known[1]:
                yield Finding(
                    "verify.row",
                    f"与日志第{known[0]}笔登记的内容不符",
                    "这一行被直接改动过，请从备份比对",
                    name,
                )
    for name, (seq, _) in unseen.items():
        yield Finding(
            "verify.vanished", f"日志第{seq}笔登记过，账上却没有了", "这一行被直接删除，请从备份恢复", name
        )


def _blobs() -> Iterator[Finding]:
    """Read every blob again and compare with its name."""
    for name in Blob.objects.order_by("digest").values_list("digest", flat=True):
        path = blobs.path_of(name)
        place = f"材料 {path.relative_to(instance.home())}"
        if not path.exists():
            yield Finding("verify.blob-absent", "材料文件不见了", "请从备份恢复", place)
        elif digest_file(path, algorithm_of(name)) != name:
            yield Finding("verify.blob", "材料文件被改动过", "请从备份恢复原件", place)
