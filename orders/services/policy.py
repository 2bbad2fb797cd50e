"""Rules of replenishment: set and dropped."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.movements import PLANNED_LIMIT, plain
from orders.locks import lock_rule_of
from orders.models import PolicyRule
from orders.models.policy import Phase, TargetKind


@dataclass(frozen=True)
class Scope:
    """What a rule holds for; None and "" are all. The most specific rule wins: SKU, category, supplier, class by value,
    class by steadiness, location."""

    sku_id: int | None = None
    category_id: int | None = None
    supplier_id: int | None = None
    value_class: str = ""
    steadiness: str = ""
    location_id: int | None = None


@dataclass(frozen=True)
class Targets:
    """See orders.models.PolicyRule."""

    target: str = TargetKind.CYCLE
    cycle_service_level: Decimal = Decimal("0.950")
    fill_rate: Decimal = Decimal("0.98")
    review_period_days: int = 1
    lot_days: int = 7
    ordering_cost: Decimal = Decimal(0)
    holding_rate: Decimal = Decimal("0.250")
    disappointment: Decimal = Decimal(0)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    phase: str = Phase.ACTIVE
    ends_on: date | None = None
    presentation: Decimal = Decimal(0)
    capacity: Decimal | None = None
    is_stopped: bool = False

    @property
    def needs_levels(self) -> bool:
        return self.target == TargetKind.MIN_MAX or self.phase == Phase.NEW


def targets_of(scope: Scope) -> Targets:
    """Those of the rule of this scope, which stays locked until the transaction ends; the usual ones where it has
    none."""
    rule = lock_rule_of(vars(scope))
    return Targets(**{field.name: getattr(rule, field.name) for field in fields(Targets)}) if rule else Targets()


def set_rule(*, scope: Scope, targets: Targets, actor: User | None, now: datetime) -> PolicyRule:
    """Creates or replaces the rule of this scope; the next plan follows it. Raises InvalidInput naming each wrong
    field."""
    _check(targets)
    with transaction.atomic():
        rule, is_new = PolicyRule.objects.update_or_create(**vars(scope), defaults=vars(targets))
        record_audit(
            actor=actor, action="policy.created" if is_new else "policy.changed", object_type="policy_rule",
            object_id=rule.pk, now=now, data={name: str(value) for name, value in (vars(scope) |
            vars(targets)).items()},
        )  # fmt: skip
    return rule


def drop_rule(*, rule_id: int, actor: User | None, now: datetime) -> None:
    """The next less specific rule holds from the next plan on. A repeat changes nothing."""
    with transaction.atomic():
        gone, _by_model = PolicyRule.objects.filter(pk=rule_id).delete()
        if gone:
            record_audit(actor=actor, action="policy.dropped", object_type="policy_rule", object_id=rule_id, now=now)


def _check(targets: Targets) -> None:
    problems = [
        {"field": name, "message": message}
        for name, is_fine, message in (*_figures(targets), *_levels(targets))
        if not is_fine
    ]
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)


Rule = tuple[str, bool, str]


def _figures(targets: Targets) -> tuple[Rule, ...]:
    return (
        (
            "cycle_service_level",
            Decimal("0.5") <= targets.cycle_service_level <= Decimal("0.999"),
            _("The certainty lies between 0.5 and 0.999."),
        ),
        (
            "fill_rate",
            Decimal("0.5") <= targets.fill_rate <= Decimal("0.9999"),
            _("The share of units served lies between 0.5 and 0.9999."),
        ),
        ("target", targets.target in TargetKind.values, _("Choose what the reorder point is made for.")),
        ("phase", targets.phase in Phase.values, _("Choose how long it is still on sale.")),
        ("review_period_days", 1 <= targets.review_period_days <= 60, _("Between two looks lie 1 to 60 days.")),
        ("lot_days", 1 <= targets.lot_days <= 60, _("One order lasts 1 to 60 days.")),
        ("ordering_cost", targets.ordering_cost >= 0, _("The cost of an order line cannot be negative.")),
        ("holding_rate", 0 < targets.holding_rate <= 5, _("Holding costs between 0 and 5 times the goods a year.")),
        ("disappointment", targets.disappointment >= 0, _("The cost of a lost customer cannot be negative.")),
    )


def _most_units(targets: Targets) -> tuple[Rule, ...]:
    message = _("At most %(most)s units.") % {"most": plain(PLANNED_LIMIT)}
    return tuple(
        (name, (getattr(targets, name) or 0) <= PLANNED_LIMIT, message)
        for name in ("minimum", "maximum", "presentation")
    )


def _levels(targets: Targets) -> tuple[Rule, ...]:
    low, high, room = targets.minimum, targets.maximum, targets.capacity
    return (
        (
            "minimum",
            not targets.needs_levels or (low is not None and low >= 0),
            _("Type the minimum: at or below it an order is proposed."),
        ),
        (
            "maximum",
            not targets.needs_levels or (high is not None and high > 0 and high >= (low or 0)),
            _("Type the maximum, at least the minimum: an order fills up to it."),
        ),
        (
            "ends_on",
            targets.phase != Phase.PHASE_OUT or targets.ends_on is not None,
            _("Say which day is the last day of sale."),
        ),
        ("presentation", targets.presentation >= 0, _("The presentation minimum cannot be negative.")),
        *_most_units(targets),
        (
            "capacity",
            room is None or (room > 0 and room >= targets.presentation),
            _("The shelf holds more than 0 units, and at least those that are to be shown."),
        ),
    )
