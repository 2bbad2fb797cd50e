"""When one person's word is enough to buy, and when a second person has to give theirs."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


@dataclass(frozen=True, slots=True)
class Limit:
    """In the firm's currency; None is no limit. See orders.models.ApprovalLimit."""

    alone_up_to: Decimal | None = None
    release_up_to: Decimal | None = None


class Fault(Enum):
    """Why somebody may not be the second person."""

    MADE_IT = "made_it"
    CHANGED_IT = "changed_it"
    NO_RATE = "no_rate"
    OVER_LIMIT = "over_limit"


def needs_second(counted: Decimal | None, limit: Limit) -> bool:
    """`counted` is the order with all that its maker has bought alone of the supplier lately; None when a currency has
    no rate, so that nobody can say."""
    return limit.alone_up_to is not None and (counted is None or counted > limit.alone_up_to)


def release_fault(counted: Decimal | None, limit: Limit, *, has_made: bool, has_changed: bool) -> Fault | None:
    """None when the person may approve it as the second one."""
    if has_made:
        return Fault.MADE_IT
    if has_changed:
        return Fault.CHANGED_IT
    if limit.release_up_to is None:
        return None
    if counted is None:
        return Fault.NO_RATE
    return Fault.OVER_LIMIT if counted > limit.release_up_to else None
