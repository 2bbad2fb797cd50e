"""An order whose goods come periods later: the pipeline is played, with lost sales."""

import numpy as np
import pytest

from orders.domain.weekly_order import PeriodDemand, Pipeline, draws_of, pipeline_order


def order(demand, on_hand, arriving, level=0.8):
    """A demand that is known for certain: every draw the same."""
    draws = np.broadcast_to(np.array(demand, float), (1, 50, len(demand)))
    return pipeline_order(draws, Pipeline(np.array([float(on_hand)]), np.array([arriving], float)), level)[0]


def test_known_demand_is_met_in_the_last_period_and_no_more():
    assert order([3, 3, 4], on_hand=10, arriving=[0, 0]) == 0
    assert order([3, 3, 4], on_hand=8, arriving=[0, 0]) == 2


def test_who_went_away_takes_nothing_from_a_later_delivery():
    # Period 1 has 1 for 5 who ask; the 6 of period 2 serve its 2, and 4 are left for the 4 of period 3.
    assert order([5, 2, 4], on_hand=1, arriving=[0, 6]) == 0


def test_the_level_is_the_share_of_draws_that_are_served():
    draws = np.zeros((1, 10, 1))
    draws[0, :, 0] = np.arange(1, 11)
    nothing = Pipeline(np.zeros(1), np.zeros((1, 0)))
    assert pipeline_order(draws, nothing, 0.5)[0] == 6
    assert pipeline_order(draws, nothing, 0.95)[0] == 10


def test_draws_have_the_mean_and_the_variances_of_the_outlook():
    demand = PeriodDemand(np.full((1, 3), 6.0), np.array([12.0]), np.array([54.0]))
    many = PeriodDemand(*(np.repeat(a, 300, axis=0) for a in (demand.mean, demand.first_variance, demand.sum_variance)))
    draws = draws_of(many, np.random.default_rng(1)).reshape(-1, 3)
    assert draws.mean() == pytest.approx(6.0, rel=0.02)
    assert draws[:, 0].var() == pytest.approx(12.0, rel=0.05)
    assert draws.sum(axis=1).var() == pytest.approx(54.0, rel=0.05)


def test_what_never_sells_is_not_ordered():
    demand = PeriodDemand(np.zeros((1, 3)), np.zeros(1), np.zeros(1))
    draws = draws_of(demand, np.random.default_rng(1))
    assert pipeline_order(draws, Pipeline(np.zeros(1), np.zeros((1, 2))), 0.8)[0] == 0
