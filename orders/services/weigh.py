"""Whether one person's word is enough for what they want to buy, and whether it is an amount at all. Only asks and
locks; the caller writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import DECIDE_PROPOSALS, is_permitted
from orders.domain.approval import Limit, needs_second
from orders.locks import lock_maker
from orders.selectors.approvals import bought_alone, limit_of
from orders.selectors.exchange_rates import home_amount, rates_on

# What the columns hold: of an order in its own currency, and in that of the firm.
TOTAL_LIMIT, HOME_LIMIT = Decimal(10) ** 12, Decimal(10) ** 14
NOTHING_ALONE = Limit(alone_up_to=Decimal(0))


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that somebody wants to make; `total` in `currency`, as of `ordered_on`."""

    supplier_id: int
    currency: str
    total: Decimal
    ordered_on: date


@dataclass(frozen=True, slots=True)
class Weight:
    """In the firm's currency, None without a rate: the order itself, and with what counts together with it."""

    home_total: Decimal | None
    counted_total: Decimal | None
    needs_second: bool


def weigh(*, purchases: Sequence[Purchase], user: User | None, now: datetime) -> list[Weight]:
    """One weight for each, in their order. Those of one supplier count together, with what the person has bought of it
    lately; a purchase of a job (`user` None) is within the caps of its rule and has no other limit. Raises InvalidInput
    for amounts that no order holds.

    The person is locked until the transaction ends, so that two purchases at once are not both under the limit.
    """
    if not purchases:
        return []
    for purchase in purchases:
        refuse_beyond_measure(purchase.total)
    rates = rates_on(max(purchase.ordered_on for purchase in purchases), {p.currency for p in purchases})
    totals = [home_amount(purchase.total, rates.get(purchase.currency)) for purchase in purchases]
    for home in totals:
        refuse_beyond_measure(Decimal(0), home)
    if user is None:
        return [Weight(total, total, needs_second=False) for total in totals]
    lock_maker(user.pk)
    # Who asked for goods in the past and may buy no more by now needs a second person for all that comes of it.
    limit = limit_of(user.role) if is_permitted(user, DECIDE_PROPOSALS) else NOTHING_ALONE
    alone = dict(bought_alone(user, {purchase.supplier_id for purchase in purchases}, now))
    return [_add(alone, purchase.supplier_id, total, limit) for purchase, total in zip(purchases, totals, strict=True)]


def refuse_beyond_measure(total: Decimal, home: Decimal | None = None) -> None:
    """A slip of some digits is told before it is written. Raises InvalidInput."""
    if total >= TOTAL_LIMIT or (home is not None and home >= HOME_LIMIT):
        raise InvalidInput(_("An order of such an amount cannot be made. Check its quantities and prices."))


def _add(alone: dict[int, Decimal], supplier_id: int, total: Decimal | None, limit: Limit) -> Weight:
    before = alone.get(supplier_id, Decimal(0))
    counted = None if total is None else before + total
    refuse_beyond_measure(Decimal(0), counted)
    is_above = needs_second(counted, limit)
    if counted is not None and not is_above:
        alone[supplier_id] = counted
    return Weight(total, counted, is_above)
