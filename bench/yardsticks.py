"""The yardstick bench: what three ways to measure demand say of it, where it is known and where nobody knows it.

    python -m bench.yardsticks [--quick] [--json]

How high a forecast lies can be measured on the days that stayed in stock; by the hours in stock, all of them alike; or
by survival (Kaplan and Meier 1958), where a day that ran dry says that at least so much was asked for. First the three
beside the truth, on the grocery of the hidden demand bench, whose shop ran dry and whose demand is known. Then a
forecast of FreshRetailNet by each of the three, beside one that takes sales for demand.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.datasets import Task, data_folder, fresh_retail
from bench.hidden_demand import lived
from bench.replenish_world import load_span
from bench.report import Row, print_rows
from forecasting.engine import Config, Panel, choose, forecast
from forecasting.engine.boosted.training import Training, train

F64 = NDArray[np.float64]
JUDGED_DAYS = slice(100, 253)  # the shop under min/max has long been on its own stock by then
LEAST_MEAN = 0.02  # units a day that say something
VOLUMES = 40  # groups of days of like volume, each with a distribution of its own


@dataclass(frozen=True)
class Days:
    """Days with some time in stock: expected units, units sold, share in stock; float64 [m] each."""

    expected: F64
    sold: F64
    share: F64

    @property
    def whole(self) -> NDArray[np.bool_]:
        """bool [m]: in stock to the end."""
        return np.asarray(self.share > 0.999, dtype=np.bool_)


def days_of(expected: F64, sold: F64, share: F64) -> Days:
    """The days [n, d] that say something."""
    tell = (share > 0) & (expected > LEAST_MEAN)
    return Days(expected[tell], sold[tell], share[tell])


def by_days_in_stock(days: Days) -> float:
    """Demand over what was expected, on the days that stayed in stock."""
    return float(days.sold[days.whole].sum() / days.expected[days.whole].sum())


def by_hours(days: Days) -> float:
    """The same on all days, each expected to sell its share in stock."""
    return float(days.sold.sum() / (days.expected * days.share).sum())


def by_survival(days: Days) -> float:
    """The same with days that ran dry as lower limits of their demand, group by group of like volume."""
    edges = np.quantile(days.expected, np.linspace(0, 1, VOLUMES + 1)[1:-1])
    group = np.searchsorted(edges, days.expected, side="right")
    demand = 0.0
    for k in range(VOLUMES):
        here = group == k
        weight = days.expected[here]
        demand += survival_mean(days.sold[here] / weight, days.whole[here], weight) * weight.sum()
    return demand / float(days.expected.sum())


def survival_mean(value: F64, seen: NDArray[np.bool_], weight: F64) -> float:
    """Mean of a quantity known where `seen` and at least `value` elsewhere, the area under the product-limit curve.
    What lies beyond the largest value is cut off. float64 [m], bool [m], float64 [m].
    """
    order = np.lexsort((~seen, value))
    value, seen, weight = value[order], seen[order], weight[order]
    at_risk = np.cumsum(weight[::-1])[::-1]
    left = np.cumprod(1 - np.where(seen, weight / at_risk, 0.0))
    return float((np.diff(value, prepend=0.0) * np.concatenate([[1.0], left[:-1]])).sum())


YARDSTICKS = {"days in stock": by_days_in_stock, "hours in stock": by_hours, "survival": by_survival}


def known_rows() -> Iterator[Row]:
    """Grocery under min/max: each yardstick over the demand of the same days."""
    span = load_span("7")
    ledger = lived(span, JUDGED_DAYS.stop)
    asked = span.panel.demand[:, JUDGED_DAYS].astype(np.float64)
    expected = np.broadcast_to(span.base()[:, None], asked.shape)
    sold, share = ledger.sold[:, JUDGED_DAYS], ledger.in_stock[:, JUDGED_DAYS]
    days, truth = days_of(expected, sold, share), days_of(expected, asked, share)
    demand = truth.sold.sum() / truth.expected.sum()
    yield Row("demand known: days that ran dry", 100 * float((~days.whole).mean()), "%")
    for name, measure in YARDSTICKS.items():
        yield Row(f"demand known: {name}, off by", 100 * (measure(days) / demand - 1), "%")


def unknown_rows(task: Task, rows: int) -> Iterator[Row]:
    """FreshRetailNet: how far the forecast of single days lies above the demand by each yardstick."""
    told: dict[str, Panel] = {
        "forecast": task.panel,
        "sales taken for demand": replace(task.panel, in_stock_share=None),
    }
    assert task.panel.in_stock_share is not None
    ahead = [slice(origin, origin + task.horizon) for origin in task.origins]
    sold, share = (
        np.concatenate([values[:, part] for part in ahead], axis=1).astype(np.float64)
        for values in (task.panel.demand, task.panel.in_stock_share)
    )
    for name, panel in told.items():
        days = days_of(single_days(replace(task, panel=panel), rows), sold, share)
        for yardstick, measure in YARDSTICKS.items():
            yield Row(f"FreshRetailNet: {name}, by {yardstick}", 100 * (1 / measure(days) - 1), "% too high")


def single_days(task: Task, rows: int) -> F64:
    """float64 [n, o x horizon]: the mean of each day after each origin, one origin after another."""
    config = Config(horizon_days=task.horizon, choice_horizon=task.horizon)
    means = []
    for origin in task.origins:
        known = task.known(origin)
        model = train(known, config, Training(rows=rows, threads=os.cpu_count() or 1))
        means.append(np.nan_to_num(forecast(known, config, choose(known, config), model).mean))
    return np.concatenate(means, axis=1).astype(np.float64)


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="one origin, a small training")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_rows(known_rows(), options.json)
    if data_folder() is not None:
        task = fresh_retail().without_future_promotion()
        task = replace(task, origins=task.origins[-1:]) if options.quick else task
        print_rows(unknown_rows(task, 20_000 if options.quick else 100_000), options.json)


if __name__ == "__main__":
    main()
