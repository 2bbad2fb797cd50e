"""The stockout dashboard."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_DASHBOARDS
from dashboards.selectors.standing import read_risk
from dashboards.selectors.stockouts import PERIODS, StockoutReport, read_stockout_report
from dashboards.selectors.stockouts_yardstick import BANDS, band_of
from inventory.domain.days import local_date
from inventory.models import Location, LocationKind
from inventory.selectors.scope import locations_for
from inventory.selectors.substitutes import short_offers

DEFAULT_DAYS = 28
AT_RISK_SHOWN = 10


@require_safe
@requires(VIEW_DASHBOARDS)
def stockouts(request: UserRequest) -> HttpResponse:
    """How often shelves are empty, what it costs, and where it will happen next."""
    places = list(locations_for(request.user))
    chosen = _chosen(places, request.GET.get("location", ""))
    days = next((days for days in PERIODS if str(days) == request.GET.get("days")), DEFAULT_DAYS)
    report = read_stockout_report(chosen, days=days) if chosen else None
    context = {
        "places": places,
        "location_id": chosen[0].pk if request.GET.get("location") and len(chosen) == 1 else None,
        "periods": PERIODS,
        "days": days,
        "report": report,
        "bands": BANDS,
        "band": band_of(report.rate.share) if report and report.rate.listed else None,
        "now": timezone.now(),
        "trend": _trend(report) if report else None,
        "offers_of_longest": short_offers([(row.sku_id, row.location_id) for row in report.longest]) if report else {},
        **(_risk(chosen) if chosen else {}),
    }
    page = "dashboards/_stockouts.html" if request.htmx and not request.htmx.boosted else "dashboards/stockouts.html"
    return render(request, page, context)


def _chosen(places: Sequence[Location], wanted: str) -> list[Location]:
    """The one place that was asked for; else all stores, as customers meet their shelves; else whatever there is."""
    one = [place for place in places if str(place.pk) == wanted]
    stores = [place for place in places if place.kind == LocationKind.STORE]
    return one or stores or list(places)


def _trend(report: StockoutReport) -> str:
    """JSON of the series with the words that the script writes on them."""
    words = {"rate": _("Stockout rate"), "lost": _("Lost sales")}
    return json.dumps({**asdict(report.trend), "words": words, "currency": settings.DEFAULT_CURRENCY})


def _risk(places: Sequence[Location]) -> dict[str, object]:
    now = timezone.now()
    figures = read_risk(places, now=now, shown=AT_RISK_SHOWN)
    return {
        "at_risk": figures.rows,
        "at_risk_count": figures.count,
        "value_at_risk": figures.value_at_risk,
        "today": local_date(now, places[0].time_zone),
        "offers": short_offers([(row.sku_id, row.location_id) for row in figures.rows]),
    }
