"""Budgets: seen with what is used and left, set, and ended."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_ORDERS, EDIT_RULES, is_permitted
from orders.forms_budget import BudgetForm
from orders.models import Budget
from orders.selectors.budget_pages import Point, budget_rows, curve_of
from orders.selectors.budgets import budgets_for, editable_budgets
from orders.services.budgets import end_budget, set_budget


@require_safe
@requires(APPROVE_ORDERS)
def budgets(request: UserRequest) -> HttpResponse:
    """Those of the user's places and of all."""
    rows = budget_rows(request.user, timezone.localdate())
    context = {"rows": rows, "may_edit": is_permitted(request.user, EDIT_RULES)}
    return render(request, "orders/budgets/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_RULES)
def new_budget(request: UserRequest) -> HttpResponse:
    """A budget in the name of who sets it."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(APPROVE_ORDERS)
def budget(request: UserRequest, pk: int) -> HttpResponse:
    """One of them, with what another amount would avert; and the form for who may change it."""
    rows = editable_budgets(request.user) if request.method == "POST" else budgets_for(request.user)
    return _edit(request, get_object_or_404(rows, pk=pk))


@require_POST
@requires(EDIT_RULES)
def end(request: UserRequest, pk: int) -> HttpResponse:
    """For good."""
    row = get_object_or_404(editable_budgets(request.user), pk=pk)
    end_budget(budget_id=row.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("“%(name)s” has ended. Nothing is cut by it any more.") % {"name": row.name})
    return redirect("orders:budgets")


def _edit(request: UserRequest, row: Budget | None) -> HttpResponse:
    is_sent = request.method == "POST"
    form = BudgetForm(request.POST if is_sent else None, user=request.user, budget=row, today=timezone.localdate())
    if is_sent and form.is_valid() and _keep(request, form, row):
        messages.success(request, _("The budget is kept, and the proposals are shared out by it."))
        return redirect("orders:budgets")
    curve = curve_of(row, timezone.now()) if row else []
    context: dict[str, Any] = {
        "form": form,
        "budget": row,
        "row": next((each for each in budget_rows(request.user, timezone.localdate()) if row == each.budget), None),
        "curve": curve,
        "drawing": _drawing(curve),
        "currency": settings.DEFAULT_CURRENCY,
        "may_edit": _may_edit(request, row),
    }
    return render(request, "orders/budgets/budget.html", context, status=422 if form.errors else 200)


def _may_edit(request: UserRequest, row: Budget | None) -> bool:
    is_own = row is None or editable_budgets(request.user).filter(pk=row.pk).exists()
    return is_own and is_permitted(request.user, EDIT_RULES)


def _keep(request: UserRequest, form: BudgetForm, row: Budget | None) -> bool:
    try:
        set_budget(terms=form.terms(), author=request.user, now=timezone.now(), budget_id=row.pk if row else None)
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _drawing(curve: Sequence[Point]) -> dict[str, Any]:
    """The curve in a box of 100 by 40, from nothing at the lower left to the widest amount at the right."""
    if not curve:
        return {}
    widest, highest = max(point.amount for point in curve), max(point.averted for point in curve) or 1
    spots = [(100 * point.amount / widest, 40 - 38 * point.averted / highest) for point in curve]
    now = next(100 * point.amount / widest for point in curve if point.percent == 100)
    return {"line": " ".join(f"{x:.2f},{y:.2f}" for x, y in [(0, 40), *spots]), "now": f"{now:.2f}", "widest": widest}
