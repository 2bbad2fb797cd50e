"""What stood in the name of somebody who is switched off, or whose new role no longer allows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, is_permitted
from orders.models import AutoApprovalRule, Delegation
from orders.services.delegations import end_delegations_of


@dataclass(frozen=True)
class Departure:
    """`standing_in` are the other sides of the delegations that ended with it, `rules` the names of the rules that
    approve nothing until somebody takes them over."""

    person: User
    standing_in: Sequence[str] = ()
    rules: Sequence[str] = ()


def leave_behind(person: User, *, actor: User | None, now: datetime) -> Departure:
    """Ends what the person, as they are now, may no longer do, in the caller's transaction. What would only rest would
    hold again, unseen, as soon as they get the right back."""
    ended: Sequence[Delegation] = ()
    rules: Sequence[str] = ()
    if not is_permitted(person, APPROVE_ORDERS):
        ended = end_delegations_of(person=person, actor=actor, now=now)
    if not is_permitted(person, DECIDE_PROPOSALS):
        idle = AutoApprovalRule.objects.filter(author=person, is_active=True).order_by("pk")
        rules = list(idle.values_list("name", flat=True))
    return Departure(person, [_other_side(row, person) for row in ended], rules)


def _other_side(row: Delegation, person: User) -> str:
    other = row.giver if row.taker_id == person.pk else row.taker
    return str(other)
