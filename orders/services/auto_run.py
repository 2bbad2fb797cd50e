"""Lets the rules approve: each in a transaction of its own, within its cap of the day and its author's limit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from orders.locks import lock_auto_day, lock_auto_rule, lock_budgets, lock_maker, lock_proposals, lock_settings
from orders.models import AutoApprovalDay, AutoApprovalRule, ProposalState, PurchaseOrder, ReplenishmentProposal
from orders.selectors.auto_approval import (
    auto_key,
    by_day,
    candidates,
    choose_of_day,
    conditions_of,
    may_approve,
    proposals_of,
    taken_of,
    total_of,
)
from orders.services.decisions import approve_locked


@dataclass(frozen=True)
class AutoApproval:
    """What the rules did."""

    orders: int
    proposals: int


def approve_by_rules(*, location_ids: Collection[int], now: datetime) -> AutoApproval:
    """Asks every rule that is on, the oldest first, about the open proposals of these places. A second call on the same
    day approves nothing of the same supplier and place again. One query where there is no rule."""
    done = [
        _approve_by(rule_id, location_ids, now)
        for rule_id in AutoApprovalRule.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    ]
    return AutoApproval(sum(row.orders for row in done), sum(row.proposals for row in done))


def _approve_by(rule_id: int, location_ids: Collection[int], now: datetime) -> AutoApproval:
    with transaction.atomic():
        # Held until the end, so that whoever stops the rules knows that nothing is under way when that returns.
        is_stopped = lock_settings().is_auto_approval_stopped
        rule = lock_auto_rule(rule_id)
        if is_stopped or not rule.is_active or not may_approve(rule.author):
            return AutoApproval(0, 0)
        ids = list(proposals_of(rule, location_ids).order_by("pk").values_list("pk", flat=True))
        # One that somebody decided while we waited for its lock is no longer ours.
        open_rows = [row for row in lock_proposals(ids) if row.state == ProposalState.OPEN]
        orders = [order for day, rows in by_day(open_rows, now).items() for order in _approve_day(rule, rows, day, now)]
    return AutoApproval(len(orders), sum(count for _order, count in orders))


def _approve_day(
    rule: AutoApprovalRule, rows: Sequence[ReplenishmentProposal], day: date, now: datetime
) -> list[tuple[PurchaseOrder, int]]:
    # What the author buys meanwhile counts against the same limit.
    lock_maker(rule.author_id)
    lock_budgets()
    spent = lock_auto_day(rule, day)
    choices = choose_of_day(rule, conditions_of(rule), candidates(rows, now), spent.spent, day, now)
    taken = taken_of(choices, rows)
    chosen = [row for _choice, lines in taken for row in lines]
    if not chosen:
        return []
    _spend(rule, spent, total_of(taken))
    approval = approve_locked(proposals=chosen, key=auto_key(rule, day), user=rule.author, now=now, rule=rule)
    counts = {(line.supplier_id, line.location_id): len(lines) for _choice, lines in taken for line in lines[:1]}
    return [(order, counts[order.supplier_id, order.location_id]) for order in approval.orders]


def _spend(rule: AutoApprovalRule, row: AutoApprovalDay, total: Decimal) -> None:
    """The database refuses what is above the cap, whatever was reckoned before."""
    AutoApprovalDay.objects.filter(pk=row.pk).update(spent=F("spent") + total, cap=rule.daily_cap)
