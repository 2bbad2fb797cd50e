"""The order of one look when what is ordered comes several periods later: the pipeline is lived through on draws.

With a short shelf, stock and orders taken together hide when units come: a delivery of next week does not serve this
week's customers, and who went away unserved takes nothing from it. So the periods until the order arrives are played on
many draws of demand, and the order is the quantile of what is then still missing.
"""

from dataclasses import dataclass

import numpy as np

from orders.domain.curves import F64

DRAWS = 400
LEAST_RATIO = 1.02  # variance per mean of a period's demand: under it a negative binomial is a Poisson


@dataclass(frozen=True)
class PeriodDemand:
    """mean [n, k] of each of the next k periods; variance of the first period and of the sum of all, [n] each."""

    mean: F64
    first_variance: F64
    sum_variance: F64


@dataclass(frozen=True)
class Pipeline:
    """on_hand [n] now; arriving [n, k - 1] at the openings of all periods but the last, with which the order comes."""

    on_hand: F64
    arriving: F64


def draws_of(demand: PeriodDemand, rng: np.random.Generator) -> F64:
    """[n, DRAWS, k] whole demands. What all periods share is a gamma-distributed level, and each period is a negative
    binomial around it; the two variances of the demand say how much is which."""
    mean, total = demand.mean, demand.mean.sum(axis=1)
    first = np.maximum(mean[:, 0], 1e-6)
    rest = np.maximum(total - first, 1e-6)
    shared = (demand.sum_variance / np.maximum(total, 1e-6) - demand.first_variance / first) / rest
    shared = np.clip(shared, 1e-3, 1.0)
    ratio = np.maximum(demand.first_variance / first - shared * first, LEAST_RATIO) - 1.0
    level = rng.gamma(1.0 / shared[:, None], shared[:, None], (len(mean), DRAWS))
    around = np.maximum(mean[:, None, :] * level[:, :, None], 1e-9)
    scale = ratio[:, None, None]
    found: F64 = rng.poisson(rng.gamma(around / scale, scale)).astype(np.float64)
    return found


def pipeline_order(draws: F64, pipeline: Pipeline, level: float) -> F64:
    """[n] whole units, such that the last period of the draws is served with the chance `level`, if an order can do
    that."""
    left = np.broadcast_to(pipeline.on_hand[:, None], draws.shape[:2])
    for period in range(draws.shape[2] - 1):
        left = np.maximum(left + pipeline.arriving[:, period, None] - draws[:, :, period], 0.0)
    missing = np.quantile(draws[:, :, -1] - left, level, axis=1)
    found: F64 = np.maximum(np.ceil(missing - 1e-9), 0.0)
    return found
