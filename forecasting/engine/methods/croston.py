"""Croston's method with the correction of Syntetos and Boylan (2005): for demand that comes now and then.

At each period with demand the size z and the interval x (exposure since the last demand) are smoothed with
alpha; the level is (1 - alpha / 2) * z / x. Between demands nothing changes, so it never decays: see `tsb`.
"""

import numpy as np

from forecasting.engine.kernels import F64, I64, kernel


@kernel
def levels(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """Level at each origin; params [c, 3]: alpha, unused, unused. Shapes as in `average.levels`."""
    n, d = demand.shape
    n_params = params.shape[0]
    out = np.zeros((n, origins.shape[0], n_params, 2))
    size = np.zeros(n_params)
    interval = np.zeros(n_params)
    for i in range(n):
        events = 0
        since = 0.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                for c in range(n_params):
                    if events == 0:
                        out[i, o, c, 0] = prior[i] / (since + 1.0)
                    else:
                        out[i, o, c, 0] = (1.0 - 0.5 * params[c, 0]) * size[c] / max(interval[c], 1e-9)
                o += 1
            if t == d:
                break
            since += exposure[i, t]
            y = demand[i, t]
            if y <= 0.0:
                continue
            events += 1
            for c in range(n_params):
                gain = max(params[c, 0], 1.0 / events)
                size[c] += gain * (y - size[c])
                interval[c] += gain * (since - interval[c])
            since = 0.0
    return out


def levels_slow(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """The same in plain Python, to read and to test against."""
    out = np.zeros((len(demand), len(origins), len(params), 2))
    for i in range(len(demand)):
        for c in range(len(params)):
            alpha, size, interval, since, events = params[c, 0], 0.0, 0.0, 0.0, 0
            path = [prior[i]]
            for y, e in zip(demand[i], exposure[i], strict=True):
                since += e
                if y > 0:
                    events += 1
                    gain = max(alpha, 1 / events)
                    size, interval, since = size + gain * (y - size), interval + gain * (since - interval), 0.0
                path.append((1 - alpha / 2) * size / max(interval, 1e-9) if events else prior[i] / (since + 1))
            out[i, :, c, 0] = [path[stop] for stop in origins]
    return out
