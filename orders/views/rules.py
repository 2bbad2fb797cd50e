"""The page of buying rules: limits by role, days, exchange rates, who stands in for whom."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_ORDERS, SET_BUYING_RULES, is_permitted
from orders.forms_rules import DaysForm, DelegationForm, LimitForm, RateForm
from orders.models import ApprovalLimit
from orders.selectors.approvals import approval_limits, buying_settings, delegations_for, running_delegations
from orders.selectors.exchange_rates import listed_rates
from orders.services.delegations import delegate, end_delegation
from orders.services.limits import change_settings, set_limit, set_rate

RATES_SHOWN = 50


@require_safe
@requires(APPROVE_ORDERS)
def rules(request: UserRequest) -> HttpResponse:
    """All of them; who may not change them sees them too."""
    return _page(request)


@require_POST
@requires(SET_BUYING_RULES)
def limit(request: UserRequest, pk: int) -> HttpResponse:
    """The amounts of one role."""
    row = get_object_or_404(ApprovalLimit, pk=pk)
    form = LimitForm(request.POST, prefix=f"limit-{pk}")
    if form.is_valid():
        set_limit(limit_id=row.pk, limit=form.as_limit(), actor=request.user, now=timezone.now())
        return _done(request, _("The limit is changed."))
    return _page(request, limit_form=(pk, form))


@require_POST
@requires(SET_BUYING_RULES)
def days(request: UserRequest) -> HttpResponse:
    """How long things count and last."""
    form = DaysForm(request.POST)
    if form.is_valid():
        change_settings(changes=form.cleaned_data, actor=request.user, now=timezone.now())
        return _done(request, _("Days and tolerances are changed."))
    return _page(request, days_form=form)


@require_POST
@requires(SET_BUYING_RULES)
def rates(request: UserRequest) -> HttpResponse:
    """Adds an exchange rate, or replaces that of the day."""
    form = RateForm(request.POST)
    if form.is_valid() and _try(form, lambda: set_rate(**form.cleaned_data, actor=request.user, now=timezone.now())):
        return _done(request, _("The rate is noted."))
    return _page(request, rate_form=form)


@require_POST
@requires(APPROVE_ORDERS)
def delegations(request: UserRequest) -> HttpResponse:
    """Lends a limit for some days."""
    form = _delegation_form(request, request.POST)
    now = timezone.now()
    if form.is_valid() and _try(
        form,
        lambda: delegate(**form.cleaned_data, actor=request.user, now=now, today=timezone.localdate(now)),
    ):
        return _done(request, _("Noted. %(name)s may approve in these days.") % {"name": form.cleaned_data["taker"]})
    return _page(request, delegation_form=form)


@require_POST
@requires(APPROVE_ORDERS)
def end(request: UserRequest, pk: int) -> HttpResponse:
    """Ends a delegation now."""
    row = get_object_or_404(delegations_for(request.user), pk=pk)
    end_delegation(delegation_id=row.pk, actor=request.user, now=timezone.now())
    return _done(request, _("It has ended."))


def _try(form: forms.Form, act: Any) -> bool:
    """Whether the service took it; what it refuses stands beside the fields that it names."""
    try:
        act()
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _done(request: UserRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("orders:rules")


def _delegation_form(request: UserRequest, data: Any = None) -> DelegationForm:
    may_set = is_permitted(request.user, SET_BUYING_RULES)
    today = timezone.localdate()
    return DelegationForm(
        data, user=request.user, is_for_others=may_set, initial={"starts_on": today, "ends_on": today}
    )


def _page(request: UserRequest, *, limit_form: tuple[int, LimitForm] | None = None, **refused: Any) -> HttpResponse:
    row, today = buying_settings(), timezone.localdate()
    limits = [(limit, _limit_form(limit, limit_form)) for limit in approval_limits()]
    context = {
        "limits": limits,
        "currency": settings.DEFAULT_CURRENCY,
        "days_form": DaysForm(initial=vars(row)),
        "rates": listed_rates()[:RATES_SHOWN],
        "rate_form": RateForm(initial={"valid_from": today}),
        "delegations": running_delegations(today),
        "delegation_form": _delegation_form(request),
        "may_set": is_permitted(request.user, SET_BUYING_RULES),
        "today": today,
        **refused,
    }
    return render(request, "orders/rules.html", context, status=422 if refused or limit_form else 200)


def _limit_form(row: ApprovalLimit, refused: tuple[int, LimitForm] | None) -> LimitForm:
    if refused is not None and refused[0] == row.pk:
        return refused[1]
    return LimitForm(
        initial={"alone_up_to": row.alone_up_to, "release_up_to": row.release_up_to}, prefix=f"limit-{row.pk}"
    )
