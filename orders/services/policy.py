"""Rules of replenishment: set and dropped."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from orders.models import PolicyRule


@dataclass(frozen=True)
class Scope:
    """What a rule holds for; None is all. The most specific rule wins: SKU, then category, then location."""

    sku_id: int | None = None
    category_id: int | None = None
    location_id: int | None = None


@dataclass(frozen=True)
class Targets:
    """See orders.models.PolicyRule."""

    cycle_service_level: Decimal = Decimal("0.950")
    review_period_days: int = 1
    lot_days: int = 7
    ordering_cost: Decimal = Decimal(0)
    holding_rate: Decimal = Decimal("0.250")
    is_stopped: bool = False


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
    rules = (
        (
            "cycle_service_level",
            Decimal("0.5") <= targets.cycle_service_level <= Decimal("0.999"),
            _("The certainty lies between 0.5 and 0.999."),
        ),
        ("review_period_days", 1 <= targets.review_period_days <= 60, _("Between two looks lie 1 to 60 days.")),
        ("lot_days", 1 <= targets.lot_days <= 60, _("One order lasts 1 to 60 days.")),
        ("ordering_cost", targets.ordering_cost >= 0, _("The cost of an order line cannot be negative.")),
        ("holding_rate", 0 < targets.holding_rate <= 5, _("Holding costs between 0 and 5 times the goods a year.")),
    )
    problems = [{"field": name, "message": message} for name, is_fine, message in rules if not is_fine]
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)
