"""Rules of replenishment as the plan reads them."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from inventory.domain.category_tree import NO_TREE
from inventory.selectors.categories import load_tree
from inventory.selectors.scope import location_scope
from orders.domain.policy import CATEGORY, Phase, Policy, RuleKey, Rules, Target
from orders.domain.quantity import to_number
from orders.models import PolicyRule

WORDS = ("code", "name")


def load_rules(location_id: int, today: date | None = None) -> Rules:
    """Rules that may hold at this location. One statement, and one for the tree where one of them names a category."""
    return as_rules({key_of(row): policy_of(row, today) for row in rows_for(location_id)})


def as_rules(rules: Mapping[RuleKey, Policy]) -> Rules:
    """With the tree of categories where one of them names one."""
    return Rules(rules, load_tree() if any(key[CATEGORY] is not None for key in rules) else NO_TREE)


def through_of(rule: PolicyRule, category_id: int | None) -> str:
    """The path on which a rule for a category reaches another category; empty when it names the category itself, or
    none. One statement where it is another."""
    if rule.category_id is None or category_id is None or rule.category_id == category_id:
        return ""
    return load_tree().path(category_id, rule.category_id)


def rows_for(location_id: int) -> QuerySet[PolicyRule]:
    """Rules of this location and of all, with the names of what they hold for."""
    rows = PolicyRule.objects.filter(Q(location_id=location_id) | Q(location_id=None))
    return rows.select_related("sku", "category", "supplier", "location")


def rules_for(user: User) -> QuerySet[PolicyRule]:
    """What the user may read: rules of their places and those for all. Those that name a SKU stand
    first, then those of a category, a supplier, a class, a place."""
    # An empty Q says nothing in an "or": who sees all places would be left with the rules that name none.
    seen = Q() if user.sees_all_locations else location_scope(user) | Q(location=None)
    rows = PolicyRule.objects.filter(seen)
    return rows.select_related("sku", "category", "supplier", "location").order_by(
        "sku__name", "category__name", "supplier__name", "value_class", "steadiness", "location__name", "pk"
    )


def found_rules(rows: QuerySet[PolicyRule], search: str) -> QuerySet[PolicyRule]:
    """Those that name what is looked for: the code or the name of a SKU, category, supplier or place."""
    named = [f"{part}__{word}__icontains" for part in ("sku", "category", "supplier", "location") for word in WORDS]
    return rows.filter(Q.create([(path, search) for path in named], Q.OR)) if search else rows


def key_of(row: PolicyRule) -> RuleKey:
    return (
        row.sku_id, row.category_id, row.supplier_id, row.value_class or None, row.steadiness or None, row.location_id,
    )  # fmt: skip


def policy_of(row: PolicyRule, today: date | None = None) -> Policy:
    """What a rule asks for on the day `today`, from which a phase-out is counted."""
    left = None if row.ends_on is None or today is None else max((row.ends_on - today).days + 1, 0)
    return Policy(
        cycle_service_level=to_number(row.cycle_service_level),
        review_days=row.review_period_days,
        lot_days=row.lot_days,
        is_stopped=row.is_stopped,
        ordering_cost=to_number(row.ordering_cost),
        holding_rate=to_number(row.holding_rate),
        target=Target(row.target),
        fill_rate=to_number(row.fill_rate),
        disappointment=to_number(row.disappointment),
        minimum=None if row.minimum is None else to_number(row.minimum),
        maximum=None if row.maximum is None else to_number(row.maximum),
        phase=Phase(row.phase),
        days_left=left,
        presentation=to_number(row.presentation),
        capacity=None if row.capacity is None else to_number(row.capacity),
        rule_id=row.pk or 0,
        title=title_of(row),
    )


def title_of(row: PolicyRule) -> str:
    """Whom it holds for, in names: "Tea, class A, North"; empty for all."""
    parts = [row.sku, row.category, row.supplier]
    names = [part.name for part in parts if part is not None]
    letters = row.value_class + row.steadiness
    place = [row.location.name] if row.location else []
    return " · ".join([*names, *([letters] if letters else []), *place])
