"""What a rejection teaches: a rule for this SKU at this place, one step from what holds there now."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.errors import InvalidInput
from accounts.models import User
from orders.models import PolicyRule, ReorderLevel, ReplenishmentProposal
from orders.models.policy import TargetKind
from orders.services.policy import Scope, Targets, set_rule

LESSONS: tuple[tuple[str, Promise], ...] = (
    ("stop", lazy("Never propose it here again")),
    ("less_sure", lazy("Less safety stock here: accept twice the risk of running out")),
    ("smaller_lots", lazy("Smaller orders here: half as much at a time")),
)
LOWEST = Decimal("0.5")


def learn(*, proposal: ReplenishmentProposal, lesson: str, user: User | None, now: datetime) -> PolicyRule:
    """Sets the rule of the proposal's SKU and place, from the next plan on; everything else in it stays as it holds
    there today. Raises InvalidInput for an unknown lesson, and where the target leaves no room for it."""
    act = _ACTS.get(lesson)
    if act is None:
        raise InvalidInput(_("Choose one of: %(known)s.") % {"known": ", ".join(_ACTS)})
    scope = Scope(sku_id=proposal.sku_id, location_id=proposal.location_id)
    return set_rule(scope=scope, targets=act(_in_force(proposal, scope)), actor=user, now=now)


def _in_force(proposal: ReplenishmentProposal, scope: Scope) -> Targets:
    own = PolicyRule.objects.filter(**vars(scope)).first()
    level = ReorderLevel.objects.select_related("rule").filter(
        sku_id=proposal.sku_id, location_id=proposal.location_id
    ).first()  # fmt: skip
    rule = own or (level.rule if level else None)
    return Targets(**{part.name: getattr(rule, part.name) for part in fields(Targets)}) if rule else Targets()


def _stop(targets: Targets) -> Targets:
    return replace(targets, is_stopped=True)


def _less_sure(targets: Targets) -> Targets:
    if targets.target == TargetKind.CYCLE:
        return replace(targets, cycle_service_level=max(1 - 2 * (1 - targets.cycle_service_level), LOWEST))
    if targets.target == TargetKind.FILL:
        return replace(targets, fill_rate=max(1 - 2 * (1 - targets.fill_rate), LOWEST))
    raise InvalidInput(_("How safe it is here follows from costs or a typed minimum. Change its rule instead."))


def _smaller_lots(targets: Targets) -> Targets:
    """With a cost for each order line the lot grows with its square root, so a quarter of it halves the lot."""
    if targets.ordering_cost > 0:
        return replace(targets, ordering_cost=(targets.ordering_cost / 4).quantize(Decimal("0.0001")))
    if targets.lot_days == 1:
        raise InvalidInput(_("It is ordered for a single day already."))
    return replace(targets, lot_days=targets.lot_days // 2)


_ACTS: dict[str, Callable[[Targets], Targets]] = {
    "stop": _stop,
    "less_sure": _less_sure,
    "smaller_lots": _smaller_lots,
}
