"""Decisions for listings of whose demand nothing is known.

Nobody orders by a guess: the reason is the missing history, or the rule that stops it anyway. Only two numbers that a
person typed hold without a forecast; what they order goes out and comes by the supplier's calendar all the same.
"""

from collections.abc import Sequence

import numpy as np

from orders.domain.by_calendar import Calendars, Timing
from orders.domain.decision import ZERO, Case, Decision
from orders.domain.plan import (
    FALLBACK_LEAD,
    amounts_of,
    known_lead,
    offer_count,
    outcome_of,
    protection_by_calendar,
    protection_of,
)
from orders.domain.quantity import round_up, to_decimal, to_number
from orders.domain.sourcing import Choice, SourceKind, choose_source


def without_forecast(cases: Sequence[Case], calendars: Calendars | None = None) -> list[Decision]:
    """Of all of them at once. Without `calendars` every supplier takes orders and delivers daily."""
    if not cases:
        return []
    choices = [choose_source(to_number(case.free_there), 0.0, offer_count(case)) for case in cases]
    leads = [known_lead(case, choice) or FALLBACK_LEAD for case, choice in zip(cases, choices, strict=True)]
    _protection, timings = protection_by_calendar(protection_of(cases, leads), cases, choices, calendars)
    return [
        _decision(case, choice, timings.get(row)) for row, (case, choice) in enumerate(zip(cases, choices, strict=True))
    ]


def _decision(case: Case, choice: Choice, timing: Timing | None) -> Decision:
    if case.policy.holds_without_forecast and not case.policy.is_stopped:
        return _by_hand(case, choice, timing)
    outcome = "stopped" if case.policy.is_stopped else "no_forecast"
    return Decision(case, outcome, choice, known_lead(case, choice), lot_days=case.policy.lot_days, timing=timing)


def _by_hand(case: Case, choice: Choice, timing: Timing | None) -> Decision:
    """Minimum and maximum as typed, rounded up to what can be ordered; nothing is known of the demand."""
    step = np.array([case.step], dtype=np.int64)
    bounds = np.array([[case.policy.minimum or 0.0], [case.policy.maximum or 0.0]])
    point, up_to = (round_up(bound, step) for bound in bounds)
    amounts = amounts_of([case], [choice], point, up_to, np.array([True]), np.array([False]))
    need, quantity = to_decimal(amounts.need[0]), to_decimal(amounts.quantity[0])
    outcome = outcome_of(case, choice, 1.0, need, quantity)
    return Decision(
        case, outcome, choice, known_lead(case, choice) if choice.kind is not SourceKind.NONE else None,
        reorder_point=to_decimal(point[0]), order_up_to=to_decimal(up_to[0]), need=need,
        quantity=quantity if outcome == "proposed" else ZERO, lot_days=case.policy.lot_days, timing=timing,
    )  # fmt: skip
