"""The runs of a replay put together: today's rules, the plain rule and the curve, with what equal stock would buy."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np

from forecasting.engine import Panel
from orders.domain.policy import Policy
from orders.domain.replay import World
from orders.domain.replay_calendar import Weeks
from orders.domain.replay_figures import at_value, min_max, policies_of, run_policy, world_of
from orders.domain.replay_levels import F32, TRAINING, Aims, Goods, aims_of, part_levels, parts
from orders.domain.replay_settings import CURVE_LEVELS, ReplaySettings

COMPARED = ("out", "fill", "lost_margin", "lines_per_week")


def tried_rules(settings: ReplaySettings, count: int) -> Aims:
    """The policy on trial, for `count` series; its certainty is moved along the curve."""
    rule = Policy(
        review_days=settings.review_days, lot_days=settings.lot_days, ordering_cost=settings.ordering_cost,
        holding_rate=settings.holding_rate,
    )  # fmt: skip
    return aims_of([rule] * count)


def all_rules(settings: ReplaySettings, today: Aims) -> list[Aims]:
    """Today's rules first, then the policy on trial at each certainty of the curve."""
    tried = tried_rules(settings, len(today.service_level))
    return [today, *(tried.at(level) for level in CURVE_LEVELS)]


def play(
    panel: Panel, goods: Goods, settings: ReplaySettings, begin: int, levels: F32, weeks: Weeks | None = None
) -> dict[str, Any]:
    """What every policy came to over the columns `begin` .. of the panel; levels [p, 2, n, d] of `all_rules`.

    Keys: `today`, `min_max` (figures), `curve` (figures with their `level`), and `equal`: what the curve comes to at
    the stock value of each of the other two, where it reaches that far.
    """
    world = world_of(panel, goods, begin, np.full(panel.n_series, float(settings.review_days)), settings.seed, weeks)
    plain = min_max(panel, goods, begin, settings.min_days, settings.max_days, weeks)
    found: dict[str, Any] = {
        "today": run_policy(world, policies_of(levels[0], goods), goods).as_json(),
        "min_max": run_policy(world, plain, goods).as_json(),
    }
    found["curve"] = [
        {"level": level, **_at_level(world, goods, levels[1 + place])} for place, level in enumerate(CURVE_LEVELS)
    ]
    found["equal"] = {name: _equal(found["curve"], found[name]) for name in ("today", "min_max")}
    return found


def _at_level(world: World, goods: Goods, levels: F32) -> dict[str, float]:
    return run_policy(world, policies_of(levels, goods), goods).as_json()


def _equal(curve: Sequence[dict[str, float]], other: dict[str, float]) -> dict[str, float] | None:
    """The curve's figures at the same stock value; None where it holds more or less everywhere."""
    found = {name: at_value(curve, other["stock_value"], name) for name in ("level", *COMPARED)}
    values = {name: value for name, value in found.items() if value is not None}
    return values if len(values) == len(found) else None


def run_replay(
    panel: Panel, goods: Goods, today: Aims, settings: ReplaySettings, begin: int, workers: int,
    told: Callable[[int, int], None], weeks: Weeks | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A whole replay in this process, with a thread for each of `workers`; `told(done, total)` hears of the days."""
    rules, stretches, lock, done = all_rules(settings, today), parts(begin, panel.n_days), Lock(), Counter[str]()
    training = TRAINING if settings.has_model else None

    def one_more(_day: int) -> None:
        with lock:
            done["days"] += 1
            told(done["days"], panel.n_days - begin)

    def levels(part: tuple[int, int]) -> F32:
        return part_levels(panel, goods, rules, part, training, one_more, weeks)

    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(levels, stretches))
    return play(panel, goods, settings, begin, np.concatenate(found, axis=3), weeks)
