"""All that can be asked of the books: the newest closing, an opened closing, whether the files are whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from shuzhi.books.models import Closing
from shuzhi.evidence import instance
from shuzhi.figures import closing as files
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding


def newest(as_of: date | None = None) -> Closing | None:
    """The newest closing, of a day when one is given."""
    rows = Closing.objects.all()
    if as_of is not None:
        rows = rows.filter(as_of=as_of)
    return rows.order_by("-entry").first()


def open_book(row: Closing) -> files.Closing:
    """The files of a closing, opened."""
    held = files.open_closing(instance.home() / "closings" / row.folder)
    if of_today(held):
        files.known(instance.catalogue(), held.catalogue_digest)
    return replace(held, cache=instance.cache())


def of_today(held: files.Closing) -> bool:
    """Whether a closing was made under the definitions in force now."""
    return held.catalogue_digest == _digest(instance.catalogue().digest, held.algorithm)


@lru_cache(maxsize=16)
def _digest(known: str, algorithm: str) -> str:
    """The digest a closing knows the definitions in force by; ``known`` is the one they go by here."""
    texts = dict(instance.catalogue().texts)
    return known if known.startswith(f"{algorithm}:") else digest(canonical(texts), algorithm)


def check_closings() -> Iterator[Finding]:
    """Recompute every closing's files and compare its digest with the one the journal anchored."""
    for row in Closing.objects.order_by("entry"):
        folder = instance.home() / "closings" / row.folder
        place = f"结账 closings/{row.folder}"
        if not folder.is_dir():
            yield Finding("verify.closing-absent", "结账文件夹不见了", "请从备份恢复", place)
            continue
        wrong = list(files.verify_closing(folder))
        yield from wrong
        if not wrong and files.open_closing(folder).id != row.id:
            yield Finding(
                "verify.closing", "结账清单与日志登记的摘要不符", "清单被改动过，请从备份恢复", place
            )
