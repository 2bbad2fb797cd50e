"""Teunter, Syntetos and Babai (2011): the chance of demand is smoothed in every period in stock, so it decays.

p += a * (1{demand > 0} - exposure * p), z += b * (demand - z) where there was demand; level = p * z.
"""

import numpy as np

from forecasting.engine.kernels import F64, I64, kernel


@kernel
def levels(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """Level at each origin; params [c, 3]: gain of the chance, gain of the size, unused. Shapes as `average.levels`."""
    n, d = demand.shape
    n_params = params.shape[0]
    out = np.zeros((n, origins.shape[0], n_params, 2))
    chance = np.zeros(n_params)
    size = np.zeros(n_params)
    for i in range(n):
        chance[:] = min(1.0, prior[i])
        size[:] = max(1.0, prior[i])
        seen = 1.0
        events = 0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                for c in range(n_params):
                    out[i, o, c, 0] = chance[c] * size[c]
                o += 1
            if t == d:
                break
            y = demand[i, t]
            e = exposure[i, t]
            if e <= 0.0:
                continue
            seen += e
            floor = 1.0 / seen
            happened = 1.0 if y > 0.0 else 0.0
            if y > 0.0:
                events += 1
            for c in range(n_params):
                chance[c] = max(chance[c] + max(params[c, 0], floor) * (happened - e * chance[c]), 0.0)
                if y > 0.0:
                    size[c] += max(params[c, 1], 1.0 / events) * (y - size[c])
    return out


def levels_slow(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """The same in plain Python, to read and to test against."""
    out = np.zeros((len(demand), len(origins), len(params), 2))
    for i in range(len(demand)):
        for c, (a, b, _) in enumerate(params):
            chance, size, seen, events = min(1.0, prior[i]), max(1.0, prior[i]), 1.0, 0
            path = [chance * size]
            for y, e in zip(demand[i], exposure[i], strict=True):
                if e > 0:
                    seen += e
                    chance = max(0.0, chance + max(a, 1 / seen) * (float(y > 0) - e * chance))
                    if y > 0:
                        events += 1
                        size += max(b, 1 / events) * (y - size)
                path.append(chance * size)
            out[i, :, c, 0] = [path[stop] for stop in origins]
    return out
