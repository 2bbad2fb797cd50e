"""A plan follows the calendar of the supplier: the order goes out on an order day, comes on a delivery day, and lasts
until the next one can come, over a closure where there is one.

Acme promises 2 days, tea sells 2 a day; 10 March 2026 is a Tuesday. Without a calendar the interval is 3 days.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from orders.domain.reasons import unpack_lines
from orders.models import PolicyRule, ReorderLevel, ReplenishmentProposal
from orders.services.decisions import approve_proposals
from suppliers.domain.calendar import Closure, mask_of
from suppliers.services.closures import add_closures
from suppliers.services.suppliers import update_supplier
from tests.orders.conftest import NOW, TODAY, add_stock

pytestmark = pytest.mark.django_db


def proposal(firm):
    return ReplenishmentProposal.objects.get(sku=firm.tea)


def level(firm):
    return ReorderLevel.objects.get(sku=firm.tea)


def reasons(firm):
    return {line.code: line for line in unpack_lines(proposal(firm).reason["lines"])}


def change(firm, **changes):
    update_supplier(supplier_id=firm.acme.pk, changes=changes, actor=None, now=NOW)


def close(firm, first, last, name="Chinese New Year"):
    add_closures(supplier_id=firm.acme.pk, closures=[Closure(name, first, last)], actor=None, now=NOW)


def test_an_order_day_a_week_makes_the_interval_reach_to_the_order_after(firm, plan):
    """Ordered on Thursday the 12th; the next goes out on the 19th and comes on the 21st, 11 days from today."""
    change(firm, order_days=mask_of([4]))
    plan()
    assert level(firm).protection_interval_days == 11
    assert proposal(firm).expected_on == date(2026, 3, 14)
    found = reasons(firm)
    assert [found[code].value for code in ("order_on", "arrives_on", "next_order_on")] == [
        "2026-03-12", "2026-03-14", "2026-03-19"
    ]  # fmt: skip
    assert found["order_on"].source == "calendar"
    assert found["protection_interval"].value == 11


def test_a_delivery_waits_for_the_delivery_day(firm, plan):
    change(firm, delivery_days=mask_of([1]))
    plan()
    assert proposal(firm).expected_on == date(2026, 3, 16)
    # What is ordered tomorrow comes on the same Monday.
    assert level(firm).protection_interval_days == 6


def test_before_a_closure_more_is_ordered_and_the_reason_names_it(firm, plan):
    plan()
    before = proposal(firm).quantity
    close(firm, TODAY + timedelta(days=1), TODAY + timedelta(days=14))
    plan()
    assert proposal(firm).quantity > before
    # Today's order is two open days from the shelf, and so is the next one, placed on the day that they open again.
    assert level(firm).protection_interval_days == 17
    found = reasons(firm)
    assert (found["closed"].value, found["closed"].source) == (
        "Chinese New Year (2026-03-11 – 2026-03-24)", "calendar"
    )  # fmt: skip
    assert found["closed_days"].value == 14


@pytest.mark.parametrize(("days", "covered", "left"), [(60, 60, None), (61, 60, 1), (180, 60, 120)])
def test_of_a_very_long_closure_two_months_are_covered_and_the_reason_says_so(firm, plan, days, covered, left):
    close(firm, TODAY + timedelta(days=1), TODAY + timedelta(days=days))
    plan()
    found = reasons(firm)
    assert level(firm).protection_interval_days == 3 + covered
    assert found["closed_days"].value == covered
    assert found.get("closed_longer", (0, None))[1] == left
    # 63 days at 2 a day, and a lot of a week; not half a year.
    assert 100 < proposal(firm).quantity < 200


def test_what_is_missed_while_they_are_closed_is_not_ordered_afterwards(firm, plan):
    """24 for three days and a lot; 20 days of closing at 2 a day are lost with an empty shelf, and the rest is bought
    of which the shelf serves a part."""
    plan()
    plain = proposal(firm).quantity
    close(firm, TODAY - timedelta(days=1), TODAY + timedelta(days=19))
    plan()
    assert level(firm).protection_interval_days == 23
    assert plain <= proposal(firm).quantity <= plain + 12
    found = reasons(firm)
    assert found["missed"].value == 40
    assert found["order_up_to_level"].value - found["position"].value - 40 == found["need"].value


def test_what_the_shelf_serves_while_they_are_closed_is_ordered_anew(firm, plan):
    close(firm, TODAY - timedelta(days=1), TODAY + timedelta(days=19))
    add_stock(firm.tea, firm.shop, 30)
    plan()
    found = reasons(firm)
    assert (found["position"].value, found["missed"].value) == (30, 10)


def test_levels_that_were_typed_are_filled_in_a_closure_too(firm, plan):
    close(firm, TODAY - timedelta(days=1), TODAY + timedelta(days=19))
    PolicyRule.objects.create(sku=firm.tea, target="min_max", minimum=4, maximum=12)
    plan()
    assert proposal(firm).quantity == 12


def test_who_is_closed_for_half_a_year_is_asked_for_no_more_than_usual(firm, plan):
    plan()
    plain = proposal(firm).quantity
    close(firm, TODAY - timedelta(days=1), TODAY + timedelta(days=170))
    plan()
    assert level(firm).protection_interval_days == 63
    assert proposal(firm).expected_on == TODAY + timedelta(days=173)
    assert plain <= proposal(firm).quantity <= plain + 24


def test_a_closure_beyond_the_interval_changes_nothing(firm, plan):
    plan()
    before = proposal(firm).quantity
    close(firm, TODAY + timedelta(days=4), TODAY + timedelta(days=14))
    plan()
    assert proposal(firm).quantity == before
    assert "closed" not in reasons(firm)


def test_the_day_before_it_would_be_too_late_is_seen(firm, plan):
    """Tomorrow's order would still be ready on the 13th; closed from that day on, it is not."""
    close(firm, TODAY + timedelta(days=3), TODAY + timedelta(days=14))
    plan()
    assert level(firm).protection_interval_days == 15
    assert reasons(firm)["closed_days"].value == 12


def test_after_the_cut_off_the_order_goes_out_tomorrow(firm, plan):
    change(firm, cut_off=time(10))
    plan()
    assert proposal(firm).expected_on == TODAY + timedelta(days=2)
    plan(now=datetime(2026, 3, 10, 10, 0, tzinfo=UTC))
    assert proposal(firm).expected_on == TODAY + timedelta(days=3)
    assert level(firm).protection_interval_days == 4


def test_a_plan_again_changes_nothing(firm, plan):
    change(firm, order_days=mask_of([4]))
    close(firm, TODAY + timedelta(days=1), TODAY + timedelta(days=14))
    plan()
    again = plan()
    assert (again.created, again.changed, again.withdrawn) == (0, 0, 0)


def test_the_number_of_statements_does_not_depend_on_the_suppliers(firm, plan, django_assert_max_num_queries):
    change(firm, order_days=mask_of([4]))
    with django_assert_max_num_queries(45):
        plan()


def test_what_is_approved_after_the_order_day_comes_a_week_later(firm, plan):
    """Proposed on Tuesday for Thursday and so for Saturday the 14th; approved on Friday it goes out on the 19th."""
    change(firm, order_days=mask_of([4]))
    plan()
    days = []
    for late, sku in ((0, firm.tea), (3, firm.salt)):
        wanted = ReplenishmentProposal.objects.get(sku=sku)
        approval = approve_proposals(proposal_ids=[wanted.pk], user=firm.buyer, now=NOW + timedelta(days=late))
        days.append(approval.orders[0].expected_on)
    assert days == [date(2026, 3, 14), date(2026, 3, 21)]


def by_hand(firm):
    """Soap has no forecast; 4 and 10 units are typed, and nothing lies there."""
    PolicyRule.objects.create(sku=firm.soap, target="min_max", minimum=4, maximum=10)


def test_a_minimum_without_a_forecast_is_ordered_and_comes_by_the_calendar(firm, plan):
    """Ordered on Thursday the 12th, ready on Saturday, brought on Monday the 16th; the next goes out on the 19th."""
    by_hand(firm)
    change(firm, order_days=mask_of([4]), delivery_days=mask_of([1]))
    plan()
    soap = ReplenishmentProposal.objects.get(sku=firm.soap)
    assert (soap.quantity, soap.expected_on) == (12, date(2026, 3, 16))
    found = {line.code: line.value for line in unpack_lines(soap.reason["lines"])}
    assert [found[code] for code in ("order_on", "arrives_on", "next_order_on")] == [
        "2026-03-12", "2026-03-16", "2026-03-19"
    ]  # fmt: skip
    assert ReorderLevel.objects.get(sku=firm.soap).lead_time_days == 6


def test_after_the_hour_a_minimum_without_a_forecast_goes_out_tomorrow(firm, plan):
    by_hand(firm)
    change(firm, cut_off=time(9), time_zone="UTC")
    plan(now=datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert ReplenishmentProposal.objects.get(sku=firm.soap).expected_on == TODAY + timedelta(days=3)


def test_without_a_calendar_a_minimum_comes_after_the_plain_lead_time(firm, plan):
    by_hand(firm)
    plan()
    assert ReplenishmentProposal.objects.get(sku=firm.soap).expected_on == TODAY + timedelta(days=2)
