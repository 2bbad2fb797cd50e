"""Replays: ask for one, watch it, read what it found, and switch the policy on from there."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS, VIEW_DASHBOARDS, permissions_of
from accounts.text import format_share
from orders.forms_replay import ReplayForm
from orders.models import Replay
from orders.selectors.replays import figures_of, last_replays, level_in_force, replays_for, shown
from orders.services.replays import start_replay, switch_on


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW_DASHBOARDS)
def replays(request: UserRequest) -> HttpResponse:
    """The form, and the last replays."""
    form = ReplayForm(request.POST if request.method == "POST" else None, user=request.user)
    problem: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            record = start_replay(
                location_id=form.chosen_id("location"), category_id=form.chosen_id("category"),
                settings=form.settings(), user=request.user, now=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            problem = error
        else:
            return redirect("orders:replay", record.pk)
    context = {"form": form, "problem": problem, "replays": last_replays(request.user)}
    return render(request, "orders/replays.html", context, status=422 if problem or form.errors else 200)


@require_safe
@requires(VIEW_DASHBOARDS)
def replay(request: UserRequest, pk: int) -> HttpResponse:
    """How far it is, or what it found; htmx asks for the fragment until it is done."""
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "orders/_replay.html" if is_fragment else "orders/replay.html", _context(request, pk))


@require_POST
@requires(DECIDE_PROPOSALS)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """Makes one point of the curve the rule of the group."""
    record = _find(request, pk)
    try:
        rule = switch_on(
            replay_id=record.pk, level=_number(request.POST.get("level", "")), actor=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = _("From the next plan on, %(group)s is replenished at %(level)s.")
        messages.success(request, words % {"group": _group(record), "level": format_share(rule.cycle_service_level)})
    return redirect("orders:replay", pk)


def _find(request: UserRequest, pk: int) -> Replay:
    return get_object_or_404(replays_for(request.user), pk=pk)


def _context(request: UserRequest, pk: int) -> dict[str, Any]:
    found = shown(_find(request, pk))
    may_decide = DECIDE_PROPOSALS in permissions_of(request.user)
    needs_place = found.record.location_id is None and not request.user.sees_all_locations
    return {
        "shown": found,
        "replay": found.record,
        "group": _group(found.record),
        "rows": figures_of(found.record),
        "in_force": level_in_force(found.record) if found.is_done else None,
        "equal": found.record.result.get("equal", {}),
        "may_decide": may_decide,
        "may_switch": may_decide and not needs_place,
        "curve": _chart(found.record),
    }


def _group(record: Replay) -> str:
    """The SKUs of a replay in words."""
    place = record.location.name if record.location else _("All stores")
    category = record.category.name if record.category else _("All SKUs")
    return f"{category}, {place}"


def _chart(record: Replay) -> str:
    """The curve as JSON: points of (stock value, share out of stock), the tried ones in the order of their levels."""
    if not record.result:
        return ""
    result = record.result
    points = {
        "curve": [[point["stock_value"], point["out"], point["level"]] for point in result["curve"]],
        "today": [result["today"]["stock_value"], result["today"]["out"]],
        "min_max": [result["min_max"]["stock_value"], result["min_max"]["out"]],
    }
    words = {
        "stock": _("Mean stock"), "out": _("Out of stock"), "tried": _("Tried"), "today": _("Today's rules"),
        "min_max": _("Plain min/max"),
    }  # fmt: skip
    return json.dumps({**points, "words": words, "currency": settings.DEFAULT_CURRENCY})


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
