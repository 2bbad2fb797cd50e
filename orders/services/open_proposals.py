"""What every decision about open proposals checks and writes: that they are still open, as they were seen, and under
whose key."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from inventory.domain.movements import plain
from inventory.errors import KeyAlreadyUsed
from inventory.models import Transfer
from orders.errors import AlreadyDecided, ChangedMeanwhile
from orders.models import ProposalState, PurchaseOrder, ReplenishmentProposal


def require_open(proposals: Sequence[ReplenishmentProposal]) -> None:
    decided = [proposal for proposal in proposals if proposal.state != ProposalState.OPEN]
    if decided:
        what = ", ".join(f"{proposal.sku.code} ({proposal.get_state_display()})" for proposal in decided)
        raise AlreadyDecided(
            _("These are no longer waiting: %(what)s. Look at the inbox again.") % {"what": what},
            details=[{"id": row.pk, "sku": row.sku.code, "state": row.state} for row in decided],
        )


def require_kept(proposals: Sequence[ReplenishmentProposal]) -> None:
    """Nothing is bought or moved of what is sold no more, or for a place that is given up, before a plan takes it
    back."""
    gone = [row for row in proposals if not (row.sku.is_active and row.location.is_active)]
    if gone:
        what = ", ".join(f"{row.sku.code} ({row.location.name})" for row in gone)
        raise IllegalStateChange(
            _("These are not sold there any more: %(what)s. Reject them.") % {"what": what},
            details=[{"id": row.pk, "sku": row.sku.code} for row in gone],
        )


def refuse_changed(
    proposals: Sequence[ReplenishmentProposal], seen: Mapping[int, Decimal], seen_terms: Mapping[int, str] | None = None
) -> None:
    """Raises ChangedMeanwhile naming each proposal of another quantity, or from elsewhere or at another price, than the
    person saw."""
    said = [_changed_quantities(proposals, seen), _changed_terms(proposals, seen_terms or {})]
    details = [row for _message, rows in said for row in rows]
    if details:
        raise ChangedMeanwhile(" ".join(message for message, rows in said if rows), details=details)


def _changed_quantities(
    proposals: Sequence[ReplenishmentProposal], seen: Mapping[int, Decimal]
) -> tuple[str, list[dict[str, Any]]]:
    details = [
        {"id": row.pk, "sku": row.sku.code, "seen": plain(seen[row.pk]), "quantity": plain(row.quantity)}
        for row in proposals
        if row.pk in seen and seen[row.pk] != row.quantity
    ]
    what = "; ".join(_("%(sku)s: %(quantity)s instead of %(seen)s") % row for row in details)
    return _("Quantities have changed since you looked. %(what)s.") % {"what": what}, details


def _changed_terms(
    proposals: Sequence[ReplenishmentProposal], seen: Mapping[int, str]
) -> tuple[str, list[dict[str, Any]]]:
    changed = [row for row in proposals if row.pk in seen and seen[row.pk] != row.terms_seen]
    details = [
        {"id": row.pk, "sku": row.sku.code, "source": _whence(row), "price": plain(row.unit_price)} for row in changed
    ]
    what = "; ".join(_("%(sku)s: now from %(source)s at %(price)s a unit") % row for row in details)
    return _("Who delivers, or the price, has changed since you looked. %(what)s.") % {"what": what}, details


def _whence(proposal: ReplenishmentProposal) -> str:
    return str(proposal.supplier or proposal.source)


def refuse_used_key(key: str) -> None:
    if key and ReplenishmentProposal.objects.filter(approval_key=key).exists():
        raise KeyAlreadyUsed(_("This key belongs to the approval of other proposals."))


def decide(
    group: Sequence[ReplenishmentProposal],
    state: str,
    user: User | None,
    now: datetime,
    *,
    purchase_order: PurchaseOrder | None = None,
    transfer: Transfer | None = None,
    approval_key: str = "",
) -> None:
    for proposal in group:
        proposal.state = state
        proposal.decided_at, proposal.decided_by, proposal.updated_at = now, user, now
        proposal.purchase_order, proposal.transfer, proposal.approval_key = purchase_order, transfer, approval_key
        proposal.needs_review = False
