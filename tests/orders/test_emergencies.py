"""An emergency: the shelf is empty before the ordinary delivery comes, and something costs less than waiting.

Tea: 2 a day, 3.00 less 2.00 a unit, 4 on the shelf, Acme takes 10 days. Best takes 1 day by express at 25 % more.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inventory.models import Listing, Transfer
from orders.models import Emergency, EmergencySettings, PolicyRule, PurchaseOrder, ReorderLevel, ReplenishmentProposal
from orders.services.planning import check_reorder
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, TODAY, add_stock, foresee, make_terms, take_stock


def make_tea_late(firm):
    """Not yet planned."""
    SupplierTerms.objects.filter(supplier=firm.acme, sku=firm.tea).update(promised_lead_time_days=10)
    make_terms(
        firm.best, firm.tea, priority=2, pack_size=4, express_lead_time_days=1, express_premium_percent=Decimal(25)
    )
    EmergencySettings.objects.create(pk=1, transfer_cost=2, least_saving=1)
    add_stock(firm.tea, firm.shop, 4)
    add_stock(firm.salt, firm.shop, 100)
    return firm


@pytest.fixture
def late_tea(firm):
    return make_tea_late(firm)


def give_stock(firm, place, units, per_day=1.0):
    Listing.objects.create(sku=firm.tea, location=place, listed_on=date(2026, 1, 1))
    foresee(firm.run, firm.tea, place, per_day)
    add_stock(firm.tea, place, units)


def test_express_is_recommended_where_its_premium_costs_less_than_the_stockout(late_tea, plan):
    plan()

    row = Emergency.objects.get()
    assert (row.state, row.kind, row.supplier_id, row.sku_id) == ("open", "express", late_tea.best.pk, late_tea.tea.pk)
    assert row.runs_out_on == TODAY + timedelta(days=1)
    assert row.relief_on == TODAY + timedelta(days=10)
    assert row.expected_on == TODAY + timedelta(days=1)
    assert row.quantity % 4 == 0 and 12 <= row.quantity <= 28
    best, waiting = row.ways
    assert best["kind"] == "express" and waiting["kind"] == "wait"
    # 25 % of 2.00 for each unit; 20 are asked for in 10 days and 4 are there, each lost one costs its margin of 1.00.
    assert Decimal(best["own_cost"]) == row.quantity * Decimal("0.50")
    assert Decimal("15.5") < row.stockout_cost < Decimal(17)
    assert row.saving == row.stockout_cost - sum(Decimal(best[name]) for name in ("own_cost", "lost_cost"))


def test_a_premium_above_the_margin_is_not_worth_it(late_tea, plan):
    SupplierTerms.objects.filter(supplier=late_tea.best).update(express_premium_percent=60)
    plan()

    assert not Emergency.objects.exists()


def test_a_disappointed_customer_can_make_it_worth_it(late_tea, plan):
    SupplierTerms.objects.filter(supplier=late_tea.best).update(express_premium_percent=60)
    PolicyRule.objects.create(sku=late_tea.tea, disappointment=2)
    plan()

    assert Emergency.objects.get().stockout_cost > 45
    codes = [line[0] for line in Emergency.objects.get().reason["lines"]]
    assert codes == [
        "available", "daily_demand", "runs_out_on", "relief_on", "lost_units", "lost_margin", "disappointed",
        "stockout_cost",
    ]  # fmt: skip


def test_a_currency_without_a_rate_cannot_be_compared(late_tea, plan):
    late_tea.best.currency = "CHF"
    late_tea.best.save()
    plan()

    assert not Emergency.objects.exists()


def test_nothing_is_an_emergency_when_the_ordinary_delivery_comes_in_time(late_tea, plan):
    add_stock(late_tea.tea, late_tea.shop, 40)
    plan()

    assert not Emergency.objects.exists()


def test_less_than_the_least_saving_calls_nobody(late_tea, plan):
    EmergencySettings.objects.update(least_saving=15)
    plan()

    assert not Emergency.objects.exists()


def test_another_place_gives_down_to_its_reorder_point_and_no_further(late_tea, plan):
    SupplierTerms.objects.filter(supplier=late_tea.best).update(express_lead_time_days=None)
    give_stock(late_tea, late_tea.other, 20)
    plan(late_tea.other)
    plan()

    row = Emergency.objects.get()
    assert (row.kind, row.source_id, row.expected_on) == ("transfer", late_tea.other.pk, TODAY + timedelta(days=1))
    point = ReorderLevel.objects.get(location=late_tea.other, sku=late_tea.tea).reorder_point
    assert 0 < row.quantity <= 20 - point
    assert row.ways[0]["own_cost"] == "2.00"


def test_a_place_at_its_reorder_point_is_not_robbed(late_tea, plan):
    SupplierTerms.objects.filter(supplier=late_tea.best).update(express_lead_time_days=None)
    give_stock(late_tea, late_tea.other, 14)
    plan(late_tea.other)
    plan()

    assert not Emergency.objects.exists()


def test_a_second_look_updates_the_one_that_is_open_and_one_that_vanished_is_withdrawn(late_tea, plan):
    plan()
    before = Emergency.objects.get()
    plan()
    assert Emergency.objects.get().updated_at == before.updated_at

    take_stock(late_tea.tea, late_tea.shop, 2)
    later = NOW + timedelta(hours=2)
    check_reorder(location_id=late_tea.shop.pk, sku_ids=[late_tea.tea.pk], now=later)
    after = Emergency.objects.get()
    assert (after.pk, after.updated_at) == (before.pk, later)
    assert after.stockout_cost > before.stockout_cost

    add_stock(late_tea.tea, late_tea.shop, 60)
    check_reorder(location_id=late_tea.shop.pk, sku_ids=[late_tea.tea.pk], now=later)
    assert Emergency.objects.get().state == "withdrawn"


def test_a_check_of_other_skus_leaves_it_alone(late_tea, plan):
    plan()
    check_reorder(location_id=late_tea.shop.pk, sku_ids=[late_tea.salt.pk], now=NOW)

    assert Emergency.objects.get().state == "open"


def test_what_was_ordered_but_comes_too_late_is_an_emergency_too(late_tea, plan):
    plan()
    Emergency.objects.all().delete()
    order = PurchaseOrder.objects.create(
        number="PO-1", supplier=late_tea.acme, location=late_tea.shop, state="sent", currency="EUR", total=80,
        ordered_on=TODAY, expected_on=TODAY + timedelta(days=8), created_at=NOW,
    )  # fmt: skip
    order.lines.create(sku=late_tea.tea, quantity=60, unit_price=2)
    plan()

    assert not ReplenishmentProposal.objects.filter(state="open", sku=late_tea.tea).exists()
    row = Emergency.objects.get()
    assert row.relief_on == TODAY + timedelta(days=8)
    assert row.quantity <= 20


def test_a_late_delivery_is_not_counted_on_for_tomorrow(late_tea, plan):
    order = PurchaseOrder.objects.create(
        number="PO-1", supplier=late_tea.acme, location=late_tea.shop, state="sent", currency="EUR", total=80,
        ordered_on=TODAY - timedelta(days=20), expected_on=TODAY - timedelta(days=8), created_at=NOW,
    )  # fmt: skip
    order.lines.create(sku=late_tea.tea, quantity=60, unit_price=2)
    plan()

    assert Emergency.objects.get().relief_on == TODAY + timedelta(days=8)


def test_the_plan_reads_no_more_statements_for_more_emergencies(late_tea, plan, django_assert_max_num_queries):
    for number in range(5):
        sku = type(late_tea.tea).objects.create(
            code=f"more{number}", name="more", price=3, cost=2, created_at=NOW, category=late_tea.category
        )
        Listing.objects.create(sku=sku, location=late_tea.shop, listed_on=date(2026, 1, 1))
        foresee(late_tea.run, sku, late_tea.shop, 2.0)
        make_terms(late_tea.acme, sku, promised_lead_time_days=10, express_lead_time_days=1)
    with django_assert_max_num_queries(45):
        plan()

    assert Emergency.objects.count() == 6
    assert not Transfer.objects.exists()
