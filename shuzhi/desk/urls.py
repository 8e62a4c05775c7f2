"""The desk's addresses."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from shuzhi.desk.views import (
    books,
    changes,
    entry,
    findings,
    indicators,
    intake,
    items,
    ledgers,
    reports,
    targets,
    today,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path(
        "login/",
        LoginView.as_view(template_name="desk/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/<slug:kind>/", ledgers.ledger, name="ledger"),
    path("ledgers/<slug:kind>/export.xlsx", ledgers.export, name="export"),
    path("ledgers/<slug:kind>/new/", changes.new, name="new"),
    path("items/<slug:shape>/<str:key>/", items.item, name="item"),
    path("items/matter/<str:key>/unchanged/", changes.unchanged, name="unchanged"),
    path("items/<slug:shape>/<str:key>/step/", changes.step, name="step"),
    path("items/<slug:shape>/<str:key>/edit/", changes.edit, name="edit"),
    path("items/<slug:shape>/<str:key>/history/", items.history, name="history"),
    path("papers/<str:owner_shape>/<str:key>/<int:no>/", items.paper, name="paper"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path("targets/", targets.targets, name="targets"),
    path("targets/cascade/", targets.cascade, name="cascade"),
    path("targets/decisions/<str:key>/<int:no>/", targets.decision_paper, name="decision_paper"),
    path("targets/<slug:code>/", targets.target, name="target"),
    path("books/", books.books, name="books"),
    path("entry/", entry.entry, name="entry"),
    path("intake/", intake.intake, name="intake"),
    path("intake/template/<slug:kind>.xlsx", intake.template, name="template"),
    path("rules/<slug:code>/", findings.rule, name="rule"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<str:key>/", reports.report, name="report"),
    path("reports/<str:key>/choose/", reports.choose, name="choose"),
    path("reports/<str:key>/commented.docx", findings.commented, name="commented"),
    path("reports/<str:key>/compile/", reports.compile_, name="compile"),
    path("reports/<str:key>/editions/<int:no>/", reports.edition, name="edition"),
    path("reports/<str:key>/editions/<int:no>/act/<slug:act>/", reports.act, name="act"),
    path("reports/<str:key>/editions/<int:no>/figures/<str:code>/", reports.card, name="card"),
    path("reports/<str:key>/editions/<int:no>/files/<str:name>", reports.file, name="file"),
]
