"""The replay bench: a year of 2,000 SKUs lived through, with the forecasts of each night.

    python -m bench.replay [--quick] [--no-model] [--calendars] [--workers 2] [--json]

completejourney's year twice over, so that the first replayed night has a year behind it; weekly choice of methods, a
model every four weeks, a forecast each night, eight policies, lead times of 5 to 9 days, packs of 6 or 12. With
--calendars a third of the series comes from suppliers who take orders on Mondays and Thursdays and deliver on Tuesdays
and Fridays, a third from one who takes them on Wednesdays, a third from one who does so daily; all three close for two
weeks twice a year.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from bench.datasets import journey_daily
from bench.replenish_world import load_span
from bench.report import Row, print_rows
from forecasting.engine import Panel
from orders.domain.replay_calendar import Weeks
from orders.domain.replay_levels import Goods
from orders.domain.replay_result import run_replay, tried_rules
from orders.domain.replay_settings import ReplaySettings
from suppliers.domain.calendar import EVERY_DAY, Calendar, Closure, mask_of

SERIES, DAYS = 2000, 365


def world(series: int) -> tuple[Panel, Goods]:
    """The panel of two years, and the goods; the margin is a third of the price."""
    panel, span = journey_daily().panel, load_span("7")
    demand = np.concatenate([panel.demand, panel.demand], axis=1)[:series]
    category = None if panel.category is None else panel.category[:series]
    price = span.price[:series]
    goods = Goods(
        price=price, cost=price * 2 / 3, pack=span.pack[:series], minimum=np.zeros(series), step=np.ones(series),
        shelf_life_days=np.zeros(series, np.int64), lead_days=np.tile([5.0, 7.0, 9.0], (series, 1)),
        lead_chances=np.tile([0.25, 0.5, 0.25], (series, 1)),
    )  # fmt: skip
    return Panel(demand, panel.start, category=category), goods


def weeks_of(panel: Panel) -> Weeks:
    """Three suppliers, taken in turn."""
    last = panel.start + timedelta(days=panel.n_days)
    closures = tuple(
        Closure("closed", last - timedelta(days=ago), last - timedelta(days=ago - 13)) for ago in (300, 120)
    )
    orders, delivers = (mask_of([1, 4]), mask_of([3]), EVERY_DAY), (mask_of([2, 5]), EVERY_DAY, EVERY_DAY)
    calendars = tuple(Calendar(*each, closures=closures) for each in zip(orders, delivers, strict=True))
    return Weeks(calendars, np.arange(panel.n_series) % len(calendars), panel.start)


def rows(series: int, days: int, workers: int, has_model: bool, has_calendars: bool) -> Iterator[Row]:
    """The time of the whole, and what it found."""
    panel, goods = world(series)
    weeks = weeks_of(panel) if has_calendars else None
    settings = ReplaySettings(days=days, series=series, has_model=has_model)
    today = tried_rules(settings, series)
    began, spent = time.perf_counter(), time.process_time()
    found = run_replay(panel, goods, today, settings, panel.n_days - days, workers, lambda _done, _total: None, weeks)
    took, spent = time.perf_counter() - began, time.process_time() - spent
    goal = 300.0 if (series, days) == (SERIES, DAYS) else None
    note = f"{workers} threads, {spent:,.0f} s of processor time"
    yield Row(f"{series:,} SKUs x {days} days", took, "s", goal=goal, note=note)
    for name, figures in (("today's rules", found["today"]), ("min/max", found["min_max"])):
        yield Row(name, 100 * figures["out"], "% out", note=_note(figures))
    for point in found["curve"]:
        yield Row(f"tried at {point['level']:.0%}", 100 * point["out"], "% out", note=_note(point))


def _note(figures: dict[str, float]) -> str:
    return (
        f"{figures['fill']:.1%} served, stock {figures['stock_value']:,.0f}, "
        f"{figures['lines_per_week']:.2f} lines per SKU-week"
    )


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="200 SKUs over 84 days")
    parser.add_argument("--no-model", action="store_true", help="without the global model")
    parser.add_argument("--calendars", action="store_true", help="suppliers with order days, delivery days, closures")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    series, days = (200, 84) if options.quick else (SERIES, DAYS)
    print_rows(rows(series, days, options.workers, not options.no_model, options.calendars), options.json)


if __name__ == "__main__":
    main()
