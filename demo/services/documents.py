"""Writes the papers of the replay: purchase orders, receipts, lead times, transfers, lost sales, promotions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from accounts.models import User
from demo.domain.events import Lost, PurchaseOrders, Replay, Times, Transfers
from demo.domain.grocery import Grocery, IntArray, source_days, source_week
from demo.domain.supplier_book import SHOP_COUNT, SUPPLIER_BOOK, WAREHOUSE
from demo.services.catalogue import Catalogue, cents
from demo.services.clock import dates, instants
from demo.services.copying import copy_rows, take_ids
from forecasting.models import Promotion, PromotionSku
from inventory.models import LostSale, LostSaleCause, Transfer, TransferLine, TransferState
from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from suppliers.models import ObservedLeadTime

ORDER_HOUR = 21
# A promotion of less of a SKU than this is noise of the source.
LEAST_PROMOTION_PERCENT = 10
PLANNED_PROMOTION_WEEKS = 4


@dataclass(frozen=True)
class Papers:
    """Who signs the papers, where they belong, in whose time."""

    catalogue: Catalogue
    time_zone: str
    currency: str
    purchaser: User
    manager: User


def money(quantities: IntArray, prices: IntArray, group: IntArray, count: int) -> list[Decimal]:
    """Sum of quantity times price (cents) per group, as money."""
    totals = np.zeros(count, np.int64)
    np.add.at(totals, group, quantities * prices)
    return [cents(total) for total in totals.tolist()]


def at_hour(days: Times, hours: IntArray | int) -> Times:
    wall: Times = days.astype("datetime64[s]") + np.asarray(hours).astype("timedelta64[h]")
    return wall


def write_orders(orders: PurchaseOrders, papers: Papers, *, order_ids: IntArray, numbers: Sequence[str]) -> IntArray:
    """All purchase orders with their lines; returns the ids of the lines."""
    count = len(orders.supplier)
    placed = instants(at_hour(orders.ordered_on, ORDER_HOUR), papers.time_zone)
    states = np.where(orders.is_open, OrderState.SENT.value, OrderState.RECEIVED.value)
    totals = money(orders.line_quantity, orders.line_cost_cents, orders.line_order, count)
    copy_rows(
        PurchaseOrder,
        {
            "id": order_ids.tolist(),
            "number": numbers,
            "supplier_id": papers.catalogue.suppliers[orders.supplier].tolist(),
            "location_id": papers.catalogue.places[orders.place].tolist(),
            "state": states.tolist(),
            "currency": [papers.currency] * count,
            "total": totals,
            # The demo buys in the firm's own currency.
            "home_total": totals,
            "ordered_on": dates(orders.ordered_on),
            "expected_on": dates(orders.expected_on),
            "created_at": placed,
            "sent_at": placed,
            "approved_by_id": [papers.purchaser.pk] * count,
        },
    )
    line_ids = take_ids(PurchaseOrderLine, len(orders.line_order))
    is_short = (orders.line_received < orders.line_quantity) & ~orders.is_open[orders.line_order]
    copy_rows(
        PurchaseOrderLine,
        {
            "id": line_ids.tolist(),
            "order_id": order_ids[orders.line_order].tolist(),
            "sku_id": papers.catalogue.skus[orders.line_sku].tolist(),
            "quantity": orders.line_quantity.tolist(),
            "received": orders.line_received.tolist(),
            "unit_price": [cents(cost) for cost in orders.line_cost_cents.tolist()],
            "is_closed": is_short.tolist(),
        },
    )
    return line_ids


def write_receipts(
    orders: PurchaseOrders, papers: Papers, *, order_ids: IntArray, line_ids: IntArray, posting_of_order: dict[int, int]
) -> None:
    """A receipt for every order of which something came; `posting_of_order` by the index of the order."""
    received = np.array(sorted(posting_of_order), np.int64)
    hours = np.array([supplier.delivers_at for supplier in SUPPLIER_BOOK])[orders.supplier[received]]
    receipt_ids = take_ids(Receipt, len(received))
    copy_rows(
        Receipt,
        {
            "id": receipt_ids.tolist(),
            "order_id": order_ids[received].tolist(),
            "posting_id": [posting_of_order[index] for index in received.tolist()],
            "key": [f"demo:{order_id}" for order_id in order_ids[received].tolist()],
            "received_at": instants(at_hour(orders.received_on[received], hours), papers.time_zone),
        },
    )
    receipt_of_order = np.zeros(len(order_ids), np.int64)
    receipt_of_order[received] = receipt_ids
    came = np.flatnonzero(orders.line_received)
    copy_rows(
        ReceiptLine,
        {
            "receipt_id": receipt_of_order[orders.line_order[came]].tolist(),
            "order_line_id": line_ids[came].tolist(),
            "quantity": orders.line_received[came].tolist(),
        },
    )
    write_lead_times(orders, papers, came=came, line_ids=line_ids)


def write_lead_times(orders: PurchaseOrders, papers: Papers, *, came: IntArray, line_ids: IntArray) -> None:
    """What the deliveries teach about the suppliers."""
    order = orders.line_order[came]
    copy_rows(
        ObservedLeadTime,
        {
            "supplier_id": papers.catalogue.suppliers[orders.supplier[order]].tolist(),
            "sku_id": papers.catalogue.skus[orders.line_sku[came]].tolist(),
            "ordered_on": dates(orders.ordered_on[order]),
            "expected_on": dates(orders.expected_on[order]),
            "received_on": dates(orders.received_on[order]),
            "source_key": [f"demo:{line_id}" for line_id in line_ids[came].tolist()],
        },
    )


def write_transfers(transfers: Transfers, papers: Papers, *, transfer_ids: IntArray, numbers: Sequence[str]) -> None:
    """All transfers from the warehouse with their lines; those still on the road are shipped."""
    count = len(transfers.shop)
    is_open = np.isnat(transfers.received_at)
    shipped = instants(transfers.shipped_at, papers.time_zone)
    received = instants(np.where(is_open, transfers.shipped_at, transfers.received_at), papers.time_zone)
    copy_rows(
        Transfer,
        {
            "id": transfer_ids.tolist(),
            "number": numbers,
            "source_id": [int(papers.catalogue.places[WAREHOUSE])] * count,
            "destination_id": papers.catalogue.places[transfers.shop].tolist(),
            "state": np.where(is_open, TransferState.SHIPPED.value, TransferState.RECEIVED.value).tolist(),
            "created_at": shipped,
            "created_by_id": [papers.purchaser.pk] * count,
            "shipped_at": shipped,
            "expected_on": [day + timedelta(days=1) for day in dates(transfers.shipped_at)],
            "received_at": [None if still else at for still, at in zip(is_open, received, strict=True)],
        },
    )
    arrived = ~is_open[transfers.line_transfer]
    copy_rows(
        TransferLine,
        {
            "transfer_id": transfer_ids[transfers.line_transfer].tolist(),
            "sku_id": papers.catalogue.skus[transfers.line_sku].tolist(),
            "quantity": transfers.line_quantity.tolist(),
            "received": (transfers.line_quantity * arrived).tolist(),
        },
    )


def write_lost_sales(lost: Lost, papers: Papers) -> int:
    """Every wish that met an empty shelf."""
    causes = np.where(lost.was_cut, LostSaleCause.CUT.value, LostSaleCause.REFUSED.value)
    return copy_rows(
        LostSale,
        {
            "sku_id": papers.catalogue.skus[lost.sku].tolist(),
            "location_id": papers.catalogue.places[lost.shop].tolist(),
            "quantity": lost.quantity.tolist(),
            "unit_price": [cents(price) for price in lost.unit_price_cents.tolist()],
            "cause": causes.tolist(),
            "occurred_at": instants(lost.at, papers.time_zone),
            "business_date": dates(lost.at),
        },
    )


def promotion_weeks(first_day: date, last_day: date) -> list[tuple[date, date, int]]:
    """(first day, last day, source week) of every promotion week, from the first day to some weeks ahead."""
    days = (last_day - first_day).days + 1
    weeks = source_week(source_days(last_day, days, 7 * PLANNED_PROMOTION_WEEKS))
    starts = np.flatnonzero(np.diff(weeks, prepend=-1))
    ends = np.append(starts[1:], len(weeks)) - 1
    return [
        (first_day + timedelta(days=int(start)), first_day + timedelta(days=int(end)), int(weeks[start]))
        for start, end in zip(starts, ends, strict=True)
    ]


def write_promotions(grocery: Grocery, replay: Replay, papers: Papers) -> int:
    """The display and mailer calendar per week and shop, planned ones included. Returns the number of promoted SKUs."""
    cells = [
        (start, end, shop, grocery.promotion_percent[:, shop, week])
        for start, end, week in promotion_weeks(replay.first_day, replay.last_day)
        for shop in range(SHOP_COUNT)
    ]
    shops = papers.catalogue.places
    promotions = Promotion.objects.bulk_create(
        Promotion(name="Display and mailer", starts_on=start, ends_on=end, location_id=int(shops[shop]))
        for start, end, shop, _ in cells
    )
    rows: list[tuple[int, int, Decimal]] = []
    for promotion, (_, _, _, percent) in zip(promotions, cells, strict=True):
        chosen = np.flatnonzero(percent >= LEAST_PROMOTION_PERCENT)
        skus = papers.catalogue.skus[chosen].tolist()
        rows += [(promotion.pk, sku, cents(share)) for sku, share in zip(skus, percent[chosen], strict=True)]
    promotion_ids, sku_ids, shares = zip(*rows, strict=True)
    return copy_rows(PromotionSku, {"promotion_id": promotion_ids, "sku_id": sku_ids, "share": shares})
