"""Loads the whole demo: all of it, or nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from demo.domain.events import Replay
from demo.domain.grocery import DAYS, Grocery
from demo.domain.replay import replay_year
from demo.errors import NotEmpty
from demo.selectors import load_grocery
from demo.services.catalogue import create_catalogue
from demo.services.clock import dates, instants
from demo.services.copying import references_checked_at_once, take_ids
from demo.services.documents import (
    Papers,
    write_lost_sales,
    write_orders,
    write_promotions,
    write_receipts,
    write_transfers,
)
from demo.services.ledger import post_year, receipt_postings
from demo.services.money import write_budget
from demo.services.people import LOGINS, create_people
from forecasting.models import PromotionSku
from inventory.models import LostSale, Movement, Sku, Transfer, TransferLine
from inventory.services.demand import close_days
from inventory.services.numbers import TRANSFERS, draw_numbers
from inventory.services.prices import write_prices
from orders.models import PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from orders.services.purchase_orders import PURCHASE_ORDERS
from suppliers.models import ObservedLeadTime

Say = Callable[[str], None]
LARGE_TABLES = (
    Movement, LostSale, ObservedLeadTime, PromotionSku, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine,
    TransferLine,
)  # fmt: skip


@dataclass(frozen=True)
class LoadedDemo:
    """What is in the database now."""

    movements: int
    orders: int
    stockout_share: float


def load_demo(
    *,
    last_day: date,
    days: int = DAYS,
    time_zone: str,
    currency: str,
    seed: int,
    password: str,
    now: datetime,
    say: Say,
) -> LoadedDemo:
    """Load six shops and a warehouse with the `days` that end at `last_day`. Raises `NotEmpty`, changing nothing."""
    refuse_unless_empty()
    with timed(say, "A year of sales is replayed"):
        grocery = load_grocery()
        replay = replay_year(grocery=grocery, last_day=last_day, seed=seed, days=days)
    with transaction.atomic(), references_checked_at_once(*LARGE_TABLES):
        with timed(say, "Shops, SKUs, suppliers and logins are made"):
            papers = write_catalogue(grocery, replay, time_zone=time_zone, currency=currency, password=password)
        loaded = write_year(grocery, replay, papers, now=now, say=say)
        write_budget(author=papers.manager, last_day=last_day, days=days, now=now)
        with timed(say, "Demand of every day is closed"):
            for location_id in papers.catalogue.stocking_ids:
                close_days(location_id=location_id, through=last_day, now=now)
            write_prices()
    with timed(say, "The database counts its rows"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return loaded


def refuse_unless_empty() -> None:
    """Raises `NotEmpty` when there are SKUs, or users with the names of the demo's."""
    names = [login.username for login in LOGINS]
    if Sku.objects.exists() or User.objects.filter(username__in=names).exists():
        raise NotEmpty(_("There are SKUs or demo users already, so the demo was not loaded."))


def write_catalogue(grocery: Grocery, replay: Replay, *, time_zone: str, currency: str, password: str) -> Papers:
    first_moment = instants(np.array([replay.first_day], "datetime64[s]"), time_zone)[0]
    catalogue = create_catalogue(
        grocery, time_zone=time_zone, currency=currency, first_day=replay.first_day, last_day=replay.last_day,
        created_at=first_moment,
    )  # fmt: skip
    people = create_people(password=password, shops=catalogue.shops)
    return Papers(catalogue, time_zone, currency, people["purchaser"], people["manager"])


def write_year(grocery: Grocery, replay: Replay, papers: Papers, *, now: datetime, say: Say) -> LoadedDemo:
    """The ledger and the papers that belong to it."""
    order_ids = take_ids(PurchaseOrder, len(replay.orders.supplier))
    transfer_ids = take_ids(Transfer, len(replay.transfers.shop))
    with timed(say, "Orders and transfers are written"):
        numbers = draw_numbers(PURCHASE_ORDERS, dates(replay.orders.ordered_on))
        line_ids = write_orders(replay.orders, papers, order_ids=order_ids, numbers=numbers)
        numbers = draw_numbers(TRANSFERS, dates(replay.transfers.shipped_at))
        write_transfers(replay.transfers, papers, transfer_ids=transfer_ids, numbers=numbers)
    with timed(say, f"{len(replay.movements.sku)} movements go into the ledger"):
        movements = post_year(
            replay.movements,
            catalogue=papers.catalogue,
            order_ids=order_ids,
            transfer_ids=transfer_ids,
            time_zone=papers.time_zone,
            posted_by=papers.purchaser,
            now=now,
        )
    with timed(say, "Receipts, lost sales and promotions are written"):
        postings = receipt_postings(order_ids)
        write_receipts(replay.orders, papers, order_ids=order_ids, line_ids=line_ids, posting_of_order=postings)
        write_lost_sales(replay.lost, papers)
        write_promotions(grocery, replay, papers)
    return LoadedDemo(movements, len(order_ids), replay.stockout_share)


@contextmanager
def timed(say: Say, what: str) -> Iterator[None]:
    """Say what was done and how long it took."""
    began = time.perf_counter()
    yield
    say(f"  {what} ({time.perf_counter() - began:.1f} s)")
