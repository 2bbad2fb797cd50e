"""One need bought from several suppliers in one decision. The caller has checked role and scope."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.services.posting_checks import quantity_message
from orders.domain.split import split_need
from orders.errors import ChangedMeanwhile
from orders.locks import lock_proposals
from orders.models import ProposalPart, ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.selectors.splits import SplitPart, arrival_days, part_of, split_offers
from orders.services.budget_shares import share_budgets
from orders.services.decisions import Approval, documents_of
from orders.services.keys import check_key
from orders.services.open_proposals import (
    decide,
    refuse_changed,
    refuse_used_key,
    require_kept,
    require_open,
)
from orders.services.purchase_orders import NewOrder, OrderLine, create_orders
from suppliers.models import Supplier
from suppliers.selectors.terms import Offer

WRITTEN = [
    "state", "decided_at", "decided_by", "updated_at", "purchase_order", "transfer", "approval_key", "needs_review",
    "supplier", "quantity", "unit_price", "expected_on",
]  # fmt: skip


def split_proposal(
    *,
    proposal_id: int,
    wanted: Mapping[int, Decimal | None],
    user: User | None,
    now: datetime,
    key: str = "",
    seen: Decimal | None = None,
    seen_prices: Mapping[int, Decimal] | None = None,
) -> Approval:
    """Buys the need of an open proposal from several suppliers: an order for each, all of them or none. `wanted` are
    units by supplier; None (of one of them) is what the others leave of the proposed quantity.

    The orders go through limits and budgets as those of any approval do. A repeat with the same `key` returns them.
    `seen` is the quantity of the proposal that the person saw, `seen_prices` those of a unit by supplier; where one is
    another by now, nothing is bought. Raises InvalidInput naming each supplier who does not deliver so many,
    AlreadyDecided, ChangedMeanwhile, IllegalStateChange, KeyAlreadyUsed, OverBudget,
    ReplenishmentProposal.DoesNotExist.
    """
    check_key(key)
    with transaction.atomic():
        proposals = lock_proposals([proposal_id])
        (proposal,) = proposals
        if key and proposal.approval_key == key:
            return documents_of(proposals)
        require_open(proposals)
        require_kept(proposals)
        refuse_changed(proposals, {} if seen is None else {proposal.pk: seen})
        refuse_used_key(key)
        parts = _parts(proposal, wanted, now)
        _refuse_changed_prices(parts, seen_prices or {})
        orders = create_orders(new=_new_orders(proposal, parts, key, now), user=user, now=now)
        _close(proposal, parts, orders, key, user, now)
    share_budgets(now=now)
    return Approval(orders, [])


def _parts(proposal: ReplenishmentProposal, wanted: Mapping[int, Decimal | None], now: datetime) -> list[SplitPart]:
    """Those of whom something is bought; every fault of all of them is named at once."""
    if proposal.supplier_id is None:
        raise IllegalStateChange(_("This is moved from another place, not bought: it cannot be split over suppliers."))
    if list(wanted.values()).count(None) > 1:
        raise InvalidInput(_("Only one supplier can bring the rest."))
    offers = [offer for offer in split_offers(proposal) if offer.supplier_id in wanted]
    _refuse_who_does_not_deliver(wanted, offers)
    units = split_need(proposal.quantity, wanted, {offer.supplier_id: offer.pack_size for offer in offers})
    days = arrival_days(proposal, offers, now)
    parts = [part_of(offer, units[offer.supplier_id], day) for offer, day in zip(offers, days, strict=True)]
    parts = [part for part in parts if part.quantity]
    if not parts:
        raise InvalidInput(_("Nothing is bought of anybody. To order none, reject the proposal."))
    details = [
        {"supplier": part.offer.supplier_id, "name": part.offer.supplier_name, "message": fault}
        for part in parts
        if (fault := _unit_fault(proposal, part) or part.fault)
    ]
    if details:
        raise InvalidInput("; ".join(f"{row['name']}: {row['message']}" for row in details), details=details)
    return parts


def _unit_fault(proposal: ReplenishmentProposal, part: SplitPart) -> str:
    return quantity_message(part.quantity, proposal.sku.unit) or ""


def _refuse_who_does_not_deliver(wanted: Mapping[int, Decimal | None], offers: Sequence[Offer]) -> None:
    missing = set(wanted) - {offer.supplier_id for offer in offers}
    if missing:
        names = Supplier.objects.filter(pk__in=missing).order_by("name").values_list("name", flat=True)
        raise InvalidInput(
            _("These do not deliver it, or not any more: %(names)s. Choose other suppliers.")
            % {"names": ", ".join(names) or "–"},
            details=[{"supplier": supplier_id} for supplier_id in sorted(missing)],
        )


def _refuse_changed_prices(parts: Sequence[SplitPart], seen: Mapping[int, Decimal]) -> None:
    details = [
        {"supplier": part.offer.supplier_id, "name": part.offer.supplier_name, "price": plain(part.unit_price)}
        for part in parts
        if seen.get(part.offer.supplier_id, part.unit_price) != part.unit_price
    ]
    if details:
        what = "; ".join(f"{row['name']}: {row['price']}" for row in details)
        raise ChangedMeanwhile(
            _("Another price holds than the one you saw. %(what)s. Look at the cost again.") % {"what": what},
            details=details,
        )


def _new_orders(proposal: ReplenishmentProposal, parts: Sequence[SplitPart], key: str, now: datetime) -> list[NewOrder]:
    suppliers = Supplier.objects.in_bulk([part.offer.supplier_id for part in parts])
    today = local_date(now, proposal.location.time_zone)
    return [
        NewOrder(
            supplier=suppliers[part.offer.supplier_id],
            location=proposal.location,
            lines=[OrderLine(proposal.sku_id, part.quantity, part.unit_price, part.expected_on)],
            ordered_on=today,
            expected_on=part.expected_on,
            key=f"{key}/{part.offer.supplier_id}/{proposal.location_id}" if key else None,
        )
        for part in parts
    ]


def _close(
    proposal: ReplenishmentProposal,
    parts: Sequence[SplitPart],
    orders: Sequence[PurchaseOrder],
    key: str,
    user: User | None,
    now: datetime,
) -> None:
    """The need is decided once, with what all of them bring; it names the first order, and its parts name each."""
    first = parts[0]
    decide([proposal], ProposalState.APPROVED, user, now, purchase_order=orders[0], approval_key=key)
    proposal.supplier_id, proposal.unit_price = first.offer.supplier_id, first.unit_price
    proposal.expected_on = min(part.expected_on for part in parts)
    proposal.quantity = sum((part.quantity for part in parts), Decimal(0))
    proposal.save(update_fields=WRITTEN)
    ProposalPart.objects.bulk_create(
        ProposalPart(proposal=proposal, purchase_order=order, quantity=part.quantity)
        for part, order in zip(parts, orders, strict=True)
    )
    record_audit(
        actor=user, action="proposal.split", object_type="proposal", object_id=proposal.pk, now=now,
        data={
            "sku": proposal.sku.code,
            "parts": {order.number: plain(part.quantity) for part, order in zip(parts, orders, strict=True)},
        },
    )  # fmt: skip
