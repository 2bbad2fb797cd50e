"""Plain averages over the last periods in stock.

level(t) = (sum of demand over the window + prior) / (sum of exposure over the window + 1)
where the exposure of a period is its share in stock times its seasonal and promotion factors.
"""

import numpy as np

from forecasting.engine.kernels import F64, I64, kernel


@kernel
def levels(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """Level of each window at each origin.

    demand, exposure  float64 [n, d]; exposure 0 where the period tells nothing.
    origins           int64 [o], ascending: how many periods have been seen.
    params            float64 [c, 3]: window in periods, unused, unused.
    prior             float64 [n]: level that weighs as one period in stock.
    returns           float64 [n, o, c, 2]: level per period of exposure 1, and a trend of 0.
    """
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], params.shape[0], 2))
    sums = np.zeros(d + 1)
    weights = np.zeros(d + 1)
    for i in range(n):
        for t in range(d):
            sums[t + 1] = sums[t] + demand[i, t]
            weights[t + 1] = weights[t] + exposure[i, t]
        for o in range(origins.shape[0]):
            stop = origins[o]
            for c in range(params.shape[0]):
                begin = max(0, stop - int(params[c, 0]))
                total = sums[stop] - sums[begin] + prior[i]
                out[i, o, c, 0] = total / (weights[stop] - weights[begin] + 1.0)
    return out


def levels_slow(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """The same in plain Python, to read and to test against."""
    out = np.zeros((len(demand), len(origins), len(params), 2))
    for i, (y, e) in enumerate(zip(demand, exposure, strict=True)):
        for o, stop in enumerate(origins):
            for c, (window, _, _) in enumerate(params):
                begin = max(0, int(stop) - int(window))
                out[i, o, c, 0] = (sum(y[begin:stop]) + prior[i]) / (sum(e[begin:stop]) + 1.0)
    return out
