"""What the weekly scoring reads: past forecasts, what planners had said by then, and the scores of the weeks before."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from forecasting.columns import score_columns, series_columns
from forecasting.domain.overrides import Override, Series, ruling
from forecasting.domain.scores import DRIFT_WEEKS, FIGURES, WEEK, Origin
from forecasting.domain.series_places import places_among
from forecasting.models import ForecastOverride, ForecastRun, ForecastRunState, ScoreRun, ScoreState
from forecasting.selectors.overrides import tree_for
from inventory.binary_copy import copy_out
from inventory.domain.days import local_date
from inventory.models import Sku

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
READ_FORECAST = """
SELECT {columns} FROM forecasting_seriesforecast WHERE run_id = %s AND location_id = ANY(%s) AND sku_id = ANY(%s)
ORDER BY location_id, sku_id
"""
READ_SCORES = """
SELECT {columns} FROM forecasting_seriesscore WHERE run_id = ANY(%s) AND location_id = ANY(%s) AND sku_id = ANY(%s)
"""


@dataclass(frozen=True)
class Keys:
    """n series, sorted by location and SKU; category 0 is none."""

    location_ids: I64
    sku_ids: I64
    category_ids: I64

    @property
    def count(self) -> int:
        return len(self.sku_ids)

    def rows_of(self, location_ids: NDArray[np.generic], sku_ids: NDArray[np.generic]) -> tuple[I64, NDArray[np.bool_]]:
        """int64 [m]: where each of m series stands among these, and bool [m] whether it is one of them."""
        return places_among(self.location_ids, self.sku_ids, location_ids, sku_ids)


def keys_of(location_ids: I64, sku_ids: I64) -> Keys:
    """With the categories of the SKUs; one statement."""
    skus, place = np.unique(sku_ids, return_inverse=True)
    found = Sku.objects.filter(pk__in=skus.tolist()).order_by("pk").values_list("category_id", flat=True)
    categories = np.array([category or 0 for category in found], dtype=np.int64)
    return Keys(location_ids, sku_ids, categories[place])


def run_before(time_zone: str, week_ends_on: date, window: int) -> ForecastRun | None:
    """The published forecast whose window of so many days closed with that week, or up to six days before its end where
    nights were missed."""
    last = week_ends_on - timedelta(days=window)
    runs = ForecastRun.objects.filter(
        time_zone=time_zone, state=ForecastRunState.PUBLISHED, as_of__gt=last - timedelta(days=WEEK), as_of__lte=last
    )
    return runs.order_by("-as_of", "-pk").first()


def load_origin(run: ForecastRun, keys: Keys) -> Origin:
    """The forecast of these series; NaN where the run has none."""
    wanted = ("sku_id", "location_id", "mean", "sum_quantiles")
    columns = [column for column in series_columns(run) if column.name in wanted]
    query = READ_FORECAST.replace("{columns}", ", ".join(column.name for column in columns))
    places, skus = np.unique(keys.location_ids).tolist(), np.unique(keys.sku_ids).tolist()
    with connection.cursor() as cursor:
        rows = copy_out(cursor, query, [run.pk, places, skus], columns)
    at, here = keys.rows_of(rows["location_id"], rows["sku_id"])
    grid, levels = tuple(run.sum_days), tuple(round(float(level), 6) for level in run.levels)
    mean = np.full((keys.count, run.horizon_days), np.nan, np.float32)
    quantiles = np.full((keys.count, len(grid), len(levels)), np.nan, np.float32)
    mean[at[here]] = rows["mean"][here]
    quantiles[at[here]] = rows["sum_quantiles"][here].reshape(-1, len(grid), len(levels))
    factors = factors_said(keys, run.time_zone, run.as_of + timedelta(days=1), run.horizon_days)
    return Origin(mean, quantiles, grid, levels, factors)


def factors_said(keys: Keys, time_zone: str, first: date, days: int) -> F64:
    """float64 [n, days]: what planners had said of each day before it began; hindsight counts for nothing."""
    last = first + timedelta(days=days - 1)
    rows = ForecastOverride.objects.filter(
        Q(location__in=np.unique(keys.location_ids).tolist()) | Q(location=None),
        starts_on__lte=last, ends_on__gte=first, factor__isnull=False,
    )  # fmt: skip
    said = [found for row in rows if (found := as_said(row, ZoneInfo(time_zone))).first <= found.last]
    series = Series(keys.sku_ids, keys.category_ids, keys.location_ids)
    return ruling(said, series, first, days, tree_for(said))[0]


def as_said(row: ForecastOverride, zone: ZoneInfo) -> Override:
    """It on the days of which it was said before they began and that it held for; on none where it ends before its
    first."""
    first = max(row.starts_on, local_date(row.created_at, zone.key) + timedelta(days=1))
    last = min(row.ends_on, row.expires_on)
    if row.ended_at is not None:
        last = min(last, local_date(row.ended_at, zone.key) - timedelta(days=1))
    return Override(row.pk, row.sku_id, row.category_id, row.location_id, first, last, float(row.factor or 0.0))


def weeks_before(run: ScoreRun, keys: Keys) -> F64:
    """float64 [n, DRIFT_WEEKS - 1, len(FIGURES)]: the shortest window of the weeks before that run, NaN where a week
    was not scored."""
    earlier = ScoreRun.objects.filter(
        time_zone=run.time_zone, state=ScoreState.PUBLISHED, week_ends_on__lt=run.week_ends_on,
        week_ends_on__gte=run.week_ends_on - timedelta(days=WEEK * (DRIFT_WEEKS - 1)),
    )  # fmt: skip
    place = {
        pk: int((run.week_ends_on - day).days // WEEK) - 1 for pk, day in earlier.values_list("pk", "week_ends_on")
    }
    found = np.full((keys.count, DRIFT_WEEKS - 1, len(FIGURES)), np.nan)
    if not place:
        return found
    columns = [column for column in score_columns(run) if column.name in ("run_id", "sku_id", "location_id", "figures")]
    query = READ_SCORES.replace("{columns}", ", ".join(column.name for column in columns))
    parameters = [list(place), np.unique(keys.location_ids).tolist(), np.unique(keys.sku_ids).tolist()]
    with connection.cursor() as cursor:
        rows = copy_out(cursor, query, parameters, columns)
    at, here = keys.rows_of(rows["location_id"], rows["sku_id"])
    weeks = np.array([place[pk] for pk in rows["run_id"].tolist()], dtype=np.int64)
    found[at[here], weeks[here]] = rows["figures"][here][:, : len(FIGURES)]
    return found
