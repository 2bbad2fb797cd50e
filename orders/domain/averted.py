"""What an order averts: the margin that would be lost without it, for each eighth of its quantity."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from orders.domain.curves import F64, STORED_LEVELS, expected_excess
from orders.domain.decision import Decision
from orders.domain.money import to_money
from orders.domain.quantity import to_number
from orders.domain.sourcing import SourceKind

EIGHTHS = 8


def averted_curves(decisions: Sequence[Decision]) -> list[list[float]]:
    """For each of them the money averted by 1/8, 2/8 ... 8/8 of its quantity: the units of the demand over the
    protection interval that would be asked for in vain without them, times the margin and the cost of a disappointed
    customer. Empty where nothing is known of the demand, and for what is not bought.
    """
    found: list[list[float]] = [[] for _each in decisions]
    known = [
        row
        for row, each in enumerate(decisions)
        if each.interval_curve.size and each.choice.kind is SourceKind.SUPPLIER
    ]
    if not known:
        return found
    bought = [decisions[row] for row in known]
    curve = np.array([each.interval_curve for each in bought], dtype=np.float64)
    position = np.array([to_number(each.case.position.inventory_position) for each in bought])
    quantity = np.array([to_number(each.quantity) for each in bought])
    worth = np.array([to_number(each.case.margin) + each.case.policy.disappointment for each in bought])
    for row, values in zip(known, _averted(curve, position, quantity, worth).tolist(), strict=True):
        found[row] = values
    return found


def _averted(curve: F64, position: F64, quantity: F64, worth: F64) -> F64:
    """[n, 8]; more of a quantity never averts less."""
    levels = np.array(STORED_LEVELS)
    without = expected_excess(curve, levels, position)
    parts = [
        without - expected_excess(curve, levels, position + quantity * part / EIGHTHS) for part in range(1, EIGHTHS + 1)
    ]
    units = np.maximum.accumulate(np.maximum(np.stack(parts, axis=1), 0.0), axis=1)
    found: F64 = np.round(units * np.maximum(worth, 0.0)[:, None], 3)
    return found


def averted_by(curve: Sequence[float], share: float) -> float:
    """The money averted by so much of the quantity that the curve is for; in a straight line between the eighths, and
    no more beyond the whole. 0 where nothing is known."""
    if not curve:
        return 0.0
    return float(np.interp(share, np.arange(EIGHTHS + 1) / EIGHTHS, [0.0, *curve]))


def cost_of_cut(curve: Sequence[float], wanted: Decimal, left: Decimal) -> Decimal:
    """The lost margin that is expected when so much of the wanted quantity is left, to the cent."""
    lost = averted_by(curve, 1.0) - averted_by(curve, to_number(left / wanted))
    return to_money(max(lost, 0.0))
