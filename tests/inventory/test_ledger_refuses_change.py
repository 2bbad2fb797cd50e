"""The database keeps the ledger as it was written, and stock above zero, against raw SQL too."""

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.models import Location, Movement, Reason, StockLevel


@pytest.fixture
def run(firm, stock):
    stock(firm.apple, firm.shop, 10)

    def execute(sql, *arguments):
        with transaction.atomic(), connection.cursor() as cursor:
            # TRUNCATE would otherwise stumble over the checks that wait for the end of the transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql, arguments)

    return execute


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_movement SET quantity = 1",
        "UPDATE inventory_movement SET line = line",
        "DELETE FROM inventory_movement",
        "TRUNCATE inventory_movement",
        "TRUNCATE inventory_sku CASCADE",
        "UPDATE inventory_posting SET note = 'x'",
        "DELETE FROM inventory_posting",
        "TRUNCATE inventory_posting CASCADE",
    ],
)
def test_the_ledger_cannot_be_changed(run, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        run(sql)
    assert Movement.objects.get().quantity == 10


def test_the_orm_cannot_change_it_either(run):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Movement.objects.update(quantity=1)


@pytest.mark.parametrize(
    ("assignment", "constraint"),
    [
        # Either of the two says it: the database names the first it looks at.
        ("on_hand = -0.001", "not_negative|held_within_on_hand"),
        ("reserved = -1", "reserved_not_negative"),
        ("reserved = 11", "reserved_within_on_hand"),
    ],
)
def test_levels_keep_their_promises(run, assignment, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        run(f"UPDATE inventory_stocklevel SET {assignment} WHERE on_hand > 0")
    assert StockLevel.objects.get(on_hand__gt=0).on_hand == 10


@pytest.mark.parametrize(
    ("assignment", "constraint"),
    [
        ("0, source_id, destination_id, 'sale'", "quantity_positive"),
        ("1, source_id, source_id, 'sale'", "goes_somewhere"),
        ("1, source_id, destination_id, 'gift'", "kind_known"),
    ],
)
def test_movements_keep_their_promises(run, assignment, constraint):
    columns = "posting_id, line, sku_id, occurred_at, business_date, quantity, source_id, destination_id, kind"
    copied = f"posting_id, line + 1, sku_id, occurred_at, business_date, {assignment}"
    with pytest.raises(IntegrityError, match=constraint):
        run(f"INSERT INTO inventory_movement ({columns}) SELECT {copied} FROM inventory_movement")


def test_there_is_one_level_per_sku_and_place(run):
    columns = "sku_id, location_id, on_hand, reserved, may_go_negative, updated_at"
    with pytest.raises(IntegrityError, match="one_per_place"):
        run(f"INSERT INTO inventory_stocklevel ({columns}) SELECT {columns} FROM inventory_stocklevel")


@pytest.mark.django_db
def test_the_counterparts_and_reasons_exist_from_the_start():
    codes = {"SUPPLIERS", "CUSTOMERS", "LOSS", "PRODUCTION", "IN-TRANSIT"}
    assert set(Location.objects.values_list("code", flat=True)) == codes
    assert set(Reason.objects.values_list("code", flat=True)) == {
        "damage",
        "theft",
        "found",
        "expired",
        "sample",
        "other",
    }
