"""An order line says on which day the last of it came, whoever writes the receipt."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from orders.errors import OverReceipt
from orders.models import PurchaseOrderLine, Receipt, ReceiptLine
from orders.services.receipts import receive_order
from tests.orders.conftest import NOW, TODAY, sent_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(firm):
    return sent_order(firm)


def receive(order, sku, quantity, days):
    line = order.lines.get(sku=sku)
    receive_order(
        order_id=order.pk, key=f"r{days}", user=None, now=NOW + timedelta(days), quantities={line.pk: Decimal(quantity)}
    )


def arrivals(order):
    """Days after TODAY by code; None where nothing came."""
    days = order.lines.values_list("sku__code", "arrived_on")
    return {code: day and (day - TODAY).days for code, day in days}


def test_it_is_the_day_of_the_last_receipt_that_brought_some(firm, order):
    assert arrivals(order) == {firm.salt.code: None, firm.tea.code: None}
    receive(order, firm.tea, 4, days=2)
    assert arrivals(order) == {firm.salt.code: None, firm.tea.code: 2}
    receive(order, firm.tea, 6, days=5)
    receive(order, firm.salt, 1, days=3)
    assert arrivals(order) == {firm.salt.code: 3, firm.tea.code: 5}


def test_a_receipt_that_is_refused_leaves_no_day(firm, order):
    with pytest.raises(OverReceipt):
        receive(order, firm.tea, 40, days=2)
    assert arrivals(order)[firm.tea.code] is None


def test_a_receipt_of_an_earlier_day_that_is_written_later_does_not_take_it_back(firm, order):
    receive(order, firm.tea, 4, days=5)
    receive(order, firm.tea, 1, days=2)
    assert arrivals(order)[firm.tea.code] == 5


def test_the_day_is_that_of_the_place(firm, order):
    firm.shop.time_zone = "Asia/Shanghai"
    firm.shop.save()
    line = order.lines.get(sku=firm.tea)
    receipt = Receipt.objects.create(order=order, key="r", received_at=datetime(2026, 3, 12, 20, tzinfo=UTC))
    ReceiptLine.objects.create(receipt=receipt, order_line=line, quantity=1)
    assert arrivals(order)[firm.tea.code] == 3  # 13 March, four in the morning


def test_lines_that_came_before_the_day_was_kept_are_filled_in(firm, order):
    receive(order, firm.tea, 4, days=2)
    receive(order, firm.tea, 4, days=4)
    PurchaseOrderLine.objects.update(arrived_on=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("orders.migrations.0026_arrival_of_lines").FILL, [0, order.pk])
    assert arrivals(order) == {firm.salt.code: None, firm.tea.code: 4}
