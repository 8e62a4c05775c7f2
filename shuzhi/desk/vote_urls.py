"""The addresses of voters: open to whoever holds a slip, and to nobody's name."""

from django.urls import path

from shuzhi.desk.views import voting

app_name = "vote"
urlpatterns = [
    path("", voting.vote, name="vote"),
    path("receipt/", voting.receipt, name="receipt"),
    path("<str:code>/", voting.vote, name="slip"),
]
