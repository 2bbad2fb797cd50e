"""What a purchaser decides: approve, edit, reject. The caller has checked role and scope; the state is checked here,
locked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit, record_audits
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.models import Transfer
from inventory.services.posting_checks import quantity_message
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer
from orders.locks import lock_proposals
from orders.models import AutoApprovalRule, ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.selectors.order_waits import load_waits, wait_of
from orders.selectors.typed_price import price_for
from orders.services.budget_shares import share_budgets
from orders.services.keys import check_key
from orders.services.lessons import learn
from orders.services.open_proposals import (
    decide,
    refuse_changed,
    refuse_used_key,
    require_kept,
    require_open,
)
from orders.services.purchase_orders import NewOrder, OrderLine, create_orders
from orders.services.weigh import refuse_beyond_measure
from suppliers.models import SupplierTerms

MAX_SNOOZE_DAYS = 365


@dataclass(frozen=True)
class Approval:
    """The documents that came out of an approval: an order per supplier and location, a draft transfer per pair of
    places."""

    orders: list[PurchaseOrder]
    transfers: list[Transfer]


def approve_proposals(
    *,
    proposal_ids: Iterable[int],
    user: User | None,
    now: datetime,
    key: str = "",
    seen: Mapping[int, Decimal] | None = None,
    seen_terms: Mapping[int, str] | None = None,
) -> Approval:
    """Buys and moves what the open proposals ask for, all of them or none.

    A repeat with the same `key` (at most 80 characters) returns the first documents. `seen` are the quantities that the
    person saw, by id, `seen_terms` who delivers at which price (`terms_seen`); when a plan or somebody else changed one
    since, nothing is bought. Raises AlreadyDecided and
    ChangedMeanwhile naming each proposal, OverBudget, InvalidInput, KeyAlreadyUsed, ReplenishmentProposal.DoesNotExist.
    """
    wanted = sorted(set(proposal_ids))
    if not wanted:
        raise InvalidInput(_("Choose at least one proposal."))
    check_key(key)
    with transaction.atomic():
        proposals = lock_proposals(wanted)
        if key and all(proposal.approval_key == key for proposal in proposals):
            return documents_of(proposals)
        require_open(proposals)
        require_kept(proposals)
        refuse_changed(proposals, seen or {}, seen_terms)
        refuse_used_key(key)
        approval = approve_locked(proposals=proposals, key=key, user=user, now=now)
    share_budgets(now=now)
    return approval


def approve_locked(
    *,
    proposals: Sequence[ReplenishmentProposal],
    key: str,
    user: User | None,
    now: datetime,
    rule: AutoApprovalRule | None = None,
) -> Approval:
    """Buys and moves what locked, open proposals ask for; `rule` is what approves them in the name of `user`."""
    bought = _group([proposal for proposal in proposals if proposal.supplier_id is not None])
    moved = _group([proposal for proposal in proposals if proposal.supplier_id is None])
    waits = load_waits(proposals, now)
    new = [replace(_new_order(group, key, now, waits), rule=rule) for group in bought]
    orders = create_orders(new=new, user=user, now=now)
    transfers = [_transfer(group, user, now) for group in moved]
    for group, order in zip(bought, orders, strict=True):
        decide(group, ProposalState.APPROVED, user, now, purchase_order=order, approval_key=key)
    for group, transfer in zip(moved, transfers, strict=True):
        decide(group, ProposalState.APPROVED, user, now, transfer=transfer, approval_key=key)
    decided = [proposal for group in (*bought, *moved) for proposal in group]
    ReplenishmentProposal.objects.bulk_update(
        decided,
        [
            "state",
            "decided_at",
            "decided_by",
            "updated_at",
            "purchase_order",
            "transfer",
            "approval_key",
            "needs_review",
        ],
    )
    return Approval(orders, transfers)


def edit_proposal(*, proposal_id: int, quantity: Decimal, user: User | None, now: datetime) -> ReplenishmentProposal:
    """Sets the quantity that the person wants, at the price of so many; the night and the budgets then keep it. The
    quantity that stood there gives it back to them.

    Raises InvalidInput when it does not fit the unit or the supplier's packs, or for an amount that no order holds;
    AlreadyDecided; ReplenishmentProposal.DoesNotExist.
    """
    with transaction.atomic():
        proposals = lock_proposals([proposal_id])
        require_open(proposals)
        (proposal,) = proposals
        terms = _terms_of(proposal)
        _check_quantity(proposal, quantity, terms)
        proposal.unit_price = price_for(proposal, quantity, terms)
        refuse_beyond_measure(quantity * proposal.unit_price)
        before, is_edited = proposal.quantity, quantity != proposal.offered_quantity or proposal.is_held
        proposal.quantity, proposal.updated_at, proposal.needs_review = quantity, now, False
        proposal.edited_at, proposal.edited_by = (now, user) if is_edited else (None, None)
        if is_edited:
            proposal.cut_quantity, proposal.cut_by, proposal.cut_cost = None, None, None
        proposal.save(
            update_fields=[
                "quantity", "unit_price", "updated_at", "needs_review", "edited_at", "edited_by", "cut_quantity",
                "cut_by", "cut_cost",
            ]
        )  # fmt: skip
        record_audit(
            actor=user, action="proposal.edited", object_type="proposal", object_id=proposal.pk, now=now,
            data={"sku": proposal.sku.code, "before": plain(before), "after": plain(quantity)},
        )  # fmt: skip
    if share_budgets(now=now):
        proposal.refresh_from_db()
    return proposal


def reject_proposals(
    *,
    proposal_ids: Iterable[int],
    note: str,
    user: User | None,
    now: datetime,
    snooze_days: int = 1,
    lesson: str = "",
) -> list[ReplenishmentProposal]:
    """Drops open proposals and says why; the same need is not proposed again for `snooze_days` (at least until
    tomorrow). A `lesson` (orders.services.lessons) changes the rule of each SKU at its place, so that it is proposed
    otherwise from then on.

    Raises InvalidInput without a reason or for a lesson that cannot be learned, AlreadyDecided,
    ReplenishmentProposal.DoesNotExist.
    """
    reason = note.strip()
    if not reason:
        raise InvalidInput(_("Say why in a few words: the next person will want to know."))
    if not 0 <= snooze_days <= MAX_SNOOZE_DAYS:
        raise InvalidInput(_("Choose between 0 and %(most)d days.") % {"most": MAX_SNOOZE_DAYS})
    with transaction.atomic():
        proposals = lock_proposals(sorted(set(proposal_ids)))
        require_open(proposals)
        for proposal in proposals:
            today = local_date(now, proposal.location.time_zone)
            proposal.decision_note = reason[:300]
            proposal.snoozed_until = today + timedelta(days=max(snooze_days, 1))
            if lesson:
                learn(proposal=proposal, lesson=lesson, user=user, now=now)
        decide(proposals, ProposalState.REJECTED, user, now)
        ReplenishmentProposal.objects.bulk_update(
            proposals,
            ["state", "decided_at", "decided_by", "updated_at", "decision_note", "snoozed_until", "needs_review"],
        )
        _audit_rejection(proposals, lesson, user, now)
    share_budgets(now=now)
    return proposals


def reject_proposal(
    *, proposal_id: int, note: str, user: User | None, now: datetime, snooze_days: int = 1, lesson: str = ""
) -> ReplenishmentProposal:
    """One of `reject_proposals`."""
    (proposal,) = reject_proposals(
        proposal_ids=[proposal_id], note=note, user=user, now=now, snooze_days=snooze_days, lesson=lesson
    )
    return proposal


def documents_of(proposals: Sequence[ReplenishmentProposal]) -> Approval:
    """Those that came out of their approval, the parts of a split need included."""
    its_own = Q(pk__in={p.purchase_order_id for p in proposals}) | Q(proposal_parts__proposal__in=proposals)
    orders = PurchaseOrder.objects.filter(its_own).distinct().order_by("pk")
    transfers = Transfer.objects.filter(pk__in={p.transfer_id for p in proposals}).order_by("pk")
    return Approval(list(orders.select_related("supplier", "location")), list(transfers))


def _group(proposals: Sequence[ReplenishmentProposal]) -> list[list[ReplenishmentProposal]]:
    """By where from and where to, in the order of their ids."""
    groups: dict[tuple[int | None, int | None, int], list[ReplenishmentProposal]] = {}
    for proposal in proposals:
        groups.setdefault((proposal.supplier_id, proposal.source_id, proposal.location_id), []).append(proposal)
    return list(groups.values())


def _new_order(
    group: Sequence[ReplenishmentProposal], key: str, now: datetime, waits: Mapping[int, timedelta]
) -> NewOrder:
    first = group[0]
    supplier = first.supplier
    if supplier is None or not supplier.is_active:
        name = supplier.name if supplier else ""
        raise IllegalStateChange(_("%(name)s is no longer active: choose another supplier.") % {"name": name})
    today = local_date(now, first.location.time_zone)
    return NewOrder(
        supplier=supplier,
        location=first.location,
        lines=[OrderLine(line.sku_id, line.quantity, line.unit_price, today + waits[line.pk]) for line in group],
        ordered_on=today,
        expected_on=today + max(waits[line.pk] for line in group),
        key=f"{key}/{supplier.pk}/{first.location_id}" if key else None,
    )


def _transfer(group: Sequence[ReplenishmentProposal], user: User | None, now: datetime) -> Transfer:
    first = group[0]
    if first.source is None:
        raise IllegalStateChange(_("A proposal to move goods has no place to move them from."))
    transfer = create_transfer(
        source=first.source,
        destination=first.location,
        lines=[GoodsLine(line.sku_id, line.quantity) for line in group],
        user=user,
        now=now,
        expected_on=local_date(now, first.location.time_zone) + max(wait_of(line, now, None) for line in group),
    )
    record_audit(
        actor=user, action="transfer.approved", object_type="transfer", object_id=transfer.pk, now=now,
        data={"number": transfer.number, "lines": len(group)},
    )  # fmt: skip
    return transfer


def _check_quantity(proposal: ReplenishmentProposal, quantity: Decimal, terms: SupplierTerms | None) -> None:
    odd = quantity_message(quantity, proposal.sku.unit)
    if odd:
        if quantity.is_finite() and quantity <= 0:
            odd += " " + _("To order none, reject the proposal.")
        raise wrong_field("quantity", odd)
    # The smallest quantity for a move and for terms that have ended.
    pack, most = (terms.pack_size, terms.maximum_quantity) if terms else (Decimal("0.001"), None)
    if most is not None and quantity > most:
        raise InvalidInput(
            _("At most %(most)s are delivered in an order: order %(less)s.")
            % {"most": plain(most), "less": plain(most // pack * pack)},
            details=[{"field": "quantity", "maximum_quantity": plain(most)}],
        )
    if quantity % pack:
        below = quantity // pack * pack
        choices = " / ".join(plain(value) for value in (below, below + pack) if value > 0)
        raise InvalidInput(
            _("It comes in packs of %(pack)s: order %(choices)s.") % {"pack": plain(pack), "choices": choices},
            details=[{"field": "quantity", "pack_size": plain(pack)}],
        )


def _terms_of(proposal: ReplenishmentProposal) -> SupplierTerms | None:
    """None for a move, and where there are none."""
    if proposal.supplier_id is None:
        return None
    return SupplierTerms.objects.filter(supplier_id=proposal.supplier_id, sku_id=proposal.sku_id).first()


def _audit_rejection(proposals: Sequence[ReplenishmentProposal], lesson: str, user: User | None, now: datetime) -> None:
    data_of = {
        row.pk: {"note": row.decision_note, "lesson": lesson, "until": str(row.snoozed_until)} for row in proposals
    }
    record_audits(actor=user, action="proposal.rejected", object_type="proposal", data_of=data_of, now=now)
