"""The database itself keeps the promise of a reservation, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.services.issuing import issue_reservation
from inventory.services.reservations import release_reservation
from tests.inventory.holding import hold


@pytest.fixture
def rows(firm, stock, tools):
    """`open` has two of five handed over, `closed` is released."""
    stock(firm.apple, firm.shop, 10)
    (opened,) = hold(firm.shop, (firm.apple, 5), now=tools.NOW)
    (closed,) = hold(firm.shop, (firm.apple, 1), now=tools.NOW)
    quantity = tools.line(firm.apple, firm.shop, firm.other, 2).quantity
    issue_reservation(reservation_id=opened.pk, quantity=quantity, key=None, user=None, now=tools.NOW)
    release_reservation(reservation_id=closed.pk, user=None, now=tools.NOW)
    return {"open": opened.pk, "closed": closed.pk}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inventory_reservation SET issued = 6 WHERE id = %(open)s",
        "UPDATE inventory_reservation SET issued = 1 WHERE id = %(open)s",
        "UPDATE inventory_reservation SET issued = -1 WHERE id = %(open)s",
        "UPDATE inventory_reservation SET quantity = 9 WHERE id = %(open)s",
        "UPDATE inventory_reservation SET sku_id = sku_id + 1 WHERE id = %(open)s",
        "UPDATE inventory_reservation SET key = 'other' WHERE id = %(open)s",
        "UPDATE inventory_reservation SET state = 'issued', closed_at = now() WHERE id = %(open)s",
        "UPDATE inventory_reservation SET state = 'expired', closed_at = now() WHERE id = %(open)s",
        "UPDATE inventory_reservation SET state = 'released' WHERE id = %(open)s",
        "UPDATE inventory_reservation SET state = 'lost', closed_at = now() WHERE id = %(open)s",
        "UPDATE inventory_reservation SET state = 'pending', closed_at = NULL WHERE id = %(closed)s",
        "UPDATE inventory_reservation SET reference = 'me' WHERE id = %(closed)s",
        "DELETE FROM inventory_reservation WHERE id = %(open)s",
        "TRUNCATE inventory_reservation CASCADE",
        "UPDATE inventory_reservationevent SET change = 1",
        "DELETE FROM inventory_reservationevent",
        "TRUNCATE inventory_reservationevent",
        "UPDATE inventory_stocklevel SET reserved = -1 WHERE reserved > 0",
        "UPDATE inventory_stocklevel SET reserved = on_hand + 1 WHERE reserved > 0",
    ],
)
def test_it_refuses(rows, change):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(change, rows)


def test_what_may_change_does(rows):
    """Shows that the test above can fail."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_reservation SET expires_at = now() WHERE id = %(open)s", rows)
        assert cursor.rowcount == 1
