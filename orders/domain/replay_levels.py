"""The levels that policies would have set at each close of the past, from what the engine would have said then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forecasting.engine import Choice, Config, Forecast, GlobalModel, Panel, choose, forecast, lead_time_quantiles
from forecasting.engine.boosted.training import Training, train
from orders.domain.bounds import newsvendor_ratio, within_bounds
from orders.domain.curves import F64, mean_at
from orders.domain.levels import Protection, derive_levels
from orders.domain.lots import MOST_LOT_DAYS, lot_days
from orders.domain.policy import Phase, Policy, Target
from orders.domain.quantity import NOISE
from orders.domain.replay_calendar import Night, Weeks
from orders.domain.replay_settings import PART_DAYS
from orders.domain.targets import LEAST_COST, LotTerms, with_targets

F32 = NDArray[np.float32]
# As in the shop the methods are chosen anew each week. The model is learned anew each four weeks, not each week: a
# training costs as much as a fortnight of nights, and what it says hardly changes in between.
CHOICE_DAYS = 7
TRAINING = Training(rows=60_000, rounds=60)
# Below this no position ever lies, so nothing is ordered.
NEVER = -1.0


@dataclass(frozen=True)
class Goods:
    """What n series are. price and cost in money per unit; pack, minimum order and step (1: counted) in units;
    shelf_life_days 0 where nothing spoils; lead times days [n, k] with chances [n, k]."""

    price: F64
    cost: F64
    pack: F64
    minimum: F64
    step: F64
    shelf_life_days: NDArray[np.int64]
    lead_days: F64
    lead_chances: F64

    def rows(self, part: NDArray[np.bool_]) -> "Goods":
        """Some of the series."""
        return Goods(**{name: values[part] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Aims:
    """What n series aim at: their policies, and of these as arrays what every one has."""

    policies: tuple[Policy, ...]
    service_level: F64
    review_days: F64
    lot_days: F64
    ordering_cost: F64
    holding_rate: F64
    is_stopped: NDArray[np.bool_]

    def at(self, service_level: float) -> "Aims":
        """The same with another certainty for all."""
        return aims_of([replace(policy, cycle_service_level=service_level) for policy in self.policies])

    @cached_property
    def is_plain(self) -> bool:
        """A certainty and nothing else, which can be read off the curves for many policies at once."""
        return all(
            policy.target is Target.CYCLE and policy.phase is Phase.ACTIVE and policy.capacity is None
            and not policy.presentation for policy in self.policies
        )  # fmt: skip


def aims_of(policies: Sequence[Policy]) -> Aims:
    """One row for each policy."""
    return Aims(
        policies=tuple(policies),
        service_level=np.array([policy.cycle_service_level for policy in policies]),
        review_days=np.array([policy.review_days for policy in policies], dtype=np.float64),
        lot_days=np.array([policy.lot_days for policy in policies], dtype=np.float64),
        ordering_cost=np.array([policy.ordering_cost for policy in policies]),
        holding_rate=np.array([policy.holding_rate for policy in policies]),
        is_stopped=np.array([policy.is_stopped or policy.phase is Phase.END for policy in policies], dtype=np.bool_),
    )


def parts(begin: int, end: int) -> list[tuple[int, int]]:
    """The closes begin .. end - 1 cut into stretches of PART_DAYS that know nothing of each other."""
    return [(day, min(day + PART_DAYS, end)) for day in range(begin, end, PART_DAYS)]


def part_levels(
    panel: Panel,
    goods: Goods,
    rules: Sequence[Aims],
    part: tuple[int, int],
    training: Training | None = TRAINING,
    told: Callable[[int], None] = lambda _day: None,
    weeks: Weeks | None = None,
) -> F32:
    """float32 [p, 2, n, d]: reorder point and order-up-to level of each of `rules` at the closes of a part, a day being
    the column of the panel that has just closed. `training` None: without the global model. `told` hears of each day
    that is done. `weeks` None: every supplier takes orders and delivers daily."""
    stretch = weeks.stretch(part[0]) if weeks is not None else None
    out = np.empty((len(rules), 2, panel.n_series, part[1] - part[0]), dtype=np.float32)
    for day, found in nights(panel, part, training):
        out[:, :, :, day - part[0]] = levels_of(found, goods, rules, stretch.night(day) if stretch else None)
        told(day)
    return out


def nights(panel: Panel, part: tuple[int, int], training: Training | None) -> Iterator[tuple[int, Forecast]]:
    """(day, forecast) at each close of a part; none sees a column after its day.

    The daily curves are for charts alone, so only one is asked for; the sums are those of a night.
    """
    config = Config(horizon_days=28, chart_levels=(0.5,))
    choice: Choice | None = None
    model: GlobalModel | None = None
    for day in range(*part):
        known = panel.until(day + 1)
        if choice is None or (day - part[0]) % CHOICE_DAYS == 0:
            choice = choose(known, config)
        if day == part[0] and training is not None:
            model = train(known, config, training)
        yield day, forecast(known, config, choice=choice, model=model)


def levels_of(found: Forecast, goods: Goods, rules: Sequence[Aims], night: Night | None = None) -> F64:
    """[p, 2, n]: what each of `rules` makes of one night; NEVER where there is no forecast or a stop, or where no order
    goes out.

    The same as `levels_in_full`, for many rules at once, where they aim at a certainty and nothing spoils.
    """
    mean = np.nan_to_num(found.mean.astype(np.float64))
    read: dict[bytes, _Read] = {}
    out = np.empty((len(rules), 2, len(mean)))
    spoils = bool(goods.shelf_life_days.any())
    for place, rule in enumerate(rules):
        if spoils or not rule.is_plain:
            out[place] = levels_in_full(found, goods, rule, night)
            continue
        key = rule.review_days.tobytes()
        if key not in read:
            read[key] = _read(found, goods, [r for r in rules if r.review_days.tobytes() == key], night)
        out[place] = _levels(read[key].at(rule.service_level), mean, read[key].protection, goods, rule)
    if night is not None:
        out[:, :, ~night.goes_out(len(mean))] = NEVER
    return out


@dataclass(frozen=True)
class _Read:
    """Quantiles [n, q] of demand over a protection interval at the certainties `levels`."""

    protection: Protection
    levels: F64
    curves: F64

    def at(self, wanted: F64) -> F64:
        """[n]: each series at its own certainty."""
        points: F64 = self.curves[np.arange(len(wanted)), np.searchsorted(self.levels, wanted)]
        return points


def _read(found: Forecast, goods: Goods, rules: Sequence[Aims], night: Night | None) -> _Read:
    """Of all the certainties of `rules`, which share their review days: one reading is as dear as many."""
    protection = _protection(goods, rules[0], night)
    levels = np.unique(np.concatenate([rule.service_level for rule in rules]))
    curves = lead_time_quantiles(found, protection.interval_days, protection.chances, tuple(levels.tolist()))
    return _Read(protection, levels, curves.astype(np.float64))


def _protection(goods: Goods, rule: Aims, night: Night | None) -> Protection:
    plain = Protection(goods.lead_days, goods.lead_chances, rule.review_days)
    return plain if night is None else night.protect(plain)


def _levels(point: F64, mean: F64, protection: Protection, goods: Goods, rule: Aims) -> F64:
    lots = _lots(mean, goods, rule)
    until = protection.mean_interval[:, None]
    lot = (mean_at(mean, until + lots[:, None]) - mean_at(mean, until))[:, 0]
    is_silent = np.isnan(point) | rule.is_stopped | (mean.sum(axis=1) <= 0.0)
    return _whole(point, point + lot, is_silent, goods)


def _lots(mean: F64, goods: Goods, rule: Aims) -> F64:
    most = np.where(goods.shelf_life_days > 0, goods.shelf_life_days, MOST_LOT_DAYS)
    return lot_days(
        daily_demand=mean.mean(axis=1), unit_cost=np.maximum(goods.cost, LEAST_COST),
        ordering_cost=rule.ordering_cost, holding_rate=rule.holding_rate, fixed_days=rule.lot_days,
        most_days=most.astype(np.float64),
    )  # fmt: skip


def _whole(low: F64, high: F64, is_silent: NDArray[np.bool_], goods: Goods) -> F64:
    """[2, n], rounded up to what can be ordered."""
    point, up_to = (np.where(is_silent, NEVER, np.ceil(x / goods.step - NOISE) * goods.step) for x in (low, high))
    return np.stack([point, np.maximum(up_to, point)])


@dataclass(frozen=True)
class _Foreseen:
    """A forecast as the plan reads it; what is not known counts as no demand."""

    found: Forecast

    @cached_property
    def mean(self) -> F32:
        return np.nan_to_num(self.found.mean).astype(np.float32)

    def over(self, intervals: F64, weights: F64 | None, levels: tuple[float, ...] | None) -> F32:
        return np.nan_to_num(lead_time_quantiles(self.found, intervals, weights, levels)).astype(np.float32)

    def rows(self, index: NDArray[np.int64]) -> "_Foreseen":
        return _Foreseen(self.found.rows(index))


def levels_in_full(found: Forecast, goods: Goods, rule: Aims, night: Night | None = None) -> F64:
    """[2, n]: levels by the functions of the plan, whatever the rules aim at."""
    demand, protection = _Foreseen(found), _protection(goods, rule, night)
    mean, policies = demand.mean.astype(np.float64), rule.policies
    levels = derive_levels(demand, protection, rule.service_level, _lots(mean, goods, rule))
    days = np.where(goods.shelf_life_days > 0, np.minimum(goods.shelf_life_days, MOST_LOT_DAYS), MOST_LOT_DAYS)
    margin = np.maximum(goods.price - goods.cost, 0.0)
    terms = LotTerms(goods.cost, margin, goods.pack, goods.step, mean.mean(axis=1) * days)
    levels = with_targets(levels, policies, demand, protection, terms)
    keeps = np.where(goods.shelf_life_days > 0, goods.shelf_life_days, np.inf)
    earned = margin + np.array([policy.disappointment for policy in policies])
    sold_value = newsvendor_ratio(earned, goods.cost)
    bounded = within_bounds(levels, policies, demand, protection, keeps, sold_value).levels
    typed = np.array([policy.holds_without_forecast for policy in policies], dtype=np.bool_)
    is_silent = (mean.sum(axis=1) <= 0.0) & ~typed | rule.is_stopped
    return _whole(bounded.reorder_point, bounded.order_up_to, is_silent, goods)
