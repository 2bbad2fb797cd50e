"""What the whole inbox comes to in the firm's currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.selectors.exchange_rates import home_amount, rates_on
from orders.selectors.inbox import InboxGroup


@dataclass(frozen=True)
class InboxSum:
    """In the firm's currency; `without_rate` are currencies whose groups the total lacks."""

    count: int
    total: Decimal
    value_at_risk: Decimal
    without_rate: Sequence[str]


def sum_up(groups: Sequence[InboxGroup], day: date) -> InboxSum:
    """Over all groups at the rates of the day, and the worth of each group where it is in another currency. What is
    moved between our own places costs nothing. One query, none where everything is in the firm's currency."""
    bought = [group for group in groups if group.supplier_id is not None]
    rates = rates_on(day, {group.currency for group in bought})
    total = Decimal(0)
    for group in bought:
        group.home_total = home_amount(group.total, rates.get(group.currency))
        total += group.home_total or Decimal(0)
    return InboxSum(
        sum(group.count for group in groups),
        total,
        sum((group.value_at_risk for group in groups), Decimal(0)),
        sorted({group.currency for group in bought} - set(rates)),
    )
