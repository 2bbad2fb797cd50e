"""Scores of past forecasts: opened for a week, filled shard by shard, published, and forgotten after a while."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from forecasting.columns import score_columns
from forecasting.domain.scores import WEEK, WINDOWS, Origin, Scored, Seen, drift, not_scored, score_window, summed
from forecasting.engine import Config, forecast
from forecasting.models import ScoreRun, ScoreState, ScoreSummary
from forecasting.selectors.panels import load_panel
from forecasting.selectors.scoring import Keys, factors_said, keys_of, load_origin, run_before, weeks_before
from forecasting.services.shards import Part, places_and_skus
from inventory.binary_copy import copy_in
from inventory.selectors.demand import Demand, load_demand

I64 = NDArray[np.int64]
WEEKS_KEPT = 26  # of single series; the sums by location and category stay for good
DROP_AT_ONCE = 5
OriginOf = Callable[[Keys, date, int], tuple[Origin, date] | None]


@dataclass(frozen=True)
class ShardScores:
    """Scores of SKU keys.sku_ids[i] at keys.location_ids[i], by window; `drifts` int16 [n]."""

    part: int
    keys: Keys
    windows: Mapping[int, Scored]
    drifts: NDArray[np.int16]


def open_score_run(
    *, slot: str, week_ends_on: date, time_zone: str, config: Config, now: datetime, is_rebuilt: bool = False
) -> ScoreRun:
    """The scores of this slot; made at the first call, found at every other."""
    run, _made = ScoreRun.objects.get_or_create(
        slot=slot,
        defaults={
            "week_ends_on": week_ends_on,
            "time_zone": time_zone,
            "windows": [days for days in WINDOWS if days <= config.horizon_days],
            "levels": list(config.levels),
            "is_rebuilt": is_rebuilt,
            "started_at": now,
        },
    )
    return run


def score_shard(
    *, run: ScoreRun, location_ids: Sequence[int], part: Part, origin_of: OriginOf | None = None
) -> ShardScores | None:
    """Compares what was forecast for the windows that closed with the week with what came; writes nothing.

    None where the shard has no series or no forecast is old enough. `origin_of` gives a forecast and its last day;
    without it the published ones are read.
    """
    places, sku_ids = places_and_skus(location_ids, part)
    days = max(run.windows) + 2 * WEEK
    demand = load_demand(places, run.week_ends_on, days, sku_ids)
    if not len(demand.sku_ids):
        return None
    keys = keys_of(demand.location_ids, demand.sku_ids)
    find = origin_of or published_origins(run)
    windows = {window: _score(demand, keys, find(keys, run.week_ends_on, window), window) for window in run.windows}
    found = {window: scored for window, scored in windows.items() if scored is not None}
    if not found:
        return None
    weeks = weeks_before(run, keys)
    first = found.get(run.windows[0])
    drifts = np.zeros(keys.count, np.int16)
    if first is not None:
        drifts = drift(np.concatenate([first.figures[:, None, :], weeks], axis=1))
    return ShardScores(part["after"][1] if part["after"] else 0, keys, found, drifts)


def published_origins(run: ScoreRun) -> OriginOf:
    """The forecasts that people saw."""

    def find(keys: Keys, week_ends_on: date, window: int) -> tuple[Origin, date] | None:
        source = run_before(run.time_zone, week_ends_on, window)
        if source is None or window not in source.sum_days or len(source.levels) != len(run.levels):
            return None
        return load_origin(source, keys), source.as_of

    return find


def rebuilt_origins(run: ScoreRun, location_ids: Sequence[int], config: Config) -> OriginOf:
    """Forecasts as they would have been: from what was known then, methods chosen then, without the global model."""
    made: dict[date, Origin] = {}

    def find(keys: Keys, week_ends_on: date, window: int) -> tuple[Origin, date] | None:
        as_of = week_ends_on - timedelta(days=window)
        if as_of not in made:
            made[as_of] = _forecast_then(keys, location_ids, as_of, run.time_zone, config)
        return made[as_of], as_of

    return find


def _forecast_then(keys: Keys, location_ids: Sequence[int], as_of: date, time_zone: str, config: Config) -> Origin:
    sku_ids = np.unique(keys.sku_ids).tolist()
    series = load_panel(location_ids=location_ids, sku_ids=sku_ids, as_of=as_of, horizon_days=config.horizon_days)
    grid = config.grid_for("D")
    mean = np.full((keys.count, config.horizon_days), np.nan, np.float32)
    quantiles = np.full((keys.count, len(grid), len(config.levels)), np.nan, np.float32)
    if series.count:
        found = forecast(series.panel, config).rows(slice(0, series.count))
        at, here = keys.rows_of(series.location_ids, series.sku_ids)
        mean[at[here]], quantiles[at[here]] = found.mean[here], found.sum_quantiles[here]
    factors = factors_said(keys, time_zone, as_of + timedelta(days=1), config.horizon_days)
    return Origin(mean, quantiles, grid, config.levels, factors)


def _score(demand: Demand, keys: Keys, origin: tuple[Origin, date] | None, window: int) -> Scored | None:
    if origin is None:
        return None
    forecast_then, as_of = origin
    begin = (as_of - demand.first_day).days + 1
    days = slice(begin, begin + window)
    seen = Seen(
        demand=(demand.sold + demand.lost)[:, days],
        share=demand.in_stock[:, days],
        week_before=(demand.sold + demand.lost)[:, begin - WEEK : begin],
    )
    return score_window(forecast_then, seen)


@transaction.atomic
def write_scores(*, run: ScoreRun, found: ShardScores) -> int:
    """Replaces the scores of these series and the sums of this part, so that a shard done twice leaves what it left
    once. Returns the count."""
    keys = found.keys
    places, skus = np.unique(keys.location_ids).tolist(), np.unique(keys.sku_ids).tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM forecasting_seriesscore WHERE run_id = %s AND location_id = ANY(%s) AND sku_id = ANY(%s)",
            [run.pk, places, skus],
        )
        copy_in(cursor, "forecasting_seriesscore", score_columns(run), _values(run, found))
    # The same SKUs at the places of another country are another part.
    ScoreSummary.objects.filter(run=run, part=found.part, location__in=places).delete()
    ScoreSummary.objects.bulk_create(_summaries(run, found), batch_size=1000)
    return keys.count


def _values(run: ScoreRun, found: ShardScores) -> dict[str, NDArray[np.generic]]:
    keys = found.keys
    nothing = not_scored(keys.count)
    windows = [found.windows.get(window, nothing) for window in run.windows]
    return {
        "run_id": np.full(keys.count, run.pk),
        "sku_id": keys.sku_ids,
        "location_id": keys.location_ids,
        "figures": np.concatenate([scored.figures for scored in windows], axis=1),
        "ranks": np.stack([rank for scored in windows for rank in (scored.missed, scored.tied)], axis=1),
        "drift": found.drifts,
    }


def _summaries(run: ScoreRun, found: ShardScores) -> list[ScoreSummary]:
    pairs = np.stack([found.keys.location_ids, found.keys.category_ids], axis=1)
    groups, group = np.unique(pairs, axis=0, return_inverse=True)
    rows = []
    for window, scored in found.windows.items():
        totals = summed(scored, group.ravel(), len(groups), len(run.levels))
        rows += [
            ScoreSummary(
                run=run, part=found.part, location_id=place, category_id=category or None, window_days=window,
                sums=totals.sums[i].tolist(), at_or_below=totals.at_or_below[i].tolist(),
                below=totals.below[i].tolist(),
            )
            for i, (place, category) in enumerate(groups.tolist())
        ]  # fmt: skip
    return rows


@transaction.atomic
def publish_score_run(*, run_id: int, now: datetime) -> None:
    """Pages read it from here on. One that scored nothing stays hidden; series of old weeks go."""
    run = ScoreRun.objects.get(pk=run_id)
    if ScoreSummary.objects.filter(run=run).exists():
        ScoreRun.objects.filter(pk=run_id, state=ScoreState.RUNNING).update(
            state=ScoreState.PUBLISHED, published_at=now
        )
    runs = (
        ScoreRun.objects.filter(time_zone=run.time_zone).order_by("-week_ends_on", "-pk").values_list("pk", flat=True)
    )
    old = list(runs[WEEKS_KEPT : WEEKS_KEPT + DROP_AT_ONCE])
    with connection.cursor() as cursor:
        # A plain DELETE; Django would first fetch a million rows.
        cursor.execute("DELETE FROM forecasting_seriesscore WHERE run_id = ANY(%s)", [old])
