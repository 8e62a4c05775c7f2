"""All addresses: the public portal at the root, the officials' desk under /desk/."""

from django.urls import include, path

urlpatterns = [
    path("", include("shuzhi.portal.urls")),
    path("desk/", include("shuzhi.desk.urls")),
]
