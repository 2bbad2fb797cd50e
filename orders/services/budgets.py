"""What may be spent in a period: set, changed, ended. Each shares the money out anew at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from orders.locks import lock_budget
from orders.models import Budget, BudgetPeriod
from orders.services.budget_shares import share_budgets

HIGHEST = Decimal(10) ** 12


@dataclass(frozen=True)
class BudgetTerms:
    """See orders.models.Budget; without suppliers all of them."""

    name: str
    period: str
    starts_on: date
    amount: Decimal
    supplier_ids: Collection[int] = field(default_factory=tuple)
    location_id: int | None = None


def set_budget(*, terms: BudgetTerms, author: User, now: datetime, budget_id: int | None = None) -> Budget:
    """Makes a budget, or changes one, and shares the money out. What has been bought in its period counts against it,
    and is not taken back where that is more. Raises InvalidInput naming each wrong field, IllegalStateChange when it
    has ended."""
    with transaction.atomic():
        budget = Budget(created_at=now) if budget_id is None else _alive(budget_id)
        before = None if budget_id is None else _facts(budget)
        _check(terms, budget_id)
        budget.name, budget.author = terms.name.strip(), author
        budget.period, budget.starts_on, budget.amount = terms.period, terms.starts_on, terms.amount
        budget.location_id = terms.location_id
        budget.save()
        budget.suppliers.set(terms.supplier_ids)
        _audit(budget, "budget.set" if before is None else "budget.changed", author, now, before=before)
        share_budgets(now=now)
    return budget


def end_budget(*, budget_id: int, actor: User, now: datetime) -> None:
    """For good: what it cut is whole again, unless another budget cuts it. A repeat changes nothing."""
    with transaction.atomic():
        try:
            budget = lock_budget(budget_id)
        except Budget.DoesNotExist:
            return
        budget.ended_at = now
        budget.save(update_fields=["ended_at"])
        _audit(budget, "budget.ended", actor, now)
        share_budgets(now=now, is_ended=True)


def _alive(budget_id: int) -> Budget:
    try:
        return lock_budget(budget_id)
    except Budget.DoesNotExist:
        raise IllegalStateChange(_("This budget has ended. Make a new one.")) from None


def _check(terms: BudgetTerms, budget_id: int | None) -> None:
    name = terms.name.strip()
    others = Budget.objects.filter(name=name, ended_at=None)
    taken = (others if budget_id is None else others.exclude(pk=budget_id)).exists()
    rules = (
        ("name", bool(name), _("Give the budget a name: proposals will say that it cut them.")),
        ("name", not taken, _("Another budget has this name already.")),
        ("period", terms.period in BudgetPeriod.values, _("Choose a day, a week or a month.")),
        (
            "amount",
            terms.amount.is_finite() and 0 < terms.amount < HIGHEST,
            _("The amount must be more than 0. To buy nothing of a supplier, stop their SKUs by a rule."),
        ),
    )
    problems = [{"field": field, "message": message} for field, is_fine, message in rules if not is_fine]
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)


def _facts(budget: Budget) -> dict[str, Any]:
    names = ("name", "period", "starts_on", "amount", "location_id")
    texts = {name: None if (value := getattr(budget, name)) is None else str(value) for name in names}
    return {**texts, "suppliers": sorted(budget.suppliers.values_list("code", flat=True))}


def _audit(budget: Budget, action: str, actor: User, now: datetime, **more: Any) -> None:
    record_audit(
        actor=actor, action=action, object_type="budget", object_id=budget.pk, now=now,
        data={**_facts(budget), **{key: value for key, value in more.items() if value}},
    )  # fmt: skip
