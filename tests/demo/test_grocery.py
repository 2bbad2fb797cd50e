"""The committed sales are small, whole, and keep their weekdays when laid under another year."""

from datetime import date, timedelta

import numpy as np
import pytest

from demo.domain.grocery import CYCLE, FIRST_WEEKDAY, hour_shares, source_day, source_days
from demo.selectors import DATA, load_grocery


def test_the_data_file_is_small():
    assert (DATA / "grocery.npz").stat().st_size <= 2_000_000


def test_shapes_and_names():
    grocery = load_grocery()
    assert grocery.units.shape == (300, 6, 365)
    assert grocery.price_cents.shape == (300, 53)
    assert grocery.promotion_percent.shape == (300, 6, 53)
    assert len({sku.name for sku in grocery.skus}) == len({sku.code for sku in grocery.skus}) == 300
    assert (grocery.price_cents > 0).all()
    assert grocery.promotion_percent.max() <= 100


def test_shops_have_the_same_volume_and_many_series_sell_on_most_days():
    units = load_grocery().units
    by_shop = units.sum(axis=(0, 2))
    assert by_shop.max() - by_shop.min() <= 10
    assert ((units > 0).sum(axis=2) > 182).mean() > 0.3


@pytest.mark.parametrize("last_day", [date(2017, 12, 31), date(2024, 2, 29), date(2026, 1, 1), date(2026, 11, 21)])
def test_every_replayed_day_has_the_weekday_of_its_source(last_day):
    days = source_days(last_day)
    assert len(days) == 365
    assert days.min() >= 1 and days.max() <= CYCLE
    for back in range(365):
        day = last_day - timedelta(days=back)
        assert (days[-1 - back] + FIRST_WEEKDAY) % 7 == day.weekday()


def test_the_season_is_kept_within_half_a_week():
    for month in range(1, 13):
        day = date(2026, month, 15)
        assert abs(source_day(day) - (day.timetuple().tm_yday - 1)) <= 3


def test_shops_are_shut_at_night():
    shares = hour_shares(load_grocery())
    assert np.allclose(shares.sum(axis=1), 1)
    assert shares[:, :8].sum() == shares[:, 22:].sum() == 0
