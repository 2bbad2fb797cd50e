"""What was really found on the shelf."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.goods import LotName
from inventory.domain.movements import ZERO
from inventory.locks import lock_levels
from inventory.models import Location, MovementKind, Posting
from inventory.selectors.count_findings import last_counted
from inventory.selectors.ledger import levels_as_of
from inventory.selectors.lot_levels import lot_levels_as_of
from inventory.selectors.places import counterpart_ids
from inventory.services.adjustments import Change, change_line
from inventory.services.count_rows import note_counted
from inventory.services.lots import Wanted, make_lots
from inventory.services.posting import MovementLine, post_movements


@dataclass(frozen=True, slots=True)
class Counted:
    """So many were there; `counted_at` None means now. Sales between counting and posting are reckoned with."""

    sku_id: int
    quantity: Decimal
    counted_at: datetime | None = None
    # Of a SKU that is tracked by lot: the lot that was counted. Without one the count is of all its lots.
    lot: LotName | None = None


# A count with the id of its lot; a level by SKU and lot.
Row = tuple[Counted, int | None]
Key = tuple[int, int | None]


@transaction.atomic
def correct_count(
    *,
    location: Location,
    counts: Sequence[Counted],
    key: str | None,
    user: User | None,
    now: datetime,
    note: str = "",
) -> Posting | None:
    """Posts the difference between what was counted and what the ledger says was there when each line was counted.

    The difference is dated to that moment, so that another count of about the same time does not find it once more; one
    that is older than the last count of its SKU changes nothing. None when nothing differs. A repeat of the key returns
    the first posting. Raises `InvalidInput` for a count below zero or a SKU counted twice, `OutOfStock` when what was
    counted too few of has been sold meanwhile.
    """
    _check(counts)
    first = Posting.objects.filter(key=key).first() if key is not None else None
    if first is not None:
        return first
    lots = make_lots(wanted=[Wanted(count.sku_id, count.lot) for count in counts], location=location, now=now)
    pairs = sorted({(count.sku_id, location.pk) for count in counts})
    balances = lock_levels(pairs, missing=pairs)
    expected: dict[Key, Decimal] = {(sku_id, None): balance.on_hand for (sku_id, _place), balance in balances.items()}
    moments = {count.sku_id: count.counted_at for count in counts if count.counted_at is not None}
    told = levels_as_of(location_id=location.pk, moments=moments)
    expected |= {(sku_id, None): on_hand for sku_id, on_hand in told.items()}
    since = last_counted(location.pk, list(moments))
    rows = [(count, lot_id) for count, lot_id in zip(counts, lots, strict=True) if _is_news(count, since)]
    asked = {lot_id: count.counted_at for count, lot_id in rows if lot_id is not None}
    expected |= {(count.sku_id, lot_id): ZERO for count, lot_id in rows if lot_id is not None}
    expected |= lot_levels_as_of(location_id=location.pk, moments=asked)
    lines = _lines(rows, expected, location.pk)
    note_counted(location.pk, {count.sku_id: min(count.counted_at or now, now) for count, _lot_id in rows})
    if not lines:
        return None
    return post_movements(lines=lines, kind=MovementKind.COUNT, key=key, now=now, posted_by=user, note=note)


def _is_news(count: Counted, since: Mapping[int, datetime]) -> bool:
    last = since.get(count.sku_id)
    return count.counted_at is None or last is None or last <= count.counted_at


def _lines(rows: Sequence[Row], expected: Mapping[Key, Decimal], location_id: int) -> list[MovementLine]:
    loss = counterpart_ids()["loss"]
    changes = [(Change(row.sku_id, row.quantity - expected[row.sku_id, lot_id]), row, lot_id) for row, lot_id in rows]
    return [
        replace(change_line(change, location_id, loss, None), occurred_at=row.counted_at, lot_id=lot_id)
        for change, row, lot_id in changes
        if change.quantity
    ]


def _check(counts: Sequence[Counted]) -> None:
    if not counts:
        raise InvalidInput(_("Nothing was counted."))
    for number, count in enumerate(counts, start=1):
        if not count.quantity.is_finite() or count.quantity < 0:
            raise InvalidInput(
                _("Line %(line)d: a count cannot be below zero.") % {"line": number},
                details=[{"line": number, "message": _("A count cannot be below zero.")}],
            )
    places = [(count.sku_id, count.lot.code.strip().upper() if count.lot else None) for count in counts]
    whole = {sku_id for sku_id, code in places if code is None}
    if len(set(places)) < len(places) or any(code is not None and sku_id in whole for sku_id, code in places):
        raise InvalidInput(_("A SKU stands on this count twice. Add its quantities up."))
