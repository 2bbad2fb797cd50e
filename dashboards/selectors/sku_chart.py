"""What the chart of a SKU at a place is drawn from, and what its demand is made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from forecasting.domain.overrides import Series, ruling
from forecasting.domain.parts import F64, Parts, take_apart
from forecasting.selectors.overrides import holding, tree_for
from forecasting.selectors.promotions import Promoted, promotions_about
from forecasting.selectors.series import SeriesView, pooled_mean
from inventory.domain.days import day_bounds, local_date
from inventory.domain.returns import net_of_returns
from inventory.models import DEMAND_BLOCK_DAYS, DemandBlock, Location, LocationKind, Sku, StockoutEvent

HISTORY_DAYS = 730
DECIMALS = 2
Times = list[tuple[float, float]]


@dataclass(frozen=True)
class Band:
    """Quantiles `low` and `high` of each day, at the levels that name it."""

    low_level: float
    high_level: float
    low: list[float]
    high: list[float]


@dataclass(frozen=True)
class Chart:
    """Days as ISO dates. `sold`, `lost`, `recovered` (what empty shelves hid) and `level` are units a day; `stockouts`
    are pairs of Unix seconds; `promotions` have how much of the SKU was promoted (0..1) and their name besides.

    `mean` and `fan` (the widest band first) belong to `forecast_days`; `planned` is the mean with what planners said,
    empty where nobody said anything.
    """

    days: list[str]
    sold: list[float]
    lost: list[float]
    recovered: list[float]
    level: list[float]
    stockouts: Times
    promotions: list[tuple[float, float, float, str]]
    forecast_days: list[str]
    mean: list[float]
    planned: list[float]
    fan: list[Band]


@dataclass(frozen=True)
class Demand:
    """The closed days and what was seen on each; all of the length of `days`."""

    days: list[date]
    sold: F64
    lost: F64
    share: F64


def read_chart(
    *, sku: Sku, location: Location, forecast: SeriesView | None, now: datetime
) -> tuple[Chart, Parts | None]:
    """Two years of demand and the published forecast, and the parts of the demand; five queries, two more at a
    warehouse.

    The demand of a warehouse is that of the places it supplies, as in the plan. Its forecast has no fan: quantiles of
    single places do not add up to one.
    """
    places, expected = [location], {}
    if location.kind == LocationKind.WAREHOUSE:
        places = [location, *Location.objects.filter(supplied_by=location, is_active=True)]
        expected, forecast = pooled_mean(sku_id=sku.pk, locations=places), None
    elif forecast:
        expected = dict(zip(forecast.days, forecast.mean, strict=True))
    today = local_date(now, location.time_zone)
    demand = _history(sku, places, today - timedelta(days=HISTORY_DAYS), today)
    first = demand.days[0] if demand.days else today
    promoted = promotions_about(sku, location, first, max(expected, default=today))
    parts = _parts(demand, promoted) if demand.days else None
    chart = Chart(
        days=[day.isoformat() for day in demand.days],
        sold=_rounded(demand.sold),
        lost=_rounded(demand.lost),
        recovered=_rounded(_recovered(parts, forecast)) if parts else [],
        level=_rounded(parts.level) if parts else [],
        stockouts=_stockouts(sku, location, first, now),
        promotions=[(*_seconds(one.starts_on, one.ends_on), round(one.share, DECIMALS), one.name) for one in promoted],
        forecast_days=[day.isoformat() for day in expected],
        mean=_rounded(expected.values()),
        planned=_planned(sku, location, expected) if location.kind != LocationKind.WAREHOUSE else [],
        fan=_fan(forecast) if forecast and forecast.days else [],
    )
    return chart, parts


def _recovered(parts: Parts, forecast: SeriesView | None) -> F64:
    """[d]: what empty shelves hid, by day. Where there is a forecast the days share the units that it reckons with, so
    that the page says one number."""
    hidden = float(parts.recovered.sum())
    if forecast is None or not forecast.days or hidden <= 0:
        return parts.recovered
    return parts.recovered * (forecast.recovered_units / hidden)


def _fan(forecast: SeriesView) -> list[Band]:
    """Bands of levels that lie the same way from both ends, the widest first."""
    levels = sorted(forecast.quantiles)
    pairs = zip(levels[: len(levels) // 2], reversed(levels), strict=False)
    return [
        Band(low, high, _rounded(forecast.quantiles[low]), _rounded(forecast.quantiles[high])) for low, high in pairs
    ]


def _planned(sku: Sku, location: Location, expected: dict[date, float]) -> list[float]:
    if not expected:
        return []
    first = min(expected)
    series = Series(np.array([sku.pk]), np.array([sku.category_id or 0]), np.array([location.pk]))
    said = holding(location.pk, first, len(expected))
    factors, _rulers = ruling(said, series, first, len(expected), tree_for(said))
    if (factors == 1).all():
        return []
    return _rounded(np.array(list(expected.values())) * factors[0])


def _history(sku: Sku, places: Collection[Location], start: date, today: date) -> Demand:
    """Closed days from `start` on; of several places the mean share in stock."""
    blocks = DemandBlock.objects.filter(
        sku=sku, location__in=places, starts_on__gt=start - timedelta(days=DEMAND_BLOCK_DAYS), starts_on__lt=today
    ).order_by("starts_on")
    found: dict[date, tuple[float, float, float, int]] = {}
    for block in blocks:
        for index, values in enumerate(zip(block.sold, block.lost, block.in_stock, strict=True)):
            day = block.starts_on + timedelta(days=index)
            old = found.get(day, (0.0, 0.0, 0.0, 0))
            found[day] = (old[0] + values[0], old[1] + values[1], old[2] + values[2], old[3] + 1)
    days = [day for day in sorted(found) if start <= day < today]
    sold, lost, share, count = np.array([found[day] for day in days], dtype=np.float64).reshape(-1, 4).T
    return Demand(days, net_of_returns(sold[None])[0], lost, share / np.maximum(count, 1))


def _parts(demand: Demand, promoted: Collection[Promoted]) -> Parts:
    first = demand.days[0]
    length = (demand.days[-1] - first).days + 1
    at = np.array([(day - first).days for day in demand.days])
    whole, share, promotion = np.zeros(length), np.zeros(length), np.zeros(length)
    whole[at], share[at] = demand.sold + demand.lost, demand.share
    for one in (one for one in promoted if not one.is_occasion):
        days = slice(max((one.starts_on - first).days, 0), max((one.ends_on - first).days + 1, 0))
        promotion[days] = np.maximum(promotion[days], one.share)
    months = np.array([(first + timedelta(days=index)).month for index in range(length)], dtype=np.float64)
    parts = take_apart(whole, share, promotion, first.weekday(), months)
    return Parts(parts.level[at], parts.week, parts.promotion, parts.recovered[at], parts.year, parts.change)


def _seconds(first: date, last: date) -> tuple[float, float]:
    """The chart puts each day at its midnight in UTC, so the band of a day reaches half a day to either side."""
    begin, end = (day_bounds(day, "UTC")[0].timestamp() for day in (first, last + timedelta(days=1)))
    return begin - 43200, end - 43200


def _stockouts(sku: Sku, location: Location, start: date, now: datetime) -> Times:
    since = day_bounds(start, location.time_zone)[0]
    events = StockoutEvent.objects.filter(sku=sku, location=location).exclude(ended_at__lt=since)
    return [
        (max(event.started_at, since).timestamp(), (event.ended_at or now).timestamp())
        for event in events.order_by("started_at")
    ]


def _rounded(values: Collection[float] | F64) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]
