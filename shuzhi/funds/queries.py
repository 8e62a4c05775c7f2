"""All that can be asked live of funds: lists, what is left, what was paid."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from shuzhi.funds.models import Allocation, Budget, Payment
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.subjects.listing import ListColumn, Listing, columns_of, listing
from shuzhi.subjects.rights import within_sight
from shuzhi.units.models import User

BUDGET_COLUMNS = (
    ListColumn("ref", "编号", "ref", "ref"),
    ListColumn("number", "序号", "text", "number"),
    ListColumn("title", "预算项目", "text", "title"),
    ListColumn("unit", "单位", "unit", "unit_id"),
    ListColumn("year", "年度", "whole", "year"),
    ListColumn("amount", "预算数", "money", "amount", "元"),
    ListColumn("allocated", "已分配", "money", "allocated", "元"),
)
ALLOCATION_COLUMNS = (
    ListColumn("ref", "编号", "ref", "ref"),
    ListColumn("number", "序号", "text", "number"),
    ListColumn("title", "用途", "text", "title"),
    ListColumn("unit", "使用单位", "unit", "unit_id"),
    ListColumn("date", "下达日期", "date", "date"),
    ListColumn("budget", "预算项目", "ref", "budget_id"),
    ListColumn("amount", "分配数", "money", "amount", "元"),
    ListColumn("paid", "已支付", "money", "paid", "元"),
)
PAYMENT_COLUMNS = (
    ListColumn("ref", "编号", "ref", "ref"),
    ListColumn("number", "凭证号", "text", "number"),
    ListColumn("title", "摘要", "text", "title"),
    ListColumn("date", "支付日期", "date", "date"),
    ListColumn("allocation", "分配", "ref", "allocation_id"),
    ListColumn("subject", "收款主体", "subject", "subject_id"),
    ListColumn("amount", "金额", "money", "amount", "元"),
    ListColumn("reverses", "冲销", "ref", "reverses_id"),
)
Asked = Mapping[str, object] | None


def list_budgets(
    user: User, kind: Kind, day: date, *, filters: Asked = None, sort: str = "", search: str = ""
) -> Listing[Budget]:
    """The budgets of a kind as a person may see them."""
    rows = Budget.objects.filter(kind=kind.code).select_related("unit")
    seen = within_sight(rows, user, kind, day)
    return listing(
        seen, BUDGET_COLUMNS, filters=filters, sort=sort, search=search, searched=("title", "number")
    )


def list_allocations(
    user: User, kind: Kind, day: date, *, filters: Asked = None, sort: str = "", search: str = ""
) -> Listing[Allocation]:
    """The allocations of a kind as a person may see them, with the kind's fields."""
    columns = columns_of(ALLOCATION_COLUMNS, kind.fields)
    rows = seen_by(user, kind, day)
    return listing(rows, columns, filters=filters, sort=sort, search=search, searched=("title", "number"))


def list_payments(
    user: User, kind: Kind, day: date, *, filters: Asked = None, sort: str = "", search: str = ""
) -> Listing[Payment]:
    """The payments of a kind as a person may see them."""
    rows = Payment.objects.filter(allocation__budget__kind=kind.code).select_related("allocation", "subject")
    seen = within_sight(rows, user, kind, day, column="allocation__unit")
    return listing(
        seen, PAYMENT_COLUMNS, filters=filters, sort=sort, search=search, searched=("title", "number")
    )


def seen_by(user: User, kind: Kind, day: date) -> QuerySet[Allocation]:
    """The allocations of a kind that a person may see on a day."""
    rows = Allocation.objects.filter(budget__kind=kind.code).select_related("unit", "budget", "matter")
    return within_sight(rows, user, kind, day)


def left_of_budget(budget: Budget) -> int:
    """Fen not yet allocated."""
    return budget.amount - budget.allocated


def left_of_allocation(allocation: Allocation) -> int:
    """Fen not yet paid."""
    return allocation.amount - allocation.paid
