"""Why sales were lost: what was ordered and not there on the day on which somebody asked in vain."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards.selectors.stockouts_causes import Cause, loss_causes
from dashboards.selectors.stockouts_rates import Window
from inventory.models import ClosedDay, LostSale, Sku
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from suppliers.models import Supplier

DAY = date(2026, 10, 10)
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def lose(sku, place, day=DAY, units=2):
    LostSale.objects.create(
        sku=sku, location=place, quantity=units, unit_price=Decimal("2.50"), cause="refused", business_date=day,
        occurred_at=NOON + (day - DAY),
    )  # fmt: skip


def order(shop, ordered, due, came=None, state=OrderState.SENT, **line):
    """Days from DAY on; `came` is when all of it was received."""
    supplier, _made = Supplier.objects.get_or_create(code="acme", defaults={"name": "Acme", "currency": "USD"})
    made = PurchaseOrder.objects.create(
        number=f"PO-{PurchaseOrder.objects.count()}", supplier=supplier, location=shop.here, state=state, total=5,
        currency="USD", ordered_on=DAY + timedelta(ordered), expected_on=DAY + timedelta(due), created_at=NOON,
        cancelled_at=NOON if state == OrderState.CANCELLED else None,
    )  # fmt: skip
    fields = {"quantity": 5, "received": 0 if came is None else 5, **line}
    row = PurchaseOrderLine.objects.create(order=made, sku=shop.bread, unit_price=1, **fields)
    if came is not None:
        receipt = Receipt.objects.create(order=made, key=made.number, received_at=NOON + timedelta(came))
        ReceiptLine.objects.create(receipt=receipt, order_line=row, quantity=row.received)
    return made


@pytest.fixture
def found(shop):
    """found() is what is said of the ten days up to DAY at `here`."""
    return lambda: loss_causes(Window(DAY - timedelta(9), DAY, (shop.here.pk,)))


def causes(found):
    return {row.cause: row.loss.value for row in found().rows}


def test_without_any_order_nothing_was_on_order(shop, found):
    lose(shop.bread, shop.here)
    assert causes(found) == {Cause.NOT_ORDERED: Decimal("5.00")}


@pytest.mark.parametrize(
    ("days", "cause"),
    [
        ({"ordered": -5, "due": -1}, Cause.LATE),
        ({"ordered": -5, "due": -1, "came": 1, "state": OrderState.RECEIVED}, Cause.LATE),
        ({"ordered": -5, "due": 0}, Cause.TOO_LATE),
        ({"ordered": 0, "due": 3}, Cause.TOO_LATE),
        ({"ordered": -5, "due": 0, "came": 0, "state": OrderState.RECEIVED}, Cause.TOO_LATE),
        ({"ordered": 1, "due": 4}, Cause.NOT_ORDERED),
        ({"ordered": -5, "due": -2, "came": -1, "state": OrderState.RECEIVED}, Cause.NOT_ORDERED),
        ({"ordered": -5, "due": -1, "state": OrderState.CANCELLED}, Cause.NOT_ORDERED),
        ({"ordered": -5, "due": -1, "state": OrderState.DRAFT}, Cause.NOT_ORDERED),
        ({"ordered": -5, "due": -2, "is_closed": True, "state": OrderState.CLOSED}, Cause.NOT_ORDERED),
        ({"ordered": -500, "due": -490}, Cause.NOT_ORDERED),
    ],
)
def test_an_order_explains_the_days_on_which_it_was_under_way(shop, found, days, cause):
    lose(shop.bread, shop.here)
    order(shop, **days)
    assert list(causes(found)) == [cause]


def test_a_late_order_counts_before_one_that_is_in_time(shop, found):
    lose(shop.bread, shop.here)
    order(shop, ordered=-5, due=-1)
    order(shop, ordered=-1, due=5)
    assert list(causes(found)) == [Cause.LATE]


def test_a_transfer_is_under_way_like_an_order(shop, found):
    lose(shop.bread, shop.here)
    line = [GoodsLine(shop.bread.pk, Decimal(1))]
    sent = create_transfer(
        source=shop.there, destination=shop.here, lines=line, user=None, now=NOON - timedelta(2),
        expected_on=DAY - timedelta(1),
    )  # fmt: skip
    assert list(causes(found)) == [Cause.NOT_ORDERED]
    sent.state, sent.shipped_at = "shipped", NOON - timedelta(2)
    sent.save()
    assert list(causes(found)) == [Cause.LATE]


def test_the_causes_add_up_and_the_costliest_come_first(shop, found):
    lose(shop.bread, shop.here, units=1)
    lose(shop.bread, shop.here, day=DAY - timedelta(3), units=3)
    lose(shop.rice, shop.here, units=2)
    lose(shop.rice, shop.there, units=50)
    lose(shop.rice, shop.here, day=DAY - timedelta(10), units=50)
    order(shop, ordered=-1, due=5)
    assert causes(found) == {Cause.NOT_ORDERED: Decimal("12.50"), Cause.TOO_LATE: Decimal("2.50")}
    rows = [(row.sku_code, row.loss.units, row.days, row.cause) for row in found().costliest]
    assert rows == [("B1", 4, 2, Cause.NOT_ORDERED), ("R1", 2, 1, Cause.NOT_ORDERED)]


def test_the_page_says_why_what_and_where_to_go_on(shop, manager):
    lose(shop.bread, shop.here)
    ClosedDay.objects.create(location=shop.here, closed_through=DAY, closed_at=timezone.now())
    answer = manager.get(reverse("dashboards:stockouts") + f"?location={shop.here.pk}")
    text, report = answer.content.decode(), answer.context["report"]
    assert "Nothing was on order" in text and "See what is proposed" in text
    assert f"{reverse('dashboards:sku', args=[shop.bread.pk])}?location={shop.here.pk}" in text
    assert sum(row.loss.value for row in report.causes.rows) == report.loss.value == Decimal("5.00")


def test_all_of_it_is_one_query_however_much_was_lost(shop, found, django_assert_num_queries):
    for days in range(8):
        lose(shop.bread, shop.here, day=DAY - timedelta(days))
        order(shop, ordered=-days, due=1 - days)
    with django_assert_num_queries(1):
        assert sum(row.loss.units for row in found().rows) == 16


def test_of_skus_that_lost_the_same_the_first_by_code_are_shown(shop, found):
    for number in range(12):
        sku = Sku.objects.create(code=f"S{11 - number:02}", name="Thing", created_at=NOON)
        lose(sku, shop.here)
    assert [row.sku_code for row in found().costliest] == [f"S{number:02}" for number in range(10)]
