"""A forecast run: opened, filled shard by shard, published by one pointer."""

from datetime import date, datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from numpy.typing import NDArray

from forecasting.columns import candidate_labels, series_columns
from forecasting.domain.scores import awaited
from forecasting.engine import Config, Forecast
from forecasting.errors import RunNotOpen
from forecasting.models import ForecastRun, ForecastRunState, PublishedForecast
from inventory.binary_copy import copy_in

I64 = NDArray[np.int64]
# Nights whose series are kept whatever happens, and how many runs are looked at when old ones go.
NIGHTS_KEPT, RUNS_LOOKED_AT = 3, 60


def open_run(
    *, slot: str, as_of: date, time_zone: str, config: Config, now: datetime, choice_run_id: int | None = None
) -> ForecastRun:
    """The run of this slot; made at the first call, found at every other. All its shards use the choice of methods that
    it is opened with; without one each shard chooses for itself.
    """
    run, _made = ForecastRun.objects.get_or_create(
        slot=slot,
        defaults={
            "as_of": as_of,
            "time_zone": time_zone,
            "horizon_days": config.horizon_days,
            "sum_days": list(config.grid_for("D")),
            "levels": list(config.levels),
            "daily_levels": list(config.chart_levels),
            "candidate_labels": candidate_labels(config),
            "choice_run_id": choice_run_id,
            "started_at": now,
        },
    )
    return run


@transaction.atomic
def write_series(*, run_id: int, location_ids: I64 | int, sku_ids: I64, forecast: Forecast) -> int:
    """Replaces the rows of these series (SKU sku_ids[i] at location_ids[i]) in the run, so that a shard done twice
    leaves what it left once. Returns the count.
    """
    places = np.broadcast_to(location_ids, sku_ids.shape)
    run = ForecastRun.objects.get(pk=run_id)
    if run.state != ForecastRunState.RUNNING:
        raise RunNotOpen(f"The forecast of {run.as_of} is published already.")
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM forecasting_seriesforecast WHERE run_id = %s AND location_id = ANY(%s) AND sku_id = ANY(%s)",
            [run_id, np.unique(places).tolist(), np.unique(sku_ids).tolist()],
        )
        copy_in(cursor, "forecasting_seriesforecast", series_columns(run), _values(run, places, sku_ids, forecast))
    return len(sku_ids)


def _values(run: ForecastRun, location_ids: I64, sku_ids: I64, forecast: Forecast) -> dict[str, NDArray[np.generic]]:
    n = len(sku_ids)
    return {
        "run_id": np.full(n, run.pk),
        "sku_id": sku_ids,
        "location_id": location_ids,
        "state": forecast.state,
        "mean": forecast.mean,
        "daily_quantiles": forecast.daily_quantiles.reshape(n, -1),
        "sum_quantiles": forecast.sum_quantiles.reshape(n, -1),
        "recovered_units": forecast.recovered_units,
        "candidates": forecast.choice.kept,
        "weights": forecast.choice.weight,
        "gain": np.nan_to_num(forecast.choice.gain),
        "origins": forecast.choice.origins,
    }


@transaction.atomic
def publish_run(*, run_id: int, now: datetime) -> ForecastRun:
    """Readers see this run from the commit on, whole. An older run never replaces a newer one; a repeat changes
    nothing.
    """
    run = ForecastRun.objects.get(pk=run_id)
    if run.state == ForecastRunState.RUNNING:
        ForecastRun.objects.filter(pk=run_id).update(state=ForecastRunState.PUBLISHED, published_at=now)
    pointer, _made = PublishedForecast.objects.get_or_create(time_zone=run.time_zone, defaults={"run": run})
    older = Q(run__as_of__lt=run.as_of) | Q(run__as_of=run.as_of, run__lt=run.pk)
    PublishedForecast.objects.filter(older, pk=pointer.pk).update(run=run)
    _drop_old_runs(run)
    return run


def _drop_old_runs(run: ForecastRun) -> None:
    """Keeps the last nights and what the weekly scoring will still compare with what comes: the last run of each week,
    until its longest window has closed.
    """
    newest = ForecastRun.objects.filter(time_zone=run.time_zone).order_by("-as_of", "-pk")
    rows = list(newest.values_list("pk", "as_of", "state")[:RUNS_LOOKED_AT])
    published = [(pk, as_of) for pk, as_of, state in rows if state == ForecastRunState.PUBLISHED]
    kept = {pk for pk, _as_of, _state in rows[:NIGHTS_KEPT]} | awaited(published, run.as_of, run.horizon_days)
    old = [pk for pk, _as_of, _state in rows if pk not in kept]
    with connection.cursor() as cursor:
        # A plain DELETE of the rows of a run; Django would first fetch a million of them.
        cursor.execute("DELETE FROM forecasting_seriesforecast WHERE run_id = ANY(%s)", [old])
