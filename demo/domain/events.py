"""What a replay yields: columns of ledger events and documents, and the log they are gathered in. Pure."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from demo.domain.grocery import BoolArray, IntArray

KINDS = ("opening", "sale", "receipt", "transfer", "adjustment")
OPENING, SALE, RECEIPT, TRANSFER, ADJUSTMENT = range(5)
Times = npt.NDArray[np.datetime64]
HOUR = 3600
TRANSFER_ARRIVES_AT = 8


@dataclass(frozen=True)
class Movements:
    """Ledger events in order of time.

    `source` and `destination` index PLACES, `kind` indexes KINDS, `at` is local wall time; `unit_price_cents` is the
    price at the till, or the cost; `document` is the purchase order or transfer, else -1.
    """

    sku: IntArray
    source: IntArray
    destination: IntArray
    kind: IntArray
    quantity: IntArray
    at: Times
    unit_price_cents: IntArray
    document: IntArray


@dataclass(frozen=True)
class Lost:
    """Units asked for at a shop and not there; `was_cut` where a part of the same wish was served."""

    sku: IntArray
    shop: IntArray
    quantity: IntArray
    at: Times
    unit_price_cents: IntArray
    was_cut: BoolArray


@dataclass(frozen=True)
class PurchaseOrders:
    """One row an order; `received_on` is NaT while it is on its way. Lines follow in the `line_` columns."""

    supplier: IntArray
    place: IntArray
    ordered_on: Times
    expected_on: Times
    received_on: Times
    line_order: IntArray
    line_sku: IntArray
    line_quantity: IntArray
    line_received: IntArray
    line_cost_cents: IntArray

    @property
    def is_open(self) -> BoolArray:
        return np.isnat(self.received_on)


@dataclass(frozen=True)
class Transfers:
    """One row a transfer from the warehouse to a shop; `received_at` is NaT while it is on its way."""

    shop: IntArray
    shipped_at: Times
    received_at: Times
    line_transfer: IntArray
    line_sku: IntArray
    line_quantity: IntArray


@dataclass(frozen=True)
class Replay:
    """`closing` is SKU x (six shops, warehouse, in transit) after the last day.

    `stockout_share` is the share of SKU x shop x day cells that closed with an empty shelf.
    """

    first_day: date
    last_day: date
    movements: Movements
    lost: Lost
    orders: PurchaseOrders
    transfers: Transfers
    closing: IntArray
    stockout_share: float


@dataclass
class Log:
    """Events gathered day by day, joined once at the end."""

    moves: list[tuple[IntArray, ...]] = field(default_factory=list)
    lost: list[tuple[IntArray, ...]] = field(default_factory=list)
    orders: list[tuple[IntArray, ...]] = field(default_factory=list)
    order_lines: list[tuple[IntArray, ...]] = field(default_factory=list)
    transfers: list[tuple[IntArray, ...]] = field(default_factory=list)
    transfer_lines: list[tuple[IntArray, ...]] = field(default_factory=list)
    order_count: int = 0
    transfer_count: int = 0

    def move(
        self,
        kind: int,
        sku: IntArray,
        ends: tuple[IntArray | int, IntArray | int],
        quantity: IntArray,
        second: IntArray | int,
        price: IntArray,
        document: IntArray | int = -1,
    ) -> None:
        if len(sku):
            columns = (sku, *ends, kind, quantity, second, price, document)
            self.moves.append(tuple(np.broadcast_to(np.asarray(column, np.int64), sku.shape) for column in columns))


def columns_of(rows: list[tuple[IntArray, ...]], count: int) -> list[IntArray]:
    if not rows:
        return [np.zeros(0, np.int64) for _ in range(count)]
    return [np.concatenate([row[column] for row in rows]) for column in range(count)]


def join_movements(log: Log, midnight: np.datetime64) -> Movements:
    sku, source, destination, kind, quantity, second, price, document = columns_of(log.moves, 8)
    # At the same second goods come in before they go out, so that no balance dips below zero on the way.
    order = np.lexsort((kind == SALE, second))
    at = midnight + second[order].astype("timedelta64[s]")
    return Movements(
        sku[order], source[order], destination[order], kind[order], quantity[order], at, price[order], document[order]
    )


def join_lost(log: Log, midnight: np.datetime64) -> Lost:
    sku, shop, quantity, second, price, served = columns_of(log.lost, 6)
    order = np.argsort(second, kind="stable")
    at = midnight + second[order].astype("timedelta64[s]")
    return Lost(sku[order], shop[order], quantity[order], at, price[order], served[order] > 0)


def join_orders(log: Log, first_day: np.datetime64, days: int) -> PurchaseOrders:
    supplier, place, ordered, expected, arrives = columns_of(log.orders, 5)
    line_order, line_sku, line_quantity, received, cost = columns_of(log.order_lines, 5)
    came = arrives < days
    received_on = np.where(came, first_day + arrives.astype("timedelta64[D]"), np.datetime64("NaT", "D"))
    return PurchaseOrders(
        supplier, place, first_day + ordered.astype("timedelta64[D]"), first_day + expected.astype("timedelta64[D]"),
        received_on, line_order, line_sku, line_quantity, np.where(came[line_order], received, 0), cost,
    )  # fmt: skip


def join_transfers(log: Log, midnight: np.datetime64, days: int) -> Transfers:
    shop, second = columns_of(log.transfers, 2)
    arrives = (second // (24 * HOUR) + 1) * 24 * HOUR + TRANSFER_ARRIVES_AT * HOUR
    came = arrives < days * 24 * HOUR
    received_at = np.where(came, midnight + arrives.astype("timedelta64[s]"), np.datetime64("NaT", "s"))
    return Transfers(shop, midnight + second.astype("timedelta64[s]"), received_at, *columns_of(log.transfer_lines, 3))
