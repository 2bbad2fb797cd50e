"""Budgets, and what is used and left of each in a period."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from inventory.selectors.scope import location_scope
from orders.domain.budget_periods import Span, span_of
from orders.models import Budget

# What somebody has decided to buy counts from that moment on, a second person's word still missing or not; of what was
# closed short, what has come. Drafts are decided by nobody yet. An order without a rate has no amount to count.
NOT_BOUGHT = ["draft", "cancelled"]
_USED = """
SELECT wanted.at, COALESCE(sum(
           CASE WHEN bought.state = 'closed' AND bought.total > 0
                THEN round(bought.home_total * LEAST(came.value / bought.total, 1), 2)
                ELSE bought.home_total END), 0)
FROM unnest(%(budgets)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
     WITH ORDINALITY AS wanted (budget_id, first_on, last_on, at)
JOIN orders_budget budget ON budget.id = wanted.budget_id
LEFT JOIN orders_purchaseorder bought
       ON bought.ordered_on BETWEEN wanted.first_on AND wanted.last_on
      AND bought.state <> ALL(%(not_bought)s) AND bought.id <> ALL(%(without)s::bigint[])
      AND (budget.location_id IS NULL OR budget.location_id = bought.location_id)
      AND (NOT EXISTS (SELECT FROM orders_budget_suppliers named WHERE named.budget_id = budget.id)
           OR EXISTS (SELECT FROM orders_budget_suppliers named
                       WHERE named.budget_id = budget.id AND named.supplier_id = bought.supplier_id))
LEFT JOIN LATERAL (
    SELECT COALESCE(sum(line.received * line.unit_price), 0) AS value
      FROM orders_purchaseorderline line WHERE line.order_id = bought.id AND bought.state = 'closed'
) AS came ON true
GROUP BY wanted.at
"""


@dataclass(frozen=True, slots=True)
class Pot:
    """A budget in one of its periods, and what orders of the period have used of it."""

    budget: Budget
    supplier_ids: frozenset[int]
    span: Span
    used: Decimal

    @property
    def left(self) -> Decimal:
        """Below 0 when the budget was lowered under what had been bought."""
        return self.budget.amount - self.used

    def covers(self, supplier_id: int, location_id: int, day: date) -> bool:
        """Whether an order of that day counts."""
        is_covered = covers(self.budget, self.supplier_ids, supplier_id, location_id)
        return is_covered and self.span.first <= day <= self.span.last


def covers(budget: Budget, supplier_ids: Collection[int], supplier_id: int, location_id: int) -> bool:
    """Whether the budget is about orders of that supplier for that place; `supplier_ids` are those that it names."""
    is_supplier = not supplier_ids or supplier_id in supplier_ids
    return is_supplier and budget.location_id in (None, location_id)


def budgets_for(user: User) -> QuerySet[Budget]:
    """Those that have not ended, of the user's places and of all, in the order of their names."""
    rows = Budget.objects.filter(ended_at=None)
    if not user.sees_all_locations:
        rows = rows.filter(location_scope(user)) | rows.filter(location=None)
    return rows.select_related("author", "location").prefetch_related("suppliers").order_by("name")


def live_budgets() -> QuerySet[Budget]:
    """Those that have not ended."""
    return Budget.objects.filter(ended_at=None).prefetch_related("suppliers").order_by("pk")


def editable_budgets(user: User) -> QuerySet[Budget]:
    """Those of the user's places; one for all places is theirs to change who see all."""
    return Budget.objects.filter(location_scope(user), ended_at=None).prefetch_related("suppliers")


def pots_on(budgets: Iterable[Budget], days: Collection[date], without: Collection[int] = ()) -> list[Pot]:
    """A pot for each budget and period in which one of the days is, in the order of the budgets; their suppliers are
    loaded. Orders `without` are not counted. One statement, none without any."""
    spans = [(budget, span) for budget in budgets for span in _spans(budget, days)]
    if not spans:
        return []
    parameters: dict[str, Any] = {
        "budgets": [budget.pk for budget, _span in spans],
        "firsts": [span.first for _budget, span in spans],
        "lasts": [span.last for _budget, span in spans],
        "not_bought": NOT_BOUGHT,
        "without": list(without),
    }
    with connection.cursor() as cursor:
        cursor.execute(_USED, parameters)
        used: Mapping[int, Decimal] = dict(cursor.fetchall())
    return [
        Pot(budget, frozenset(row.pk for row in budget.suppliers.all()), span, used[at])
        for at, (budget, span) in enumerate(spans, start=1)
    ]


def _spans(budget: Budget, days: Collection[date]) -> Sequence[Span]:
    found = {span_of(budget.period, budget.starts_on, day) for day in days}
    return sorted((span for span in found if span is not None), key=lambda span: span.first)
