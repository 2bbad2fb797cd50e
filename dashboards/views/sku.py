"""One SKU: how much of it is where, what it will sell, and why it is or is not ordered."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK
from accounts.text import format_share
from dashboards.selectors.sku import (
    PlaceRow,
    open_documents_of,
    places_of,
    terms_of,
    visible_skus,
)
from dashboards.selectors.sku_chart import Chart, read_chart
from dashboards.selectors.sku_ledger import read_ledger
from forecasting.domain.parts import Parts
from forecasting.selectors.choices import series_choice
from forecasting.selectors.overrides import about_series
from forecasting.selectors.predecessors import predecessor_of
from forecasting.selectors.prices import price_paid
from forecasting.selectors.series import series_forecast
from inventory.domain.days import local_date
from inventory.models import Location, Sku, Variant
from inventory.selectors.lots import lots_of
from inventory.selectors.packs import packs_of
from inventory.selectors.reservations import open_reservations_of
from inventory.selectors.scope import locations_for
from inventory.selectors.substitutes import offers_for, substitutes_of
from inventory.views.lot_rows import lot_rows
from orders.models import ReplenishmentProposal
from orders.selectors.why import why
from orders.views.reason_rows import rows_of

# Less is noise of the reckoning and not worth a line.
HALF_A_UNIT = 0.5


@requires(VIEW_STOCK)
def sku(request: UserRequest, sku_id: int) -> HttpResponse:
    """The page of a SKU, or for htmx the part of it that is about one place."""
    found = get_object_or_404(visible_skus(request.user).select_related("category"), pk=sku_id)
    rows = places_of(request.user, found, now=timezone.now())
    chosen = None if found.is_kit else _choose(rows, request.GET.get("location", ""))
    context: dict[str, Any] = {"sku": found, "rows": rows, "chosen": chosen, "packs": packs_of([found.pk])}
    if chosen is not None:
        context |= _place(found, chosen, request.GET.get("before", ""))
    if request.htmx and not request.htmx.boosted:
        return render(request, "dashboards/_sku_place.html", context)
    context |= {
        "terms": terms_of(found),
        "barcodes": found.barcodes.order_by("pack_quantity", "code"),
        "kit_parts": found.kit_parts.select_related("part").order_by("part__name"),
        "in_kits": found.in_kits.select_related("kit").order_by("kit__name"),
        "variant": Variant.objects.filter(sku=found).select_related("style", "first", "second", "third").first(),
        "substitutes": substitutes_of(found) if chosen is None else [],
    }
    return render(request, "dashboards/sku.html", context)


@requires(VIEW_STOCK)
def sku_ledger(request: UserRequest, sku_id: int, location_id: int) -> HttpResponse:
    """Older rows of the ledger, for htmx; without it the page of the SKU shows them."""
    found = get_object_or_404(visible_skus(request.user), pk=sku_id)
    place = get_object_or_404(locations_for(request.user), pk=location_id)
    ledger = read_ledger(sku=found, location=place, before=request.GET.get("before", ""))
    return render(request, "dashboards/_sku_ledger_rows.html", {"sku": found, "place": place, "ledger": ledger})


def _choose(rows: Sequence[PlaceRow], wanted: str) -> PlaceRow | None:
    """The place that was asked for, else the one with the most money at risk. A place that is not there is 404."""
    if wanted:
        row = next((row for row in rows if str(row.location.pk) == wanted), None)
        if row is None:
            raise Http404
        return row
    return max(rows, key=lambda row: row.risk.value_at_risk if row.risk else -1, default=None)


def _place(found: Sku, row: PlaceRow, before: str) -> dict[str, Any]:
    place, now = row.location, timezone.now()
    documents, reason = open_documents_of(found, place), why(sku=found, location=place, now=now)
    forecast = series_forecast(sku_id=found.pk, location=place)
    chart, parts = read_chart(sku=found, location=place, forecast=forecast, now=now)
    chart_data = _chart_data(chart, place)
    return {
        "place": place,
        "risk": row.risk,
        "offers": offers_for([(found.pk, place.pk)], in_stock_only=False).get((found.pk, place.pk), ()),
        "lots": lot_rows(lots_of(found, place), now) if found.is_lot_tracked else (),
        "reservations": open_reservations_of(found.pk, [place.pk], now=now),
        "forecast": forecast,
        "chart": chart_data,
        "chart_json": json.dumps(chart_data),
        "bands": [(format_share(band.low_level), format_share(band.high_level)) for band in chart.fan],
        **_understanding(found, place, chart, parts, now),
        "why": reason,
        "reason_rows": rows_of(reason.lines, _currency(documents.proposal)),
        "documents": documents,
        "today": local_date(now, place.time_zone),
        "ledger": read_ledger(sku=found, location=place, before=before),
    }


def _currency(proposal: ReplenishmentProposal | None) -> str:
    """That of the supplier's price; empty for the firm's own."""
    return proposal.supplier.currency if proposal and proposal.supplier else ""


def _chart_data(chart: Chart, place: Location) -> dict[str, Any]:
    """The chart with the words that the script writes on it."""
    words = {
        "sold": _("Sold"),
        "lost": _("Asked for in vain"),
        "mean": _("Expected"),
        "planned": _("With overrides"),
        "recovered": _("Hidden by empty shelves, estimated"),
        "level": _("Level"),
        "promotion": _("On promotion"),
        "out": _("Out of stock"),
        "title": _("Units a day at %(place)s") % {"place": place.name},
    }
    values = asdict(chart)
    for band, known in zip(values["fan"], chart.fan, strict=True):
        band["label"] = _("%(low)s to %(high)s") % {
            "low": format_share(known.low_level), "high": format_share(known.high_level)
        }  # fmt: skip
    return {**values, "words": words}


def _level_now(parts: Parts | None) -> float | None:
    """To a tenth; of a slow SKU to a hundredth, for 0.04 units a day are not none."""
    if parts is None:
        return None
    level = float(parts.level[-1])
    return round(level, 1 if level >= 1 else 2)


def _understanding(found: Sku, place: Location, chart: Chart, parts: Parts | None, now: datetime) -> dict[str, Any]:
    """What the demand is made of, why the forecast is made as it is, and what planners said."""
    recovered, seen = sum(chart.recovered), sum(chart.sold) + sum(chart.lost)
    hidden = {"units": recovered, "share": recovered / (seen + recovered)} if recovered >= HALF_A_UNIT else None
    week, year = (parts.week, parts.year) if parts else (np.zeros(0), None)
    return {
        "parts": parts,
        "level_now": _level_now(parts),
        "week": [(WEEKDAYS[day], factor, factor / week.max()) for day, factor in enumerate(week)],
        "year": [] if year is None else [(MONTHS[month + 1], factor) for month, factor in enumerate(year)],
        "recovered": hidden,
        "predecessor": predecessor_of(found.pk),
        "choice": series_choice(sku_id=found.pk, location=place),
        "paid": price_paid(found.pk, local_date(now, place.time_zone)),
        "overrides": about_series(sku=found, location=place, today=local_date(now, place.time_zone)),
    }
