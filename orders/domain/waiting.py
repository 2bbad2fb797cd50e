"""Whether an order can wait, where demand is about to change.

A lot ordered tonight rather than tomorrow is there one day sooner, which is worth gain(0): what the first day it could
be there costs at the position as it is, less what that day costs with the lot. Where demand goes on as it is, tomorrow
would order as well, so gain(0) >= 0 is the whole question. Where it is about to fall tomorrow may see no need, and the
lot lies idle until one returns. With the choice made anew each night, ordering is better than waiting when

    gain(0) + E[ min over t of (0, gain(1) + .. + gain(t)) ] >= 0,

the expectation being over how demand turns out: each quantile of the demand over the protection interval stands for a
course on which every day asks for as much more or less than expected. On it the position falls night by night, and
gain(k) is taken there, with the demand over the interval that begins k nights later in place of tonight's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64, mean_at

# Looking at twenty nights orders as looking at twelve does.
NIGHTS = 12
PACE_DAYS = 7
LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Ahead:
    """Of n series and the NIGHTS from tonight on that may order: `passed` [n, k] units expected to be asked for before
    each, `share` [n, k] what is expected over the protection interval that begins there, as a share of tonight's."""

    passed: F64
    share: F64

    def rows(self, index: Sequence[int] | NDArray[np.int64]) -> "Ahead":
        """Those at `index`."""
        return Ahead(self.passed[index], self.share[index])


def look_ahead(mean: F64, interval_days: F64, review_days: F64) -> Ahead:
    """From the expected demand of each day, `mean` [n, H], the days of the protection interval [n] and those from one
    night that may order to the next [n]."""
    nights = np.arange(NIGHTS, dtype=np.float64) * np.maximum(review_days, 1.0)[:, None]
    passed = mean_at(mean, nights)
    coming = mean_at(mean, nights + interval_days[:, None]) - passed
    share = coming / np.maximum(coming[:, :1], 1e-9)
    return Ahead(passed, np.where(coming[:, :1] > 0.0, np.maximum(share, LEAST_SHARE), 1.0))


def later_pace(mean: F64, interval_days: F64) -> F64:
    """[n]: expected demand of a day after the protection interval, when a lot ordered tonight is sold; of a week at
    least."""
    horizon = mean.shape[1]
    begin = np.minimum(interval_days, max(horizon - PACE_DAYS, 0))[:, None]
    end = np.full((len(mean), 1), float(horizon))
    found: F64 = ((mean_at(mean, end) - mean_at(mean, begin)) / (end - begin))[:, 0]
    return found
