"""Rules that approve by themselves: set, switched, ended, and all of them stopped at once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from orders.locks import lock_auto_rule, lock_settings
from orders.models import AutoApprovalRule, BuyingSettings

MOST_PERCENT = 500


@dataclass(frozen=True)
class AutoConditions:
    """See orders.models.AutoApprovalRule."""

    name: str
    order_up_to: Decimal
    daily_cap: Decimal
    supplier_id: int | None = None
    category_id: int | None = None
    value_class: str = ""
    steadiness: str = ""
    location_id: int | None = None
    within_percent: Decimal | None = None


def set_auto_rule(
    *, conditions: AutoConditions, author: User, now: datetime, rule_id: int | None = None
) -> AutoApprovalRule:
    """Makes a rule, or changes one; whoever does it answers for it from then on, with their own limit. Raises
    InvalidInput naming each wrong field, IllegalStateChange when it has ended, AutoApprovalRule.DoesNotExist."""
    with transaction.atomic():
        rule = AutoApprovalRule(created_at=now) if rule_id is None else lock_auto_rule(rule_id)
        _require_alive(rule)
        _check(conditions, rule_id)
        before = None if rule_id is None else _facts(rule)
        for name, value in vars(conditions).items():
            setattr(rule, name, value)
        rule.name, rule.author = conditions.name.strip(), author
        rule.save()
        _audit(rule, "auto_rule.created" if before is None else "auto_rule.changed", author, now, before=before)
    return rule


def switch_auto_rule(*, rule_id: int, is_active: bool, actor: User, now: datetime) -> AutoApprovalRule:
    """On or off; its author stays. A repeat changes nothing. Raises IllegalStateChange when it has ended."""
    with transaction.atomic():
        rule = lock_auto_rule(rule_id)
        _require_alive(rule)
        if rule.is_active != is_active:
            rule.is_active = is_active
            rule.save(update_fields=["is_active"])
            _audit(rule, "auto_rule.switched_on" if is_active else "auto_rule.switched_off", actor, now)
    return rule


def end_auto_rule(*, rule_id: int, actor: User, now: datetime) -> AutoApprovalRule:
    """For good; the orders that it approved keep its name. A repeat changes nothing."""
    with transaction.atomic():
        rule = lock_auto_rule(rule_id)
        if rule.ended_at is None:
            rule.ended_at, rule.is_active = now, False
            rule.save(update_fields=["ended_at", "is_active"])
            _audit(rule, "auto_rule.ended", actor, now)
    return rule


def stop_auto_approval(*, is_stopped: bool, actor: User, now: datetime) -> BuyingSettings:
    """The switch over all rules: when this returns, none approves anything any more, or they do again. A repeat changes
    nothing."""
    with transaction.atomic():
        row = lock_settings()
        if row.is_auto_approval_stopped != is_stopped:
            row.is_auto_approval_stopped = is_stopped
            row.save(update_fields=["is_auto_approval_stopped"])
            record_audit(
                actor=actor, action="auto_approval.stopped" if is_stopped else "auto_approval.started",
                object_type="buying_settings", object_id=row.pk, now=now,
            )  # fmt: skip
    return row


def _require_alive(rule: AutoApprovalRule) -> None:
    if rule.ended_at is not None:
        raise IllegalStateChange(_("This rule has ended. Make a new one."))


def _check(conditions: AutoConditions, rule_id: int | None) -> None:
    name, percent = conditions.name.strip(), conditions.within_percent
    others = AutoApprovalRule.objects.filter(name=name, ended_at=None)
    taken = (others if rule_id is None else others.exclude(pk=rule_id)).exists()
    rules = (
        ("name", bool(name), _("Give the rule a name: orders will say that it approved them.")),
        ("name", not taken, _("Another rule has this name already.")),
        ("order_up_to", conditions.order_up_to > 0, _("An order has to be allowed more than 0.")),
        ("daily_cap", conditions.daily_cap > 0, _("A day has to be allowed more than 0.")),
        (
            "daily_cap",
            conditions.daily_cap >= conditions.order_up_to,
            _("The cap of a day has to be at least what one order may cost."),
        ),
        (
            "within_percent",
            percent is None or 0 <= percent <= MOST_PERCENT,
            _("Choose between 0 and %(most)d percent.") % {"most": MOST_PERCENT},
        ),
    )
    problems = [{"field": field, "message": message} for field, is_fine, message in rules if not is_fine]
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)


def _facts(rule: AutoApprovalRule) -> dict[str, str | None]:
    names = [*AutoConditions.__dataclass_fields__, "author_id"]
    return {name: None if (value := getattr(rule, name)) is None else str(value) for name in names}


def _audit(rule: AutoApprovalRule, action: str, actor: User, now: datetime, **more: Any) -> None:
    record_audit(
        actor=actor, action=action, object_type="auto_rule", object_id=rule.pk, now=now,
        data={**_facts(rule), "is_active": rule.is_active, **{key: value for key, value in more.items() if value}},
    )  # fmt: skip
