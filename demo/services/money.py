"""A budget that is nearly spent, so that whoever looks around sees on the first evening what one does."""

from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db.models import QuerySet, Sum

from accounts.models import User
from orders.models import BudgetPeriod, PurchaseOrder
from orders.services.budgets import BudgetTerms, set_budget
from suppliers.models import Supplier

NAME = "Dry goods and drinks"
SUPPLIERS = ("DRINK", "PANTRY", "SNACK", "HOME")
# The week of the budget has begun so long before the demo opens, and ends the day after.
DAYS_GONE = 5
STEP = Decimal(10)


def write_budget(*, author: User, last_day: date, days: int, now: datetime) -> None:
    """What has been ordered this week, and half of what a day takes, is what may be spent."""
    suppliers = list(Supplier.objects.filter(code__in=SUPPLIERS))
    first = last_day - timedelta(days=DAYS_GONE - 1)
    orders = PurchaseOrder.objects.filter(supplier__in=suppliers)
    used, bought = _sum(orders.filter(ordered_on__gte=first)), _sum(orders)
    amount = ((used + bought / days / 2) / STEP).to_integral_value(rounding=ROUND_CEILING) * STEP
    terms = BudgetTerms(
        name=NAME, period=BudgetPeriod.WEEK, starts_on=first, amount=max(amount, STEP),
        supplier_ids=[supplier.pk for supplier in suppliers],
    )  # fmt: skip
    set_budget(terms=terms, author=author, now=now)


def _sum(orders: QuerySet[PurchaseOrder]) -> Decimal:
    return orders.aggregate(total=Sum("home_total"))["total"] or Decimal(0)
