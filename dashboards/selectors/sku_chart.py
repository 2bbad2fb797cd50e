"""What the chart of a SKU at a place is drawn from."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from forecasting.selectors.series import SeriesView, pooled_mean
from inventory.domain.days import day_bounds, local_date
from inventory.models import DEMAND_BLOCK_DAYS, DemandBlock, Location, LocationKind, Sku, StockoutEvent

HISTORY_DAYS = 182
DECIMALS = 2


@dataclass(frozen=True)
class Chart:
    """Days as ISO dates. `sold` and `lost` are units a day; `stockouts` are pairs of Unix seconds.

    `mean`, `low` and `high` belong to `forecast_days`; `low` and `high` are the outermost quantiles, named by `band`.
    """

    days: list[str]
    sold: list[float]
    lost: list[float]
    stockouts: list[tuple[float, float]]
    forecast_days: list[str]
    mean: list[float]
    low: list[float]
    high: list[float]
    band: tuple[float, float] | None


def read_chart(*, sku: Sku, location: Location, forecast: SeriesView | None, now: datetime) -> Chart:
    """Half a year of demand and the published forecast; two queries, and two more at a warehouse.

    The demand of a warehouse is that of the places it supplies, as in the plan. Its forecast has no band: quantiles of
    single places do not add up to one.
    """
    if location.kind == LocationKind.WAREHOUSE:
        places = [location, *Location.objects.filter(supplied_by=location, is_active=True)]
        expected = pooled_mean(sku_id=sku.pk, locations=places)
        alone = _chart(sku, location, places, None, now)
        days = [day.isoformat() for day in expected]
        return replace(alone, forecast_days=days, mean=_rounded(list(expected.values())))
    return _chart(sku, location, [location], forecast, now)


def _chart(
    sku: Sku, location: Location, places: Collection[Location], forecast: SeriesView | None, now: datetime
) -> Chart:
    """The demand of `places` together, with the stockouts and the forecast of `location`."""
    today = local_date(now, location.time_zone)
    days, sold, lost = _history(sku, places, today - timedelta(days=HISTORY_DAYS), today)
    levels = sorted(forecast.quantiles) if forecast else []
    has_band = forecast is not None and len(levels) > 1 and bool(forecast.days)
    return Chart(
        days=[day.isoformat() for day in days],
        sold=sold,
        lost=lost,
        stockouts=_stockouts(sku, location, days[0] if days else today, now),
        forecast_days=[day.isoformat() for day in forecast.days] if forecast else [],
        mean=_rounded(forecast.mean) if forecast else [],
        low=_rounded(forecast.quantiles[levels[0]]) if forecast and has_band else [],
        high=_rounded(forecast.quantiles[levels[-1]]) if forecast and has_band else [],
        band=(levels[0], levels[-1]) if has_band else None,
    )


def _history(
    sku: Sku, places: Collection[Location], start: date, today: date
) -> tuple[list[date], list[float], list[float]]:
    """Closed days from `start` on, with the units sold and the units asked for in vain."""
    blocks = DemandBlock.objects.filter(
        sku=sku, location__in=places, starts_on__gt=start - timedelta(days=DEMAND_BLOCK_DAYS), starts_on__lt=today
    ).order_by("starts_on")
    sold: dict[date, float] = {}
    lost: dict[date, float] = {}
    for block in blocks:
        for index, (units, missed) in enumerate(zip(block.sold, block.lost, strict=True)):
            day = block.starts_on + timedelta(days=index)
            sold[day] = sold.get(day, 0.0) + units
            lost[day] = lost.get(day, 0.0) + missed
    days = [day for day in sorted(sold) if start <= day < today]
    return days, _rounded([sold[day] for day in days]), _rounded([lost[day] for day in days])


def _stockouts(sku: Sku, location: Location, start: date, now: datetime) -> list[tuple[float, float]]:
    since = day_bounds(start, location.time_zone)[0]
    events = StockoutEvent.objects.filter(sku=sku, location=location).exclude(ended_at__lt=since)
    return [
        (max(event.started_at, since).timestamp(), (event.ended_at or now).timestamp())
        for event in events.order_by("started_at")
    ]


def _rounded(values: list[float]) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]
