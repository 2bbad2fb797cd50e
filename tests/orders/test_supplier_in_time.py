"""A supplier whose calendar keeps the goods away is passed over where another brings them before the shelf is empty.

Acme is asked first and promises 2 days, Best 3, for little more; tea sells 2 a day. 10 March 2026 is a Tuesday, day 0.
What that may cost is looked at in test_turn.py and test_turn_in_plans.py.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.domain.by_calendar import Calendars
from orders.domain.in_time import Coming, arrivals, gap_days, used_up
from orders.domain.in_time import is_kept_away as kept_away
from orders.models import Emergency, PolicyRule, PurchaseOrder, ReorderLevel, ReplenishmentProposal
from orders.services.emergency_decisions import approve_emergency
from orders.services.planning import check_reorder
from orders.views.reason_rows import reason_of
from suppliers.domain.calendar import HORIZON_DAYS, Calendar, Closure, mask_of
from suppliers.models import SupplierTerms
from suppliers.services.closures import add_closures
from suppliers.services.suppliers import update_supplier
from tests.orders.conftest import NOW, TODAY, add_stock, make_terms
from tests.orders.test_emergencies import make_tea_late

FOUR_WEEKS = (TODAY, TODAY + timedelta(days=27))


@pytest.mark.parametrize(
    ("units", "day"),
    [(0, 0), (-3, 0), (1, 0), (2, 0), (3, 1), (4, 1), (6, 2), (7, 3), (10, 4), (11, 5), (10_000, HORIZON_DAYS)],
)
def test_a_shelf_is_used_up_on_the_day_on_which_the_demand_so_far_reaches_the_stock(units, day):
    """2 a day, and beyond the three days of the forecast as before."""
    assert used_up(np.full((1, 3), 2.0), np.array([float(units)])).tolist() == [day]


def test_a_shelf_of_what_nobody_asks_for_lasts():
    assert used_up(np.zeros((1, 3)), np.array([1.0])).tolist() == [HORIZON_DAYS]


def test_arrivals_follow_the_calendar_of_those_who_have_one():
    closed = Calendar(closures=(Closure("Feast", *FOUR_WEEKS),))
    thursdays = Calendar(order_days=mask_of([4]))
    known = Calendars({1: closed, 2: thursdays}, TODAY, NOW, "UTC")

    assert arrivals(known, [3, 1, 2, 1], [5, 2, 2, 0]) == [5, 30, 4, 28]
    assert arrivals(known, [3], [5]) == [5]


@pytest.mark.parametrize(
    ("coming", "empty_in", "gap", "is_kept_away"),
    [
        (Coming(30, 2), 30, 0, False),
        (Coming(30, 2), 29, 1, True),
        (Coming(30, 2), 0, 30, True),
        # What a usual lead time leaves empty is what a person chose; only a calendar changes that.
        (Coming(30, 30), 0, 30, False),
        (Coming(3, 3), 0, 3, False),
    ],
)
def test_a_calendar_keeps_goods_away_when_the_shelf_is_empty_for_longer_than_on_usual_days(
    coming, empty_in, gap, is_kept_away
):
    assert (gap_days(coming, empty_in), kept_away(coming, empty_in)) == (gap, is_kept_away)


def close(supplier, first, last):
    add_closures(supplier_id=supplier.pk, closures=[Closure("Feast", first, last)], actor=None, now=NOW)


@pytest.fixture
def two(firm):
    make_terms(firm.best, firm.tea, priority=2, pack_size=Decimal(6), price=Decimal("2.05"), promised_lead_time_days=3)
    return firm


def tea(firm):
    return ReplenishmentProposal.objects.get(sku=firm.tea, state="open")


def test_who_is_closed_for_four_weeks_is_passed_over_while_the_shelf_would_be_empty(two, plan):
    plan()
    assert tea(two).supplier == two.acme

    close(two.acme, *FOUR_WEEKS)
    plan()

    row = tea(two)
    assert (row.supplier, row.expected_on) == (two.best, TODAY + timedelta(days=3))
    # The days of Best are covered: 3 and a day until the next look.
    assert ReorderLevel.objects.get(sku=two.tea).protection_interval_days == 4
    rows = {line.label: (line.figure, line.origin) for line in reason_of(row.reason, "EUR").lines}
    assert rows["Not asked, since their calendar brings it too late"] == (
        "Acme", "it would come on Apr 9, and the shelf is expected to be empty on Mar 10"
    )  # fmt: skip
    assert rows["Bought from"] == ("Best", "the days in stock that asking them saves are worth more than they cost")


def test_a_check_between_two_nights_sees_it_too(two, plan):
    plan()
    close(two.acme, *FOUR_WEEKS)
    check_reorder(location_id=two.shop.pk, sku_ids=[two.tea.pk], now=NOW)
    assert tea(two).supplier == two.best


@pytest.mark.parametrize(("stock", "asked"), [(58, "BEST"), (60, "BEST"), (61, "ACME")])
def test_who_comes_before_the_shelf_is_empty_keeps_the_priority(two, plan, stock, asked):
    """Acme's goods come on day 30: 60 are used up on day 29, 61 on the day on which they come."""
    close(two.acme, *FOUR_WEEKS)
    add_stock(two.tea, two.shop, stock)
    plan()
    assert ReorderLevel.objects.get(sku=two.tea).supplier.code == asked


def test_what_is_already_coming_counts_as_the_shelf_does(two, plan):
    close(two.acme, *FOUR_WEEKS)
    order = PurchaseOrder.objects.create(
        number="PO-1", supplier=two.best, location=two.shop, state="sent", currency="EUR", total=1, ordered_on=TODAY,
        expected_on=TODAY, created_at=NOW,
    )  # fmt: skip
    order.lines.create(sku=two.tea, quantity=61, unit_price=3)
    plan()
    assert ReorderLevel.objects.get(sku=two.tea).supplier == two.acme


def test_an_order_day_that_comes_too_late_is_enough(two, plan):
    """Acme takes orders on Mondays: what is ordered now comes on day 8, Best's on day 3."""
    update_supplier(supplier_id=two.acme.pk, changes={"order_days": mask_of([1])}, actor=None, now=NOW)
    add_stock(two.tea, two.shop, 7)
    plan()
    assert tea(two).supplier == two.best


def test_before_the_closing_begins_they_are_asked_as_always(two, plan):
    close(two.acme, TODAY + timedelta(days=3), TODAY + timedelta(days=30))
    plan()
    assert tea(two).supplier == two.acme


def test_both_closed_for_the_same_days_changes_nothing(two, plan):
    SupplierTerms.objects.filter(supplier=two.best).update(promised_lead_time_days=2)
    close(two.acme, *FOUR_WEEKS)
    close(two.best, *FOUR_WEEKS)
    plan()
    assert tea(two).supplier == two.acme


def test_the_place_that_is_too_late_is_passed_over_among_those_with_shares_too(two, plan):
    SupplierTerms.objects.filter(sku=two.tea, supplier=two.acme).update(share_percent=70)
    SupplierTerms.objects.filter(sku=two.tea, supplier=two.best).update(share_percent=30)
    close(two.acme, *FOUR_WEEKS)
    plan()
    assert tea(two).supplier == two.best


def test_without_a_forecast_only_an_empty_shelf_is_known_to_be_empty(two, plan):
    make_terms(two.best, two.soap, priority=2, promised_lead_time_days=3)
    PolicyRule.objects.create(sku=two.soap, target="min_max", minimum=4, maximum=12)
    close(two.acme, *FOUR_WEEKS)
    plan()
    assert ReplenishmentProposal.objects.get(sku=two.soap).supplier == two.best

    add_stock(two.soap, two.shop, 1)
    plan()
    assert ReplenishmentProposal.objects.get(sku=two.soap, state="open").supplier == two.acme


def test_the_statements_of_a_plan_do_not_grow_with_those_who_are_late(two, plan):
    close(two.acme, *FOUR_WEEKS)
    plan()
    counts = []
    for skus in ((), (two.salt, two.soap)):
        for sku in skus:
            make_terms(two.best, sku, priority=2)
        with CaptureQueriesContext(connection) as queries:
            plan(now=NOW + timedelta(minutes=len(counts)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.fixture
def hurried(firm):
    """Tea runs out tomorrow, Acme takes 10 days; Best brings it by express in one."""
    return make_tea_late(firm)


def test_express_of_somebody_who_is_closed_comes_after_they_open(hurried, plan):
    close(hurried.best, TODAY, TODAY + timedelta(days=2))
    plan()
    assert Emergency.objects.get().expected_on == TODAY + timedelta(days=4)


def test_express_that_comes_no_sooner_than_the_delivery_is_no_way(hurried, plan):
    close(hurried.best, *FOUR_WEEKS)
    plan()
    assert not Emergency.objects.exists()


def test_express_goes_out_on_any_weekday(hurried, plan):
    update_supplier(
        supplier_id=hurried.best.pk, changes={"order_days": mask_of([4]), "delivery_days": mask_of([4])}, actor=None,
        now=NOW,
    )  # fmt: skip
    plan()
    assert Emergency.objects.get().expected_on == TODAY + timedelta(days=1)


def test_express_approved_after_their_hour_comes_a_day_later(hurried, plan):
    update_supplier(supplier_id=hurried.best.pk, changes={"cut_off": time(12)}, actor=None, now=NOW)
    plan()
    row = Emergency.objects.get()
    assert row.expected_on == date(2026, 3, 11)

    late = datetime(2026, 3, 10, 12, tzinfo=UTC)
    order = approve_emergency(emergency_id=row.pk, user=hurried.buyer, now=late).purchase_order
    assert order.expected_on == date(2026, 3, 12)
