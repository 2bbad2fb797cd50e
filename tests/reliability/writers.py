"""Every act that writes stock, by name: `WRITERS[name].act(house, sku, step)` does it once with a little of a SKU.

The acts prepare what they need themselves, so that any of them may run at any time, also in many threads.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from inventory.domain.goods import LotName
from inventory.models import Lot, StockCount
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.batches import BatchLine, post_batch
from inventory.services.bulk_posting import copy_movements
from inventory.services.count_entries import EntryGiven, keep_entries
from inventory.services.count_results import approve_lines, submit_count
from inventory.services.counts import Counted, correct_count
from inventory.services.issuing import issue_reservation
from inventory.services.listings import delist_skus, list_skus
from inventory.services.lot_holds import correct_expiry, hold_expired_lots, quarantine_lot, release_lot
from inventory.services.lot_tracking import start_lot_tracking, stop_lot_tracking
from inventory.services.production import post_production
from inventory.services.receiving import receive_goods
from inventory.services.reservations import (
    expire_due,
    extend_reservation,
    reassign_reservation,
    release_reservation,
    reserve_stock,
)
from inventory.services.reversals import undo_posting
from inventory.services.sales import GoodsLine, return_goods, sell
from inventory.services.sending import send_goods
from inventory.services.stock_counts import Wanted, create_count
from inventory.services.transfers import create_transfer, receive_transfer, ship_transfer
from orders.models import PurchaseOrder
from orders.services.receipts import receive_order

ONE = Decimal(1)
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Writer:
    """`covers` are the functions of the services that it shows; `is_of_lots` needs a SKU that is tracked by lot."""

    act: Callable
    covers: tuple[str, ...]
    is_of_lots: bool = False


def goods(sku, quantity=ONE):
    lot = LotName("L1") if sku.is_lot_tracked else None
    return [GoodsLine(sku.pk, Decimal(quantity), lot=lot)]


def here(house, **fields):
    return {"location": house.shop, "key": None, "user": house.ada, "now": house.now, **fields}


def who(house, **fields):
    return {"user": house.ada, "now": house.now, **fields}


def taken(sku, quantity=ONE):
    """Goods that leave: the lots are chosen by the service."""
    return [GoodsLine(sku.pk, Decimal(quantity))]


def do_late(house, sku, step):
    at = house.now - timedelta(hours=step + 1)
    post_batch(
        lines=[BatchLine("sale", sku.pk, house.shop, ONE, occurred_at=at)], key=None, user=house.ada, now=house.now
    )


def do_batch(house, sku, step):
    lines = [BatchLine("sale", sku.pk, house.shop, ONE), BatchLine("transfer", sku.pk, house.shop, ONE, house.other)]
    post_batch(lines=lines, key=None, user=house.ada, now=house.now)


def do_transfer(house, sku, step):
    way = {"source": house.shop, "destination": house.other, "lines": taken(sku)}
    made = create_transfer(**way, **who(house))
    ship_transfer(transfer_id=made.pk, **who(house))
    receive_transfer(transfer_id=made.pk, key=None, **who(house))


def do_send(house, sku, step):
    send_goods(source=house.shop, destination=house.depot, lines=taken(sku), **who(house))


def held(house, sku, quantity=2, **fields):
    made = reserve_stock(**here(house, **fields), lines=taken(sku, quantity), reference="order")
    return {"reservation_id": made[0].pk, **who(house)}


def do_issue(house, sku, step):
    kept = held(house, sku)
    issue_reservation(**kept, key=None, quantity=ONE)
    issue_reservation(**kept, key=None, destination=house.other)


def do_expire(house, sku, step):
    held(house, sku, expires_at=house.now + timedelta(seconds=1))
    expire_due(now=house.now + timedelta(seconds=2))


def do_reverse(house, sku, step):
    posting = receive_goods(**here(house), lines=goods(sku))
    undo_posting(posting_id=posting.pk, reason="a mistake", key=None, **who(house))


def do_document_count(house, sku, step):
    count = create_count(location=house.shop, wanted=Wanted("list", sku_codes=(sku.code,)), **who(house))
    entry = EntryGiven(uuid4(), house.now, sku=sku.code, quantity=Decimal(step % 5))
    keep_entries(count_id=count.pk, entries=[entry], **who(house))
    submit_count(count_id=count.pk, **who(house))
    pending = list(StockCount.objects.get(pk=count.pk).lines.filter(state="pending").values_list("pk", flat=True))
    if pending:
        approve_lines(count_id=count.pk, line_ids=pending, user=house.bob, now=house.now)


def do_import(house, sku, step):
    columns = {"sku_id": [sku.pk] * 2, "source_id": [house.supplier.pk, house.shop.pk], "kind": ["receipt", "sale"]}
    columns |= {"destination_id": [house.shop.pk, house.customer.pk], "quantity": [2, 1]}
    key = f"file {next(NUMBERS)}"
    copy_movements(**columns, occurred_at=[house.now] * 2, posting_key=[key, f"{key}/2"], now=house.now)


def do_order(house, sku, step):
    day = house.now.date()
    order = PurchaseOrder.objects.create(
        number=f"PO-{next(NUMBERS)}", supplier=house.farm, location=house.shop, state="sent", currency="EUR", total=1,
        ordered_on=day, expected_on=day, created_at=house.now,
    )  # fmt: skip
    order.lines.create(sku=sku, quantity=2, unit_price=1)
    receive_order(order_id=order.pk, key=f"delivery of {order.number}", **who(house))


def do_relist(house, sku, step):
    one = {"sku_ids": [sku.pk], "location_ids": [house.shop.pk], "now": house.now}
    list_skus(**one, listed_on=house.now.date() - timedelta(days=3))
    delist_skus(**one, delisted_on=house.now.date() - timedelta(days=1))


def do_quarantine(house, sku, step):
    lot = Lot.objects.get(sku=sku)
    quarantine_lot(lot_id=lot.pk, reason="smells", **who(house))
    release_lot(lot_id=lot.pk, reason="it was the floor", **who(house))


def do_expiry(house, sku, step):
    lot, day = Lot.objects.get(sku=sku), house.now.date()
    correct_expiry(lot_id=lot.pk, expires_on=day + timedelta(days=step - 1), reason="read again", **who(house))
    hold_expired_lots(now=house.now + timedelta(days=1))
    correct_expiry(lot_id=lot.pk, expires_on=None, reason="read again", **who(house))


def do_track(house, sku, step):
    start_lot_tracking(sku_id=sku.pk, **who(house))
    stop_lot_tracking(sku_id=sku.pk, **who(house))


def named(*functions):
    return tuple(functions)


WRITERS = {
    "sell": Writer(lambda h, s, n: sell(**here(h), lines=taken(s)), named("sales.sell", "posting.post_movements")),
    "cut": Writer(lambda h, s, n: sell(**here(h), lines=taken(s, 3), allow_cut=True), named("sales.sell")),
    "return": Writer(lambda h, s, n: return_goods(**here(h), lines=goods(s)), named("sales.return_goods")),
    "receive": Writer(lambda h, s, n: receive_goods(**here(h), lines=goods(s)), named("receiving.receive_goods")),
    "adjust": Writer(
        lambda h, s, n: adjust_stock(**here(h), changes=[Change(s.pk, -ONE)], reason_code="damage"),
        named("adjustments.adjust_stock"),
    ),
    "count": Writer(
        lambda h, s, n: correct_count(**here(h), counts=[Counted(s.pk, Decimal(n % 5))]), named("counts.correct_count")
    ),
    "late": Writer(do_late, named("batches.post_batch")),
    "batch": Writer(do_batch, named("batches.post_batch")),
    "transfer": Writer(do_transfer, named("transfers.ship_transfer", "transfer_arrivals.receive_transfer")),
    "send": Writer(do_send, named("sending.send_goods")),
    "reserve": Writer(lambda h, s, n: held(h, s), named("reservations.reserve_stock")),
    "issue": Writer(do_issue, named("issuing.issue_reservation", "issuing.issue_reservations")),
    "release": Writer(lambda h, s, n: release_reservation(**held(h, s)), named("reservations.release_reservation")),
    "reassign": Writer(
        lambda h, s, n: reassign_reservation(**held(h, s), location=h.other), named("reservations.reassign_reservation")
    ),
    "extend": Writer(
        lambda h, s, n: extend_reservation(**held(h, s), expires_at=h.now + timedelta(days=1)),
        named("reservations.extend_reservation"),
    ),
    "expire": Writer(do_expire, named("reservations.expire_due", "reservations.lock_reservations")),
    "reverse": Writer(do_reverse, named("reversals.undo_posting", "reversals.reverse_posting")),
    "make": Writer(
        lambda h, s, n: post_production(**here(h), used=taken(s), made=[]), named("production.post_production")
    ),
    "count sheet": Writer(do_document_count, named("count_results.submit_count", "count_results.approve_lines")),
    "import": Writer(
        do_import, named("bulk_posting.copy_movements", "bulk_posting.copy_movement_chunks", "bulk_posting.post_stage")
    ),
    "order": Writer(do_order, named()),
    "relist": Writer(do_relist, named("listings.list_skus", "listings.delist_skus")),
    "track": Writer(do_track, named("lot_tracking.start_lot_tracking", "lot_tracking.stop_lot_tracking")),
    "quarantine": Writer(do_quarantine, named("lot_holds.quarantine_lot", "lot_holds.release_lot"), is_of_lots=True),
    "expiry": Writer(do_expiry, named("lot_holds.correct_expiry", "lot_holds.hold_expired_lots"), is_of_lots=True),
}

# Functions that reach the lock of the levels, and why they need no writer of their own.
OTHERS = {
    "bulk_posting_table.post_movement_table": "an import from a table; the same statements as `import`",
    "bulk_listings.list_pairs_of": "retells stockouts as `relist` does, from a table",
    "places.set_may_go_negative": "locks every level of a place in order and moves nothing; raced in test_place_rules",
    "cards.save_card": "goes through `listings`",
    "variants.create_variants": "goes through `listings`",
    "kits.set_kit_parts": "a kit has no stock of its own; takes it off sale through `listings`",
    "demand.close_days": "retells stockouts; writes no level",
    "stockouts.rebuild_stockouts": "retells stockouts; writes no level",
    "transfer_acts.post_transfer": "part of the acts of a transfer, under its lock",
    "reserved.settle_expired": "part of every writer, under its lock",
    "reserved.change_reserved": "part of the writers of reservations, under their lock",
}
