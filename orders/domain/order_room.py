"""What more of a line could be bought."""

from decimal import Decimal

from orders.domain.bounds import Limit
from orders.domain.plan import Decision
from orders.domain.quantity import to_number
from orders.domain.sourcing import SourceKind

LESSENED = Limit.SHELF_LIFE | Limit.PHASE_OUT


def is_bought(decision: Decision) -> bool:
    return decision.case.buy is not None and decision.choice.kind is SourceKind.SUPPLIER


def room_of(decision: Decision) -> float:
    """Units up to which the position may go; what spoils or ends is not bought beyond its level."""
    policy = decision.case.policy
    if LESSENED & decision.limits:
        return to_number(decision.order_up_to or Decimal(0))
    return float("inf") if policy.capacity is None else policy.capacity
