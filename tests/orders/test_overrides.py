"""Overrides from the planner's word to the quantity that is ordered."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from config.replanning import REPLAN
from forecasting.models import ForecastOverride
from forecasting.selectors.overrides import Level, reach_of
from forecasting.selectors.sums import load_sums
from forecasting.services.overrides import Change, end_override, make_override, spread_overrides
from jobs.models import JobState
from jobs.services.runner import run_inline
from orders.models import ReorderLevel
from tests.orders.conftest import AS_OF, NOW, TODAY, foresee, make_run

pytestmark = pytest.mark.django_db


def say(firm, percent=None, quantity=None, days=28, first=TODAY, now=NOW, expires_on=None, **level):
    percent, quantity = (None if value is None else Decimal(value) for value in (percent, quantity))
    change = Change(first, first + timedelta(days=days - 1), percent, quantity, expires_on)
    return make_override(level=Level(**level), change=change, reason="festival", actor=firm.buyer, now=now)


def means(firm, place=None):
    """Expected units a day of tea, salt and soap on the first day."""
    return [round(float(row[0]), 3) for row in load_sums(firm.run.pk, (place or firm.shop).pk).mean][:2]


def test_a_percentage_reaches_what_replenishment_reads(firm, plan):
    plan()
    before = ReorderLevel.objects.get(sku=firm.tea).order_up_to_level
    say(firm, percent=100, sku_id=firm.tea.pk)
    assert means(firm) == [4.0, 1.0]
    plan()
    after = ReorderLevel.objects.get(sku=firm.tea)
    assert after.order_up_to_level > before and after.mean_daily_demand == pytest.approx(4)


def test_a_quantity_is_spread_in_proportion_to_the_forecast(firm):
    # Tea 2 and salt 1 a day: 21 in a week. 42 are expected instead.
    say(firm, quantity=42, days=7, category_id=firm.category.pk, location_id=firm.shop.pk)
    assert means(firm) == [4.0, 2.0]
    assert reach_of(Level(category_id=firm.category.pk), TODAY, TODAY + timedelta(days=6)).units == pytest.approx(21)


def test_over_all_stores_it_is_spread_over_all_of_them(firm):
    foresee(firm.run, firm.tea, firm.other, 2.0)
    say(firm, quantity=56, days=7, sku_id=firm.tea.pk)
    assert means(firm)[0] == means(firm, firm.other)[0] == 4.0


def test_of_a_period_beyond_the_horizon_only_the_reached_part_is_spread(firm):
    # 28 of 56 days are in reach: half of the units, 56, over 56 expected.
    row = say(firm, quantity=112, days=56, sku_id=firm.tea.pk)
    assert row.factor == pytest.approx(1.0)


def test_a_new_forecast_spreads_it_anew(firm):
    row = say(firm, quantity=28, days=7, sku_id=firm.tea.pk)
    assert row.factor == pytest.approx(2.0)
    run = make_run(as_of=AS_OF + timedelta(days=1))
    foresee(run, firm.tea, firm.shop, 4.0)
    assert spread_overrides(today=TODAY) == 1
    row.refresh_from_db()
    # Six days are left of seven, and 24 units are expected in them.
    assert row.factor == pytest.approx(1.0)


def test_of_days_that_are_over_it_keeps_what_was_last_said(firm):
    """It is scored by it when the week closes, also where replenishment looked once more on the day after."""
    row = say(firm, quantity=28, days=7, sku_id=firm.tea.pk)
    last = TODAY + timedelta(days=6)
    foresee(make_run(as_of=last), firm.tea, firm.shop, 4.0)
    assert spread_overrides(today=last) == 1
    row.refresh_from_db()
    assert row.factor == pytest.approx(2.0)


def test_out_of_reach_it_waits(firm):
    row = say(firm, quantity=10, first=TODAY + timedelta(days=60), days=2, sku_id=firm.tea.pk)
    assert row.factor is None and means(firm) == [2.0, 1.0]


def test_ended_or_expired_it_counts_no_longer(firm):
    row = say(firm, percent=50, sku_id=firm.tea.pk)
    say(firm, percent=50, sku_id=firm.salt.pk, expires_on=TODAY)
    end_override(override_id=row.pk, actor=firm.buyer, now=NOW)
    end_override(override_id=row.pk, actor=None, now=NOW + timedelta(days=1))
    assert ForecastOverride.objects.get(pk=row.pk).ended_by == firm.buyer
    assert means(firm) == [2.0, 1.5]
    sums = load_sums(firm.run.pk, firm.shop.pk)
    assert sums.mean[1, 1] == 1.0


def test_an_unforeseen_sku_stays_unforeseen(firm):
    say(firm, percent=50, location_id=firm.shop.pk)
    sums = load_sums(firm.run.pk, firm.shop.pk)
    assert sums.is_known.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"percent": 10}, "location"),
        ({"percent": 10, "sku_id": 1, "category_id": 1}, "category"),
        ({"percent": -101, "location_id": 1}, "percent"),
        ({"percent": 1001, "location_id": 1}, "percent"),
        ({"percent": 1, "quantity": 1, "location_id": 1}, "percent"),
        ({"location_id": 1}, "percent"),
        ({"quantity": -1, "location_id": 1}, "quantity"),
        ({"percent": 1, "days": 0, "location_id": 1}, "ends_on"),
        ({"percent": 1, "days": 367, "location_id": 1}, "ends_on"),
        ({"percent": 1, "first": TODAY - timedelta(days=1), "location_id": 1}, "starts_on"),
        ({"percent": 1, "expires_on": TODAY + timedelta(days=40), "location_id": 1}, "expires_on"),
        ({"percent": 1, "expires_on": TODAY - timedelta(days=1), "location_id": 1}, "expires_on"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(firm, wrong, field):
    names = {"sku_id": firm.tea.pk, "category_id": firm.category.pk, "location_id": firm.shop.pk}
    with pytest.raises(InvalidInput) as refusal:
        say(firm, **{name: names.get(name, value) for name, value in wrong.items()})
    assert field in {detail["field"] for detail in refusal.value.details}
    assert not ForecastOverride.objects.exists()


def test_of_a_period_that_is_over_only_its_days_are_refused(firm):
    with pytest.raises(InvalidInput) as refusal:
        say(firm, percent=1, first=TODAY - timedelta(days=9), days=5, location_id=firm.shop.pk)
    assert [detail["field"] for detail in refusal.value.details] == ["starts_on"]


def test_units_cannot_be_spread_over_nothing(firm):
    foresee(firm.run, firm.tea, firm.shop, 0.0)
    with pytest.raises(InvalidInput, match="no proportion"):
        say(firm, quantity=10, sku_id=firm.tea.pk)


def test_it_is_planned_between_two_nights_and_once(firm, plan):
    plan()
    row = say(firm, percent=100, sku_id=firm.tea.pk, now=NOW + timedelta(minutes=1))
    (slot,) = REPLAN.due_slots(NOW)
    run = run_inline(job=REPLAN, slot=slot, clock=lambda: NOW + timedelta(minutes=2))
    assert run.state == JobState.DONE, run.error
    row.refresh_from_db()
    assert row.planned_at is not None
    assert ReorderLevel.objects.get(sku=firm.tea).mean_daily_demand == pytest.approx(4)
    assert REPLAN.due_slots(NOW) == []
