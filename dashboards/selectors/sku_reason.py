"""Why a SKU is or is not ordered, in one sentence, from last night's levels and today's position."""

import numpy as np
from django.utils.translation import gettext as _

from accounts.text import format_quantity
from orders.domain.curves import mean_at
from orders.models import ReorderLevel, ReplenishmentProposal
from orders.models.policy import Outcome
from orders.selectors.risk import RiskRow


def interval_demand(level: ReorderLevel | None) -> float | None:
    """Units expected over the protection interval, rounded to tenths."""
    if level is None or level.protection_interval_days is None or not level.daily_mean:
        return None
    mean, days = np.array([level.daily_mean]), np.array([[level.protection_interval_days]])
    return round(float(mean_at(mean, days)[0, 0]), 1)


def why(level: ReorderLevel | None, risk: RiskRow | None, proposal: ReplenishmentProposal | None) -> str:
    """The reason for the proposal, or for none. What is known now goes before what the night saw."""
    if risk is None:
        return _("It is not on sale here, so nothing is ordered.")
    if proposal is not None:
        return _why_proposed(level, risk)
    if level is None:
        return _("No night has looked at it yet. Reorder points are computed every night.")
    if level.reorder_point is not None and level.outcome in (Outcome.ENOUGH, Outcome.PROPOSED):
        return _why_by_position(risk, format_quantity(level.reorder_point))
    return _WHY_NOT[Outcome(level.outcome)]()


def _why_proposed(level: ReorderLevel | None, risk: RiskRow) -> str:
    if level is None or level.reorder_point is None:
        return _("A proposal waits for the purchaser.")
    figures = {"position": format_quantity(risk.position), "point": format_quantity(level.reorder_point)}
    if risk.position <= level.reorder_point:
        return _("The position %(position)s is at or below %(point)s, so a proposal waits for the purchaser.") % figures
    return _("A proposal waits for the purchaser; by now the position %(position)s is above %(point)s.") % figures


def _why_by_position(risk: RiskRow, point: str) -> str:
    figures = {"position": format_quantity(risk.position), "point": point}
    if risk.reorder_point is not None and risk.position > risk.reorder_point:
        return _("Nothing is proposed: the position %(position)s is above the reorder point %(point)s.") % figures
    return (
        _("The position %(position)s fell to the reorder point %(point)s or below it today; the coming night proposes.")
        % figures
    )


_WHY_NOT = {
    Outcome.PROPOSED: lambda: _("It was proposed last night; the proposal has been decided."),
    Outcome.ENOUGH: lambda: _("Nothing is proposed: there is enough."),
    Outcome.NO_DEMAND: lambda: _("Nothing is proposed: no demand is expected."),
    Outcome.NO_FORECAST: lambda: _("Nothing is proposed: there is too little history for a forecast. Order by hand."),
    Outcome.NO_SOURCE: lambda: _("Nothing is proposed: nobody supplies it. Enter a supplier with terms for it."),
    Outcome.STOPPED: lambda: _("Nothing is proposed: a rule has stopped its replenishment."),
    Outcome.SNOOZED: lambda: _("Nothing is proposed: the last proposal was rejected for some days."),
}
