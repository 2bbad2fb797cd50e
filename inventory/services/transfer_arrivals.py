"""What comes of a transfer: in parts, with what broke or was lost on the way, and what came in addition."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.arrivals import Arrived, OpenLine, Share, Sharing
from inventory.domain.goods import LotName
from inventory.domain.lots import split_by_lot
from inventory.domain.movements import ZERO, plain
from inventory.errors import KeyAlreadyUsed
from inventory.locks import lock_transfer
from inventory.models import (
    Lot,
    MovementKind,
    Posting,
    Reason,
    Sku,
    Transfer,
    TransferDifference,
    TransferLine,
    TransferState,
)
from inventory.selectors.lot_levels import lots_on_the_way
from inventory.selectors.places import counterpart_ids
from inventory.services.adjustments import find_reason
from inventory.services.lots import Wanted, find_lots
from inventory.services.posting import MovementLine
from inventory.services.posting_checks import quantity_message
from inventory.services.transfer_acts import SOURCE_TYPE, post_transfer, record_transfer, require_state

# The lines of a transfer by their ids.
Lines = Mapping[int, TransferLine]


@dataclass(frozen=True, slots=True)
class Arrival:
    """So much of a SKU that came. Without `lot` it is of the lots that were sent, what expires first coming first.

    `line_id` names the line of the transfer where that is known.
    """

    sku_id: int
    quantity: Decimal
    lot: LotName | None = None
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Units of a SKU that were lost or broke on the way, or (`is_surplus`) that came although nobody sent them."""

    sku_id: int
    quantity: Decimal
    reason_code: str
    is_surplus: bool = False
    note: str = ""
    lot: LotName | None = None
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A difference, or the part of one that is of one line, as it is posted."""

    line_id: int
    quantity: Decimal
    lot_id: int | None
    of: Difference


@transaction.atomic
def receive_transfer(
    *,
    transfer_id: int,
    key: str | None,
    user: User | None,
    now: datetime,
    received: Sequence[Arrival] | None = None,
    is_final: bool = False,
    reason_code: str = "",
    differences: Sequence[Difference] = (),
) -> Transfer:
    """Takes in what came: everything, or `received`.

    `differences` are units that broke or were lost, each for its own reason, and are no longer expected; or that came
    in addition. With `is_final` nothing more is expected, and what is missing is lost for the reason given. A repeat of
    the same `key` changes nothing. Raises `IllegalStateChange`; `KeyAlreadyUsed` when the key took in something else;
    `InvalidInput` when more came or was lost than is open.
    """
    transfer = lock_transfer(transfer_id)
    # Asked under the lock: a rival with the same key has either committed by now, or will wait for us.
    first = Posting.objects.filter(key=key).first() if key is not None else None
    if first is not None:
        _refuse_another(first, transfer, received, None if is_final else differences)
        return transfer
    require_state(transfer, TransferState.SHIPPED)
    lines = {line.pk: line for line in transfer.lines.select_related("sku").order_by("pk")}
    _check_rows(lines, differences, received or ())
    sharing = Sharing([OpenLine(line.pk, line.sku_id, line.lot_id, line.open_quantity) for line in lines.values()])
    noted = _noted(sharing, lines, differences)
    arrived = _arrived(sharing, lines, received)
    if is_final:
        noted += _rest(sharing, lines, reason_code)
    posting = _post_arrival(transfer, lines, arrived, noted, key, user, now)
    if posting is not None:
        _write_arrival(lines, arrived, noted)
        _note_differences(lines, noted, posting, user, now)
    if is_final or not any(line.open_quantity for line in lines.values()):
        transfer.state, transfer.received_at = TransferState.RECEIVED, now
        transfer.save(update_fields=["state", "received_at"])
    record_transfer(transfer, "received", user, now)
    return transfer


def _refuse_another(
    first: Posting, transfer: Transfer, received: Sequence[Arrival] | None, differences: Sequence[Difference] | None
) -> None:
    """Raises `KeyAlreadyUsed` unless `first` took in the same of this transfer. None: whatever there was."""
    is_same = (first.source_type, first.source_id) == (SOURCE_TYPE, transfer.pk)
    if received is not None:
        came = first.movements.filter(kind=MovementKind.TRANSFER).values_list("sku_id", "quantity")
        is_same &= _sums(came) == _sums((row.sku_id, row.quantity) for row in received)
    if differences is not None:
        noted = TransferDifference.objects.filter(posting=first).values_list("line__sku_id", "is_surplus", "quantity")
        is_same &= _sums(((sku_id, is_surplus), quantity) for sku_id, is_surplus, quantity in noted) == _sums(
            ((row.sku_id, row.is_surplus), row.quantity) for row in differences
        )
    if not is_same:
        raise KeyAlreadyUsed(
            _("Something else was received with this page or key before. See what is open, then do it once more.")
        )


def _sums(rows: Iterable[tuple[Hashable, Decimal]]) -> dict[Hashable, Decimal]:
    sums: dict[Hashable, Decimal] = {}
    for name, quantity in rows:
        sums[name] = sums.get(name, ZERO) + quantity
    return {name: quantity for name, quantity in sums.items() if quantity}


def _check_rows(lines: Lines, differences: Sequence[Difference], received: Sequence[Arrival]) -> None:
    """Refuses what the transfer does not carry, and quantities that are none; every one of them is named."""
    skus = {line.sku_id: line.sku for line in lines.values()}
    faults: list[dict[str, Any]] = []
    told: Sequence[tuple[str, Sequence[Arrival | Difference]]] = (("differences", differences), ("lines", received))
    for kind, rows in told:
        for number, row in enumerate(rows, start=1):
            message = _row_message(skus.get(row.sku_id), row.quantity, may_be_zero=kind == "lines")
            if message:
                faults.append({"list": kind, "line": number, "message": message})
    if faults:
        raise InvalidInput(faults[0]["message"], details=faults)


def _row_message(sku: Sku | None, quantity: Decimal, *, may_be_zero: bool) -> str:
    if sku is None:
        return _("This transfer does not carry one of these SKUs.")
    odd = None if may_be_zero and quantity == 0 else quantity_message(quantity, sku.unit)
    return f"{sku.code}: {odd}" if odd else ""


def _noted(sharing: Sharing, lines: Lines, differences: Sequence[Difference]) -> list[Noted]:
    """The differences by line, in their order."""
    lot_ids = find_lots([Wanted(row.sku_id, row.lot) for row in differences])
    rows = [
        Arrived(row.sku_id, row.quantity, lot_id, row.line_id) for row, lot_id in zip(differences, lot_ids, strict=True)
    ]
    lost = [number for number, row in enumerate(differences) if not row.is_surplus]
    shares = _shared(sharing, lines, [rows[number] for number in lost])
    found = [
        (lost[share.row], Noted(share.line_id, share.quantity, share.lot_id, differences[lost[share.row]]))
        for share in shares
    ]
    for number, row in enumerate(differences):
        if row.is_surplus:
            line = next(line for line in lines.values() if line.sku_id == row.sku_id and row.line_id in (None, line.pk))
            found.append((number, Noted(line.pk, row.quantity, rows[number].lot_id or line.lot_id, row)))
    return [noted for _number, noted in sorted(found, key=lambda pair: pair[0])]


def _arrived(sharing: Sharing, lines: Lines, received: Sequence[Arrival] | None) -> list[Share]:
    if received is None:
        rows = [Arrived(line.sku_id, sharing.left[line.pk], line.lot_id, line.pk) for line in lines.values()]
    else:
        lot_ids = find_lots([Wanted(row.sku_id, row.lot) for row in received])
        rows = [
            Arrived(row.sku_id, row.quantity, lot_id, row.line_id)
            for row, lot_id in zip(received, lot_ids, strict=True)
        ]
    return _shared(sharing, lines, rows)


def _shared(sharing: Sharing, lines: Lines, rows: Sequence[Arrived]) -> list[Share]:
    """Raises `InvalidInput` naming every row of which more is told than is open."""
    before = dict(sharing.left)
    shares, over = sharing.share_out(rows)
    if over:
        codes = {line.sku_id: line.sku.code for line in lines.values()}
        sharing.left = before
        faults: list[dict[str, Any]] = []
        for number in sorted(over):
            values = {"sku": codes[rows[number].sku_id], "open": plain(sharing.open_for(rows[number]))}
            message = _("%(sku)s: at most %(open)s can still arrive.") % values
            faults.append({**values, "line": number + 1, "message": message})
        raise InvalidInput(faults[0]["message"], details=faults)
    return shares


def _rest(sharing: Sharing, lines: Lines, reason_code: str) -> list[Noted]:
    """What is open after this arrival, as lost."""
    return [
        Noted(line.pk, left, line.lot_id, Difference(line.sku_id, left, reason_code))
        for line in lines.values()
        if (left := sharing.left[line.pk]) > 0
    ]


def _post_arrival(
    transfer: Transfer,
    lines: Lines,
    arrived: Sequence[Share],
    noted: Sequence[Noted],
    key: str | None,
    user: User | None,
    now: datetime,
) -> Posting | None:
    """One posting of everything; None when nothing moved."""
    reasons = {
        code: find_reason(code, is_gone=is_gone).pk
        for code, is_gone in sorted({(row.of.reason_code, not row.of.is_surplus) for row in noted})
    }
    way, loss = (counterpart_ids()[kind] for kind in ("in_transit", "loss"))
    here = transfer.destination_id
    moved = [
        MovementLine(lines[share.line_id].sku_id, way, here, share.quantity, lot_id=share.lot_id) for share in arrived
    ]
    moved += [_line(row, way, loss, reasons) for row in noted if not row.of.is_surplus]
    surplus = [_line(row, loss, here, reasons) for row in noted if row.of.is_surplus]
    tracked = [line.sku_id for line in lines.values() if line.sku.is_lot_tracked]
    if tracked:
        lots = lots_on_the_way(transfer, tracked)
        _refuse_other_lots(moved, lots, lines)
        moved = split_by_lot(moved, lots)
        # What came in addition is taken for more of the lot that was sent.
        surplus = [
            replace(row, lot_id=lots[row.sku_id][0][0]) if row.lot_id is None and lots.get(row.sku_id) else row
            for row in surplus
        ]
    return post_transfer(transfer, moved + surplus, key, user, now) if moved or surplus else None


def _refuse_other_lots(
    moved: Sequence[MovementLine], lots: Mapping[int, Sequence[tuple[int, Decimal]]], lines: Lines
) -> None:
    """More of a lot than this transfer carries would be taken from another one that is on its way."""
    left = {(sku_id, lot_id): quantity for sku_id, rows in lots.items() for lot_id, quantity in rows}
    for row in moved:
        if row.lot_id is not None:
            left[row.sku_id, row.lot_id] = left.get((row.sku_id, row.lot_id), ZERO) - row.quantity
    short = [(sku_id, lot_id) for (sku_id, lot_id), quantity in left.items() if quantity < 0]
    if not short:
        return
    codes = dict(Lot.objects.filter(pk__in=[lot_id for _sku_id, lot_id in short]).values_list("pk", "code"))
    names = {line.sku_id: line.sku.code for line in lines.values()}
    faults = [
        {
            "sku": names[sku_id],
            "lot": codes[lot_id],
            "message": _("%(sku)s: that much of lot %(lot)s is not on its way with this transfer.")
            % {"sku": names[sku_id], "lot": codes[lot_id]},
        }
        for sku_id, lot_id in sorted(short)
    ]
    raise InvalidInput(faults[0]["message"], details=faults)


def _line(row: Noted, source_id: int, destination_id: int, reasons: Mapping[str, int]) -> MovementLine:
    return MovementLine(
        row.of.sku_id,
        source_id,
        destination_id,
        row.quantity,
        reason_id=reasons[row.of.reason_code],
        kind=MovementKind.ADJUSTMENT,
        lot_id=row.lot_id,
    )


def _write_arrival(lines: Lines, arrived: Sequence[Share], noted: Sequence[Noted]) -> None:
    for share in arrived:
        lines[share.line_id].received += share.quantity
    for row in noted:
        if not row.of.is_surplus:
            lines[row.line_id].missing += row.quantity
    TransferLine.objects.bulk_update(list(lines.values()), ["received", "missing"])


def _note_differences(
    lines: Lines,
    noted: Sequence[Noted],
    posting: Posting,
    user: User | None,
    now: datetime,
) -> None:
    reasons = dict(Reason.objects.values_list("code", "pk"))
    TransferDifference.objects.bulk_create(
        TransferDifference(
            transfer_id=lines[row.line_id].transfer_id,
            line=lines[row.line_id],
            quantity=row.quantity,
            is_surplus=row.of.is_surplus,
            reason_id=reasons[row.of.reason_code],
            note=row.of.note[:300],
            noted_at=now,
            noted_by=user,
            posting=posting,
        )
        for row in noted
    )
