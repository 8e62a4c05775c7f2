"""Every page is guarded: a view says so itself, or stands here with the reason why anybody may see it."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

#: Views anybody may see, by module and name, each with its reason.
PUBLIC: dict[str, str] = {
    "django.contrib.auth.views.LoginView": "the door itself",
    "django.contrib.auth.views.LogoutView": "leaving needs no right",
    "shuzhi.desk.views.voting.vote": "a secret ballot knows no log-in: the code on the slip is the only right",
    "shuzhi.desk.views.voting.receipt": "a voter checks a receipt without saying who it is",
}
#: The portal reads nothing but its shelf, and everything on the shelf was published (house rule 7).
PUBLIC_PACKAGE = "shuzhi.portal."


def views(resolver: URLResolver) -> Iterator[tuple[str, object]]:
    """Yield (route, view) of every route below a resolver."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            for route, view in views(pattern):
                yield f"{pattern.pattern}{route}", view
        elif isinstance(pattern, URLPattern):
            yield str(pattern.pattern), getattr(pattern.callback, "view_class", pattern.callback)


def name_of(view: object) -> str:
    """Return where a view is written: `shuzhi.desk.views.today`."""
    return f"{getattr(view, '__module__', '')}.{getattr(view, '__qualname__', type(view).__qualname__)}"


@pytest.fixture
def routes() -> list[tuple[str, object]]:
    return list(views(get_resolver("shuzhi.urls")))


def test_every_route_is_guarded(routes: list[tuple[str, object]]) -> None:
    open_to_all = [
        f"{route} → {name_of(view)}"
        for route, view in routes
        if not getattr(view, "guarded", False)
        and name_of(view) not in PUBLIC
        and not name_of(view).startswith(PUBLIC_PACKAGE)
    ]
    assert open_to_all == []


def test_there_are_routes(routes: list[tuple[str, object]]) -> None:
    assert routes
