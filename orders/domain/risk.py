"""What today's stock means for the coming days: when it runs out, whether a delivery comes first, and the money at
stake."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64, STORED_LEVELS, expected_excess, mean_at


class RiskStatus(StrEnum):
    """In order of urgency. OUT: nothing available. LOW: the position is at or below the reorder point, so something
    must be ordered. PROJECTED: enough is ordered, but the shelf will be empty before it arrives. OK: none of these."""

    OUT = "out"
    LOW = "low"
    PROJECTED = "projected"
    OK = "ok"


@dataclass(frozen=True)
class Outlook:
    """Of n listings. `cover_days` is inf without demand and NaN without a forecast; `out_after` is the number of whole
    days after today until the expected stock is used up, -1 when that does not happen within the horizon; `excess` are
    the units expected to be asked for in vain until the next delivery."""

    cover_days: F64
    out_after: NDArray[np.int64]
    excess: F64


def look_ahead(available: F64, mean: F64, arrivals: F64, curve: F64, lead_days: F64, next_days: F64) -> Outlook:
    """Projects the stock of n listings over H days.

    available [n]; mean [n, H] expected demand of each day, the first being today; arrivals [n, H] units expected on
    that day.
    curve [n, len(STORED_LEVELS)] quantiles of the demand over the `lead_days` [n] that a delivery ordered today takes;
    next_days [n] days until the next delivery, ordered or not. The curve for `next_days` is the one for `lead_days`,
    moved with the mean and narrowed or widened with the square root of time.
    """
    stock = np.maximum(available, 0.0)
    left = stock[:, None] + np.cumsum(arrivals, axis=1) - np.cumsum(mean, axis=1)
    is_out = left <= 1e-9
    out_after = np.where(is_out.any(axis=1), is_out.argmax(axis=1), -1)
    centre = mean_at(mean, lead_days[:, None])
    moved = mean_at(mean, next_days[:, None])
    growth = np.sqrt(next_days / np.maximum(lead_days, 1e-9))[:, None]
    shifted = np.maximum(moved + (curve - centre) * growth, 0.0)
    excess = expected_excess(shifted, np.array(STORED_LEVELS), stock)
    return Outlook(_cover(stock, mean), out_after.astype(np.int64), np.where(next_days > 0.0, excess, 0.0))


def _cover(stock: F64, mean: F64) -> F64:
    """[n]: days until the expected demand has used up the stock; inf when there is no demand."""
    horizon = mean.shape[1]
    total = np.cumsum(mean, axis=1)
    day = (total < stock[:, None]).sum(axis=1)
    inside = np.minimum(day, horizon - 1)
    rows = np.arange(len(mean))
    before = total[rows, inside] - mean[rows, inside]
    pace = mean[:, -7:].mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = day + (stock - before) / mean[rows, inside]
        beyond = horizon + (stock - total[:, -1]) / pace
    found = np.where(day < horizon, within, beyond)
    return np.where(total[:, -1] <= 0.0, np.inf, np.where(stock <= 0.0, 0.0, found))


def status_of(
    available: Decimal, position: Decimal, reorder_point: Decimal | None, out_after: int, lead_days: float
) -> RiskStatus:
    """The first that applies, in the order of urgency. Without a forecast only OUT can be said."""
    if available <= 0:
        return RiskStatus.OUT
    if reorder_point is None:
        return RiskStatus.OK
    if position <= reorder_point:
        return RiskStatus.LOW
    return RiskStatus.PROJECTED if 0 <= out_after < lead_days else RiskStatus.OK
