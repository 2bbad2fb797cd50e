"""Selling over the counter, and taking goods back. A kit is sold, lost and taken back as its parts."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.domain.days import local_date
from inventory.domain.goods import GoodsLine, Piece, unfold
from inventory.domain.kits import Part
from inventory.domain.movements import ZERO
from inventory.errors import OutOfStock
from inventory.models import Location, LostSale, LostSaleCause, Movement, MovementKind, Posting, Sku
from inventory.selectors.kits import parts_of
from inventory.selectors.places import counterpart_ids
from inventory.services.lots import Wanted, find_lots
from inventory.services.posting import MovementLine, post_movements
from inventory.services.posting_repeats import is_sold

__all__ = ["GoodsLine", "Sale", "Unserved", "read_basket", "return_goods", "sell"]

# A cut sale counts again what is left when somebody else was quicker; after so many times it is refused.
CUT_ATTEMPTS = 5


# Lines by their number, from 1.
Lines = dict[int, GoodsLine]
# The parts of each kit among the lines, by its id.
Kits = Mapping[int, Sequence[Part]]


@dataclass(frozen=True, slots=True)
class Unserved:
    """What a line (from 1) asked for and did not get."""

    line: int
    sku_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    posting: Posting
    unserved: tuple[Unserved, ...] = ()


def sell(
    *,
    location: Location,
    lines: Sequence[GoodsLine],
    key: str | None,
    user: User | None,
    now: datetime,
    allow_cut: bool = False,
    note: str = "",
    customer: str = "",
) -> Sale:
    """Posts a sale. With `allow_cut` a line that asks for more than is there takes what is left.

    Raises `OutOfStock` when something is short and may not be cut, or when nothing at all is left. What was asked for
    and not there is kept as `LostSale` in either case, also when the sale itself is refused; a repeat of the same `key`
    counts once. `customer` says who bought it, in the words of the caller: a recall shows it.
    """
    asked, kits = read_basket(lines)
    earlier = _earlier_sale(key, asked, kits, customer) if allow_cut and key is not None else None
    if earlier is not None:
        return earlier
    served = asked
    for _attempt in range(CUT_ATTEMPTS if allow_cut else 1):
        unserved = _difference(asked, served)
        try:
            # Both or neither: a sale whose lost units are missing is to its own key another one than was asked for.
            with nullcontext() if connection.in_atomic_block else transaction.atomic():
                posting = _post_sale(location, unfold(served, kits), key, user, now, note, customer)
                _record_lost(location, _lost(unserved, asked, kits), LostSaleCause.CUT, key, user, now)
        except OutOfStock as refusal:
            shortage = refusal
            served = _cut(served, kits, refusal)
            if not served:
                break
        else:
            return Sale(posting, unserved)
    lost = _lost(_difference(asked, served), asked, kits)
    _record_lost(location, lost, LostSaleCause.REFUSED, key, user, now)
    raise shortage


def read_basket(lines: Sequence[GoodsLine]) -> tuple[Lines, Kits]:
    """The lines by number, prices that were not said filled from the cards of the SKUs, and the kits among them."""
    cards = Sku.objects.filter(pk__in={line.sku_id for line in lines}).values_list("pk", "price", "is_kit")
    prices, kit_ids = {}, set()
    for sku_id, price, is_kit in cards:
        prices[sku_id] = price
        if is_kit:
            kit_ids.add(sku_id)
    priced = [
        line if line.unit_price is not None else replace(line, unit_price=prices.get(line.sku_id)) for line in lines
    ]
    return dict(enumerate(priced, start=1)), parts_of(kit_ids) if kit_ids else {}


def _post_sale(
    location: Location,
    pieces: Sequence[Piece],
    key: str | None,
    user: User | None,
    now: datetime,
    note: str,
    customer: str,
) -> Posting:
    customers = counterpart_ids()["customer"]
    moved = [
        MovementLine(piece.sku_id, location.pk, customers, piece.quantity, unit_price=piece.unit_price, lot_id=lot_id)
        for piece, lot_id in zip(pieces, _lots_of(pieces), strict=True)
    ]
    note = note or kits_note(pieces)
    try:
        return post_movements(
            lines=moved, kind=MovementKind.SALE, key=key, now=now, posted_by=user, note=note, customer=customer
        )
    except OutOfStock as refusal:
        if any(piece.kit_id is not None for piece in pieces):
            raise _by_line(refusal, pieces) from refusal
        raise


def _by_line(refusal: OutOfStock, pieces: Sequence[Piece]) -> OutOfStock:
    """The refusal with the numbers of the lines that were asked; `piece` is the one of the posting."""
    details = [{**row, "line": pieces[row["line"] - 1].line, "piece": row["line"]} for row in refusal.details]
    return OutOfStock(refusal.message, details=details)


def _lots_of(pieces: Sequence[Piece]) -> list[int | None]:
    return find_lots([Wanted(piece.sku_id, piece.lot, piece.line) for piece in pieces])


def kits_note(pieces: Sequence[Piece]) -> str:
    """The codes of the kits that a posting makes up."""
    kit_ids = {piece.kit_id for piece in pieces if piece.kit_id is not None}
    if not kit_ids:
        return ""
    codes = Sku.objects.filter(pk__in=kit_ids).order_by("code").values_list("code", flat=True)
    return (_("Kit") + " " + ", ".join(codes))[:300]


def _cut(lines: Lines, kits: Kits, refusal: OutOfStock) -> Lines:
    """The lines with what each of them can still get; a line that gets nothing falls away."""
    pieces = unfold(lines, kits)
    left: dict[int, Decimal] = {}
    for row in refusal.details:
        piece = pieces[int(row.get("piece", row["line"])) - 1]
        possible = piece.whole_kits(Decimal(row["available"]))
        left[piece.line] = min(left.get(piece.line, possible), possible)
    cut = {number: replace(line, quantity=left.get(number, line.quantity)) for number, line in lines.items()}
    return {number: line for number, line in cut.items() if line.quantity}


def _difference(asked: Lines, served: Lines) -> tuple[Unserved, ...]:
    given = {number: line.quantity for number, line in served.items()}
    return tuple(
        Unserved(number, wish.sku_id, wish.quantity - given.get(number, ZERO))
        for number, wish in asked.items()
        if wish.quantity > given.get(number, ZERO)
    )


def _lost(unserved: Sequence[Unserved], asked: Lines, kits: Kits) -> list[Piece]:
    """What was asked for in vain; a kit that was not sold leaves its parts unsold."""
    lines = {lost.line: replace(asked[lost.line], quantity=lost.quantity) for lost in unserved}
    return unfold(lines, kits)


def _record_lost(
    location: Location,
    lost: Sequence[Piece],
    cause: LostSaleCause,
    key: str | None,
    user: User | None,
    now: datetime,
) -> None:
    LostSale.objects.bulk_create(
        [
            LostSale(
                sku_id=piece.sku_id,
                location=location,
                quantity=piece.quantity,
                unit_price=piece.unit_price or ZERO,
                cause=cause,
                occurred_at=now,
                business_date=local_date(now, location.time_zone),
                key=_lost_key(key, piece),
                recorded_by=user,
            )
            for piece in lost
        ],
        ignore_conflicts=True,
    )


def _lost_key(key: str | None, piece: Piece) -> str | None:
    if key is None:
        return None
    return f"{key}/{piece.line}" if piece.kit_id is None else f"{key}/{piece.line}/{piece.sku_id}"


def _earlier_sale(key: str, asked: Lines, kits: Kits, customer: str) -> Sale | None:
    """The cut sale that this key made, if what it sold and what was lost add up to what is asked again."""
    posting = Posting.objects.filter(key=key, kind=MovementKind.SALE, customer=customer.strip()).first()
    if posting is None:
        return None
    pieces = {_lost_key(key, piece): piece for piece in unfold(asked, kits)}
    lost: dict[int, Decimal] = {}
    for lost_key, quantity in LostSale.objects.filter(key__in=pieces).values_list("key", "quantity"):
        piece = pieces[lost_key]
        lost[piece.line] = piece.whole_kits(quantity)
    served = {number: replace(line, quantity=line.quantity - lost.get(number, ZERO)) for number, line in asked.items()}
    stored = Movement.objects.filter(posting=posting).order_by("line").values_list("sku_id", "quantity", "lot_id")
    expected = unfold({number: line for number, line in served.items() if line.quantity}, kits)
    if not is_sold(list(stored), [(piece.sku_id, piece.quantity) for piece in expected]):
        return None
    return Sale(posting, tuple(Unserved(number, asked[number].sku_id, lost[number]) for number in sorted(lost)))


def return_goods(
    *,
    location: Location,
    lines: Sequence[GoodsLine],
    key: str | None,
    user: User | None,
    now: datetime,
    note: str = "",
    customer: str = "",
) -> Posting:
    """Takes goods back from a customer onto the shelf; goods that cannot be sold again are adjusted off afterwards.

    Goods that are tracked by lot come back into the lot that is named.
    """
    customers = counterpart_ids()["customer"]
    pieces = unfold(*read_basket(lines))
    moved = [
        MovementLine(piece.sku_id, customers, location.pk, piece.quantity, unit_price=piece.unit_price, lot_id=lot_id)
        for piece, lot_id in zip(pieces, _lots_of(pieces), strict=True)
    ]
    return post_movements(
        lines=moved,
        kind=MovementKind.RETURN,
        key=key,
        now=now,
        posted_by=user,
        note=note or kits_note(pieces),
        customer=customer,
    )
