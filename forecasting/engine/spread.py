"""Quantiles of a count with a given mean and variance: Poisson, negative binomial, and their smooth versions.

With mean m and variance-to-mean ratio r > 1 demand is negative binomial (size m / (r - 1), chance 1 / r); with
r <= 1 it is Poisson. The smooth quantile spreads the mass of the count k evenly over k - 0.5 .. k + 0.5, so that
rounding it half down gives the count's own quantile: ceil(x - 0.5) = smallest k with P(demand <= k) >= p.
`whole` does so, and leans a little down in the upper tail.
"""

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from forecasting.engine.kernels import F64, kernel

LEAN = 0.25
LARGE = 600.0  # above this mean the count is as good as continuous, and the Cornish-Fisher expansion is used


@kernel
def count_quantiles(mean: F64, ratio: F64, levels: F64, z: F64) -> F64:
    """Smooth quantiles of counts.

    mean, ratio  float64 [k]: mean and variance-to-mean ratio.
    levels, z    float64 [q], ascending levels and their standard normal quantiles.
    returns      float64 [k, q], ascending along q, at least 0.
    """
    out = np.zeros((mean.shape[0], levels.shape[0]))
    n_levels = levels.shape[0]
    for i in range(mean.shape[0]):
        m = mean[i]
        r = ratio[i]
        if m <= 1e-9:
            continue
        log_p0 = -m if r <= 1.0001 else -m / (r - 1.0) * math.log(r)
        if m > LARGE or log_p0 < -650.0:
            variance = m * max(r, 1.0)
            sd = math.sqrt(variance)
            skew = (2.0 * max(r, 1.0) - 1.0) / sd
            for q in range(n_levels):
                out[i, q] = max(m + sd * (z[q] + (z[q] * z[q] - 1.0) * skew / 6.0), 0.0)
            continue
        mass = math.exp(log_p0)
        below = 0.0
        count = 0.0
        q = 0
        last = m + 60.0 * math.sqrt(m * max(r, 1.0)) + 60.0
        while q < n_levels:
            while q < n_levels and levels[q] <= below + mass:
                out[i, q] = max(count - 0.5 + (levels[q] - below) / mass, 0.0)
                q += 1
            if count > last:
                while q < n_levels:
                    out[i, q] = count
                    q += 1
                break
            below += mass
            if r <= 1.0001:
                mass *= m / (count + 1.0)
            else:
                mass *= (count + m / (r - 1.0)) / (count + 1.0) * (r - 1.0) / r
            count += 1.0
    return out


def count_quantiles_slow(mean: F64, ratio: F64, levels: F64) -> F64:
    """The same with logarithms of gamma functions, one count after another."""
    return np.array(
        [[_one_quantile(float(m), float(r), float(p)) for p in levels] for m, r in zip(mean, ratio, strict=True)]
    )


def _one_quantile(m: float, r: float, p: float) -> float:
    if m <= 1e-9:
        return 0.0
    log_p0 = -m if r <= 1.0001 else -m / (r - 1) * math.log(r)
    if m > LARGE or log_p0 < -650:
        z, sd, r = NormalDist().inv_cdf(p), math.sqrt(m * max(r, 1.0)), max(r, 1.0)
        return max(0.0, m + sd * (z + (z * z - 1) * (2 * r - 1) / sd / 6))
    below, count = 0.0, 0
    while below + _mass(count, m, r) < p:
        below += _mass(count, m, r)
        count += 1
    return max(0.0, count - 0.5 + (p - below) / _mass(count, m, r))


def _mass(count: int, m: float, r: float) -> float:
    if r <= 1.0001:
        return math.exp(count * math.log(m) - m - math.lgamma(count + 1))
    size = m / (r - 1)
    log_choose = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    return math.exp(log_choose - size * math.log(r) + count * math.log((r - 1) / r))


@lru_cache(maxsize=64)
def normal_quantiles(levels: tuple[float, ...]) -> F64:
    """float64 [q]: standard normal quantiles of the levels; read only."""
    found = np.array([NormalDist().inv_cdf(p) for p in levels])
    found.flags.writeable = False
    return found


def whole(quantiles: F64, levels: tuple[float, ...]) -> F64:
    """Counts from smooth quantiles [..., q].

    Up to the level 0.8 the smallest count k with P(demand <= k) >= level. Taken so at every level, counts cover more
    than they promise: by half a step on average. From 0.9 on k is taken only if the level needs more than a quarter of
    its own probability, so that the coverage over many series is the nominal one.
    """
    lean = np.clip((np.array(levels) - 0.8) * 10, 0, 1) * LEAN
    rounded = np.maximum(np.ceil(quantiles - 0.5 - lean), 0.0)
    return np.asarray(np.maximum.accumulate(rounded, axis=-1), dtype=np.float64)
