"""Rules of replenishment: seen, tried, kept and dropped."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_RULES, VIEW_ORDERS, permissions_of
from inventory.selectors.scope import location_scope
from orders.forms_policies import RuleForm
from orders.models import PolicyRule
from orders.selectors.rule_preview import Preview, preview_place, preview_rule
from orders.selectors.rules import found_rules, rules_for
from orders.services.policy import drop_rule, set_rule

# A shop that keeps a minimum and a maximum of each SKU in each store brings ten thousand rules in one file.
ROWS_A_PAGE = 50


@require_safe
@requires(VIEW_ORDERS)
def policies(request: UserRequest) -> HttpResponse:
    """Every rule that holds at one of the user's places."""
    user, search = request.user, request.GET.get("search", "").strip()
    page = Paginator(found_rules(rules_for(user), search), ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = [rule.pk for rule in page]
    own = set(PolicyRule.objects.filter(location_scope(user), pk__in=shown).values_list("pk", flat=True))
    context = {"page": page, "search": search, "own": own, "may_edit": EDIT_RULES in permissions_of(user)}
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "orders/_policies.html" if is_fragment else "orders/policies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_RULES)
def new_policy(request: UserRequest) -> HttpResponse:
    """A rule of a scope that has none; one that exists is refused, so that nobody replaces it unseen."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_RULES)
def policy(request: UserRequest, pk: int) -> HttpResponse:
    """Changes what a rule wants; whom it holds for stays."""
    return _edit(request, _find(request, pk))


@require_POST
@requires(EDIT_RULES)
def drop(request: UserRequest, pk: int) -> HttpResponse:
    """The next less specific rule holds again."""
    drop_rule(rule_id=_find(request, pk).pk, actor=request.user, now=timezone.now())
    messages.success(request, _("The rule is dropped. The next plan follows the more general one."))
    return redirect("orders:policies")


def _edit(request: UserRequest, row: PolicyRule | None) -> HttpResponse:
    form = RuleForm(request.POST if request.method == "POST" else None, user=request.user, rule=row)
    preview, is_tried = None, "preview" in request.POST
    if request.method == "POST" and form.is_valid():
        if is_tried:
            preview = _preview(request, form)
        elif _keep(request, form, row):
            messages.success(request, _("The rule is kept. The next plan follows it."))
            return redirect("orders:policies")
    context = {"form": form, "rule": row, "preview": preview, "is_tried": is_tried}
    return render(request, "orders/policy.html", context, status=422 if form.errors else 200)


def _preview(request: UserRequest, form: RuleForm) -> Preview | None:
    tried = form.as_rule()
    place = preview_place(request.user, tried)
    return preview_rule(rule=tried, place=place, now=timezone.now()) if place else None


def _keep(request: UserRequest, form: RuleForm, row: PolicyRule | None) -> bool:
    scope = form.scope()
    try:
        if row is None and PolicyRule.objects.filter(**vars(scope)).exists():
            raise InvalidInput(_("There is already a rule for exactly these. Change that one."))
        set_rule(scope=scope, targets=form.targets(), actor=request.user, now=timezone.now())
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _find(request: UserRequest, pk: int) -> PolicyRule:
    """A rule of the user's places; one for all is theirs to change who see all."""
    rows = PolicyRule.objects.filter(location_scope(request.user))
    return get_object_or_404(rows.select_related("sku", "category", "supplier", "location"), pk=pk)
