"""Loading a history: the same ledger as posting one by one, and all or nothing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from inventory.errors import InvalidLines, KeyAlreadyUsed, OutOfStock
from inventory.models import Movement, Posting, StockLevel, StockoutEvent
from inventory.services import bulk_posting
from inventory.services.bulk_posting import copy_movements

START = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def load(firm, tools):
    """load((quantity, hours), ...): deliveries of apples to the shop, or sales where the quantity is below zero."""

    def send(*moves, **changes):
        ends = [(firm.supplier.pk, firm.shop.pk) if q > 0 else (firm.shop.pk, firm.customer.pk) for q, _hours in moves]
        columns = {
            "sku_id": [firm.apple.pk] * len(moves),
            "source_id": [source for source, _destination in ends],
            "destination_id": [destination for _source, destination in ends],
            "kind": ["receipt" if q > 0 else "sale" for q, _hours in moves],
            "quantity": [abs(q) for q, _hours in moves],
            "occurred_at": [START + timedelta(hours=hours) for _q, hours in moves],
            "posting_key": [f"day-{hours // 24}" for _q, hours in moves],
        }
        return copy_movements(**{**columns, "now": tools.NOW, **changes})

    return send


def test_a_history_becomes_postings_movements_levels_and_stockouts(firm, load, tools):
    loaded = load((5, 0), (-3, 1), (-2, 2), (4, 26), (-1, 30))
    assert (loaded.posting_count, loaded.movement_count) == (2, 5)
    assert tools.level_of(firm.apple, firm.shop) == 3 == tools.ledger_sum(firm.apple, firm.shop)
    first = Posting.objects.get(key="day-0")
    assert first.kind == "receipt"
    assert list(first.movements.order_by("line").values_list("line", "kind", "quantity")) == [
        (1, "receipt", 5),
        (2, "sale", 3),
        (3, "sale", 2),
    ]
    out = StockoutEvent.objects.get(sku=firm.apple, started_at__gte=START)
    assert (out.started_at, out.ended_at) == (START + timedelta(hours=2), START + timedelta(hours=26))


def test_the_business_date_is_the_day_on_the_wall_of_the_shop(firm, load):
    late = datetime(2026, 2, 1, 23, 30, tzinfo=UTC)
    load((5, 0), occurred_at=[late])
    assert Movement.objects.get().business_date == date(2026, 2, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": np.array([1.5, 0.25]), "unit_price": [Decimal("2.5"), None]},
        {"quantity": pd.Series([1.5, 0.25]), "unit_price": np.array([2.5, np.nan])},
        {"quantity": [Decimal("1.5"), Decimal("0.25")], "unit_price": pd.Series([2.5, None])},
    ],
)
def test_columns_may_be_lists_arrays_or_series(firm, load, tools, changes):
    times = pd.to_datetime(["2026-02-01T10:00:00.123456Z", "2026-02-01T11:00:00.000000Z"])
    load((1, 0), (1, 1), sku_id=np.array([firm.rice.pk] * 2), occurred_at=times, **changes)
    rows = Movement.objects.order_by("line").values_list("quantity", "unit_price", "occurred_at")
    assert list(rows) == [(Decimal("1.5"), Decimal("2.5"), times[0]), (Decimal("0.25"), None, times[1])]


def test_levels_may_not_end_below_zero(firm, load):
    with pytest.raises(OutOfStock) as refusal:
        load((5, 0), (-6, 1))
    assert refusal.value.details == [{"sku": "apple", "location": "SHOP", "asked": "1", "available": "0"}]
    assert not Movement.objects.exists()
    assert not StockLevel.objects.exclude(on_hand=0).exists()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("sku_id", 10**9, "no such SKU"),
        ("source_id", 10**9, "no such location"),
        ("kind", "gift", "no such kind"),
        ("quantity", 0, "above zero"),
        ("quantity", 0.5, "whole units"),
        ("quantity", 0.0005, "too many decimals"),
        ("occurred_at", datetime(2030, 1, 1, tzinfo=UTC), "future"),
    ],
)
def test_one_bad_row_refuses_the_load_and_is_named(firm, load, column, value, message):
    good = {
        "sku_id": firm.apple.pk,
        "source_id": firm.supplier.pk,
        "kind": "receipt",
        "quantity": 1,
        "occurred_at": START,
    }[column]
    with pytest.raises(InvalidLines, match=message) as refusal:
        load((1, 0), (1, 1), (1, 2), **{column: [good, value, good]})
    assert [row["line"] for row in refusal.value.details] == [2]
    assert not Posting.objects.exists()


def test_a_key_is_used_once(load):
    load((5, 0))
    with pytest.raises(KeyAlreadyUsed, match="day-0"):
        load((5, 1), (5, 30))
    assert Movement.objects.count() == 1


def test_chunks_make_no_difference(firm, load, monkeypatch, tools):
    monkeypatch.setattr(bulk_posting, "CHUNK_ROWS", 2)
    assert load((5, 0), (-1, 1), (-1, 25), (-1, 2), (3, 26)).posting_count == 2
    assert list(Movement.objects.order_by("id").values_list("posting__key", "line")) == [
        ("day-0", 1),
        ("day-0", 2),
        ("day-0", 3),
        ("day-1", 1),
        ("day-1", 2),
    ]
    assert tools.level_of(firm.apple, firm.shop) == 5


def test_nothing_is_nothing(load):
    assert load().movement_count == 0
