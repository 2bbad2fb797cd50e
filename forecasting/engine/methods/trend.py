"""Damped trend (Holt 1957; Gardner and McKenzie 1985) in error-correction form, seen through the exposure.

error = demand - exposure * (level + phi * slope)
level = level + phi * slope + a * error,   slope = phi * slope + a * beta * error
The forecast h periods on is level + slope * (phi + phi^2 + ... + phi^h).
"""

import numpy as np

from forecasting.engine.kernels import F64, I64, kernel


@kernel
def levels(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """Level and slope at each origin; params [c, 3]: alpha, beta, phi. Shapes as in `average.levels`."""
    n, d = demand.shape
    n_params = params.shape[0]
    out = np.zeros((n, origins.shape[0], n_params, 2))
    level = np.zeros(n_params)
    slope = np.zeros(n_params)
    for i in range(n):
        level[:] = prior[i]
        slope[:] = 0.0
        seen = 1.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                out[i, o, :, 0] = level
                out[i, o, :, 1] = slope
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
                ahead = params[c, 2] * slope[c]
                error = y - e * (level[c] + ahead)
                gain = max(params[c, 0], floor)
                level[c] = max(level[c] + ahead + gain * error, 0.0)
                slope[c] = ahead + min(gain, params[c, 0]) * params[c, 1] * error
    return out


def levels_slow(demand: F64, exposure: F64, origins: I64, params: F64, prior: F64) -> F64:
    """The same in plain Python, to read and to test against."""
    out = np.zeros((len(demand), len(origins), len(params), 2))
    for i in range(len(demand)):
        for c, (alpha, beta, phi) in enumerate(params):
            level, slope, seen = float(prior[i]), 0.0, 1.0
            path = [(level, slope)]
            for y, e in zip(demand[i], exposure[i], strict=True):
                if e > 0:
                    seen += e
                    error = y - e * (level + phi * slope)
                    level = max(0.0, level + phi * slope + max(alpha, 1 / seen) * error)
                    slope = phi * slope + alpha * beta * error
                path.append((level, slope))
            out[i, :, c] = [path[stop] for stop in origins]
    return out
