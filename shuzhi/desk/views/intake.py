"""导入: drop a workbook, see what it would do and everything wrong with it, take the marked copy back, load it."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from shuzhi.desk.forms import LARGEST_MB, safe_name
from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.ledgers import XLSX, kind_of
from shuzhi.evidence import instance
from shuzhi.intake.forms import forms
from shuzhi.intake.load import Result, dry_run, load
from shuzhi.intake.marked import marked_copy
from shuzhi.intake.parcel import Parcel, from_upload
from shuzhi.intake.steps import UNCHANGED, Step
from shuzhi.intake.template import Lists
from shuzhi.intake.template import template as workbook
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.units.models import Post, Unit

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """A workbook and what came of it."""

    parcel: Parcel
    result: Result

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows are 新增, 变更, 不变, 有误."""
        return sorted(self.result.counts().items())

    @property
    def steps(self) -> list[Step]:
        """The first rows that would change something."""
        return [step for step in self.result.steps if step.outcome != UNCHANGED][:SHOWN]

    @property
    def findings(self) -> list[Finding]:
        """The first findings, the heaviest before the others; all of them stand in the marked copy."""
        weights = list(Severity)
        return sorted(self.result.findings, key=lambda finding: weights.index(finding.severity))[:SHOWN]


@require_http_methods(["GET", "POST"])
@seated
def intake(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The import page; ``act`` says look (nothing is kept), mark (the marked copy comes back) or load."""
    looked: list[Looked] = []
    act = request.POST.get("act", "look")
    if request.method == "POST":
        try:
            parcels = _parcels(request)
            run = load if act == "load" else dry_run
            looked = [
                Looked(parcel, run(parcel.workbook, by=seat.user, day=seat.day, materials=parcel.materials))
                for parcel in parcels
            ]
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, str(finding))
        if act == "mark" and looked:
            return _marked(looked)
        if act == "load" and looked:
            _report(request, looked)
    context = {"looked": looked, "kinds": _forms(seat), "largest": LARGEST_MB}
    return render(request, "desk/intake.html", context)


def _parcels(request: HttpRequest) -> Sequence[Parcel]:
    upload = request.FILES.get("workbook")
    if upload is None or upload.size is None:
        raise Refused(
            Finding("intake.none", "还没有选工作簿", "请选 .xlsx 文件，或装有工作簿与“材料”文件夹的 .zip")
        )
    if upload.size > LARGEST_MB * 1024 * 1024:
        raise Refused(Finding("intake.large", f"文件超过 {LARGEST_MB} MB", "请分几次导入", upload.name or ""))
    return from_upload(safe_name(upload.name or "工作簿.xlsx"), upload.read())


def _report(request: HttpRequest, looked: Sequence[Looked]) -> None:
    for item in looked:
        told = "，".join(f"{name} {number}" for name, number in item.counts)
        if item.result.loaded:
            messages.success(request, f"{item.parcel.name} 已导入：{told}。")
        else:
            messages.error(request, f"{item.parcel.name} 有错误，一行也没有导入。请按下面的问题改好再来。")


def _marked(looked: Sequence[Looked]) -> HttpResponse:
    """The same workbooks with their problems marked; several come back as a zip."""
    copies = [(item.parcel.name, marked_copy(item.parcel.workbook, item.result.findings)) for item in looked]
    if len(copies) == 1:
        name, data, kind = copies[0][0].rpartition(".")[0] + "-标注.xlsx", copies[0][1], XLSX
    else:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, copy in copies:
                archive.writestr(inner.rpartition(".")[0] + "-标注.xlsx", copy)
        name, data, kind = "标注.zip", buffer.getvalue(), "application/zip"
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _forms(seat: Seat) -> list[Kind]:
    """The kinds this seat may open, for the list of templates."""
    return [kind for kind in instance.catalogue().kinds.values() if seat.may_open(kind)]


@require_GET
@seated
def template(request: HttpRequest, seat: Seat, kind: str) -> HttpResponseBase:
    """The template of a kind: its sheet, the sheets of its tables and of its movements, with drop-downs."""
    defined = kind_of(kind, seat)
    catalogue = instance.catalogue()
    wanted = [form for form in forms(catalogue).values() if form.kind is not None and form.kind.code == kind]
    lists = Lists(
        units=list(Unit.objects.filter(code__in=seat.domain).values_list("name", flat=True)),
        posts=list(Post.objects.filter(unit__in=seat.domain).values_list("code", flat=True)),
        indicators=[item.label for item in catalogue.indicators.values()],
        papers=[paper.label for paper in catalogue.papers.values()],
    )
    response = HttpResponse(workbook(wanted, lists), content_type=XLSX)
    name = f"{defined.label}填报模板.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
