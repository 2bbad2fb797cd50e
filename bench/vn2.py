"""The VN2 bench: weekly orders for goods that come three weeks later, over windows of the challenge's own history.

    python -m bench.vn2 [--quick] [--json]        (BENCH_DATA names the folder with vn2_weekly.parquet)

Settings: 599 store-SKUs; 11 windows over the last year, four weeks apart, each 4 weeks of run-in and 8 scored weeks;
first stock three weeks of the last eight's mean; demand is what was sold; an order placed at the end of week t is on
the shelf in week t + 3, and the last two weeks place none; 0.2 for a unit left at a week's end, 1.0 for a unit lost.
Beside it the official benchmark: the mean of 13 weeks without their season and without weeks out of stock, times the
season, ordered up to four weeks of it; and the same mean with k sigma.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bench.datasets import engine_cache, vn2
from bench.report import Row, print_rows
from forecasting.engine import Panel
from forecasting.engine.rolling import rolling
from orders.domain.curves import F64
from orders.domain.vn2 import CONFIG, HOLDING, SHORTAGE, TRAINING, Foreseen, foreseen_of, next_order, seasonal, smooth
from orders.domain.weekly_order import Pipeline

RUN_IN, SCORED, WINDOWS, APART = 4, 8, 11, 4
Order = Callable[[int, Pipeline], F64]


@dataclass(frozen=True)
class Cost:
    """Money of units left and of units lost over the scored weeks."""

    holding: float
    shortage: float

    @property
    def total(self) -> float:
        return self.holding + self.shortage


def play(panel: Panel, begin: int, order: Order) -> Cost:
    """Lives through a window; `order` gets the weeks seen and the pipeline, and gives units of each series."""
    sold = panel.demand.astype(np.float64)
    on_hand = np.round(3 * sold[:, begin - 8 : begin].mean(axis=1))
    arriving = np.zeros((len(sold), RUN_IN + SCORED + 3))
    holding = shortage = 0.0
    for week in range(RUN_IN + SCORED):
        if week < RUN_IN + SCORED - 2:
            arriving[:, week + 2] += order(begin + week, Pipeline(on_hand, arriving[:, week : week + 2]))
        on_hand = on_hand + arriving[:, week]
        asked = sold[:, begin + week]
        served = np.minimum(on_hand, asked)
        on_hand = on_hand - served
        if week >= RUN_IN:
            holding, shortage = holding + HOLDING * on_hand.sum(), shortage + SHORTAGE * (asked - served).sum()
    return Cost(float(holding), float(shortage))


@dataclass(frozen=True)
class Official:
    """The benchmark of the challenge, from the weeks before `week`."""

    panel: Panel

    def expected(self, week: int, ahead: int = 4) -> tuple[F64, F64]:
        """Mean [n, ahead] of the next weeks, and the deviation [n] of a week."""
        return seasonal(self.panel.until(week), ahead)

    def order(self, week: int, pipeline: Pipeline) -> F64:
        """Up to four weeks."""
        mean, _spread = self.expected(week)
        return _up_to(mean.sum(axis=1), pipeline)

    def k_sigma(self, k: float) -> Order:
        """Three weeks and k sigma of them instead."""

        def order(week: int, pipeline: Pipeline) -> F64:
            mean, spread = self.expected(week, 3)
            return _up_to(mean.sum(axis=1) + k * np.sqrt(3) * spread, pipeline)

        return order


def _up_to(level: F64, pipeline: Pipeline) -> F64:
    return np.asarray(np.maximum(np.round(level - pipeline.on_hand - pipeline.arriving.sum(axis=1)), 0.0))


def beginnings(panel: Panel, windows: int) -> list[int]:
    """First weeks of the windows, the latest one first."""
    return [panel.n_days - RUN_IN - SCORED - APART * back for back in range(windows)]


def nights(panel: Panel, first: int) -> dict[int, Foreseen]:
    """What the engine said after each week from `first` on; kept in the cache folder. The model is learned anew every
    four weeks."""
    path = engine_cache(f"vn2 nights {TRAINING.rows} {first}")
    if not path.exists():
        origins = range(first, panel.n_days)
        found = [foreseen_of(night) for _, night in rolling(smooth(panel), CONFIG, origins, relearn_every=4,
                                                            training=TRAINING)]  # fmt: skip
        np.savez(path, mean=np.stack([f.mean for f in found]), quantiles=np.stack([f.quantiles for f in found]))
    with np.load(path) as stored:
        pairs = zip(stored["mean"], stored["quantiles"], strict=True)
        return {first + place: Foreseen(mean, quantiles) for place, (mean, quantiles) in enumerate(pairs)}


def our_order(panel: Panel, seen: dict[int, Foreseen]) -> Order:
    """What `manage.py vn2` orders, with the forecasts of `nights`."""
    return lambda week, pipeline: next_order(panel.until(week), seen[week], pipeline)


def rows(windows: int) -> Iterator[Row]:
    """Each window, then the means."""
    panel = vn2().panel
    official, begins = Official(panel), beginnings(panel, windows)
    seen = nights(panel, begins[-1])
    gains, costs, sigmas = [], [], []
    for begin in begins:
        theirs, ours = play(panel, begin, official.order), play(panel, begin, our_order(panel, seen))
        sigmas.append(play(panel, begin, official.k_sigma(1.0)).total / theirs.total - 1)
        gains.append(100 * (1 - ours.total / theirs.total))
        costs.append((theirs.total, ours.total))
        note = f"benchmark {theirs.total:,.0f}, ours {ours.holding:,.0f} held + {ours.shortage:,.0f} lost"
        yield Row(f"window of week {begin}", gains[-1], "% under", note=note)
    yield Row("one sigma on three weeks", -100 * float(np.mean(sigmas)), "% under", note="mean of the windows")
    theirs_sum, ours_sum = np.sum(costs, axis=0)
    yield Row("all windows together", 100 * (1 - ours_sum / theirs_sum), "% under", goal=16.0, higher=True)
    yield Row("mean of the windows", float(np.mean(gains)), "% under", goal=16.0, higher=True)


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="two windows")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_rows(rows(2 if options.quick else WINDOWS), options.json)


if __name__ == "__main__":
    main()
