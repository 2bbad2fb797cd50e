"""Selling over the counter, and taking goods back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from inventory.domain.days import local_date
from inventory.domain.movements import ZERO
from inventory.errors import OutOfStock
from inventory.models import Location, LostSale, LostSaleCause, Movement, MovementKind, Posting, Sku
from inventory.selectors.places import counterpart_ids
from inventory.services.posting import MovementLine, post_movements

# A cut sale counts again what is left when somebody else was quicker; after so many times it is refused.
CUT_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """So much of a SKU; `unit_price` None means the price (or cost) of the SKU's card."""

    sku_id: int
    quantity: Decimal
    unit_price: Decimal | None = None


# Lines by their number, from 1.
Lines = dict[int, GoodsLine]


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
) -> Sale:
    """Posts a sale. With `allow_cut` a line that asks for more than is there takes what is left.

    Raises `OutOfStock` when something is short and may not be cut, or when nothing at all is left. What was asked for
    and not there is kept as `LostSale` in either case, also when the sale itself is refused; a repeat of the same `key`
    counts once.
    """
    asked = dict(enumerate(with_prices(lines), start=1))
    earlier = _earlier_sale(key, asked) if allow_cut and key is not None else None
    if earlier is not None:
        return earlier
    served = asked
    for _attempt in range(CUT_ATTEMPTS if allow_cut else 1):
        try:
            posting = _post_sale(location, served, key, user, now)
        except OutOfStock as refusal:
            shortage = refusal
            served = _cut(served, refusal)
            if not served:
                break
        else:
            unserved = _difference(asked, served)
            _record_lost(location, unserved, asked, LostSaleCause.CUT, key, user, now)
            return Sale(posting, unserved)
    _record_lost(location, _difference(asked, served), asked, LostSaleCause.REFUSED, key, user, now)
    raise shortage


def with_prices(lines: Sequence[GoodsLine]) -> list[GoodsLine]:
    """Fills prices that were not said from the cards of the SKUs."""
    unsaid = {line.sku_id for line in lines if line.unit_price is None}
    prices = dict(Sku.objects.filter(pk__in=unsaid).values_list("pk", "price")) if unsaid else {}
    return [
        line if line.unit_price is not None else replace(line, unit_price=prices.get(line.sku_id)) for line in lines
    ]


def _post_sale(location: Location, lines: Lines, key: str | None, user: User | None, now: datetime) -> Posting:
    customers = counterpart_ids()["customer"]
    moved = [
        MovementLine(line.sku_id, location.pk, customers, line.quantity, unit_price=line.unit_price)
        for line in lines.values()
    ]
    return post_movements(lines=moved, kind=MovementKind.SALE, key=key, now=now, posted_by=user)


def _cut(lines: Lines, refusal: OutOfStock) -> Lines:
    """The lines with what each of them can still get; a line that gets nothing falls away."""
    numbers = list(lines)
    left = {numbers[int(row["line"]) - 1]: Decimal(row["available"]) for row in refusal.details}
    cut = {number: replace(line, quantity=left.get(number, line.quantity)) for number, line in lines.items()}
    return {number: line for number, line in cut.items() if line.quantity}


def _difference(asked: Lines, served: Lines) -> tuple[Unserved, ...]:
    given = {number: line.quantity for number, line in served.items()}
    return tuple(
        Unserved(number, wish.sku_id, wish.quantity - given.get(number, ZERO))
        for number, wish in asked.items()
        if wish.quantity > given.get(number, ZERO)
    )


def _record_lost(
    location: Location,
    unserved: Sequence[Unserved],
    lines: Lines,
    cause: LostSaleCause,
    key: str | None,
    user: User | None,
    now: datetime,
) -> None:
    LostSale.objects.bulk_create(
        [
            LostSale(
                sku_id=lost.sku_id,
                location=location,
                quantity=lost.quantity,
                unit_price=lines[lost.line].unit_price or ZERO,
                cause=cause,
                occurred_at=now,
                business_date=local_date(now, location.time_zone),
                key=_lost_key(key, lost.line),
                recorded_by=user,
            )
            for lost in unserved
        ],
        ignore_conflicts=True,
    )


def _lost_key(key: str | None, line: int) -> str | None:
    return None if key is None else f"{key}/{line}"


def _earlier_sale(key: str, asked: Lines) -> Sale | None:
    """The cut sale that this key made, if what it sold and what was lost add up to what is asked again."""
    posting = Posting.objects.filter(key=key, kind=MovementKind.SALE).first()
    if posting is None:
        return None
    numbers = {_lost_key(key, number): number for number in asked}
    lost = {
        numbers[lost_key]: quantity
        for lost_key, quantity in LostSale.objects.filter(key__in=numbers).values_list("key", "quantity")
    }
    served = [(line.sku_id, line.quantity - lost.get(number, ZERO)) for number, line in asked.items()]
    stored = Movement.objects.filter(posting=posting).order_by("line").values_list("sku_id", "quantity")
    if list(stored) != [row for row in served if row[1]]:
        return None
    return Sale(posting, tuple(Unserved(number, asked[number].sku_id, lost[number]) for number in sorted(lost)))


def return_goods(
    *, location: Location, lines: Sequence[GoodsLine], key: str | None, user: User | None, now: datetime, note: str = ""
) -> Posting:
    """Takes goods back from a customer onto the shelf; goods that cannot be sold again are adjusted off afterwards."""
    customers = counterpart_ids()["customer"]
    moved = [
        MovementLine(line.sku_id, customers, location.pk, line.quantity, unit_price=line.unit_price)
        for line in with_prices(lines)
    ]
    return post_movements(lines=moved, kind=MovementKind.RETURN, key=key, now=now, posted_by=user, note=note)
