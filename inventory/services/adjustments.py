"""Stock that broke, vanished or turned up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.goods import LotName
from inventory.models import Location, MovementKind, Posting, Reason
from inventory.selectors.places import counterpart_ids
from inventory.services.lots import Wanted, find_lots, make_lots
from inventory.services.posting import MovementLine, post_movements


@dataclass(frozen=True, slots=True)
class Change:
    """`quantity` above zero was found, below zero was lost. Without a lot, what expires first is lost first."""

    sku_id: int
    quantity: Decimal
    lot: LotName | None = None


@transaction.atomic
def adjust_stock(
    *,
    location: Location,
    changes: Sequence[Change],
    reason_code: str,
    key: str | None,
    user: User | None,
    now: datetime,
    note: str = "",
) -> Posting:
    """Corrects stock for a reason on the firm's list, of what is lost one for which units can be gone. Raises
    `OutOfStock` when more is lost than was there."""
    reason_id = find_reason(reason_code, is_gone=any(change.quantity < 0 for change in changes)).pk
    loss = counterpart_ids()["loss"]
    # Only what was found may be in a lot that nobody has met before.
    find_lots([Wanted(change.sku_id, change.lot if change.quantity < 0 else None) for change in changes])
    lots = make_lots(wanted=[Wanted(change.sku_id, change.lot) for change in changes], location=location, now=now)
    lines = [
        replace(change_line(change, location.pk, loss, reason_id), lot_id=lot_id)
        for change, lot_id in zip(changes, lots, strict=True)
    ]
    return post_movements(lines=lines, kind=MovementKind.ADJUSTMENT, key=key, now=now, posted_by=user, note=note)


def change_line(change: Change, location_id: int, loss_id: int, reason_id: int | None) -> MovementLine:
    """A movement between a place and loss, in the direction of the sign."""
    ends = (loss_id, location_id) if change.quantity > 0 else (location_id, loss_id)
    return MovementLine(change.sku_id, *ends, abs(change.quantity), reason_id=reason_id)


def find_reason(code: str, *, is_gone: bool = False) -> Reason:
    """An active reason, for units that are gone one that takes them away, or `InvalidInput` that lists those there
    are."""
    active = {reason.code: reason for reason in Reason.objects.filter(is_active=True).order_by("code")}
    reasons = {known: reason for known, reason in active.items() if reason.takes_away or not is_gone}
    if not code:
        raise InvalidInput(
            _("Give a reason. Choose one of: %(known)s.") % {"known": ", ".join(reasons)},
            details=[{"field": "reason", "message": _("A reason is needed.")}],
        )
    if code in active and code not in reasons:
        values = {"reason": active[code].title, "known": ", ".join(reasons)}
        raise InvalidInput(
            _("“%(reason)s” does not say why units are gone. Choose one of: %(known)s.") % values,
            details=[{"field": "reason", "message": _("A reason for units that are gone is needed.")}],
        )
    if code not in reasons:
        raise InvalidInput(
            _("There is no reason %(code)s. Choose one of: %(known)s.") % {"code": code, "known": ", ".join(reasons)},
            details=[{"field": "reason", "message": _("Unknown reason.")}],
        )
    return reasons[code]
