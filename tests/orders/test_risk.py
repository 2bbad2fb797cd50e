"""The risk of each listing: status, cover, the day it runs out, the next delivery, and the money at stake.

Tea sells 2 a day; its reorder point is 10; a delivery ordered today comes in 2 days; the margin is 1 a unit.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Listing, Sku
from orders.domain.risk import RiskStatus
from orders.models import PurchaseOrderLine, ReplenishmentProposal
from orders.selectors.risk import at_risk, load_risk
from orders.services.decisions import approve_proposals
from tests.orders.conftest import NOW, TODAY, add_stock, foresee, make_sku, make_terms

pytestmark = pytest.mark.django_db


def risk(firm, sku=None, today=TODAY):
    rows = load_risk(location_ids=[firm.shop.pk], today=today, sku_ids=[(sku or firm.tea).pk])
    return rows[0] if rows else None


def order_all(firm):
    ids = ReplenishmentProposal.objects.filter(state="open").values_list("pk", flat=True)
    return approve_proposals(proposal_ids=list(ids), user=None, now=NOW)


@pytest.mark.parametrize(("on_hand", "status"), [(0, "out"), (1, "low"), (10, "low"), (11, "ok")])
def test_status_follows_from_stock_and_reorder_point(firm, plan, on_hand, status):
    if on_hand:
        add_stock(firm.tea, firm.shop, on_hand)
    plan()
    assert risk(firm).status == status


def test_cover_and_the_day_it_runs_out(firm, plan):
    add_stock(firm.tea, firm.shop, 7)
    plan()
    row = risk(firm)
    assert row.days_of_cover == pytest.approx(3.5)
    assert row.projected_out_on == TODAY + timedelta(days=3)
    assert (row.next_delivery_on, row.is_ordered) == (TODAY + timedelta(days=2), False)
    assert (row.available, row.position, row.reorder_point) == (7, 7, 10)


def test_money_at_stake_is_the_margin_of_what_is_asked_for_in_vain(firm, plan):
    plan()
    empty = risk(firm)
    # Nothing there for two days of Poisson(4): about four units at a margin of 1 each.
    assert empty.value_at_risk == pytest.approx(Decimal(4), abs=Decimal("0.4"))
    add_stock(firm.tea, firm.shop, 12)
    assert risk(firm).value_at_risk < Decimal("0.05")


def test_ordered_but_too_late_is_projected(firm, plan):
    add_stock(firm.tea, firm.shop, 3)
    plan()
    order_all(firm)
    PurchaseOrderLine.objects.update(expected_on=TODAY + timedelta(days=5))
    row = risk(firm)
    assert (row.status, row.on_order, row.is_ordered) == (RiskStatus.PROJECTED, 24, True)
    assert row.projected_out_on == TODAY + timedelta(days=1)
    assert row.next_delivery_on == TODAY + timedelta(days=5)


def test_a_late_order_is_said_to_be_late(firm, plan):
    add_stock(firm.tea, firm.shop, 9)
    plan()
    order_all(firm)
    row = risk(firm, today=TODAY + timedelta(days=3))
    assert row.is_late
    assert row.next_delivery_on == TODAY + timedelta(days=4)


def test_without_a_forecast_only_an_empty_shelf_is_a_risk(firm, plan):
    plan()
    assert risk(firm, firm.soap).status == RiskStatus.OUT
    add_stock(firm.soap, firm.shop, 1)
    row = risk(firm, firm.soap)
    assert (row.status, row.reorder_point, row.days_of_cover, row.outcome) == ("ok", None, None, "no_forecast")


def test_before_the_first_night_there_is_only_the_stock(firm):
    row = risk(firm)
    assert (row.status, row.outcome, row.value_at_risk, row.next_delivery_on) == ("out", "", 0, None)


def test_no_demand_means_no_date(firm, plan):
    foresee(firm.run, firm.tea, firm.shop, 0.0)
    add_stock(firm.tea, firm.shop, 5)
    plan()
    row = risk(firm)
    assert (row.status, row.days_of_cover, row.projected_out_on, row.value_at_risk) == ("ok", None, None, 0)


def test_what_is_not_on_sale_has_no_row(firm, plan):
    Listing.objects.filter(sku=firm.tea).update(delisted_on=TODAY)
    assert risk(firm) is None
    Sku.objects.filter(pk=firm.salt.pk).update(is_active=False)
    assert risk(firm, firm.salt) is None


def test_the_most_money_comes_first_and_ok_is_left_out(firm, plan):
    add_stock(firm.salt, firm.shop, 100)
    add_stock(firm.soap, firm.shop, 1)
    plan()
    rows = load_risk(location_ids=[firm.shop.pk, firm.other.pk], today=TODAY)
    assert rows[0].sku_code == "tea"
    assert [row.sku_code for row in at_risk(rows)] == ["tea"]


def test_four_statements_for_any_number_of_listings(firm, plan):
    for number in range(30):
        sku = make_sku(f"x{number}")
        Listing.objects.create(sku=sku, location=firm.shop, listed_on=TODAY)
        make_terms(firm.acme, sku)
        foresee(firm.run, sku, firm.shop, 1.0)
    plan()
    with CaptureQueriesContext(connection) as queries:
        assert len(load_risk(location_ids=[firm.shop.pk], today=TODAY)) == 33
    assert len(queries) == 4


def test_money_is_counted_where_the_customers_are(firm, plan):
    Listing.objects.create(sku=firm.tea, location=firm.depot, listed_on=TODAY)
    foresee(firm.run, firm.tea, firm.depot, 2.0)
    plan(firm.depot)
    (row,) = load_risk(location_ids=[firm.depot.pk], today=TODAY)
    assert (row.status, row.value_at_risk) == ("out", 0)
    assert row.expected_lost_units > 3
