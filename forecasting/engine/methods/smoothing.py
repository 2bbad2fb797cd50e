"""Simple exponential smoothing of a demand rate seen through its exposure.

level += a * (demand - exposure * level), with a = max(alpha, 1 / (exposure so far + 1)): a plain average until
there is more history than the smoothing remembers (Brown 1959; the start is the usual recursive mean).
A period out of stock has exposure 0 and demand 0 and changes nothing.
"""

import numpy as np

from forecasting.engine.kernels import F64, I64, kernel


@kernel
def levels(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """Smoothed level at each origin; params [c, 3]: alpha, unused, unused. Shapes as in `average.levels`."""
    n, d = demand.shape
    n_params = params.shape[0]
    out = np.zeros((n, origins.shape[0], n_params, 2))
    level = np.zeros(n_params)
    alpha = params[:, 0].copy()
    for i in range(n):
        level[:] = prior[i]
        seen = 1.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                out[i, o, :, 0] = level
                o += 1
            if t == d:
                break
            y = demand[i, t]
            e = exposure[i, t]
            if e <= 0.0:
                continue
            seen += e
            floor = 1.0 / seen
            for c in range(n_params):
                level[c] += max(alpha[c], floor) * (y - e * level[c])
                level[c] = max(level[c], 0.0)
    return out


def levels_slow(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """The same in plain Python, to read and to test against."""
    out = np.zeros((len(demand), len(origins), len(params), 2))
    for i in range(len(demand)):
        for c in range(len(params)):
            level, seen, path = float(prior[i]), 1.0, [float(prior[i])]
            for y, e in zip(demand[i], exposure[i], strict=True):
                if e > 0:
                    seen += e
                    level = max(0.0, level + max(params[c, 0], 1 / seen) * (y - e * level))
                path.append(level)
            out[i, :, c, 0] = [path[stop] for stop in origins]
    return out
