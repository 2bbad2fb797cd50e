"""One shard of a run: the series of one location, or of a part of it, from demand to forecast."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from forecasting.engine import Config, Forecast, Panel, forecast
from forecasting.models import ForecastRun
from forecasting.selectors.promotions import promotion_shares
from inventory.models import Listing, Sku, Unit
from inventory.selectors.demand import Demand, load_demand

HISTORY_DAYS = 730
# Keeps a worker far below 2 GB: a series of 730 days takes about 30 kB while it is computed.
SERIES_PER_SHARD = 20_000


@dataclass(frozen=True)
class ShardForecast:
    """What a shard found: sku_ids int64 [n], sorted, and the forecast of each."""

    sku_ids: NDArray[np.int64]
    forecast: Forecast | None


def shard_parts(*, location_ids: list[int]) -> list[dict[str, int]]:
    """The shards of a run: each location whole, or cut by SKU when it is large."""
    counts = (
        Listing.objects.filter(location__in=location_ids)
        .order_by("location")
        .values_list("location")
        .annotate(Count("pk"))
    )
    cuts = [(location_id, ceil(count / SERIES_PER_SHARD)) for location_id, count in counts]
    return [
        {"location_id": location_id, "part": part, "parts": parts}
        for location_id, parts in cuts
        for part in range(parts)
    ]


def compute_shard(*, run_id: int, location_id: int, part: int, parts: int, config: Config) -> ShardForecast:
    """Reads the demand and computes; writes nothing, so it may be repeated or thrown away."""
    run = ForecastRun.objects.get(pk=run_id)
    history = load_demand([location_id], through=run.as_of, days=HISTORY_DAYS)
    rows = np.flatnonzero(history.sku_ids % parts == part)
    if not len(rows):
        return ShardForecast(history.sku_ids[rows], None)
    return ShardForecast(history.sku_ids[rows], forecast(_panel(run, location_id, history, rows), config))


def _panel(run: ForecastRun, location_id: int, history: Demand, rows: NDArray[np.int64]) -> Panel:
    seen = (history.in_stock[rows] > 0) | (history.sold[rows] > 0)
    days = seen.shape[1]
    first_day = np.where(seen.any(axis=1), seen.argmax(axis=1), days - 1)
    first = int(first_day.min())
    start = history.first_day + timedelta(days=first)
    sku_ids = history.sku_ids[rows]
    category, is_integer = _attributes(sku_ids)
    return Panel(
        demand=history.sold[rows, first:] + history.lost[rows, first:],
        start=start,
        in_stock_share=history.in_stock[rows, first:],
        first_day=(first_day - first).astype(np.int32),
        promotion=promotion_shares(location_id, sku_ids, start, days - first + run.horizon_days),
        is_integer=is_integer,
        category=category,
    )


def _attributes(sku_ids: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    rows = Sku.objects.filter(pk__in=sku_ids.tolist()).values_list("pk", "category_id", "unit")
    found = {pk: (category_id or 0, unit) for pk, category_id, unit in rows}
    category = np.array([found[int(pk)][0] for pk in sku_ids], dtype=np.int32)
    return category, np.array([found[int(pk)][1] == Unit.EACH for pk in sku_ids])
