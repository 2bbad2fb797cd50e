"""The stock list: search, filters, order, pages, and only one's own stores."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alerts.services.evaluate import evaluate_location
from inventory.models import Sku
from inventory.services.listings import list_skus
from orders.models import Outcome, ReorderLevel

STOCK = reverse("dashboards:stock")


def shown(client, **query):
    page = client.get(STOCK, query)
    assert page.status_code == 200
    return [(row.listing.sku.code, row.listing.location.code) for row in page.context["rows"]]


@pytest.fixture
def low_bread(shop):
    """The reorder point of bread at `here` lies above the 10 that are there."""
    level = ReorderLevel.objects.create(
        sku=shop.bread,
        location=shop.here,
        computed_on=timezone.now().date(),
        outcome=Outcome.ENOUGH,
        reorder_point=Decimal(12),
        order_up_to_level=Decimal(20),
        cycle_service_level=0.95,
        review_period_days=1,
        lot_days=7,
        lead_time_days=3,
        daily_mean=[2.0] * 28,
        lead_quantiles=[3, 4, 6, 8, 9, 10, 12],
    )
    evaluate_location(location_id=shop.here.pk, now=timezone.now())
    return level


def test_staff_see_their_own_store_only(staff):
    assert shown(staff) == [("B1", "HERE"), ("R1", "HERE")]


def test_what_is_out_stands_first(manager):
    assert shown(manager) == [("B1", "THERE"), ("R1", "THERE"), ("B1", "HERE"), ("R1", "HERE")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "long"}, ["R1"]),
        ({"q": "b1"}, ["B1"]),
        ({"q": "4012"}, ["B1"]),
        ({"q": "401"}, []),
        ({"sort": "-name"}, ["R1", "B1"]),
        ({"sort": "available"}, ["R1", "B1"]),
        ({"sort": "nonsense", "category": "x", "status": "?", "page": "0"}, ["B1", "R1"]),
        ({"category": "999999"}, []),
        ({"location": "999999"}, []),
    ],
)
def test_the_list_is_narrowed_and_ordered(staff, query, expected):
    assert [code for code, _place in shown(staff, **query)] == expected


def test_status_filters_agree_with_what_is_shown(manager, low_bread):
    assert shown(manager, status="low") == [("B1", "HERE")]
    assert shown(manager, status="out") == [("B1", "THERE"), ("R1", "THERE")]
    assert shown(manager, status="ok") == [("R1", "HERE")]


def test_the_status_in_the_row_is_that_of_the_filter(manager, low_bread):
    page = manager.get(STOCK, {"status": "low"})
    assert [row.risk.status for row in page.context["rows"]] == ["low"]


def test_another_store_cannot_be_asked_for(staff, shop):
    assert shown(staff, location=shop.there.pk) == []


def test_htmx_gets_the_table_alone(staff):
    page = staff.get(STOCK, headers={"HX-Request": "true"})
    assert b"<html" not in page.content
    assert b'id="stock"' in page.content


def test_the_number_of_queries_does_not_grow_with_the_rows(manager, shop):
    def queries():
        with CaptureQueriesContext(connection) as found:
            manager.get(STOCK)
        return len(found)

    few = queries()
    skus = [Sku.objects.create(code=f"N{n:03}", name=f"New {n}", created_at=timezone.now()) for n in range(60)]
    list_skus(
        sku_ids=[sku.pk for sku in skus],
        location_ids=[shop.here.pk],
        listed_on=timezone.now().date(),
        now=timezone.now(),
    )
    # A page that one tier fills asks the others for their number only.
    assert queries() <= few
