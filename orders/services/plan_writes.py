"""Brings the open proposals in line with a plan, in sets: one statement each to withdraw, to change and to add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.models import Location
from orders.domain.plan import Decision
from orders.domain.plan_reasons import proposal_lines
from orders.domain.reasons import pack_lines
from orders.domain.sourcing import SourceKind
from orders.models import Outcome, ProposalState, ReplenishmentProposal

# What the night refreshes of a proposal that nobody touched, and of one whose quantity a person typed.
UNTOUCHED_FIELDS = (
    "quantity",
    "suggested_quantity",
    "unit_price",
    "expected_on",
    "reason",
    "value_at_risk",
    "supplier_id",
    "source_id",
)
EDITED_FIELDS = ("suggested_quantity", "reason", "value_at_risk", "needs_review")
WRITTEN_FIELDS = sorted({*UNTOUCHED_FIELDS, *EDITED_FIELDS, "updated_at"})


@dataclass(frozen=True)
class Synced:
    """How many open proposals the plan added, changed, left as they were and withdrew."""

    created: int
    changed: int
    unchanged: int
    withdrawn: int


def source_id_of(location: Location, decision: Decision) -> int | None:
    """The place that goods are moved from."""
    return decision.donor.location_id if decision.donor else location.supplied_by_id


def _source_of(location: Location, decision: Decision) -> dict[str, int | None]:
    buy, kind = decision.case.buy, decision.choice.kind
    return {
        "supplier_id": buy.supplier_id if buy and kind is SourceKind.SUPPLIER else None,
        "source_id": source_id_of(location, decision) if kind is SourceKind.LOCATION else None,
    }


def sync_proposals(
    *,
    location: Location,
    open_proposals: Sequence[ReplenishmentProposal],
    decisions: Sequence[Decision],
    as_of: date,
    today: date,
    now: datetime,
    is_check: bool,
) -> Synced:
    """Makes the open proposals those that the decisions ask for. The caller holds the lock on `open_proposals`."""
    wanted = {decision.case.sku_id: decision for decision in decisions if decision.outcome == Outcome.PROPOSED}
    source_name = location.supplied_by.name if location.supplied_by else ""
    fresh = {sku_id: _fields(location, decision, source_name, as_of, today) for sku_id, decision in wanted.items()}
    gone = [proposal.pk for proposal in open_proposals if proposal.sku_id not in wanted]
    kept = [proposal for proposal in open_proposals if proposal.sku_id in wanted]
    changed = [proposal for proposal in kept if _refresh(proposal, fresh[proposal.sku_id], now)]
    known = {proposal.sku_id for proposal in kept}
    added = [_new(location, sku_id, fields, now, is_check) for sku_id, fields in fresh.items() if sku_id not in known]
    _write(gone, changed, added, now)
    return Synced(len(added), len(changed), len(kept) - len(changed), len(gone))


def _write(
    gone: list[int], changed: list[ReplenishmentProposal], added: list[ReplenishmentProposal], now: datetime
) -> None:
    if gone:
        ReplenishmentProposal.objects.filter(pk__in=gone).update(
            state=ProposalState.WITHDRAWN, decided_at=now, updated_at=now, needs_review=False
        )
    if changed:
        ReplenishmentProposal.objects.bulk_update(changed, [name.removesuffix("_id") for name in WRITTEN_FIELDS])
    if added:
        ReplenishmentProposal.objects.bulk_create(added)


def _fields(location: Location, decision: Decision, source_name: str, as_of: date, today: date) -> dict[str, Any]:
    return {
        "quantity": decision.quantity,
        "suggested_quantity": decision.quantity,
        "unit_price": decision.unit_price,
        "expected_on": today + timedelta(days=decision.days_to_arrive),
        "reason": {"as_of": as_of.isoformat(), "lines": pack_lines(proposal_lines(decision, source_name))},
        "value_at_risk": decision.value_at_risk,
        **_source_of(location, decision),
    }


def _new(
    location: Location, sku_id: int, fields: Mapping[str, Any], now: datetime, is_check: bool
) -> ReplenishmentProposal:
    """What a check between two nights adds, the last night had not asked for."""
    marks = _marks("0", "0", True) if is_check else _marks("", str(fields["suggested_quantity"]), False)
    fresh = {**fields, "reason": {**fields["reason"], **marks}}
    return ReplenishmentProposal(location=location, sku_id=sku_id, created_at=now, updated_at=now, **fresh)


def _refresh(proposal: ReplenishmentProposal, fields: Mapping[str, Any], now: datetime) -> bool:
    """Brings an open proposal up to date; False when there was nothing to change."""
    fresh = {**fields, "reason": {**fields["reason"], **_change(proposal, fields)}}
    if proposal.edited_at is not None:
        is_other = proposal.suggested_quantity != fields["suggested_quantity"]
        fresh["needs_review"] = proposal.needs_review or is_other
    names = UNTOUCHED_FIELDS if proposal.edited_at is None else EDITED_FIELDS
    if all(getattr(proposal, name) == fresh[name] for name in names):
        return False
    for name in names:
        setattr(proposal, name, fresh[name])
    proposal.updated_at = now
    return True


def _change(proposal: ReplenishmentProposal, fields: Mapping[str, Any]) -> dict[str, str]:
    """What the suggestion was before, for "what changed": a night compares with the night before it, a check between
    two nights with the night that it follows. A repeat keeps the answer."""
    kept, fresh = proposal.reason, fields["suggested_quantity"]
    if kept.get("as_of") != fields["reason"]["as_of"]:
        return _marks(str(proposal.suggested_quantity), str(fresh), proposal.suggested_quantity != fresh)
    night = kept.get("night", str(proposal.suggested_quantity))
    if Decimal(night) != fresh:
        return _marks(night, night, True)
    return _marks(kept.get("was", night), night, Decimal(kept.get("was", night)) != fresh)


def _marks(was: str, night: str, is_other: bool) -> dict[str, str]:
    """`night`: what the last night suggested; `was`: what to compare the present suggestion with, where they differ."""
    return {"night": night, "was": was} if is_other else {"night": night}
