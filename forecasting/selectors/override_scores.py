"""What one override was worth: the error of the weeks that it touched, with and without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from forecasting.domain.scores import FIGURES, LEAST_SEEN, WEEK, week_end
from forecasting.models import ForecastOverride
from forecasting.selectors.scores import score_runs
from forecasting.selectors.scoring import as_said
from inventory.selectors.categories import WITHIN

# Series and weeks that it alone touched: where another override held too, neither could claim what came of it.
READ = """
SELECT count(DISTINCT r.week_ends_on), count(*), sum(f.figures[{actual}]),
       sum(abs(f.figures[{actual}] - f.figures[{planned}])), sum(abs(f.figures[{actual}] - f.figures[{mean}]))
FROM forecasting_seriesscore f
JOIN forecasting_scorerun r ON r.id = f.run_id
JOIN inventory_sku s ON s.id = f.sku_id
WHERE f.run_id = ANY(%(runs)s) AND f.location_id = ANY(%(places)s)
  AND (%(sku)s::bigint IS NULL OR f.sku_id = %(sku)s)
  AND (%(category)s::bigint IS NULL OR (%(category)s, s.category_id) IN ({within}))
  AND f.figures[{is_touched}] > 0 AND f.figures[{in_stock}] >= %(least_seen)s
  AND NOT EXISTS (
      SELECT 1 FROM forecasting_forecastoverride o
      WHERE o.id <> %(id)s AND o.factor IS NOT NULL AND o.starts_on <= r.week_ends_on
        AND o.expires_on > r.week_ends_on - {week} AND o.created_at::date < r.week_ends_on
        AND (o.ended_at IS NULL OR o.ended_at::date > r.week_ends_on - {week})
        AND (o.location_id IS NULL OR o.location_id = f.location_id) AND (o.sku_id IS NULL OR o.sku_id = f.sku_id)
        AND (o.category_id IS NULL OR (o.category_id, s.category_id) IN ({within}))
  )
""".format(week=WEEK, within=WITHIN, **{name: FIGURES.index(name) + 1 for name in FIGURES})  # noqa: S608 (only numbers of our own are put in)


class Unscored(StrEnum):
    """Why an override has no score."""

    NO_DAY = "no_day"
    NOT_YET = "not_yet"
    NOT_KEPT = "not_kept"
    NOT_ALONE = "not_alone"


@dataclass(frozen=True)
class OverrideScore:
    """Over `weeks` in which it touched `windows`, a week of a SKU at a place each: units that came, and those by which
    the forecast erred with the override and without it."""

    weeks: int
    windows: int
    actual: float
    error_with: float
    error_without: float

    @property
    def share_with(self) -> float | None:
        return self.error_with / self.actual if self.actual > 0 else None

    @property
    def share_without(self) -> float | None:
        return self.error_without / self.actual if self.actual > 0 else None

    @property
    def saved_units(self) -> float:
        """Units of error that it took away; below 0 it added some."""
        return self.error_without - self.error_with


def score_of(row: ForecastOverride, location_ids: Sequence[int]) -> OverrideScore | Unscored:
    """Of an override at these places, from the weeks that are scored. Three statements."""
    zone = row.location.time_zone if row.location else settings.TIME_ZONE
    said = as_said(row, ZoneInfo(zone))
    if said.first > said.last:
        return Unscored.NO_DAY
    runs = score_runs(location_ids)
    held = [
        run.pk for run in runs
        if run.windows[0] == WEEK and said.first <= run.week_ends_on < said.last + timedelta(days=WEEK)
    ]  # fmt: skip
    if not held:
        is_coming = not runs or runs[0].week_ends_on < _first_end(said.first)
        return Unscored.NOT_YET if is_coming else Unscored.NOT_KEPT
    values: dict[str, Any] = {
        "id": row.pk, "runs": held, "places": list(location_ids), "sku": row.sku_id, "category": row.category_id,
        "least_seen": LEAST_SEEN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        found = cursor.fetchone()
    return OverrideScore(*found) if found[1] else Unscored.NOT_ALONE


def _first_end(day: date) -> date:
    """The Sunday that closes the week of a day."""
    return week_end(day + timedelta(days=WEEK - 1))
