"""All addresses: the public portal at the root, the officials' desk under /desk/, voters under /vote/."""

from django.urls import include, path

urlpatterns = [
    path("", include("shuzhi.portal.urls")),
    path("desk/", include("shuzhi.desk.urls")),
    path("vote/", include("shuzhi.desk.vote_urls")),
]
