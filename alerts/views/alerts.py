"""The alerts page: what needs a person now, what to do about it, and what is over."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import HANDLE_ALERTS, VIEW_ALERTS, permissions_of
from alerts.forms import AlertFilterForm, SnoozeForm
from alerts.models import Alert, AlertKind
from alerts.selectors.alert_pages import alerts_for, answered_count, list_alerts
from alerts.services.handling import acknowledge_alert, snooze_alert
from alerts.views.fact_rows import fact_rows
from inventory.selectors.substitutes import short_offers

ROWS_A_PAGE = 40


@require_safe
@requires(VIEW_ALERTS)
def alerts(request: UserRequest) -> HttpResponse:
    """Alerts of the user's places, the most money first."""
    is_fragment = request.htmx and not request.htmx.boosted
    return _list(request, request.GET, "alerts/_alerts.html" if is_fragment else "alerts/alerts.html")


@require_POST
@requires(HANDLE_ALERTS)
def acknowledge(request: UserRequest, pk: int) -> HttpResponse:
    """Marks an alert as seen."""
    get_object_or_404(alerts_for(request.user), pk=pk)
    try:
        acknowledge_alert(alert_id=pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Marked as seen. It stays here until the reason is gone."))
    return _done(request)


@require_POST
@requires(HANDLE_ALERTS)
def snooze(request: UserRequest, pk: int) -> HttpResponse:
    """Hides an alert for some days."""
    get_object_or_404(alerts_for(request.user), pk=pk)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose for how long the alert is to be hidden."))
        return _done(request)
    now = timezone.now()
    try:
        snooze_alert(alert_id=pk, actor=request.user, until=now + timedelta(days=form.cleaned_data["days"]), now=now)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Hidden for now. It comes back by itself if the reason is still there."))
    return _done(request)


def _list(request: UserRequest, query: QueryDict, template: str) -> HttpResponse:
    form = AlertFilterForm(query, user=request.user)
    wanted = form.as_filter()
    now = timezone.now()
    page = Paginator(list_alerts(request.user, wanted, now=now), ROWS_A_PAGE).get_page(query.get("page"))
    permissions = permissions_of(request.user)
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "rows": [(alert, fact_rows(alert.facts)) for alert in page],
        "offers": short_offers(_short(page)),
        "query": query.urlencode(),
        "answered": answered_count(request.user, wanted, now=now),
        "may_handle": HANDLE_ALERTS in permissions,
    }
    return render(request, template, context)


def _short(alerts: Iterable[Alert]) -> list[tuple[int, int]]:
    """SKU and place of those that say that stock is short."""
    risks = [alert for alert in alerts if alert.kind == AlertKind.STOCK_RISK]
    return [(alert.sku_id, alert.location_id) for alert in risks if alert.sku_id and alert.location_id]


def _done(request: UserRequest) -> HttpResponse:
    """Back to the alerts as they were filtered: a fragment with the answer for htmx, else a new page."""
    query = QueryDict(request.POST.get("query", ""))
    if not request.htmx:
        return redirect(f"{reverse('alerts:list')}?{query.urlencode()}".rstrip("?"))
    response = _list(request, query, "alerts/_alerts.html")
    response.write(render_to_string("components/messages.html", {"oob": True}, request=request))
    return response
