"""Goods that arrive from outside."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime

from django.db import transaction

from accounts.models import User
from inventory.models import Location, MovementKind, Posting
from inventory.selectors.places import counterpart_ids
from inventory.services.lots import Wanted, make_lots
from inventory.services.posting import MovementLine, post_movements
from inventory.services.sales import GoodsLine


def receive_goods(
    *,
    location: Location,
    lines: Sequence[GoodsLine],
    key: str | None,
    user: User | None,
    now: datetime,
    source_type: str = "",
    source_id: int | None = None,
    note: str = "",
    kind: str = MovementKind.RECEIPT,
) -> Posting:
    """Puts goods from the suppliers on stock; `unit_price` of a line is its cost, `source_*` the order behind it.

    A lot that is named for the first time is made, with the shelf life of the SKU where no expiry is said.
    """
    # Lots that are made for it must go again when it is refused; nothing else is written before that.
    with transaction.atomic() if any(line.lot for line in lines) else nullcontext():
        suppliers = counterpart_ids()["supplier"]
        wanted = [Wanted(line.sku_id, line.lot) for line in lines]
        lots = make_lots(wanted=wanted, location=location, now=now, must_be_fresh=True)
        moved = [
            MovementLine(line.sku_id, suppliers, location.pk, line.quantity, unit_price=line.unit_price, lot_id=lot_id)
            for line, lot_id in zip(lines, lots, strict=True)
        ]
        return post_movements(
            lines=moved,
            kind=kind,
            key=key,
            now=now,
            posted_by=user,
            source_type=source_type,
            source_id=source_id,
            note=note,
        )
