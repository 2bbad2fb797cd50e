"""The replenish bench: stockouts at equal stock value and equal order lines, in a closed loop on real demand.

    python -m bench.replenish [--quick] [--json]

Settings: completejourney, 2,063 products, 11 September to 31 December 2017; lost sales; an order placed at the close of
day t is there at the opening of day t + 1 + L, the first one at the close of 10 September; first stock 10 days of the
first half-year's mean demand, rounded up; packs of 6 or 12; a SKU-day is out of stock when it ends at zero or turned
somebody away. Every row holds the stock value of the static min/max (7 and 21 days of mean demand), so that nothing is
bought with more stock, and says its order lines.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bench.replenish_dated import economic
from bench.replenish_policies import (
    Curves,
    Score,
    Weights,
    curves,
    min_max,
    moving_average,
    score,
    settle,
    settle_single,
)
from bench.replenish_world import DAYS, FIRST_DAY, LEADS, TUNING_DAYS, Nights, Span, load_span, nights
from bench.report import Row, print_rows


@dataclass(frozen=True)
class Goal:
    """At `lines` per SKU-week at most `out` percent, at least `fill` percent served.

    `lost_unit` is the weight of a lost unit beside an empty day, enough to keep the fill, by lead time: where it is
    drawn anew for each order, more is lost on the same empty days.
    """

    lines: float
    out: float
    fill: float
    lost_unit: Mapping[str, float]


GOALS = (
    Goal(0.85, 1.8, 94.9, {"7": 0.0, "3..10": 0.0}),
    Goal(0.60, 2.0, 95.0, {"7": 0.02, "3..10": 0.02}),
    Goal(0.30, 4.5, 90.7, {"7": 0.05, "3..10": 0.08}),
)


def loop_rows(lead: str, found: Nights, goals: tuple[Goal, ...]) -> Iterator[Row]:
    """One lead time: the references, then ours at each frequency of order lines."""
    span = load_span(lead)
    name = f"lead {lead}"
    plain = score(span, min_max(span))
    yield _row(f"{name}: static min/max", plain)
    _, average = settle_single(lambda z: score(span, moving_average(span, z)), plain.value, 0.0, 5.0)
    yield _row(f"{name}: 28-day mean + z sigma", average)
    tested = trial(span, found.part(TUNING_DAYS - 1, TUNING_DAYS + DAYS))
    earlier = replace(span, first=FIRST_DAY - TUNING_DAYS + 1, days=TUNING_DAYS - 1)
    past = trial(earlier, found.part(0, TUNING_DAYS))
    for goal in goals:
        _, ours = settle(tested.run, plain.value, goal.lines, goal.lost_unit[lead])
        label, slack = f"{name}: ours at {goal.lines} lines", 0.3 if lead != "7" else 0.0
        yield _row(label, ours, goal.out + slack, plain.out)
        yield Row(f"{label}, units served", 100 * ours.fill, "%", goal=goal.fill, higher=True)
        yield _ahead_row(label, goal, goal.lost_unit[lead], tested, past)


@dataclass(frozen=True)
class Trial:
    """Our rule on some days, with what the nights before each of them said."""

    span: Span
    found: Nights
    seen: Curves

    def run(self, weights: Weights) -> Score:
        return economic(self.span, self.seen, self.found, weights)


def trial(span: Span, found: Nights) -> Trial:
    return Trial(span, found, curves(span, found))


def _ahead_row(label: str, goal: Goal, lost_unit: float, tested: Trial, past: Trial) -> Row:
    """Weights found on the eight weeks before, judged by what they lose at the stock and the lines they led to."""
    held = score(past.span, min_max(past.span)).value
    weights, _ = settle(past.run, held, goal.lines, lost_unit)
    blind = tested.run(weights)
    _, level = settle(tested.run, blind.value, blind.lines, lost_unit)
    note = f"out {100 * blind.out:.2f}% at ${blind.value:,.0f} and {blind.lines:.2f} lines"
    return Row(f"{label}, weights from the past", 100 * (blind.out / level.out - 1), "% lost", goal=10.0, note=note)


def _row(name: str, found: Score, goal: float | None = None, reference: float | None = None) -> Row:
    note = f"served {100 * found.fill:.2f}%, ${found.value:,.0f}, {found.lines:.2f} lines per SKU-week"
    return Row(name, 100 * found.out, "% out of stock", None if reference is None else 100 * reference, goal, note=note)


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="one lead time, one frequency")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = nights()
    for lead in list(LEADS)[: 1 if options.quick else None]:
        print_rows(loop_rows(lead, found, GOALS[: 1 if options.quick else None]), options.json)


if __name__ == "__main__":
    main()
