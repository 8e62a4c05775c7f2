"""Reading keeps nothing of what it has read: ten thousand reports go by and the memory stays as it was."""

import importlib
import pkgutil
from typing import Any

import shuzhi.prose
from shuzhi.prose.binding import bind
from shuzhi.prose.concepts import Concept
from shuzhi.prose.reading import read
from tests.prose.annotated import load_all

OTHER = str.maketrans("123456789甲乙丙青梧林浦白山河水", "246813579丁戊己红枫石溪黑岭江泉")


def caches() -> dict[str, Any]:
    """Every cached function of the reader by its name."""
    made = {}
    for found in pkgutil.walk_packages(shuzhi.prose.__path__, "shuzhi.prose."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if hasattr(value, "cache_info") and value.__module__ == found.name:
                made[f"{found.name}.{name}"] = value
    return made


def test_what_is_kept_without_bound_does_not_grow_with_what_is_read() -> None:
    known = [
        Concept("gdp", "地区生产总值", ("生产总值",), ("亿元",), "level"),
        Concept("homes", "危房改造户数", ("危房",), ("户",), "count", facet="改造数"),
    ]
    texts = [draft.text for draft in load_all("open")]
    for text in texts:
        bind(read(text), known)
    unbound = {name: one for name, one in caches().items() if one.cache_info().maxsize is None}
    before = {name: one.cache_info().currsize for name, one in unbound.items()}
    for text in texts:
        bind(read(text.translate(OTHER)), known)
    assert {name: one.cache_info().currsize for name, one in unbound.items()} == before
    assert any(one.cache_info().maxsize for one in caches().values())
