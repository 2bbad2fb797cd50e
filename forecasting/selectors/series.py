"""The published forecast of single series, for pages and the API."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import F, QuerySet

from accounts.models import User
from forecasting.models import ForecastRun, PublishedForecast, SeriesForecast, SeriesState
from inventory.models import Location
from inventory.selectors.scope import location_scope

# A candidate that weighs less is left out of the words.
LEAST_WEIGHT = 0.05


@dataclass(frozen=True)
class SeriesView:
    """One series, decoded. `quantiles[level]` and `mean` have one value per day of `days`; empty when there is no
    forecast.
    """

    as_of: date
    state: SeriesState
    days: list[date]
    mean: list[float]
    quantiles: dict[float, list[float]]
    methods: list[tuple[str, float]]
    gain: float
    origins: int
    recovered_units: float


def published_series(user: User) -> QuerySet[SeriesForecast]:
    """Rows of the published runs at locations the user may see, run included. A store that changed its time zone
    counts once.
    """
    runs = PublishedForecast.objects.values("run")
    rows = SeriesForecast.objects.filter(location_scope(user), run__in=runs, location__time_zone=F("run__time_zone"))
    return rows.select_related("run", "sku", "location").order_by("location_id", "sku_id")


def series_forecast(*, sku_id: int, location: Location) -> SeriesView | None:
    """The published forecast of a SKU at a location; None before its first night."""
    run_id = PublishedForecast.objects.filter(time_zone=location.time_zone).values("run")
    row = SeriesForecast.objects.select_related("run").filter(run__in=run_id, location=location, sku=sku_id).first()
    return view_of(row) if row else None


def pooled_mean(*, sku_id: int, locations: Collection[Location]) -> dict[date, float]:
    """Expected units a day of a SKU at several places together, from their published forecasts; one query."""
    rows = SeriesForecast.objects.select_related("run").filter(
        run__in=PublishedForecast.objects.values("run"),
        location__in=locations,
        location__time_zone=F("run__time_zone"),
        sku=sku_id,
    )
    total: dict[date, float] = {}
    for view in map(view_of, rows):
        for day, mean in zip(view.days, view.mean, strict=True):
            total[day] = total.get(day, 0.0) + mean
    return dict(sorted(total.items()))


def view_of(row: SeriesForecast) -> SeriesView:
    """Decodes a row whose run is loaded."""
    run, is_known = row.run, row.state != SeriesState.NOT_ENOUGH_DATA
    horizon = run.horizon_days if is_known else 0
    quantiles = np.array(row.daily_quantiles).reshape(run.horizon_days, -1)
    return SeriesView(
        as_of=run.as_of,
        state=SeriesState(row.state),
        days=[run.as_of + timedelta(days=1 + day) for day in range(horizon)],
        mean=list(row.mean[:horizon]),
        quantiles={
            round(float(level), 4): quantiles[:horizon, index].tolist() for index, level in enumerate(run.daily_levels)
        },
        methods=_methods(run, row),
        gain=row.gain,
        origins=row.origins,
        recovered_units=row.recovered_units,
    )


def _methods(run: ForecastRun, row: SeriesForecast) -> list[tuple[str, float]]:
    pairs = zip(row.candidates, row.weights, strict=True)
    return [(run.candidate_labels[index], round(weight, 3)) for index, weight in pairs if weight >= LEAST_WEIGHT]
