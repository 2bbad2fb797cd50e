"""Whole quantities: the one place where floats of the forecast become units, and needs become packs.

Quantities are int64 thousandths of a unit here, so that a million of them are computed at once and still exactly.
"""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
THOUSAND = 1000
# Less than this above a whole step is noise of the interpolation, not demand.
NOISE = 1e-6


def to_thousandths(values: list[Decimal]) -> I64:
    """[n] thousandths of a unit; quantities have no more than three decimals."""
    return np.array([int(value * THOUSAND) for value in values], dtype=np.int64)


def to_number(value: Decimal) -> float:
    """A quantity or an amount as the kernels reckon with it; what they find comes back through `round_up` and
    `to_decimal`."""
    return float(value)


def to_decimal(thousandths: int) -> Decimal:
    return Decimal(int(thousandths)).scaleb(-3)


def round_up(units: NDArray[np.float64], step: I64) -> I64:
    """Thousandths [n], rounded up to whole `step` [n] (1000: counted in units, 1: weighed)."""
    steps = np.ceil(units * THOUSAND / step - NOISE)
    return np.maximum(steps, 0.0).astype(np.int64) * step


def needs(position: I64, reorder_point: I64, order_up_to: I64, has_demand: NDArray[np.bool_]) -> I64:
    """[n]: what is missing to S where the position is at or below s; 0 elsewhere. Only demand makes a need."""
    missing = np.maximum(order_up_to - position, 0)
    return np.where(has_demand & (position <= reorder_point), missing, 0)


def order_quantities(need: I64, minimum: I64, pack: I64) -> I64:
    """[n]: whole packs that cover the need and the supplier's minimum; 0 without a need. Above the larger of the two
    by less than one pack."""
    wanted = np.maximum(need, minimum)
    return np.where(need > 0, -(-wanted // pack) * pack, 0)


def fit_into(quantity: I64, pack: I64, room: I64, least: I64) -> I64:
    """[n]: whole packs that fit into `room`, but never less than `least` [n] of a quantity that is at least that."""
    fits = np.minimum(quantity, np.maximum(room, 0) // pack * pack)
    return np.where(fits >= least, fits, np.minimum(quantity, least))
