"""What a rule would do at one place, before it is kept: which SKUs it would rule, and what changes for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from accounts.models import User
from forecasting.selectors.sums import published_run
from inventory.domain.days import local_date
from inventory.models import Location, Sku
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.scope import locations_for
from inventory.selectors.stock import category_tree
from orders.domain.decision import Decision
from orders.domain.money import CENT
from orders.domain.plan import decide
from orders.domain.plan_reasons import facts_of
from orders.domain.reasons import safety_stock
from orders.domain.shaping import shape
from orders.domain.without_forecast import without_forecast
from orders.models import PolicyRule, ReorderLevel
from orders.selectors.order_calendars import calendars_at
from orders.selectors.plan_inputs import load_plan_inputs, only
from orders.selectors.rules import as_rules, key_of, policy_of, rows_for
from orders.selectors.trucks import load_trucks, with_trucks

ROWS_SHOWN = 50
# No rule has this id: it marks what the tried rule decides.
TRIED = -1
ZERO, HALF = Decimal(0), Decimal("0.5")


@dataclass(frozen=True)
class PreviewRow:
    """Levels as the last plan left them and as the rule would make them; None without a forecast or before a plan."""

    sku: Sku
    point_now: Decimal | None
    up_to_now: Decimal | None
    point_then: Decimal | None
    up_to_then: Decimal | None
    quantity_then: Decimal


@dataclass(frozen=True)
class Preview:
    """`matched` SKUs at the place; stock is the value at cost of safety stock and half a lot, summed over the matched
    SKUs that have levels; `rows` are the first of them, the largest change first."""

    place: Location
    matched: int
    ordered: int
    stock_now: Decimal
    stock_then: Decimal
    rows: Sequence[PreviewRow]


def preview_place(user: User, rule: PolicyRule) -> Location | None:
    """The place of the rule, else that of the user's own where most is on sale of what it names."""
    if rule.location is not None:
        return rule.location
    named = Q(listings__delisted_on=None)
    if rule.sku is not None:
        named &= Q(listings__sku=rule.sku)
    if rule.category is not None:
        named &= Q(listings__sku__category__in=category_tree(rule.category.pk))
    places = locations_for(user).filter(kind__in=STOCKING_KINDS, is_active=True)
    return places.annotate(on_sale=Count("listings", filter=named)).order_by("-on_sale", "name").first()


def preview_rule(*, rule: PolicyRule, place: Location, now: datetime) -> Preview | None:
    """Plans the place with the rule instead of the one it would replace, and writes nothing; None before the first
    forecast."""
    run = published_run(place.time_zone)
    if run is None:
        return None
    today = max(local_date(now, place.time_zone), run.as_of + timedelta(days=1))
    known = {key_of(row): policy_of(row, today) for row in rows_for(place.pk)}
    tried = {**known, key_of(rule): replace(policy_of(rule, today), rule_id=TRIED)}
    calendars = calendars_at(place, today=today, now=now)
    inputs = load_plan_inputs(
        location=place, run_id=run.pk, as_of=run.as_of, today=today, rules=as_rules(tried), calendars=calendars
    )
    matched = {case.sku_id for case in (*inputs.known, *inputs.unknown) if case.policy.rule_id == TRIED}
    chosen = only(inputs, matched)
    unknown = without_forecast(chosen.unknown, calendars)
    decisions = with_trucks(shape([*decide(chosen.known, chosen.sums, calendars), *unknown]), load_trucks())
    return _compare(place, decisions)


def _compare(place: Location, decisions: Sequence[Decision]) -> Preview:
    sku_ids = [decision.case.sku_id for decision in decisions]
    levels = {row.sku_id: row for row in ReorderLevel.objects.filter(location=place, sku_id__in=sku_ids)}
    skus = Sku.objects.in_bulk(sku_ids)
    both = [(decision, levels.get(decision.case.sku_id)) for decision in decisions]
    compared = [
        (_stock(level.reorder_point, level.order_up_to_level, level.safety_stock, decision), _stock_then(decision))
        for decision, level in both
        if level is not None and level.reorder_point is not None and decision.reorder_point is not None
    ]
    rows = sorted((_row(skus[decision.case.sku_id], level, decision) for decision, level in both), key=_change)
    return Preview(
        place,
        len(decisions),
        sum(decision.outcome == "proposed" for decision in decisions),
        sum((now for now, _then in compared), ZERO).quantize(CENT),
        sum((then for _now, then in compared), ZERO).quantize(CENT),
        rows[:ROWS_SHOWN],
    )


def _row(sku: Sku, level: ReorderLevel | None, decision: Decision) -> PreviewRow:
    return PreviewRow(
        sku,
        level.reorder_point if level else None,
        level.order_up_to_level if level else None,
        decision.reorder_point,
        decision.order_up_to,
        decision.quantity,
    )


def _change(row: PreviewRow) -> tuple[Decimal, str]:
    return (-abs((row.up_to_then or ZERO) - (row.up_to_now or ZERO)), row.sku.name)


def _stock_then(decision: Decision) -> Decimal:
    return _stock(decision.reorder_point, decision.order_up_to, safety_stock(facts_of(decision)), decision)


def _stock(point: Decimal | None, up_to: Decimal | None, safety: Decimal | None, decision: Decision) -> Decimal:
    """Money at cost: what lies there on average, safety stock and half of what an order brings."""
    units = max(safety or ZERO, ZERO) + ((up_to or ZERO) - (point or ZERO)) * HALF
    return units * decision.case.cost
