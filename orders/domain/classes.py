"""Classes of series: by the value of what is asked for (A, B, C), and by how steady the demand is (X, Y, Z)."""

from collections.abc import Sequence

import numpy as np

from inventory.domain.counting import A_SHARE, B_SHARE
from orders.domain.curves import F64

NORMAL_90 = 1.2816
# Coefficient of variation of a week's demand up to which a series is steady, and up to which it wavers; above it is
# erratic (the usual limits of an XYZ analysis).
X_LIMIT, Y_LIMIT = 0.5, 1.0
WEEK = 7


def by_value(daily_value: F64) -> list[str]:
    """A for the series that make the first 80 % of all value, B for the next 15 %, C for the rest and for what nobody
    asks for. `daily_value` [n] money a day."""
    order = np.argsort(-daily_value, kind="stable")
    ranked = daily_value[order]
    before = np.cumsum(ranked) - ranked
    total = ranked.sum()
    letters = np.where(before < float(A_SHARE) * total, "A", np.where(before < float(B_SHARE) * total, "B", "C"))
    found = np.empty(len(daily_value), dtype="<U1")
    found[order] = np.where(ranked > 0.0, letters, "C")
    return [str(letter) for letter in found]


def by_steadiness(mean: F64, sum_quantiles: F64, grid: Sequence[int], levels: Sequence[float]) -> list[str]:
    """X, Y or Z by the spread that the forecast sees in the demand of a week: the distance of its 10 % and 90 %
    quantiles as standard deviations of a normal, per unit of its mean. Z where nothing is asked for.

    mean [n, H] a day; sum_quantiles [n, g, q] of the sums over grid[i] days at the levels.
    """
    days = int(np.argmin(np.abs(np.array(grid) - WEEK)))
    low, high = (int(np.argmin(np.abs(np.array(levels) - level))) for level in (0.1, 0.9))
    spread = (sum_quantiles[:, days, high] - sum_quantiles[:, days, low]) / (2.0 * NORMAL_90)
    centre = mean[:, : grid[days]].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variation = np.where(centre > 0.0, spread / centre, np.inf)
    letters = np.where(variation <= X_LIMIT, "X", np.where(variation <= Y_LIMIT, "Y", "Z"))
    return [str(letter) for letter in letters]
