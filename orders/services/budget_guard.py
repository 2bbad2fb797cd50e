"""Keeps what is bought within the budgets. Only asks and locks; the caller writes, in the same transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.text import format_day, format_money
from orders.errors import OverBudget
from orders.locks import lock_budgets
from orders.selectors.budgets import Pot, covers, pots_on


@dataclass(frozen=True, slots=True)
class Spend:
    """An order that is about to be made, or to cost more; `home_total` in the firm's currency, None without a rate."""

    supplier_id: int
    location_id: int
    currency: str
    home_total: Decimal | None
    ordered_on: date


def keep_within_budgets(spends: Sequence[Spend], *, without: Collection[int] = ()) -> None:
    """Raises OverBudget naming each budget of which too little is left for all of them together, and for an order
    without a rate, which no budget can count. Orders `without` are those that the spends replace.

    All budgets are locked until the transaction ends, so that two purchases at once are not both within. One statement
    where there is no budget, at most three.
    """
    if not spends:
        return
    budgets = lock_budgets()
    named = {budget.pk: {row.pk for row in budget.suppliers.all()} for budget in budgets}
    for spend in spends:
        is_covered = any(covers(each, named[each.pk], spend.supplier_id, spend.location_id) for each in budgets)
        if spend.home_total is None and is_covered:
            raise OverBudget(
                _(
                    "%(currency)s has no exchange rate, so an order in it cannot be counted against its budget. Enter "
                    "a rate."
                )
                % {"currency": spend.currency}
            )
    refused = [
        (pot, wanted)
        for pot in pots_on(budgets, {spend.ordered_on for spend in spends}, without)
        if (wanted := _wanted(pot, spends)) > max(pot.left, Decimal(0))
    ]
    if refused:
        raise OverBudget(
            " ".join(_sentence(pot, wanted) for pot, wanted in refused),
            details=[_detail(pot, wanted) for pot, wanted in refused],
        )


def _wanted(pot: Pot, spends: Sequence[Spend]) -> Decimal:
    return sum(
        (
            row.home_total or Decimal(0)
            for row in spends
            if pot.covers(row.supplier_id, row.location_id, row.ordered_on)
        ),
        Decimal(0),
    )


def _sentence(pot: Pot, wanted: Decimal) -> str:
    left = max(pot.left, Decimal(0))
    return _(
        "The budget “%(name)s” has %(left)s left until %(day)s, this costs %(wanted)s: %(over)s too much. Order less, "
        "or raise the budget."
    ) % {
        "name": pot.budget.name,
        "left": format_money(left),
        "day": format_day(pot.span.last),
        "wanted": format_money(wanted),
        "over": format_money(wanted - left),
    }


def _detail(pot: Pot, wanted: Decimal) -> dict[str, object]:
    return {
        "budget": pot.budget.pk,
        "name": pot.budget.name,
        "left": str(max(pot.left, Decimal(0))),
        "wanted": str(wanted),
        "first_on": pot.span.first.isoformat(),
        "last_on": pot.span.last.isoformat(),
    }
