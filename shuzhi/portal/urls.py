"""The public addresses: all of them open to anybody, none of them able to change anything."""

from django.urls import path

from shuzhi.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("open/<slug:slug>/", views.publication, name="publication"),
    path("open/<slug:slug>/data.json", views.data, name="data"),
    path("open/<slug:slug>/files/<str:name>", views.download, name="file"),
    path("figure/<str:code>/", views.card, name="card"),
    path("paper.css", views.paper_style, name="paper"),
    path("check/", views.check, name="check"),
]
