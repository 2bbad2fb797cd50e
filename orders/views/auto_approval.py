"""Rules that approve by themselves: seen, tried, kept, switched, ended, and all of them stopped at once."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, SET_BUYING_RULES, permissions_of
from inventory.selectors.scope import location_scope
from orders.domain.auto_approval import Miss
from orders.forms_auto import AutoRuleForm
from orders.models import AutoApprovalRule
from orders.selectors.approvals import buying_settings
from orders.selectors.auto_approval import auto_rules_for, may_approve, orders_by_rules, spent_on, try_rule
from orders.services.auto_approval import end_auto_rule, set_auto_rule, stop_auto_approval, switch_auto_rule

ORDERS_SHOWN = 10
MISSES: dict[Miss, Promise] = {
    Miss.OTHER: lazy("do not fit the conditions"),
    Miss.TOUCHED: lazy("were edited by a person"),
    Miss.HELD: lazy("are held, since a budget leaves nothing for them"),
    Miss.UNKNOWN_USUAL: lazy("were never ordered before, so nobody knows what is usual"),
    Miss.UNUSUAL: lazy("are too far from the usual quantity"),
    Miss.NO_RATE: lazy("are in a currency without an exchange rate"),
    Miss.DONE_TODAY: lazy("are of a supplier from whom the rule has bought for this store today"),
    Miss.ABOVE_ORDER: lazy("make an order that costs more than the rule allows"),
    Miss.ABOVE_MOST: lazy("make an order of more than the supplier delivers at once"),
    Miss.BELOW_MINIMUM: lazy("make an order below what the supplier delivers"),
    Miss.ABOVE_LIMIT: lazy("are above what the author may buy alone"),
    Miss.ABOVE_CAP: lazy("are above what is left of the day"),
    Miss.ABOVE_BUDGET: lazy("are above what is left of a budget"),
}


@require_safe
@requires(APPROVE_ORDERS)
def auto_rules(request: UserRequest) -> HttpResponse:
    """Every rule of the user's places, with what each has approved today."""
    user, permitted = request.user, permissions_of(request.user)
    spent = spent_on(timezone.localdate())
    rows = [(rule, spent.get(rule.pk, 0), may_approve(rule.author)) for rule in auto_rules_for(user)]
    context = {
        "rules": rows,
        "is_stopped": buying_settings().is_auto_approval_stopped,
        "orders": orders_by_rules(user)[:ORDERS_SHOWN],
        "may_edit": DECIDE_PROPOSALS in permitted,
        "may_start": SET_BUYING_RULES in permitted,
        "sees_all": user.sees_all_locations,
    }
    return render(request, "orders/auto/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def new_auto_rule(request: UserRequest) -> HttpResponse:
    """A rule in the name of who makes it."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def auto_rule(request: UserRequest, pk: int) -> HttpResponse:
    """Changes it; it is then in the name of who changed it."""
    return _edit(request, _find(request, pk))


@require_POST
@requires(APPROVE_ORDERS)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """One rule on or off. Switching on is for those who may decide proposals."""
    rule, is_active = _find(request, pk), request.POST.get("is_active") == "1"
    if is_active and DECIDE_PROPOSALS not in permissions_of(request.user):
        messages.error(request, _("You may switch a rule off, but only a purchaser may switch it on."))
        return redirect("orders:auto_rules")
    switch_auto_rule(rule_id=rule.pk, is_active=is_active, actor=request.user, now=timezone.now())
    text = _("“%(name)s” approves again from the next night on.") if is_active else _("“%(name)s” is off.")
    messages.success(request, text % {"name": rule.name})
    return redirect("orders:auto_rules")


@require_POST
@requires(DECIDE_PROPOSALS)
def end(request: UserRequest, pk: int) -> HttpResponse:
    """For good."""
    rule = end_auto_rule(rule_id=_find(request, pk).pk, actor=request.user, now=timezone.now())
    messages.success(
        request, _("“%(name)s” has ended. The orders that it approved keep its name.") % {"name": rule.name}
    )
    return redirect("orders:auto_rules")


@require_POST
@requires(APPROVE_ORDERS)
def stop(request: UserRequest) -> HttpResponse:
    """All of them at once, by anybody who approves."""
    stop_auto_approval(is_stopped=True, actor=request.user, now=timezone.now())
    messages.success(request, _("All rules are stopped. Nothing is approved without a person any more."))
    return redirect("orders:auto_rules")


@require_POST
@requires(SET_BUYING_RULES)
def start(request: UserRequest) -> HttpResponse:
    """They may approve again, by who sets the firm's rules."""
    stop_auto_approval(is_stopped=False, actor=request.user, now=timezone.now())
    messages.success(request, _("The rules that are on approve again from the next night on."))
    return redirect("orders:auto_rules")


def _edit(request: UserRequest, row: AutoApprovalRule | None) -> HttpResponse:
    form = AutoRuleForm(request.POST if request.method == "POST" else None, user=request.user, rule=row)
    context: dict[str, Any] = {"form": form, "rule": row, "currency": settings.DEFAULT_CURRENCY}
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            tried = AutoApprovalRule(pk=row.pk if row else None, author=request.user, **vars(form.conditions()))
            found = try_rule(rule=tried, now=timezone.now())
            left = [(MISSES[miss], count) for miss, count in found.left_over.items()]
            context |= {"tried": found, "left_over": left}
        elif _keep(request, form, row):
            messages.success(request, _("The rule is kept. It approves from the next night on."))
            return redirect("orders:auto_rules")
    return render(request, "orders/auto/rule.html", context, status=422 if form.errors else 200)


def _keep(request: UserRequest, form: AutoRuleForm, row: AutoApprovalRule | None) -> bool:
    try:
        set_auto_rule(
            conditions=form.conditions(), author=request.user, now=timezone.now(), rule_id=row.pk if row else None
        )
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _find(request: UserRequest, pk: int) -> AutoApprovalRule:
    """A rule of the user's places; one for all is theirs to change who see all."""
    rows = AutoApprovalRule.objects.filter(location_scope(request.user), ended_at=None).select_related("author")
    return get_object_or_404(rows, pk=pk)
