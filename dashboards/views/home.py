"""The first page after sign-in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Role
from accounts.requests import UserRequest, requires
from accounts.roles import (
    APPROVE_COUNTS,
    APPROVE_ORDERS,
    DECIDE_PROPOSALS,
    MANAGE_USERS,
    VIEW_ALERTS,
    VIEW_STOCK,
    is_permitted,
)
from alerts.selectors.alert_pages import AlertFilter, list_alerts
from dashboards.selectors.home import arriving_orders, late_order_count, set_up_steps
from dashboards.selectors.standing import read_risk
from inventory.domain.days import local_date
from inventory.selectors.scope import locations_for
from inventory.selectors.stock_counts import counts_to_approve
from inventory.selectors.substitutes import short_offers
from jobs.selectors.at_work import began_at
from jobs.selectors.health import job_health
from orders.selectors.approvals import awaiting_summary, standing_for
from orders.selectors.inbox import NIGHT, InboxFilter, read_inbox
from orders.selectors.inbox_sum import sum_up
from orders.selectors.refusals import refusals_for

RISKS_SHOWN = 8


@requires(VIEW_STOCK)
def home(request: UserRequest) -> HttpResponse:
    """What matters now to a person of this role."""
    user, now = request.user, timezone.now()
    places = list(locations_for(user))
    today = local_date(now, places[0].time_zone if places else "UTC")
    risk = read_risk(places, now=now, shown=RISKS_SHOWN)
    context: dict[str, Any] = {"places": places, "today": today, "risk": risk}
    context["offers"] = short_offers([(row.sku_id, row.location_id) for row in risk.rows])
    context |= {"orders": arriving_orders(user), "late_orders": late_order_count(user, today)}
    if is_permitted(user, VIEW_ALERTS):
        context["alert_count"] = list_alerts(user, AlertFilter(), now=now).count()
    if is_permitted(user, DECIDE_PROPOSALS):
        groups = read_inbox(user, InboxFilter(), now=now, lines_shown=0)
        context |= {"groups": groups, "proposal_count": sum(group.count for group in groups)}
        context["inbox_sum"] = sum_up(groups, today)
        context["refusals"] = refusals_for(user, now)
        context["night_began"] = None if groups else began_at(NIGHT)
    if is_permitted(user, APPROVE_ORDERS):
        context["awaiting"] = awaiting_summary(user)
        context["standing"] = standing_for(user, today)
    if is_permitted(user, APPROVE_COUNTS):
        context["counts_to_approve"] = counts_to_approve(user)
    if is_permitted(user, MANAGE_USERS):
        steps, jobs = set_up_steps(), job_health(now)
        context["jobs"] = [job for job in jobs if job.last_error or job.is_late]
        context["fine_jobs"] = len(jobs) - len(context["jobs"])
        context |= {"steps": steps, "is_set_up": all(step.is_done for step in steps)}
    return render(request, f"dashboards/home_{Role(user.role).value}.html", context)
