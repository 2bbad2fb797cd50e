"""Keeps the demo's tills ringing through the ordinary sale service, so that tomorrow has a new day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby

import numpy as np
from django.db.models import Max

from demo.domain.grocery import Grocery
from demo.domain.supplier_book import PLACES, SHOP_COUNT
from demo.domain.tills import SLOT_MINUTES, Rings, due_rings
from demo.selectors import load_grocery
from inventory.domain.days import zone
from inventory.errors import OutOfStock
from inventory.models import Location, Posting, Sku
from inventory.services.sales import GoodsLine, sell

KEY_PREFIX = "till:"
# The ledger row by which a loaded demo is known; nobody's own shop may be rung by accident.
DEMO_MARK = f"demo:opening:{PLACES[0].code}"
# After a longer pause the shops were shut: without deliveries a week of sales would only empty the shelves.
LONGEST_PAUSE = timedelta(days=2)


@dataclass(frozen=True)
class Rung:
    """What a call did: sales that went through (whole or cut), and those of which nothing was there."""

    sales: int = 0
    refused: int = 0


def ring_tills(*, now: datetime, seed: int = 1) -> Rung:
    """Sell what the demo's shops sell until `now`, from where the last call ended. A repeat sells nothing twice."""
    if not Posting.objects.filter(key=DEMO_MARK).exists():
        return Rung()
    codes = [place.code for place in PLACES[:SHOP_COUNT]]
    shops = {shop.code: shop for shop in Location.objects.filter(code__in=codes, is_active=True)}
    time_zone = shops[codes[0]].time_zone
    until = now.astimezone(zone(time_zone)).replace(tzinfo=None)
    grocery = load_grocery()
    sku_ids = dict(Sku.objects.filter(is_active=True).values_list("code", "pk"))
    results = [
        ring_shop(ring, shops[codes[shop]], baskets, now=now)
        for ring in due_rings(grocery=grocery, since=last_ring(until), until=until, seed=seed)
        for shop, baskets in wishes_by_shop(ring, grocery, sku_ids)
        if codes[shop] in shops
    ]
    return Rung(sales=sum(results), refused=len(results) - sum(results))


def last_ring(until: datetime) -> datetime:
    """Start of the last slot that rang, or of the day; local wall time. Not longer ago than the longest pause."""
    newest = Posting.objects.filter(key__startswith=KEY_PREFIX).aggregate(newest=Max("key"))["newest"]
    began = datetime.combine(until.date(), time())
    if newest is not None:
        day, _, slot = newest.removeprefix(KEY_PREFIX).split(":")[0].rpartition("-")
        began = datetime.combine(date.fromisoformat(day), time()) + timedelta(minutes=SLOT_MINUTES * int(slot))
    return max(began, until - LONGEST_PAUSE)


def wishes_by_shop(
    ring: Rings, grocery: Grocery, sku_ids: dict[str, int]
) -> list[tuple[int, list[tuple[int, int, np.datetime64]]]]:
    """(shop, [(SKU id, quantity, local moment)]) of one slot; SKUs that are no longer there are left out."""
    rows = [
        (shop, sku_ids[grocery.skus[sku].code], quantity, at)
        for shop, sku, quantity, at in zip(
            ring.shop.tolist(), ring.sku.tolist(), ring.quantity.tolist(), ring.at, strict=True
        )
        if grocery.skus[sku].code in sku_ids
    ]
    rows.sort(key=lambda row: row[0])
    return [(shop, [row[1:] for row in mine]) for shop, mine in groupby(rows, key=lambda row: row[0])]


def ring_shop(ring: Rings, shop: Location, wishes: list[tuple[int, int, np.datetime64]], *, now: datetime) -> bool:
    """One sale of a shop's slot at the moment of its last wish. False when nothing of it was there."""
    last = max(at for _, _, at in wishes).astype("datetime64[s]").item()
    moment = last.replace(tzinfo=zone(shop.time_zone)).astimezone(UTC)
    lines = [GoodsLine(sku_id, Decimal(quantity)) for sku_id, quantity, _ in wishes]
    try:
        sell(
            location=shop,
            lines=lines,
            key=f"{KEY_PREFIX}{ring.key}:{shop.code}",
            user=None,
            now=min(moment, now),
            allow_cut=True,
        )
    except OutOfStock:
        return False
    return True
