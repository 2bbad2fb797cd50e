"""The hidden demand bench: what a forecast loses by having seen only the sales of a shop that ran dry.

    python -m bench.hidden_demand [--quick] [--json]

completejourney's 2,063 products under a static min/max (7 and 21 days of mean demand, a delivery after 7 days, packs of
6 or 12) from the fifth week on. What ran out was sold out at the moment of its last unit, customers being spread evenly
over the day, so that the sales and the time in stock are what a ledger would have kept. Forecasts learned from both
are judged by the demand itself, which in data of shops nobody knows: beside forecasts that had seen it, and others
that took sales for demand.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.replenish_world import Span, load_span
from bench.report import Row, print_rows
from forecasting.engine import Config, Forecast, Panel, choose, forecast
from forecasting.engine.boosted.training import Training, train

F64 = NDArray[np.float64]
STARVED_FROM = 28  # before that day the shelves were full
LEAD_DAYS = 7
ORIGINS = (225, 253)
HORIZONS = (8, 14)
LEVELS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98)
JUDGED = (0.5, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True)
class Ledger:
    """What a shop knows afterwards: units sold and share of the day in stock, both [n, d]."""

    sold: F64
    in_stock: F64


def lived(span: Span, last: int) -> Ledger:
    """The days before `last` under the static min/max."""
    asked, base, pack = span.panel.demand[:, :last].astype(np.float64), span.base(), span.pack
    rng = np.random.default_rng(11)
    ledger = Ledger(asked.copy(), np.ones_like(asked))
    on_hand, arriving = np.ceil(21 * base), np.zeros((len(asked), last + LEAD_DAYS + 1))
    for day in range(STARVED_FROM, last):
        on_hand = on_hand + arriving[:, day]
        ledger.sold[:, day] = np.minimum(on_hand, asked[:, day])
        ledger.in_stock[:, day] = time_in_stock(on_hand, asked[:, day], rng)
        on_hand = on_hand - ledger.sold[:, day]
        position = on_hand + arriving[:, day + 1 :].sum(axis=1)
        packs = np.maximum(np.ceil((21 * base - position) / pack - 1e-9), 1.0)
        arriving[:, day + 1 + LEAD_DAYS] = np.where(position > 7 * base, 0.0, packs * pack)
    return ledger


def time_in_stock(on_hand: F64, asked: F64, rng: np.random.Generator) -> F64:
    """[n]: the moment of the last unit, as a share of the day: of `asked` moments drawn evenly the one in place
    `on_hand`, which follows a beta distribution; 1 where something is left."""
    ends_dry = on_hand <= asked
    some = ends_dry & (on_hand > 0)
    moment = rng.beta(np.where(some, on_hand, 1.0), np.where(some, asked - on_hand + 1.0, 1.0))
    found: F64 = np.where(ends_dry, np.where(some, moment, 0.0), 1.0)
    return found


def judged(asked: F64, origin: int, found: Forecast) -> F64:
    """[2, k]: mean scaled pinball loss of the sum over each horizon, and the mean forecast of it over what came."""
    usual = asked[:, :origin].mean(axis=1)
    out = np.empty((2, len(HORIZONS)))
    for k, days in enumerate(HORIZONS):
        total = asked[:, origin : origin + days].sum(axis=1)
        places = [found.levels.index(level) for level in JUDGED]
        miss = total[:, None] - np.nan_to_num(found.sum_quantiles[:, found.grid.index(days)])[:, places]
        level = np.array(JUDGED)
        loss = np.maximum(level * miss, (level - 1) * miss).mean(axis=1)
        mean = np.nan_to_num(found.mean)[:, :days].sum()
        out[:, k] = (loss / (usual * days)).mean(), mean / total.sum()
    return out


def measures(rows: int, origins: tuple[int, ...]) -> Iterator[Row]:
    """What was hidden, then each of the three ways to look at the past."""
    span = load_span("7")
    asked = span.panel.demand.astype(np.float64)
    ledger = lived(span, max(origins))
    dry = ledger.in_stock[:, STARVED_FROM:] < 1
    hidden = 1 - ledger.sold[:, STARVED_FROM:].sum() / asked[:, STARVED_FROM : max(origins)].sum()
    yield Row("the past under min/max: SKU-days that ended empty", 100 * dry.mean(), "%")
    yield Row("the past under min/max: units that nobody could buy", 100 * hidden, "%")
    demand, sold = asked.astype(np.float32), span.panel.demand.copy()
    sold[:, : max(origins)] = ledger.sold
    share = np.ones_like(sold)
    share[:, : max(origins)] = ledger.in_stock
    told: dict[str, Panel] = {
        "who knew the demand": replace(span.panel, demand=demand),
        "sales and time in stock": replace(span.panel, demand=sold, in_stock_share=share),
        "sales taken for demand": replace(span.panel, demand=sold),
    }
    config = Config(horizon_days=max(HORIZONS), choice_horizon=HORIZONS[0], grid=HORIZONS, levels=LEVELS)
    found: dict[str, F64] = {}
    for name, panel in told.items():
        each = []
        for origin in origins:
            known = panel.until(origin)
            model = train(known, config, Training(rows=rows))
            each.append(judged(asked, origin, forecast(known, config, choose(known, config), model)))
        found[name] = np.mean(each, axis=0)
        for k, days in enumerate(HORIZONS):
            ratio = f"mean forecast {found[name][1, k]:.3f} times the demand that came"
            yield Row(f"{name}: loss of the sum of {days} days", found[name][0, k], "", note=ratio)
    knew, ours, naive = (found[name][0] for name in told)
    for k, days in enumerate(HORIZONS):
        back = 100 * (naive[k] - ours[k]) / (naive[k] - knew[k])
        yield Row(f"of what stockouts cost the forecast of {days} days, won back", back, "%", higher=True)


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="one origin, a small training")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_rows(measures(*((20_000, ORIGINS[:1]) if options.quick else (100_000, ORIGINS))), options.json)


if __name__ == "__main__":
    main()
