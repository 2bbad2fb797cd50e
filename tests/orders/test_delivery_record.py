"""On time in full and fill of a supplier, small enough to count by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from inventory.models import Location
from orders.models import PurchaseOrder, Receipt
from orders.selectors.delivery_record import delivery_record
from tests.orders.conftest import NOW, TODAY, make_sku, make_supplier

pytestmark = pytest.mark.django_db
SINCE = TODAY - timedelta(days=365)
DUE = date(2026, 3, 2)


@pytest.fixture
def world():
    shop = Location.objects.create(code="SHOP", name="Shop", kind="store", time_zone="Asia/Shanghai")
    return shop, make_supplier("ACME"), make_sku("tea")


def order(world, quantity, *arrivals, due=DUE, state="sent", price=2):
    """An order of one line; `arrivals` are (moment, units)."""
    shop, supplier, sku = world
    made = PurchaseOrder.objects.create(
        number=f"PO-{PurchaseOrder.objects.count()}", supplier=supplier, location=shop, state=state, currency="EUR",
        total=0, ordered_on=due - timedelta(days=5), expected_on=due, created_at=NOW,
        cancelled_at=NOW if state == "cancelled" else None,
    )  # fmt: skip
    units = sum(units for _, units in arrivals)
    line = made.lines.create(sku=sku, quantity=quantity, received=units, unit_price=price)
    for moment, units in arrivals:
        receipt = Receipt.objects.create(order=made, key=f"{made.number} {moment}", received_at=moment)
        receipt.lines.create(order_line=line, quantity=units)
    return line


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def record(world):
    return delivery_record(world[1].pk, since=SINCE, today=TODAY)


def counts(found):
    return found.lines, found.in_time_in_full, found.in_full


def test_a_line_is_on_time_until_the_end_of_its_day_at_the_place(world):
    order(world, 10, (at(DUE, 23), 10))
    order(world, 10, (at(DUE + timedelta(days=1), 0), 10))
    order(world, 10, (at(DUE), 6), (at(DUE + timedelta(days=3)), 4))
    order(world, 10, (at(DUE), 9))
    total = record(world).total
    assert counts(total) == (4, 1, 3)
    assert (total.otif, total.fill) == (0.25, Decimal(39) / 40)


def test_fill_is_by_value(world):
    order(world, 10, (at(DUE), 10), price=1)
    order(world, 10, price=9)
    assert record(world).total.fill == Decimal("0.1")


@pytest.mark.parametrize("state", ["draft", "awaiting_approval", "cancelled"])
def test_what_was_not_ordered_does_not_count(world, state):
    order(world, 10, state=state)
    assert record(world).total.lines == 0
    assert (record(world).total.otif, record(world).total.fill) == (None, None)


def test_what_is_not_due_yet_counts_only_when_it_is_whole(world):
    order(world, 10, due=TODAY)
    order(world, 10, (at(TODAY), 4), due=TODAY)
    order(world, 10, (at(TODAY), 10), due=TODAY + timedelta(days=4))
    order(world, 10, due=SINCE - timedelta(days=1))
    assert counts(record(world).total) == (1, 1, 1)


def test_the_day_we_asked_for_counts_and_not_the_one_they_named_later(world):
    line = order(world, 10, (at(DUE + timedelta(days=4)), 10))
    line.promised_on = DUE + timedelta(days=4)
    line.save()
    assert record(world).total.in_time_in_full == 0
    line.expected_on = DUE + timedelta(days=4)
    line.save()
    assert record(world).total.in_time_in_full == 1


def test_months_are_told_apart_and_other_suppliers_do_not_count(world):
    order(world, 10, (at(DUE), 10))
    order(world, 10, due=DUE - timedelta(days=10))
    order((world[0], make_supplier("BEST"), world[2]), 10)
    assert [(row.month, row.record.lines, row.record.otif) for row in record(world).months] == [
        (date(2026, 2, 1), 1, 0.0), (date(2026, 3, 1), 1, 1.0),
    ]  # fmt: skip
