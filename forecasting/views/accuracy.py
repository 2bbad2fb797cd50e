"""The accuracy page: how right the forecast was, for a SKU, a category, a store or all."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_DASHBOARDS
from forecasting.domain.scores import WINDOWS
from forecasting.forms import AccuracyForm
from forecasting.selectors.scores import LEAST_WINDOWS, Accuracy, Question, Totals, drifting, read_accuracy, score_runs
from inventory.models import Category, Location
from inventory.selectors.scope import locations_for

MOST_DRIFTS = 30
# A level is right when it lies between the shares below and at or below it, give or take this much.
COVERAGE_SLACK = 0.02


@require_safe
@requires(VIEW_DASHBOARDS)
def accuracy(request: UserRequest) -> HttpResponse:
    """Numbers over the last half year, by week, store and category, and what drifts now."""
    form = AccuracyForm(request.GET, user=request.user)
    places = {place.pk: place for place in locations_for(request.user)}
    question = _question(form, list(places))
    runs = score_runs(question.location_ids)
    found = None if form["sku"].errors else read_accuracy(question, runs)
    context: dict[str, Any] = {
        "form": form,
        "question": question,
        "accuracy": found,
        "least": LEAST_WINDOWS,
        "sku": form.chosen("sku"),
        "place_id": form.chosen_id("location"),
    }
    if found is not None:
        context |= {
            "weeks_json": json.dumps(_weeks(found)),
            "coverage": [(*row, _is_right(*row)) for row in found.total.coverage()],
            "stores": _named(found.by_location, places),
            "categories": _named(found.by_category, _categories(found)),
            "drifts": drifting(question, runs, MOST_DRIFTS),
        }
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "forecasting/_accuracy.html" if is_fragment else "forecasting/accuracy.html", context)


def _question(form: AccuracyForm, place_ids: list[int]) -> Question:
    place = form.chosen_id("location")
    return Question(
        window=form.chosen("window") or WINDOWS[0],
        location_ids=place_ids if place is None else [place],
        category_id=form.chosen_id("category"),
        sku_id=form.chosen_id("sku"),
    )


def _weeks(found: Accuracy) -> dict[str, Any]:
    """The chart with the words that the script writes on it; a week without demand is a gap."""
    weeks = list(found.weeks.items())
    lines = (
        (_("Error of the forecast"), "--chart-forecast", "error"),
        (_("Error of repeating last week"), "--chart-second", "naive_error"),
        (_("Bias"), "--ink-soft", "bias"),
    )
    return {
        "days": [day.isoformat() for day, _totals in weeks],
        "lines": [
            {"label": label, "colour": colour, "values": [_of_demand(totals, name) for _day, totals in weeks]}
            for label, colour, name in lines
        ],
        "rebuilt": [day.isoformat() for day in sorted(found.rebuilt)],
        "words": {"week": _("Week to"), "rebuilt": _("computed afterwards")},
    }


def _of_demand(totals: Totals, name: str) -> float | None:
    """Of one week, however few windows it has: the line shows the whole course, and no point of it is a verdict."""
    sums = totals.sums
    part = sums["mean"] - sums["actual"] if name == "bias" else sums[name]
    return round(part / sums["actual"], 4) if sums["actual"] > 0 else None


def _is_right(level: float, below: float, at_or_below: float) -> bool:
    return below - COVERAGE_SLACK <= level <= at_or_below + COVERAGE_SLACK


def _categories(found: Accuracy) -> dict[int, Category]:
    return Category.objects.in_bulk([pk for pk in found.by_category if pk is not None])


def _named(parts: Mapping[Any, Totals], rows: Mapping[int, Location] | Mapping[int, Category]) -> list[dict[str, Any]]:
    """The parts with their names, the most demand first."""
    named = [{"pk": pk, "name": str(rows[pk].name) if pk in rows else _("Without category"), "totals": totals}
             for pk, totals in parts.items() if totals.sums["actual"] or totals.sums["mean"]]  # fmt: skip
    return sorted(named, key=lambda part: (-part["totals"].sums["actual"], part["name"]))
