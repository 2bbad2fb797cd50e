"""What nobody has decided in time is taken back, so that no one approves the figures of another season."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.services.audit import record_audits
from orders.locks import lock_past_emergencies, lock_stale_orders, lock_stale_proposals
from orders.models import Emergency, EmergencyState, ProposalState, ReplenishmentProposal
from orders.selectors.approvals import buying_settings
from orders.services.purchase_orders import audit_order, void_orders


def expire_proposals(*, now: datetime) -> int:
    """Open proposals that no plan has looked at for so long are withdrawn. Returns how many.

    A plan brings every proposal of its location up to date each night, so this meets those whose plan has stopped.
    """
    before = (now - timedelta(days=buying_settings().proposal_days)).date()
    with transaction.atomic():
        ids = lock_stale_proposals(before.isoformat())
        if ids:
            ReplenishmentProposal.objects.filter(pk__in=ids).update(
                state=ProposalState.WITHDRAWN, decided_at=now, updated_at=now, needs_review=False
            )
            taken_back: dict[int, dict[str, str]] = {row_id: {} for row_id in ids}
            record_audits(actor=None, action="proposal.expired", object_type="proposal", data_of=taken_back, now=now)
    return len(ids)


def expire_emergencies(*, now: datetime) -> int:
    """Open ones whose ordinary delivery was due before yesterday are withdrawn: nothing is left to be faster than.
    Returns how many.

    A plan does that each night, so this too meets those whose plan has stopped; a day is left for the clocks of places.
    """
    with transaction.atomic():
        ids = lock_past_emergencies((now - timedelta(days=1)).date())
        if ids:
            Emergency.objects.filter(pk__in=ids).update(state=EmergencyState.WITHDRAWN, decided_at=now, updated_at=now)
            taken_back: dict[int, dict[str, str]] = {row_id: {} for row_id in ids}
            record_audits(actor=None, action="emergency.expired", object_type="emergency", data_of=taken_back, now=now)
    return len(ids)


def expire_orders(*, now: datetime) -> int:
    """What has waited too long for a second person is void, like a draft that nobody has given up in that time: both
    count as on order, so their need shows again. Returns how many."""
    before = now - timedelta(days=buying_settings().approval_days)
    with transaction.atomic():
        orders = lock_stale_orders(before)
        void_orders(orders, "", now)
        for order in orders:
            audit_order(order, "purchase_order.expired", None, now)
    return len(orders)
