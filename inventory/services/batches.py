"""Movements of several kinds and places in one posting, as another program keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from inventory.domain.days import local_date
from inventory.domain.movements import ZERO
from inventory.errors import OutOfStock
from inventory.models import Location, LostSale, LostSaleCause, MovementKind, Posting, Sku
from inventory.selectors.places import counterpart_ids
from inventory.services.posting import MovementLine, post_movements

# The counterpart that each kind takes from, or gives to; an adjustment goes either way, by its sign.
FROM = {MovementKind.RECEIPT: "supplier", MovementKind.RETURN: "customer", MovementKind.OUTPUT: "production"}
TO = {MovementKind.SALE: "customer", MovementKind.CONSUMPTION: "production"}
BATCH_KINDS = (*FROM, *TO, MovementKind.ADJUSTMENT, MovementKind.TRANSFER)
PRICED = (MovementKind.SALE, MovementKind.RETURN)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One movement at `location`; `destination` is the other end of a transfer. `kind` is one of `BATCH_KINDS`.

    `quantity` is above zero, of an adjustment below zero when goods were lost. Without `unit_price` a sale or return
    has the price of its card.
    """

    kind: str
    sku_id: int
    location: Location
    quantity: Decimal
    destination: Location | None = None
    reason_id: int | None = None
    unit_price: Decimal | None = None
    occurred_at: datetime | None = None
    lot_id: int | None = None


def post_batch(
    *,
    lines: Sequence[BatchLine],
    key: str | None,
    user: User | None,
    now: datetime,
    note: str = "",
    customer: str = "",
) -> Posting:
    """Posts all lines or none. The posting has the kind of its first line, each movement its own.

    Raises what `post_movements` raises; what a refused sale asked for and was not there is kept as `LostSale`.
    """
    places = counterpart_ids()
    prices = _prices(lines)
    moved = [_movement(line, places, prices) for line in lines]
    kind = lines[0].kind if lines else MovementKind.RECEIPT
    try:
        return post_movements(lines=moved, kind=kind, key=key, now=now, posted_by=user, note=note, customer=customer)
    except OutOfStock as refusal:
        _record_lost(lines, moved, refusal.details, key, user, now)
        raise


def _prices(lines: Sequence[BatchLine]) -> dict[int, Decimal]:
    unsaid = {line.sku_id for line in lines if line.unit_price is None and line.kind in PRICED}
    return dict(Sku.objects.filter(pk__in=unsaid).values_list("pk", "price")) if unsaid else {}


def _movement(line: BatchLine, places: Mapping[str, int], prices: Mapping[int, Decimal]) -> MovementLine:
    price = prices.get(line.sku_id) if line.unit_price is None and line.kind in PRICED else line.unit_price
    return MovementLine(
        line.sku_id,
        *_ends(line, places),
        abs(line.quantity) if line.kind == MovementKind.ADJUSTMENT else line.quantity,
        occurred_at=line.occurred_at,
        unit_price=price,
        reason_id=line.reason_id,
        kind=line.kind,
        lot_id=line.lot_id,
    )


def _ends(line: BatchLine, places: Mapping[str, int]) -> tuple[int, int]:
    here = line.location.pk
    if line.kind == MovementKind.TRANSFER:
        return here, line.destination.pk if line.destination else here
    if line.kind == MovementKind.ADJUSTMENT:
        return (places["loss"], here) if line.quantity > ZERO else (here, places["loss"])
    if line.kind in FROM:
        return places[FROM[MovementKind(line.kind)]], here
    return here, places[TO[MovementKind(line.kind)]]


def _record_lost(
    lines: Sequence[BatchLine],
    moved: Sequence[MovementLine],
    shortages: Sequence[Mapping[str, Any]],
    key: str | None,
    user: User | None,
    now: datetime,
) -> None:
    rows = []
    for short in shortages:
        number = int(short["line"])
        line, at = lines[number - 1], lines[number - 1].occurred_at or now
        if line.kind == MovementKind.SALE:
            rows.append(
                LostSale(
                    sku_id=line.sku_id,
                    location=line.location,
                    quantity=Decimal(short["asked"]) - Decimal(short["available"]),
                    unit_price=moved[number - 1].unit_price or ZERO,
                    cause=LostSaleCause.REFUSED,
                    occurred_at=at,
                    business_date=local_date(at, line.location.time_zone),
                    key=None if key is None else f"{key}/{number}",
                    recorded_by=user,
                )
            )
    LostSale.objects.bulk_create(rows, ignore_conflicts=True)
