"""What each kind of promotion adds to demand, learned from all series together (see `engine.kinds`)."""

import numpy as np
from scipy.optimize import nnls

from forecasting.engine.exposure import (
    BASE_PERIODS,
    BASE_RATE,
    ON_PROMOTION,
    learn_factors,
    observed,
    past_exposure,
    stock_share,
)
from forecasting.engine.kernels import F32, F64, I64, kernel
from forecasting.engine.kinds import kinds_told, weighed_sum
from forecasting.engine.panel import Panel

KIND_UNITS = 30.0  # expected units on promotion that "no effect" of a kind weighs as much as
# What tells a period on promotion, how fast what is ordinary follows the demand, and how long it has to be seen.
ORDINARY = (ON_PROMOTION, BASE_RATE, BASE_PERIODS)
FULL = 0.98  # share of the periods on promotion that lie under a weighed promotion of 1


def kind_weights(panel: Panel) -> F64:
    """float64 [1 + m]: the weight of the promotion itself and of each driver in the weighed one; 1, 0, ... where no
    driver tells a kind, or where none of them has an effect that can be measured.
    """
    weights = np.zeros(1 + (0 if panel.drivers is None else panel.drivers.shape[2]))
    weights[0] = 1.0
    kinds = kinds_told(panel)
    if panel.drivers is None or not len(kinds):
        return weights
    effects = _effects(panel, panel.drivers, kinds)
    places = np.concatenate([[0], 1 + kinds])
    found = np.zeros_like(weights)
    found[places] = effects
    on = panel.promotion_or_none[:, : panel.n_days] > ON_PROMOTION
    raw = weighed_sum(panel, found)[:, : panel.n_days][on]
    full = float(np.quantile(raw, FULL)) if raw.size else 0.0
    return found / full if full > 0 else weights


def _effects(panel: Panel, drivers: F32, kinds: I64) -> F64:
    """float64 [1 + k]: what a unit of the promotion and of each kind adds to the ordinary demand, never less than 0, by
    weighted least squares (the variance of a period's demand taken to be its mean).
    """
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = learn_factors(panel, share, demand)
    none = np.zeros((panel.n_series, 0), np.float32)
    plain = past_exposure(share, factors.season, none, np.zeros(panel.n_series), factors.event)
    moments = kind_evidence(demand, plain, panel.promotion_or_none, drivers, kinds, ORDINARY)
    matrix = moments[:, :-1] + KIND_UNITS * np.eye(len(moments))
    root = np.linalg.cholesky(matrix)
    return np.asarray(nnls(root.T, np.linalg.solve(root, moments[:, -1]))[0], dtype=np.float64)


@kernel
def kind_evidence(
    demand: F64, exposure: F64, promotion: F32, drivers: F32, kinds: I64, ordinary: tuple[float, float, float]
) -> F64:  # fmt: skip
    """float64 [1 + k, 2 + k]: over all series and the periods on promotion, the sums of x x' base and, last, of
    x (demand - base). x is the promotion and the k kinds; the base of a period is a smoothed level of the earlier ones
    without promotion, as in `uplift_evidence`; `ordinary` is ORDINARY.
    """
    on_promotion, base_rate, base_periods = ordinary
    n, d = demand.shape
    k = 1 + kinds.shape[0]
    out = np.zeros((k, k + 1))
    x = np.zeros(k)
    for i in range(n):
        level = 0.0
        seen = 0.0
        for t in range(d):
            e = exposure[i, t]
            if e <= 0.0:
                continue
            p = np.float64(promotion[i, t])
            if p <= on_promotion:
                seen += e
                level += max(base_rate, 1.0 / seen) * (demand[i, t] - e * level)
                level = max(level, 0.0)
            elif seen >= base_periods:
                x[0] = p
                for j in range(1, k):
                    x[j] = np.float64(drivers[i, t, kinds[j - 1]])
                for a in range(k):
                    for b in range(k):
                        out[a, b] += x[a] * x[b] * e * level
                    out[a, k] += x[a] * (demand[i, t] - e * level)
    return out


def kind_evidence_slow(
    demand: F64, exposure: F64, promotion: F32, drivers: F32, kinds: I64, ordinary: tuple[float, float, float]
) -> F64:  # fmt: skip
    """The same in plain Python."""
    on_promotion, base_rate, base_periods = ordinary
    k = 1 + len(kinds)
    out = np.zeros((k, k + 1))
    for y, e, p, more in zip(demand, exposure, promotion, drivers, strict=True):
        level, seen = 0.0, 0.0
        for t in range(len(y)):
            if e[t] > 0 and p[t] <= on_promotion:
                seen += e[t]
                level = max(level + max(base_rate, 1 / seen) * (y[t] - e[t] * level), 0.0)
            elif e[t] > 0 and seen >= base_periods:
                x = np.array([p[t], *more[t, kinds]], dtype=np.float64)
                out[:, :k] += np.outer(x, x) * e[t] * level
                out[:, k] += x * (y[t] - e[t] * level)
    return out
