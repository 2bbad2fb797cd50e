"""The calendar of a year: holidays and promotions, packs that fill it, and what the forecast learned of both."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, KeyReused
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import PLAN_DEMAND, VIEW_DASHBOARDS, permissions_of
from accounts.services.edits import ANY, edit_as_seen
from accounts.services.idempotency import Answer, answer_once
from forecasting.domain.occasions import HOLIDAY, KIND, LUNAR
from forecasting.forms_calendar import FIELDS, CalendarFilterForm, PackForm, PromotionForm
from forecasting.models import OccasionEffect, Promotion
from forecasting.pack_names import KIND_NAMES, kind_name
from forecasting.selectors.calendar import (
    Holiday,
    calendars_of,
    changeable_promotions,
    holiday_names,
    holidays_of,
    key_of_promotion,
    learned_effects,
    promotions_for,
    zones_of,
)
from forecasting.services.promotions import delete_promotion, load_pack, save_promotion
from forecasting.versions import PROMOTION

# The lunar new year is in no country's calendar of its own, so its names are translated here.
LUNAR_NAMES = {
    "Lunar New Year": gettext_lazy("Lunar New Year"),
    "Two weeks before Lunar New Year": gettext_lazy("Two weeks before Lunar New Year"),
}
SORTS = {
    HOLIDAY: gettext_lazy("Public holiday"),
    LUNAR: gettext_lazy("Lunar calendar"),
    KIND: gettext_lazy("Whole assortment, everywhere"),
    "promotion": gettext_lazy("Part of the assortment or one store"),
}


# A year with more rows opens only the months around today.
MOST_SPREAD = 60
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class CalendarRow:
    """A line of the calendar: a holiday, or a promotion that may be opened; `effect` None where nothing was learned.
    The same promotion of several stores is one line, and `stores` has that of each."""

    first: date
    last: date
    name: str
    about: str
    effect: OccasionEffect | None
    promotion: Promotion | None = None
    stores: Sequence[Promotion] = ()


@require_safe
@requires(VIEW_DASHBOARDS)
def calendar(request: UserRequest) -> HttpResponse:
    """The year, month by month."""
    today = timezone.localdate()
    # The year that is shown stands in its field, also before anybody chose one.
    form = CalendarFilterForm({"year": today.year, **request.GET.dict()}, user=request.user)
    year = form.chosen("year") or today.year
    place = form.chosen("location")
    effects = {effect.key: effect for effect in learned_effects(zones_of(request.user))}
    found = promotions_for(request.user).filter(starts_on__year__lte=year, ends_on__year__gte=year)
    if place is not None:
        found = found.filter(location=place) | found.filter(location=None)
    rows = _promotion_rows(found, effects)
    holidays = holidays_of(calendars_of(request.user, place), year, get_language() or "en")
    rows += [_holiday_row(row, effects) for row in holidays]
    rows.sort(key=lambda row: (max(row.first, date(year, 1, 1)), row.last, row.name))
    months = _months(rows, year, today)
    is_fragment = request.htmx and not request.htmx.boosted
    name = "forecasting/_calendar.html" if is_fragment else "forecasting/calendar.html"
    may_plan = PLAN_DEMAND in permissions_of(request.user)
    may_load = may_plan and request.user.sees_all_locations
    context = {"form": form, "months": months, "year": year, "may_plan": may_plan, "may_load": may_load}
    return render(request, name, context)


@require_safe
@requires(VIEW_DASHBOARDS)
def effects(request: UserRequest) -> HttpResponse:
    """What the forecast learned of each occasion, and which of them it uses."""
    found = learned_effects(zones_of(request.user))
    spoken = holiday_names(calendars_of(request.user, None), timezone.localdate().year, get_language() or "en")
    rows = [(_effect_name(effect.key, spoken), _sort(effect.key), effect) for effect in found]
    return render(request, "forecasting/effects.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PLAN_DEMAND)
def new_promotion(request: UserRequest) -> HttpResponse:
    """A new entry."""
    today = timezone.localdate()
    form = PromotionForm(request.POST or None, user=request.user, initial={"first": today, "last": today})
    return _edited(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW_DASHBOARDS)
def promotion(request: UserRequest, pk: int) -> HttpResponse:
    """One of them, to read, and to change for those who may."""
    row = get_object_or_404(promotions_for(request.user), pk=pk)
    may_change = (
        PLAN_DEMAND in permissions_of(request.user) and changeable_promotions(request.user).filter(pk=pk).exists()
    )
    if request.method == "POST" and not may_change:
        return render(request, "403.html", status=403)
    form = PromotionForm(request.POST or None, user=request.user, row=row)
    return _edited(request, form, row, may_change)


@require_POST
@requires(PLAN_DEMAND)
def delete(request: UserRequest, pk: int) -> HttpResponse:
    """It leaves the calendar."""
    row = get_object_or_404(changeable_promotions(request.user), pk=pk)
    delete_promotion(promotion_id=row.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Deleted. The next night forecasts without it."))
    return redirect("forecasting:calendar")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PLAN_DEMAND)
def packs(request: UserRequest) -> HttpResponse:
    """Fills the calendar with the occasions of a trade."""
    places = calendars_of(request.user, None)
    first = {"country": places[0][0] if places else "", "year": timezone.localdate().year}
    form = PackForm(request.POST or None, initial=first)
    may_load = request.user.sees_all_locations
    if request.method == "POST" and form.is_valid() and not may_load:
        form.add_error(None, _("A pack holds for all stores, so only those who see all of them may load it."))
    if request.method == "POST" and form.is_valid():
        names = {kind: str(name) for kind, name in KIND_NAMES.items()}
        loaded = load_pack(
            pack=form.cleaned_data["pack"], country=form.cleaned_data["country"], years=form.years(), names=names,
            actor=request.user, now=timezone.now(),
        )  # fmt: skip
        text = _("%(added)d occasions added, %(known)d were there already.")
        messages.success(request, text % {"added": loaded.added, "known": loaded.known})
        return redirect("forecasting:calendar")
    return render(
        request, "forecasting/packs.html", {"form": form, "may_load": may_load}, status=422 if form.errors else 200
    )


def _edited(request: UserRequest, form: PromotionForm, row: Promotion | None, may_change: bool = True) -> HttpResponse:
    key = request.POST.get("key", "")[:255] or uuid4().hex
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, form, row, key)
        except KeyReused:
            # Somebody went back to a form that was sent, and changed it.
            form.add_error(None, _("This form made an entry before. Send it again to make this one in addition."))
            key = uuid4().hex
        except DomainError as refusal:
            show_refusal(form, refusal, FIELDS)
        else:
            messages.success(request, _("Saved. The next night forecasts with it."))
            return redirect(f"{reverse('forecasting:calendar')}?year={form.entry().starts_on.year}")
    known = {effect.key: effect for effect in learned_effects(zones_of(request.user))} if row else {}
    context = {
        "form": form,
        "row": row,
        "key": key,
        "may_change": may_change,
        "effect": row and known.get(key_of_promotion(row)),
        "version": PROMOTION.version_of(row.pk) if row else "",
        "kinds": sorted({str(name) for name in KIND_NAMES.values()}),
    }
    return render(request, "forecasting/promotion.html", context, status=422 if form.errors else 200)


def _save(request: UserRequest, form: PromotionForm, row: Promotion | None, key: str) -> None:
    """A new one is made once, however often its form is sent; a change of what somebody else changed meanwhile is
    refused."""
    entry, now = form.entry(), timezone.now()
    write = partial(save_promotion, promotion_id=row.pk if row else None, entry=entry, actor=request.user, now=now)
    if row is None:
        answer_once(
            principal=request.user, route="forecasting:new_promotion", key=key,
            request_sha256=hashlib.sha256(repr(entry).encode()).hexdigest(), now=now,
            act=lambda: Answer(201, {"id": write().pk}),
        )  # fmt: skip
    else:
        edit_as_seen(kind=PROMOTION, pk=row.pk, seen=[request.POST.get("version", ANY)], act=write)


def _months(rows: list[CalendarRow], year: int, today: date) -> list[tuple[date, list[CalendarRow], bool]]:
    """(first day, rows, whether they are spread out): all of a short year, the months around today of a long one."""
    parts = [(day, list(part)) for day, part in groupby(rows, lambda row: _month(row.first, year))]
    near = {(today.year, today.month), ((today + MONTH).year, (today + MONTH).month)}
    return [(day, part, len(rows) <= MOST_SPREAD or (day.year, day.month) in near) for day, part in parts]


def _month(day: date, year: int) -> date:
    """What began in the year before stands in January."""
    return max(day, date(year, 1, 1)).replace(day=1)


def _promotion_rows(found: Iterable[Promotion], effects: Mapping[str, OccasionEffect]) -> list[CalendarRow]:
    """What several stores do alike, on the same days, stands there once."""
    alike: dict[tuple[Any, ...], list[Promotion]] = {}
    for row in found:
        said = (row.name, row.kind, row.starts_on, row.ends_on, row.scope, row.share, row.discount_percent)
        alike.setdefault((*said, None if row.location_id else row.pk), []).append(row)
    return [
        _promotion_row(group[0], effects) if len(group) == 1 else _stores_row(group, effects)
        for group in alike.values()
    ]


def _stores_row(group: list[Promotion], effects: Mapping[str, OccasionEffect]) -> CalendarRow:
    first = group[0]
    count = ngettext("%(count)d store", "%(count)d stores", len(group)) % {"count": len(group)}
    about, effect = f"{first.get_scope_display()} · {count}", effects.get(key_of_promotion(first))
    stores = sorted(group, key=lambda row: str(row.location))
    return CalendarRow(first.starts_on, first.ends_on, first.name, about, effect, stores=stores)


def _promotion_row(row: Promotion, effects: Mapping[str, OccasionEffect]) -> CalendarRow:
    place: Any = row.location or _("All stores")
    about, effect = f"{row.get_scope_display()} · {place}", effects.get(key_of_promotion(row))
    return CalendarRow(row.starts_on, row.ends_on, row.name, about, effect, row)


def _holiday_row(row: Holiday, effects: Mapping[str, OccasionEffect]) -> CalendarRow:
    name = str(LUNAR_NAMES.get(row.name, row.name))
    about = " ".join(part for part in (str(SORTS[HOLIDAY if row.country else LUNAR]), row.country) if part)
    return CalendarRow(row.day, row.day, name, about, effects.get(row.key))


def _sort(key: str) -> str:
    return str(SORTS.get(key.split("|")[0], ""))


def _effect_name(key: str, spoken: Mapping[tuple[str, str], str]) -> str:
    """What people call it: the country behind a holiday, the name in their language."""
    sort, *rest = key.split("|")
    if sort == HOLIDAY and len(rest) > 1:
        country, name = rest[0], "|".join(rest[1:])
        return f"{spoken.get((country, name), name)} ({country})"
    name = "|".join(rest)
    return str(LUNAR_NAMES.get(name, name)) if sort == LUNAR else kind_name(name)
