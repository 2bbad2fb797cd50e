"""The planner's overrides: the list, a new one with what it would do, and one of them with what it did."""

import hashlib
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, KeyReused
from accounts.models import User
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import PLAN_DEMAND, VIEW_DASHBOARDS, permissions_of
from accounts.services.idempotency import Answer, answer_once
from forecasting.forms import FIELDS, OverrideFilterForm, OverrideForm
from forecasting.models import ForecastOverride
from forecasting.selectors.override_meetings import meetings_of
from forecasting.selectors.override_scores import Unscored, score_of
from forecasting.selectors.overrides import (
    Level,
    Reach,
    history_of,
    in_state,
    overrides_for,
    reach_of,
    state_of,
)
from forecasting.services.overrides import Change, end_override, make_override, problems_with
from inventory.selectors.scope import location_scope, locations_for

ROWS_A_PAGE = 50
SEARCHED = ("reason", "sku__code", "sku__name", "category__name")
USUAL_DAYS = 7
SMALL = 10
WORDS = {"override.made": pgettext_lazy("override", "Made"), "override.ended": gettext_lazy("Ended early")}
STATE_WORDS = {
    "now": (gettext_lazy("In force"), "ok"),
    "coming": (gettext_lazy("Not begun"), "info"),
    "over": (pgettext_lazy("override", "Over"), ""),
}
UNSCORED_WORDS = {
    Unscored.NO_DAY: gettext_lazy(
        "It held for no day that had not begun when it was said, so there is nothing to score."
    ),
    Unscored.NOT_YET: gettext_lazy("No closed week has days of it yet. A week is scored once its Sunday is over."),
    Unscored.NOT_KEPT: gettext_lazy(
        "Its weeks were not scored, or lie so far back that the scores of SKUs are not kept."
    ),
    Unscored.NOT_ALONE: gettext_lazy(
        "In its weeks nothing shows what it alone did: no forecast was changed by it, the shelf was mostly empty, "
        "or another override held for the same SKUs."
    ),
}


@require_safe
@requires(VIEW_DASHBOARDS)
def overrides(request: UserRequest) -> HttpResponse:
    """What planners said, and whether it counts now."""
    form = OverrideFilterForm(request.GET, user=request.user)
    today = timezone.localdate()
    found = in_state(overrides_for(request.user), form.chosen("state") or "open", today)
    place, search = form.chosen_id("location"), form.chosen("search") or ""
    if place:
        found = found.filter(Q(location=place) | Q(location=None))
    if search:
        found = found.filter(Q.create([(f"{field}__icontains", search) for field in SEARCHED], Q.OR))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, *STATE_WORDS[state_of(row, today)]) for row in page]
    is_fragment = request.htmx and not request.htmx.boosted
    name = "forecasting/_overrides.html" if is_fragment else "forecasting/overrides.html"
    may_plan = PLAN_DEMAND in permissions_of(request.user)
    return render(request, name, {"form": form, "page": page, "rows": rows, "may_plan": may_plan})


@require_safe
@requires(VIEW_DASHBOARDS)
def override(request: UserRequest, pk: int) -> HttpResponse:
    """One of them: what it says, what it is spread over, and its history."""
    row = get_object_or_404(overrides_for(request.user), pk=pk)
    state = state_of(row, timezone.localdate())
    reach = None if state == "over" else reach_of(_level(row), row.starts_on, row.expires_on)
    label, tone = STATE_WORDS[state]
    context = {
        "override": row,
        "label": label,
        "tone": tone,
        "effect": reach and _effect(reach, row.factor),
        "meetings": [] if state == "over" else meetings_of(request.user, _level(row), *_days_left(row), row.pk),
        **({} if state == "coming" else _worth(request.user, row)),
        "may_end": state != "over" and _may_change(request.user, row),
        "history": [(WORDS.get(event.action, event.action), event) for event in history_of(row)],
    }
    return render(request, "forecasting/override.html", context)


def _worth(user: User, row: ForecastOverride) -> dict[str, Any]:
    """Its score at the user's places or the reason why it has none, and the way to the accuracy of what it is about."""
    places = [row.location_id] if row.location_id else list(locations_for(user).values_list("pk", flat=True))
    found = score_of(row, places)
    about = {"sku": row.sku and row.sku.code, "category": row.category_id, "location": row.location_id}
    query = urlencode({name: value for name, value in about.items() if value})
    accuracy_url = f"{reverse('forecasting:accuracy')}?{query}"
    if isinstance(found, Unscored):
        return {"why_unscored": UNSCORED_WORDS[found], "accuracy_url": accuracy_url}
    return {"score": found, "accuracy_url": accuracy_url}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PLAN_DEMAND)
def new_override(request: UserRequest) -> HttpResponse:
    """Says what the planner knows better."""
    if not request.user.sees_all_locations and not locations_for(request.user).exists():
        return render(request, "inventory/no_place.html", {"act": {"title": _("New override")}})
    form = OverrideForm(request.POST or None, user=request.user, initial=_initial(request))
    key = request.POST.get("key", "")[:255] or uuid4().hex
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, form, key)
        except KeyReused:
            # Somebody went back to a form that was sent, and changed it.
            form.add_error(None, _("This form made an override before. Send it again to make this one in addition."))
            key = uuid4().hex
        except DomainError as refusal:
            show_refusal(form, refusal, FIELDS)
        else:
            messages.success(request, _("The forecast heeds it from now on. Orders follow within a minute or so."))
            return redirect("forecasting:override", made)
    context = {"form": form, "key": key}
    return render(request, "forecasting/new_override.html", context, status=422 if form.errors else 200)


@require_safe
@requires(PLAN_DEMAND)
def preview(request: UserRequest) -> HttpResponse:
    """What an override that is being typed would do, or why it cannot be; a fragment for htmx."""
    form = OverrideForm(request.GET, user=request.user)
    form.is_valid()
    effect, problems, meetings = None, [], []
    if form.is_told():
        level, change = form.level(), form.change()
        problems = problems_with(level=level, change=change, now=timezone.now())
        if not problems:
            effect = _effect_of_change(level, change)
            meetings = meetings_of(request.user, level, change.first, change.expires_on or change.last)
    context = {"effect": effect, "problems": problems, "meetings": meetings, "is_preview": True}
    return render(request, "forecasting/_override_effect.html", context)


@require_POST
@requires(PLAN_DEMAND)
def end(request: UserRequest, pk: int) -> HttpResponse:
    """It counts no longer."""
    row = get_object_or_404(ForecastOverride.objects.filter(_changeable(request.user)), pk=pk)
    end_override(override_id=row.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("It counts no longer. Orders follow within a minute or so."))
    return redirect("forecasting:override", pk)


def _make(request: UserRequest, form: OverrideForm, key: str) -> int:
    now, level, change, reason = timezone.now(), form.level(), form.change(), form.cleaned_data["reason"]

    def act() -> Answer:
        row = make_override(level=level, change=change, reason=reason, actor=request.user, now=now)
        return Answer(201, {"id": row.pk})

    content = repr((level, change, reason))
    answer = answer_once(
        principal=request.user, route="forecasting:new_override", key=key,
        request_sha256=hashlib.sha256(content.encode()).hexdigest(), now=now, act=act,
    )  # fmt: skip
    made: int = answer.body["id"]
    return made


def _initial(request: UserRequest) -> dict[str, Any]:
    """Tomorrow and the week from there on, for what the page that leads here is about."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "sku": request.GET.get("sku", ""),
        "location": request.GET.get("location", ""),
        "category": request.GET.get("category", ""),
        "first": tomorrow,
        "last": tomorrow + timedelta(days=USUAL_DAYS - 1),
    }


def _effect_of_change(level: Level, change: Change) -> dict[str, Any]:
    """Of one that is being typed. Units are meant for the whole period, however early it expires."""
    whole = reach_of(level, change.first, change.last)
    factor = float(1 + change.percent / 100) if change.percent is not None else None
    if change.quantity is not None:
        factor = whole.factor_of(change.quantity)
    last = change.expires_on or change.last
    return _effect(whole if last == change.last else reach_of(level, change.first, last), factor)


def _effect(reach: Reach, factor: float | None) -> dict[str, Any]:
    """The forecast of the days that count and are in reach, and what it becomes; `after` is None where there is no
    factor yet."""
    return {
        "reach": reach,
        "before": _units(reach.units),
        "after": None if factor is None else _units(reach.units * factor),
        "change": None if factor is None else factor - 1,
        "is_partly": 0 < reach.days < reach.period_days,
    }


def _days_left(row: ForecastOverride) -> tuple[date, date]:
    return max(row.starts_on, timezone.localdate()), row.expires_on


def _units(expected: float) -> float:
    """A slow SKU expects a fraction of a unit, which is not nothing."""
    return round(expected) if expected >= SMALL else round(expected, 1)


def _level(row: ForecastOverride) -> Level:
    return Level(row.sku_id, row.category_id, row.location_id)


def _changeable(user: User) -> Q:
    """Overrides for all places belong to those who see all places."""
    return location_scope(user)


def _may_change(user: User, row: ForecastOverride) -> bool:
    if PLAN_DEMAND not in permissions_of(user):
        return False
    return ForecastOverride.objects.filter(_changeable(user), pk=row.pk).exists()
