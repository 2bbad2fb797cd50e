"""What every act on a transfer does: lock it in the right state, post its movements, note who did it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.locks import lock_transfer
from inventory.models import MovementKind, Posting, Transfer, TransferState
from inventory.services.posting import MovementLine, post_movements

SOURCE_TYPE = "transfer"


def lock_in_state(transfer_id: int, state: TransferState) -> Transfer:
    """The transfer, locked. Raises `IllegalStateChange` unless it is in that state."""
    transfer = lock_transfer(transfer_id)
    require_state(transfer, state)
    return transfer


def require_state(transfer: Transfer, state: TransferState) -> None:
    """Raises `IllegalStateChange` unless the locked transfer is in that state."""
    if transfer.state != state:
        values = {"number": transfer.number, "state": transfer.get_state_display(), "needed": state.label}
        raise IllegalStateChange(_("%(number)s is “%(state)s”; this needs “%(needed)s”.") % values)


def post_transfer(
    transfer: Transfer, lines: Sequence[MovementLine], key: str | None, user: User | None, now: datetime
) -> Posting:
    """Movements of this transfer, in the transaction of the act."""
    return post_movements(
        lines=lines,
        kind=MovementKind.TRANSFER,
        key=key,
        now=now,
        posted_by=user,
        source_type=SOURCE_TYPE,
        source_id=transfer.pk,
        note=transfer.number,
    )


def record_transfer(transfer: Transfer, act: str, user: User | None, now: datetime) -> None:
    """An act for the history of the transfer."""
    record_audit(actor=user, action=f"transfer.{act}", object_type=SOURCE_TYPE, object_id=transfer.pk, now=now)
