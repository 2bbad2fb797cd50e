"""What comes of a transfer: in parts, with what broke or was lost on the way, and what came in addition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.lots import split_by_lot
from inventory.domain.movements import ZERO, plain, quantity_fault
from inventory.models import MovementKind, Posting, Reason, Transfer, TransferDifference, TransferLine, TransferState
from inventory.selectors.lot_levels import lots_on_the_way
from inventory.selectors.places import counterpart_ids
from inventory.services.adjustments import find_reason
from inventory.services.posting import MovementLine
from inventory.services.transfer_acts import SOURCE_TYPE, lock_in_state, post_transfer, record_transfer


@dataclass(frozen=True, slots=True)
class Difference:
    """Units of a SKU that were lost or broke on the way, or (`is_surplus`) that came although nobody sent them."""

    sku_id: int
    quantity: Decimal
    reason_code: str
    is_surplus: bool = False
    note: str = ""


@transaction.atomic
def receive_transfer(
    *,
    transfer_id: int,
    key: str | None,
    user: User | None,
    now: datetime,
    received: Mapping[int, Decimal] | None = None,
    is_final: bool = False,
    reason_code: str = "",
    differences: Sequence[Difference] = (),
) -> Transfer:
    """Takes in what came: everything, or `received` (sku_id -> quantity).

    `differences` are units that broke or were lost, each for its own reason, and are no longer expected; or that came
    in addition. With `is_final` nothing more is expected, and what is missing is lost for the reason given. A repeat of
    the same `key` changes nothing. Raises `IllegalStateChange`; `InvalidInput` when more came or was lost than is open.
    """
    if key is not None and Posting.objects.filter(key=key, source_type=SOURCE_TYPE, source_id=transfer_id).exists():
        return Transfer.objects.get(pk=transfer_id)
    transfer = lock_in_state(transfer_id, TransferState.SHIPPED)
    lines = list(transfer.lines.select_related("sku").order_by("pk"))
    _check_differences(lines, differences)
    arrived = _arrivals(lines, received, _lost_of(differences))
    noted = list(differences) + (_rest(lines, arrived, _lost_of(differences), reason_code) if is_final else [])
    posting = _post_arrival(transfer, lines, arrived, noted, key, user, now)
    if posting is not None:
        _write_arrival(lines, arrived, _lost_of(noted))
        _note_differences(lines, noted, posting, user, now)
    if is_final or not any(line.open_quantity for line in lines):
        transfer.state, transfer.received_at = TransferState.RECEIVED, now
        transfer.save(update_fields=["state", "received_at"])
    record_transfer(transfer, "received", user, now)
    return transfer


def _check_differences(lines: Sequence[TransferLine], differences: Sequence[Difference]) -> None:
    skus = {line.sku_id: line.sku for line in lines}
    for difference in differences:
        sku = skus.get(difference.sku_id)
        if sku is None:
            raise InvalidInput(_("This transfer does not carry one of these SKUs."))
        if quantity_fault(difference.quantity, sku.unit):
            raise InvalidInput(_("%(sku)s: the difference is no quantity of its unit.") % {"sku": sku.code})


def _lost_of(differences: Sequence[Difference]) -> dict[int, Decimal]:
    """Units by SKU that will not arrive."""
    lost: dict[int, Decimal] = {}
    for difference in differences:
        if not difference.is_surplus:
            lost[difference.sku_id] = lost.get(difference.sku_id, ZERO) + difference.quantity
    return lost


def _arrivals(
    lines: Sequence[TransferLine], received: Mapping[int, Decimal] | None, lost: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    if received is None:
        received = {line.sku_id: max(line.open_quantity - lost.get(line.sku_id, ZERO), ZERO) for line in lines}
    if set(received) - {line.sku_id for line in lines}:
        raise InvalidInput(_("This transfer does not carry one of these SKUs."))
    for line in lines:
        quantity = received.get(line.sku_id, ZERO)
        open_quantity = line.open_quantity - lost.get(line.sku_id, ZERO)
        if not quantity.is_finite() or not 0 <= quantity <= open_quantity:
            values = {"sku": line.sku.code, "open": plain(max(open_quantity, ZERO))}
            raise InvalidInput(_("%(sku)s: at most %(open)s can still arrive.") % values, details=[values])
    return {line.sku_id: received.get(line.sku_id, ZERO) for line in lines}


def _rest(
    lines: Sequence[TransferLine], arrived: Mapping[int, Decimal], lost: Mapping[int, Decimal], reason_code: str
) -> list[Difference]:
    """What is open after this arrival, as lost."""
    left = {line.sku_id: line.open_quantity - arrived[line.sku_id] - lost.get(line.sku_id, ZERO) for line in lines}
    return [Difference(sku_id, quantity, reason_code) for sku_id, quantity in left.items() if quantity > 0]


def _post_arrival(
    transfer: Transfer,
    lines: Sequence[TransferLine],
    arrived: Mapping[int, Decimal],
    differences: Sequence[Difference],
    key: str | None,
    user: User | None,
    now: datetime,
) -> Posting | None:
    """One posting of everything; None when nothing moved."""
    reasons = {code: find_reason(code).pk for code in sorted({row.reason_code for row in differences})}
    way, loss = (counterpart_ids()[kind] for kind in ("in_transit", "loss"))
    moved = [
        MovementLine(sku_id, way, transfer.destination_id, quantity) for sku_id, quantity in arrived.items() if quantity
    ]
    moved += [_line(row, way, loss, reasons) for row in differences if not row.is_surplus]
    surplus = [_line(row, loss, transfer.destination_id, reasons) for row in differences if row.is_surplus]
    tracked = [line.sku_id for line in lines if line.sku.is_lot_tracked]
    if tracked:
        lots = lots_on_the_way(transfer, tracked)
        moved = split_by_lot(moved, lots)
        # What came in addition is taken for more of the lot that was sent.
        surplus = [replace(row, lot_id=lots[row.sku_id][0][0]) if lots.get(row.sku_id) else row for row in surplus]
    return post_transfer(transfer, moved + surplus, key, user, now) if moved or surplus else None


def _line(row: Difference, source_id: int, destination_id: int, reasons: Mapping[str, int]) -> MovementLine:
    reason_id = reasons[row.reason_code]
    return MovementLine(
        row.sku_id, source_id, destination_id, row.quantity, reason_id=reason_id, kind=MovementKind.ADJUSTMENT
    )


def _write_arrival(lines: Sequence[TransferLine], arrived: Mapping[int, Decimal], lost: Mapping[int, Decimal]) -> None:
    for line in lines:
        line.received += arrived[line.sku_id]
        line.missing += lost.get(line.sku_id, ZERO)
    TransferLine.objects.bulk_update(lines, ["received", "missing"])


def _note_differences(
    lines: Sequence[TransferLine],
    differences: Sequence[Difference],
    posting: Posting,
    user: User | None,
    now: datetime,
) -> None:
    line_of = {line.sku_id: line for line in lines}
    reasons = dict(Reason.objects.values_list("code", "pk"))
    TransferDifference.objects.bulk_create(
        TransferDifference(
            transfer_id=line_of[row.sku_id].transfer_id,
            line=line_of[row.sku_id],
            quantity=row.quantity,
            is_surplus=row.is_surplus,
            reason_id=reasons[row.reason_code],
            note=row.note[:300],
            noted_at=now,
            noted_by=user,
            posting=posting,
        )
        for row in differences
    )
