"""The stockout dashboard: one reading of rates, losses and open stockouts for a period and a choice of places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dashboards.selectors.stockouts_causes import Causes, loss_causes
from dashboards.selectors.stockouts_losses import Loss, Losses, lost_sales
from dashboards.selectors.stockouts_open import OpenStockout, longest_stockouts
from dashboards.selectors.stockouts_rates import Now, Rate, Rates, Window, stockout_rates, stockouts_now
from inventory.models import Category, ClosedDay, Location

PERIODS = (7, 28, 90)
TREND_DAYS = 90
CATEGORIES_SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One store or one category: how often it was empty, what that cost. `id` is None for SKUs without a category."""

    id: int | None
    name: str
    rate: Rate
    loss: Loss


@dataclass(frozen=True)
class Others:
    """What is not shown, so that the rows add up to the total."""

    count: int
    rate: Rate
    loss: Loss


@dataclass(frozen=True)
class Trend:
    """Three series of the same length, oldest first: ISO days, rate 0..1, value of lost sales."""

    days: list[str]
    rate: list[float]
    lost: list[float]


@dataclass(frozen=True)
class StockoutReport:
    """What the dashboard shows. `before` figures are those of as many days right before the period."""

    window: Window
    now: Now
    rate: Rate
    rate_before: Rate
    loss: Loss
    loss_before: Loss
    trend: Trend
    causes: Causes
    by_location: list[Row]
    by_category: list[Row]
    other_categories: Others
    longest: list[OpenStockout]

    @property
    def is_rising(self) -> bool:
        return self.rate.share > self.rate_before.share


def last_closed_day(location_ids: Sequence[int]) -> date | None:
    """The last day that at least one of these places has closed; None before the first night."""
    return (
        ClosedDay.objects.begun()
        .filter(location__in=location_ids)
        .order_by("-closed_through")
        .values_list("closed_through", flat=True)
        .first()
    )


def read_stockout_report(locations: Sequence[Location], *, days: int) -> StockoutReport | None:
    """The report of the last `days` closed days at these places; None where nothing was on sale on any of them yet."""
    location_ids = tuple(location.pk for location in locations)
    last = last_closed_day(location_ids)
    if last is None:
        return None
    window = Window(last - timedelta(days=days - 1), last, location_ids)
    wide_days = max(2 * days, TREND_DAYS)
    wide = Window(last - timedelta(days=wide_days - 1), last, location_ids)
    rates, rates_wide = stockout_rates(window), stockout_rates(wide)
    losses, losses_wide = lost_sales(window), lost_sales(wide)
    if not rates_wide.total.listed and losses_wide.total == Loss():
        # Sales that were brought from before the ledger close days, too, but nobody knows of stockouts then.
        return None
    categories = _category_rows(rates, losses)
    before = window.before()
    return StockoutReport(
        window=window,
        now=stockouts_now(location_ids),
        rate=rates.total,
        rate_before=sum((rates_wide.by_day.get(day, Rate(0, 0.0)) for day in _days(before)), Rate(0, 0.0)),
        loss=losses.total,
        loss_before=sum((losses_wide.by_day.get(day, Loss()) for day in _days(before)), Loss()),
        trend=_trend(rates_wide, losses_wide, last),
        causes=loss_causes(window),
        by_location=_location_rows(locations, rates, losses),
        by_category=categories[:CATEGORIES_SHOWN],
        other_categories=_others(categories[CATEGORIES_SHOWN:]),
        longest=longest_stockouts(location_ids),
    )


def _days(window: Window) -> Iterable[date]:
    return (window.first + timedelta(days=i) for i in range(window.days))


def _trend(rates: Rates, losses: Losses, last: date) -> Trend:
    days = [day for day in sorted(rates.by_day) if day > last - timedelta(days=TREND_DAYS)]
    return Trend(
        days=[day.isoformat() for day in days],
        rate=[round(rates.by_day[day].share, 5) for day in days],
        lost=[float(losses.by_day.get(day, Loss()).value) for day in days],
    )


def _location_rows(locations: Sequence[Location], rates: Rates, losses: Losses) -> list[Row]:
    rows = [
        Row(
            place.pk,
            place.name,
            rates.by_location.get(place.pk, Rate(0, 0.0)),
            losses.by_location.get(place.pk, Loss()),
        )
        for place in locations
    ]
    return sorted((row for row in rows if row.rate.listed), key=_worst_first)


def _category_rows(rates: Rates, losses: Losses) -> list[Row]:
    """What lost something and is listed no more counts too."""
    names = dict(Category.objects.values_list("pk", "name"))
    found = {*rates.by_category, *losses.by_category}
    rows = [
        Row(
            pk,
            names.get(pk, "") if pk else "",
            rates.by_category.get(pk, Rate(0, 0.0)),
            losses.by_category.get(pk, Loss()),
        )
        for pk in found
    ]
    return sorted(rows, key=_worst_first)


def _others(rows: Sequence[Row]) -> Others:
    return Others(len(rows), sum((row.rate for row in rows), Rate(0, 0.0)), sum((row.loss for row in rows), Loss()))


def _worst_first(row: Row) -> tuple[Decimal, float, str]:
    return (-row.loss.value, -row.rate.share, row.name)
