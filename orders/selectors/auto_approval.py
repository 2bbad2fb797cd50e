"""What rules that approve by themselves look at, and what one would approve of today's proposals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from accounts.roles import DECIDE_PROPOSALS, is_permitted
from inventory.domain.days import local_date
from inventory.selectors.scope import location_scope, locations_for
from inventory.selectors.stock import category_tree
from orders.domain.auto_approval import Bounds, Candidate, Choice, Conditions, Miss, choose_orders, line_miss
from orders.models import (
    AutoApprovalDay,
    AutoApprovalRule,
    ProposalState,
    PurchaseOrder,
    PurchaseOrderLine,
    ReorderLevel,
    ReplenishmentProposal,
)
from orders.models.purchase_order import NOT_APPROVED_STATES
from orders.selectors.approvals import bought_alone, limit_of
from orders.selectors.budgets import live_budgets, pots_on
from orders.selectors.exchange_rates import rates_on
from suppliers.models import Supplier, SupplierTerms

# The usual quantity is the mean of so many last ones, none of them older than that.
USUAL_OF, USUAL_WITHIN = 5, timedelta(days=365)
ZERO = Decimal(0)
Taken = tuple[Choice, Sequence[ReplenishmentProposal]]
"""An order that a rule makes, and the proposals that it is made of."""


@dataclass(frozen=True)
class Tried:
    """What a rule would do with the proposals of now; `left_over` counts what it would leave, by reason."""

    orders: Sequence[Taken]
    left_over: Mapping[Miss, int]

    @property
    def count(self) -> int:
        return sum(len(lines) for _choice, lines in self.orders)

    @property
    def total(self) -> Decimal:
        return total_of(self.orders)


def auto_rules_for(user: User) -> QuerySet[AutoApprovalRule]:
    """Rules that have not ended, of the user's places and of all, in the order in which they are asked."""
    rows = AutoApprovalRule.objects.filter(ended_at=None)
    if not user.sees_all_locations:
        rows = rows.filter(location_scope(user)) | rows.filter(location=None)
    return rows.select_related("author", "supplier", "category", "location").order_by("pk")


def spent_on(day: date) -> Mapping[int, Decimal]:
    """By rule, what it has approved for the day."""
    return dict(AutoApprovalDay.objects.filter(day=day).values_list("rule_id", "spent"))


def may_approve(author: User) -> bool:
    """Whether a rule of this person still approves anything."""
    return is_permitted(author, DECIDE_PROPOSALS)


def auto_key(rule: AutoApprovalRule, day: date) -> str:
    """Begins the keys of the rule's orders of a day; one order of a supplier and a place is all that fits it."""
    return f"rule-{rule.pk}-{day.isoformat()}"


def conditions_of(rule: AutoApprovalRule) -> Conditions:
    return Conditions(
        order_up_to=rule.order_up_to,
        supplier_id=rule.supplier_id,
        category_ids=None if rule.category_id is None else frozenset(category_tree(rule.category_id)),
        value_class=rule.value_class,
        steadiness=rule.steadiness,
        location_id=rule.location_id,
        within_percent=rule.within_percent,
    )


def proposals_of(
    rule: AutoApprovalRule, location_ids: Collection[int] | None = None
) -> QuerySet[ReplenishmentProposal]:
    """What is open to be bought, of what we still sell, where the author of the rule works; of these places if they are
    given."""
    rows = ReplenishmentProposal.objects.filter(
        state=ProposalState.OPEN, supplier__is_active=True, sku__is_active=True,
        location__in=locations_for(rule.author),
    )  # fmt: skip
    for name in ("supplier_id", "location_id"):
        if getattr(rule, name) is not None:
            rows = rows.filter(**{name: getattr(rule, name)})
    return rows if location_ids is None else rows.filter(location__in=location_ids)


def candidates(proposals: Sequence[ReplenishmentProposal], now: datetime) -> list[Candidate]:
    """With SKU and supplier loaded; two queries."""
    sku_ids, place_ids = {row.sku_id for row in proposals}, {row.location_id for row in proposals}
    levels = ReorderLevel.objects.filter(location__in=place_ids, sku__in=sku_ids)
    classes = {
        (place, sku): (value, steadiness)
        for place, sku, value, steadiness in levels.values_list("location", "sku", "value_class", "steadiness")
    }
    usual = usual_quantities(place_ids, sku_ids, now)
    return [_candidate(row, classes, usual) for row in proposals if row.supplier_id is not None]


def _candidate(
    row: ReplenishmentProposal,
    classes: Mapping[tuple[int, int], tuple[str, str]],
    usual: Mapping[tuple[int, int], Decimal],
) -> Candidate:
    value, steadiness = classes.get((row.location_id, row.sku_id), ("", ""))
    return Candidate(
        proposal_id=row.pk,
        sku_id=row.sku_id,
        supplier_id=row.supplier_id or 0,
        location_id=row.location_id,
        category_id=row.sku.category_id,
        value_class=value,
        steadiness=steadiness,
        quantity=row.quantity,
        amount=row.quantity * row.unit_price,
        usual=usual.get((row.location_id, row.sku_id)),
        is_touched=row.edited_at is not None,
        value_at_risk=row.value_at_risk,
        is_held=row.is_held,
    )


def usual_quantities(
    location_ids: Collection[int], sku_ids: Collection[int], now: datetime
) -> Mapping[tuple[int, int], Decimal]:
    """By (location, SKU), the mean of the last quantities that were bought. One query."""
    lines = PurchaseOrderLine.objects.filter(
        sku__in=sku_ids, order__location__in=location_ids, order__created_at__gt=now - USUAL_WITHIN
    ).exclude(order__state__in=NOT_APPROVED_STATES)
    newest = Window(
        RowNumber(),
        partition_by=[F("order__location"), F("sku")],
        order_by=[F("order__created_at").desc(), F("pk").desc()],
    )
    rows = lines.annotate(rank=newest).filter(rank__lte=USUAL_OF).values_list("order__location", "sku", "quantity")
    found: dict[tuple[int, int], list[Decimal]] = {}
    for place, sku, quantity in rows:
        found.setdefault((place, sku), []).append(quantity)
    return {key: sum(quantities, ZERO) / len(quantities) for key, quantities in found.items()}


def _bounds_of(
    rule: AutoApprovalRule, spent: Decimal, pairs: Collection[tuple[int, int]], day: date, now: datetime
) -> Bounds:
    """What the rule has to keep within on that day, for orders of these (supplier, location)."""
    supplier_ids = {supplier for supplier, _place in pairs}
    pots = pots_on(live_budgets(), {day})
    suppliers = list(Supplier.objects.filter(pk__in=supplier_ids))
    rates = rates_on(day, {supplier.currency for supplier in suppliers})
    key = auto_key(rule, day) if rule.pk else "-"
    done = PurchaseOrder.objects.filter(key__startswith=f"{key}/").values_list("supplier_id", "location_id")
    bounded = SupplierTerms.objects.filter(supplier__in=supplier_ids, maximum_quantity__isnull=False)
    return Bounds(
        cap_left=rule.daily_cap - spent,
        limit=limit_of(rule.author.role),
        bought=bought_alone(rule.author, supplier_ids, now),
        rates={supplier.pk: rates[supplier.currency] for supplier in suppliers if supplier.currency in rates},
        least={supplier.pk: supplier.minimum_order_value for supplier in suppliers},
        largest={row.pk: row.maximum_order_value for row in suppliers if row.maximum_order_value is not None},
        most={(row.supplier_id, row.sku_id): row.maximum_quantity or ZERO for row in bounded},
        done=set(done),
        budgets=[pot.left for pot in pots],
        covered={pair: [at for at, pot in enumerate(pots) if pot.covers(*pair, day)] for pair in pairs},
    )


def try_rule(*, rule: AutoApprovalRule, now: datetime, seen: Collection[int] | None = None) -> Tried:
    """What the rule, kept or not, would approve now; nothing is written. Days are those of each place. `seen` are the
    places of whoever asks, where that is not the author."""
    rows = list(proposals_of(rule, seen).select_related("sku", "supplier", "location").order_by("pk"))
    conditions, lines = conditions_of(rule), {line.proposal_id: line for line in candidates(rows, now)}
    choices: list[Choice] = []
    for day, here in by_day(rows, now).items():
        spent = spent_on(day).get(rule.pk or 0, ZERO)
        choices += choose_of_day(rule, conditions, [lines[row.pk] for row in here], spent, day, now)
    misses = [line_miss(conditions, line) for line in lines.values()]
    misses += [choice.miss for choice in choices for _line in choice.candidates]
    return Tried(taken_of(choices, rows), {miss: misses.count(miss) for miss in Miss if miss in misses})


def by_day(proposals: Iterable[ReplenishmentProposal], now: datetime) -> Mapping[date, Sequence[ReplenishmentProposal]]:
    """By the day that it is at their place, the earliest first."""
    found: dict[date, list[ReplenishmentProposal]] = {}
    for row in proposals:
        found.setdefault(local_date(now, row.location.time_zone), []).append(row)
    return dict(sorted(found.items()))


def choose_of_day(
    rule: AutoApprovalRule, conditions: Conditions, lines: Sequence[Candidate], spent: Decimal, day: date, now: datetime
) -> list[Choice]:
    """What the rule, which has `spent` so much for the day, makes of lines of that day; six queries, eight with
    budgets."""
    pairs = {(line.supplier_id, line.location_id) for line in lines}
    bounds = _bounds_of(rule, spent, pairs, day, now)
    return choose_orders(conditions, lines, bounds)


def taken_of(choices: Iterable[Choice], proposals: Iterable[ReplenishmentProposal]) -> list[Taken]:
    """The orders among the choices that are made, with their proposals."""
    by_id = {row.pk: row for row in proposals}
    return [(choice, [by_id[line.proposal_id] for line in choice.candidates]) for choice in choices if not choice.miss]


def total_of(orders: Iterable[Taken]) -> Decimal:
    """In the firm's currency."""
    return sum((choice.total or ZERO for choice, _lines in orders), ZERO)


def orders_by_rules(user: User) -> QuerySet[PurchaseOrder]:
    """What rules have bought for the user's places, the newest first."""
    rows = PurchaseOrder.objects.filter(location_scope(user), approval_rule__isnull=False)
    return rows.select_related("approval_rule", "approved_by", "supplier", "location").order_by("-pk")
