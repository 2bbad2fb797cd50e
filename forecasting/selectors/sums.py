"""The published quantiles of demand sums, in bulk, for those who decide on replenishment.

What planners know better is in them: this is the one door by which a forecast reaches a decision.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from forecasting.columns import series_columns
from forecasting.domain.overrides import Series, lifted, ruling
from forecasting.engine import State, lead_time_quantiles
from forecasting.models import ForecastRun, PublishedForecast
from forecasting.selectors.overrides import holding, tree_for
from inventory.array_literals import numbers
from inventory.binary_copy import Column, copy_out
from inventory.models import Unit

READ = ("sku_id", "state", "mean", "sum_quantiles")
OF_SKU = (Column("is_integer", "int2"), Column("category_id", "int8"))
READ_LOCATION = """
SELECT {columns}, (s.unit = %s)::int::int2, coalesce(s.category_id, 0)
FROM forecasting_seriesforecast f JOIN inventory_sku s ON s.id = f.sku_id
WHERE f.run_id = %s AND f.location_id = %s{only}
ORDER BY f.sku_id
"""


@dataclass(frozen=True)
class PublishedSums:
    """Forecast of all series of one location, sorted by SKU.

    sku_ids int64 [n]; state int8 [n] (see `forecasting.engine.State`); mean float32 [n, H] units per day;
    sum_quantiles float32 [n, g, q]: quantile levels[j] of the SUM of demand over the next grid[i] days;
    is_integer bool [n]: counted in whole units.
    """

    sku_ids: NDArray[np.int64]
    state: NDArray[np.int8]
    mean: NDArray[np.float32]
    sum_quantiles: NDArray[np.float32]
    is_integer: NDArray[np.bool_]
    grid: tuple[int, ...]
    levels: tuple[float, ...]

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """bool [n]: the series has a forecast."""
        return np.asarray(self.state != State.NOT_ENOUGH_DATA, dtype=np.bool_)

    def of_skus(self, sku_ids: Sequence[int]) -> "PublishedSums":
        """The rows of these SKUs, in their order, as often as they are named; all of them are there."""
        return self.rows(np.searchsorted(self.sku_ids, np.array(sku_ids, dtype=np.int64)))

    def rows(self, index: NDArray[np.int64]) -> "PublishedSums":
        """Those at `index`."""
        return replace(
            self,
            sku_ids=self.sku_ids[index],
            state=self.state[index],
            mean=self.mean[index],
            sum_quantiles=self.sum_quantiles[index],
            is_integer=self.is_integer[index],
        )

    def over(
        self,
        intervals: NDArray[np.float64] | float,
        weights: NDArray[np.float64] | None = None,
        levels: tuple[float, ...] | None = None,
    ) -> NDArray[np.float32]:
        """float32 [n, q]: quantiles of demand over a protection interval; see
        `forecasting.engine.lead_time_quantiles`.
        """
        return lead_time_quantiles(self, intervals, weights, levels)


def published_run(time_zone: str) -> ForecastRun | None:
    """The run that readers see for locations of this time zone."""
    pointer = PublishedForecast.objects.select_related("run").filter(time_zone=time_zone).first()
    return pointer.run if pointer else None


def load_sums(run_id: int, location_id: int, sku_ids: Collection[int] | None = None) -> PublishedSums:
    """All series of one location (or those of `sku_ids`) with the overrides that hold there, in three statements,
    and one for the tree where one of them names a category; arrays of length 0 where there are none.
    """
    run = ForecastRun.objects.get(pk=run_id)
    columns = [column for column in series_columns(run) if column.name in READ]
    rows = _read(run, location_id, columns, sku_ids)
    grid, levels = tuple(run.sum_days), tuple(round(float(level), 6) for level in run.levels)
    sums = PublishedSums(
        sku_ids=rows["sku_id"].astype(np.int64),
        state=rows["state"].astype(np.int8),
        mean=rows["mean"].astype(np.float32),
        sum_quantiles=rows["sum_quantiles"].astype(np.float32).reshape(-1, len(grid), len(levels)),
        is_integer=rows["is_integer"].astype(np.bool_),
        grid=grid,
        levels=levels,
    )
    return _with_overrides(sums, rows["category_id"].astype(np.int64), run, location_id)


def _with_overrides(
    sums: PublishedSums, category_ids: NDArray[np.int64], run: ForecastRun, location_id: int
) -> PublishedSums:
    """What planners made of the forecast; series that nobody has an opinion on keep their numbers to the last bit."""
    first = run.as_of + timedelta(days=1)
    overrides = holding(location_id, first, run.horizon_days)
    if not overrides:
        return sums
    series = Series(sums.sku_ids, category_ids, np.full(len(sums.sku_ids), location_id))
    factors, _rulers = ruling(overrides, series, first, run.horizon_days, tree_for(overrides))
    rows = np.flatnonzero((factors != 1.0).any(axis=1))
    mean, quantiles = sums.mean.copy(), sums.sum_quantiles.copy()
    mean[rows], quantiles[rows] = lifted(mean[rows], quantiles[rows], sums.grid, factors[rows], sums.is_integer[rows])
    return replace(sums, mean=mean, sum_quantiles=quantiles)


def _read(
    run: ForecastRun, location_id: int, columns: list[Column], sku_ids: Collection[int] | None
) -> dict[str, NDArray[np.generic]]:
    query = READ_LOCATION.replace("{columns}", ", ".join(f"f.{column.name}" for column in columns))
    query = query.replace("{only}", "" if sku_ids is None else " AND f.sku_id = ANY(%s)")
    chosen = [] if sku_ids is None else [numbers(sku_ids)]
    with connection.cursor() as cursor:
        parameters = [Unit.EACH, run.pk, location_id, *chosen]
        return copy_out(cursor, query, parameters, [*columns, *OF_SKU])
