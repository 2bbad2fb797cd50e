"""What a demand is made of, found again in demand that was put together from known parts."""

import numpy as np
import pytest

from forecasting.domain.parts import take_apart

DAYS = 210
NOTHING = np.zeros(DAYS)
MONTHS = np.ones(DAYS)
WEEK = np.array([0.8, 0.8, 0.8, 0.8, 1.0, 1.6, 1.2])


def weekly(level=10.0):
    return level * WEEK[np.arange(DAYS) % 7]


def parts_of(demand, share=None, promotion=NOTHING):
    return take_apart(demand, np.ones(DAYS) if share is None else share, promotion, 0, MONTHS)


def test_the_shape_of_the_week_and_the_level():
    found = parts_of(weekly())
    assert found.week == pytest.approx(WEEK, abs=0.02)
    assert found.level == pytest.approx(10, rel=0.03)
    assert (found.promotion, found.year) == (None, None) and abs(found.change) < 0.02


def test_the_week_begins_where_the_first_day_lies():
    found = take_apart(weekly(), np.ones(DAYS), NOTHING, 3, MONTHS)
    assert found.week == pytest.approx(np.roll(WEEK, 3), abs=0.02)


def test_a_promotion_is_told_from_the_level():
    promotion = NOTHING.copy()
    promotion[60:74] = promotion[150:164] = 1
    found = parts_of(weekly() * (1 + promotion), promotion=promotion)
    assert found.promotion == pytest.approx(2, abs=0.25)
    assert found.level == pytest.approx(10, rel=0.12)


def test_empty_shelves_hide_what_the_days_around_them_show():
    share = np.ones(DAYS)
    share[100:107] = 0
    demand = np.where(share > 0, weekly(), 0)
    found = parts_of(demand, share=share)
    assert found.recovered.sum() == pytest.approx(70, rel=0.05)
    assert found.recovered[:100].sum() == 0


def test_before_it_was_on_sale_nothing_was_hidden():
    share = np.ones(DAYS)
    share[:50] = 0
    found = parts_of(np.where(share > 0, weekly(), 0), share=share)
    assert found.recovered.sum() == 0


def test_demand_that_doubled_shows_its_change():
    found = parts_of(np.where(np.arange(DAYS) < DAYS - 40, weekly(5), weekly(10)))
    assert found.level[0] == pytest.approx(5, rel=0.05) and found.level[-1] == pytest.approx(10, rel=0.05)


def test_two_years_show_the_months():
    days = 730
    months = np.arange(days) // 30.5 % 12 + 1
    demand = np.where(months == 12, 20.0, 10.0)
    found = take_apart(demand, np.ones(days), np.zeros(days), 0, months)
    assert found.year.argmax() == 11 and found.year.mean() == pytest.approx(1)


def test_a_sku_that_never_sold():
    found = parts_of(NOTHING)
    assert (found.level == 0).all() and found.change is None and found.recovered.sum() == 0
