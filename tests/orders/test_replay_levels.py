"""What a replay decides at each close of the past: what the plan would have, from nothing that came later."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasting.engine import Config, Panel, forecast, lead_time_quantiles
from orders.domain.levels import Protection, derive_levels
from orders.domain.policy import Policy, Target
from orders.domain.replay_figures import at_value, min_max, repaired_demand, run_policy, world_of
from orders.domain.replay_levels import NEVER, Goods, aims_of, levels_in_full, levels_of, part_levels, parts
from orders.domain.replay_result import all_rules, play, run_replay, tried_rules
from orders.domain.replay_settings import CURVE_LEVELS, ReplaySettings

SERIES, DAYS, BEGIN = 3, 150, 90
SETTINGS = ReplaySettings(days=60, has_model=False)


def make_panel(seed=1):
    rng = np.random.default_rng(seed)
    demand = rng.poisson([[2.0], [0.5], [6.0]], (SERIES, DAYS)).astype(np.float32)
    return Panel(demand, date(2026, 1, 5), in_stock_share=np.ones((SERIES, DAYS), np.float32))


def make_goods():
    ones = np.ones(SERIES)
    return Goods(
        price=3 * ones, cost=2 * ones, pack=6 * ones, minimum=0 * ones, step=ones,
        shelf_life_days=np.zeros(SERIES, np.int64), lead_days=np.tile([2.0, 4.0], (SERIES, 1)),
        lead_chances=np.tile([0.75, 0.25], (SERIES, 1)),
    )  # fmt: skip


def test_levels_are_those_of_the_plan():
    rules = tried_rules(SETTINGS, SERIES).at(0.96)
    found = forecast(make_panel(), Config(horizon_days=28))
    goods = make_goods()
    point, up_to = levels_of(found, goods, [rules])[0]
    protection = Protection(goods.lead_days, goods.lead_chances, rules.review_days)
    demand = FoundSums(found)
    expected = derive_levels(demand, protection, rules.service_level, rules.lot_days)
    assert point.tolist() == np.ceil(expected.reorder_point - 1e-6).tolist()
    assert up_to.tolist() == np.ceil(expected.order_up_to - 1e-6).tolist()


class FoundSums:
    """A forecast as the plan reads it."""

    def __init__(self, found):
        self.found, self.mean = found, found.mean

    def over(self, intervals, weights, levels):
        return lead_time_quantiles(self.found, intervals, weights, levels)


def test_the_quick_way_is_the_one_of_the_plan():
    found, goods, aims = forecast(make_panel(), Config(horizon_days=28)), make_goods(), tried_rules(SETTINGS, SERIES)
    assert np.array_equal(levels_of(found, goods, [aims])[0], levels_in_full(found, goods, aims))


def test_other_aims_are_followed():
    typed = Policy(target=Target.MIN_MAX, minimum=3.0, maximum=20.0)
    served = [Policy(target=Target.FILL, fill_rate=rate) for rate in (0.9, 0.999)]
    found, goods = forecast(make_panel(), Config(horizon_days=28)), make_goods()
    point, up_to = levels_of(found, goods, [aims_of([typed, *served])])[0]
    assert (point[0], up_to[0]) == (3, 20)
    lean = levels_of(found, goods, [aims_of([typed, served[0], served[0]])])[0][0]
    assert point[1] == lean[1] and point[2] > lean[2]


def test_what_spoils_is_not_ordered_for_longer_than_it_keeps():
    found, aims = forecast(make_panel(), Config(horizon_days=28)), tried_rules(ReplaySettings(lot_days=30), SERIES)
    keeps = replace(make_goods(), shelf_life_days=np.full(SERIES, 5))
    assert (levels_of(found, keeps, [aims])[0][1] < levels_of(found, make_goods(), [aims])[0][1]).all()


def test_nothing_that_came_later_is_seen():
    panel, part = make_panel(), (BEGIN, BEGIN + 3)
    later = panel.demand.copy()
    later[:, BEGIN + 3 :] = 99.0
    rules = all_rules(SETTINGS, tried_rules(SETTINGS, SERIES))
    before = part_levels(panel, make_goods(), rules, part, None)
    after = part_levels(replace(panel, demand=later), make_goods(), rules, part, None)
    assert np.array_equal(before, after)
    assert before.shape == (1 + len(CURVE_LEVELS), 2, SERIES, 3)


def test_levels_rise_with_the_certainty_and_a_stop_orders_nothing():
    rules = tried_rules(SETTINGS, SERIES)
    stopped = aims_of([Policy(is_stopped=True), Policy(), Policy()])
    lean, safe, still = levels_of(
        forecast(make_panel(), Config(horizon_days=28)), make_goods(), [rules.at(0.7), rules.at(0.99), stopped]
    )
    assert (safe >= lean).all() and (safe > lean).any()
    assert still[:, 0].tolist() == [NEVER, NEVER]


def test_the_days_are_cut_whole():
    assert parts(10, 70) == [(10, 38), (38, 66), (66, 70)]


def test_what_an_empty_shelf_hid_is_put_back_at_the_pace_of_the_days_near():
    panel = make_panel()
    share = panel.in_stock_share.copy()
    demand = panel.demand.copy()
    share[2, 60:80], demand[2, 60:80] = 0.0, 0.0
    repaired = repaired_demand(replace(panel, demand=demand, in_stock_share=share), seed=1)
    assert repaired[2, 60:80].mean() == pytest.approx(6.0, rel=0.25)
    assert (repaired == np.rint(repaired)).all()
    assert np.array_equal(repaired[:2], panel.demand[:2])
    assert np.array_equal(repaired[2, :60], panel.demand[2, :60])


def test_days_before_a_series_was_on_sale_stay_empty():
    share = np.ones((SERIES, DAYS), np.float32)
    share[0, :40] = 0
    demand = np.where(share > 0, make_panel().demand, 0).astype(np.float32)
    panel = replace(make_panel(), demand=demand, in_stock_share=share, first_day=np.array([40, 0, 0], np.int32))
    assert repaired_demand(panel, seed=1)[0, :40].sum() == 0


def test_lead_times_are_drawn_as_they_were_observed_and_the_same_each_time():
    panel, goods = make_panel(), make_goods()
    first, second = (world_of(panel, goods, 30, np.ones(SERIES), seed=4) for _ in range(2))
    assert np.array_equal(first.lead_days, second.lead_days)
    assert set(np.unique(first.lead_days)) == {2, 4}
    assert (first.lead_days == 4).mean() == pytest.approx(0.25, abs=0.07)


def test_min_max_knows_the_past_alone():
    panel, goods = make_panel(), make_goods()
    later = panel.demand.copy()
    later[:, BEGIN:] = 50
    found = min_max(replace(panel, demand=later), goods, BEGIN, 7, 21)
    mean = panel.demand[:, :BEGIN].mean(axis=1)
    assert found.reorder_point[:, 0].tolist() == np.ceil(7 * mean).tolist()
    assert found.order_up_to[:, -1].tolist() == np.ceil(21 * mean).tolist()


def test_figures_count_after_the_run_in():
    panel, goods = make_panel(), make_goods()
    world = world_of(panel, goods, BEGIN, np.ones(SERIES), seed=1)
    figures = run_policy(world, min_max(panel, goods, BEGIN, 0.1, 0.1), goods)
    counted = panel.demand[:, BEGIN + 28 :]
    assert figures.asked_units == counted.sum()
    assert figures.out > 0.4 and figures.fill == pytest.approx(1 - figures.lost_units / counted.sum())
    assert figures.lost_margin == figures.lost_units * 1.0


def test_more_certainty_holds_more_and_runs_out_less():
    panel, goods, told = make_panel(), make_goods(), []
    found = run_replay(panel, goods, tried_rules(SETTINGS, SERIES), SETTINGS, BEGIN, 2, lambda *at: told.append(at))
    lean, safe = found["curve"][0], found["curve"][-1]
    assert safe["stock_value"] > 1.1 * lean["stock_value"] and safe["out"] < lean["out"]
    assert sorted(told)[-1] == (DAYS - BEGIN, DAYS - BEGIN) and len(told) == DAYS - BEGIN
    assert found["today"]["asked_units"] == found["min_max"]["asked_units"]


def test_equal_stock_is_read_off_the_curve():
    curve = [{"stock_value": 10.0, "out": 0.2}, {"stock_value": 30.0, "out": 0.1}]
    assert at_value(curve, 20.0, "out") == pytest.approx(0.15)
    assert at_value(curve, 31.0, "out") is None


def test_the_result_tells_what_equal_stock_would_buy():
    panel, goods = make_panel(), make_goods()
    rules = all_rules(SETTINGS, tried_rules(SETTINGS, SERIES).at(0.93))
    levels = np.concatenate([part_levels(panel, goods, rules, part, None) for part in parts(BEGIN, DAYS)], axis=3)
    found = play(panel, goods, SETTINGS, BEGIN, levels)
    assert found["equal"]["today"]["level"] == pytest.approx(0.93)
    assert found["equal"]["today"]["out"] == pytest.approx(found["today"]["out"])
