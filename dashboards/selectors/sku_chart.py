"""What the chart of a SKU at a place is drawn from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forecasting.selectors.series import SeriesView
from inventory.domain.days import day_bounds, local_date
from inventory.models import DEMAND_BLOCK_DAYS, DemandBlock, Location, Sku, StockoutEvent

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
    """Half a year of demand and the published forecast; three queries."""
    today = local_date(now, location.time_zone)
    days, sold, lost = _history(sku, location, today - timedelta(days=HISTORY_DAYS), today)
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


def _history(sku: Sku, location: Location, start: date, today: date) -> tuple[list[date], list[float], list[float]]:
    """Closed days from `start` on, with the units sold and the units asked for in vain."""
    blocks = DemandBlock.objects.filter(
        sku=sku, location=location, starts_on__gt=start - timedelta(days=DEMAND_BLOCK_DAYS), starts_on__lt=today
    ).order_by("starts_on")
    rows = [
        (block.starts_on + timedelta(days=index), sold, lost)
        for block in blocks
        for index, (sold, lost) in enumerate(zip(block.sold, block.lost, strict=True))
    ]
    rows = [row for row in rows if start <= row[0] < today]
    return [row[0] for row in rows], _rounded([row[1] for row in rows]), _rounded([row[2] for row in rows])


def _stockouts(sku: Sku, location: Location, start: date, now: datetime) -> list[tuple[float, float]]:
    since = day_bounds(start, location.time_zone)[0]
    events = StockoutEvent.objects.filter(sku=sku, location=location).exclude(ended_at__lt=since)
    return [
        (max(event.started_at, since).timestamp(), (event.ended_at or now).timestamp())
        for event in events.order_by("started_at")
    ]


def _rounded(values: list[float]) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]
