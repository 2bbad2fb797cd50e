"""Sums over windows before and after many origins: the kernels under the features of the global model."""

import numpy as np

from forecasting.engine.kernels import F32, F64, I64, kernel


@kernel
def window_sums(demand: F64, exposure: F64, promotion: F32, origins: I64, windows: I64) -> F64:
    """float64 [n, o, w, 5]: over the last windows[w] periods before each origin the sums of demand, exposure,
    demand squared, periods with demand, promotion; promotion [n, >= d] or [n, 0].
    """
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], windows.shape[0], 5))
    sums = np.zeros((d + 1, 5))
    has_promotion = promotion.shape[1] > 0
    for i in range(n):
        for t in range(d):
            y = demand[i, t]
            sums[t + 1, 0] = sums[t, 0] + y
            sums[t + 1, 1] = sums[t, 1] + exposure[i, t]
            sums[t + 1, 2] = sums[t, 2] + y * y
            sums[t + 1, 3] = sums[t, 3] + (1.0 if y > 0.0 else 0.0)
            if has_promotion:
                sums[t + 1, 4] = sums[t, 4] + promotion[i, t]
        for o in range(origins.shape[0]):
            stop = origins[o]
            for w in range(windows.shape[0]):
                begin = max(0, stop - windows[w])
                for k in range(5):
                    out[i, o, w, k] = sums[stop, k] - sums[begin, k]
    return out


def window_sums_slow(demand: F64, exposure: F64, promotion: F32, origins: I64, windows: I64) -> F64:
    """The same, one window after another."""
    out = np.zeros((len(demand), len(origins), len(windows), 5))
    for i, (y, e) in enumerate(zip(demand, exposure, strict=True)):
        p = promotion[i].astype(np.float64) if promotion.shape[1] else np.zeros(len(y))
        for o, stop in enumerate(origins):
            for w, length in enumerate(windows):
                part = slice(max(0, stop - length), stop)
                out[i, o, w] = [sum(x) for x in (y[part], e[part], y[part] ** 2, y[part] > 0, p[part])]
    return out


@kernel
def silence(demand: F64, exposure: F64, origins: I64) -> F64:
    """float64 [n, o, 2]: exposure since the last demand, and exposure since the start."""
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], 2))
    for i in range(n):
        since = 0.0
        seen = 0.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                out[i, o, 0] = since
                out[i, o, 1] = seen
                o += 1
            if t == d:
                break
            since = 0.0 if demand[i, t] > 0.0 else since + exposure[i, t]
            seen += exposure[i, t]
    return out


def silence_slow(demand: F64, exposure: F64, origins: I64) -> F64:
    """The same, looking back from each origin."""
    out = np.zeros((len(demand), len(origins), 2))
    for i, (y, e) in enumerate(zip(demand, exposure, strict=True)):
        for o, stop in enumerate(origins):
            last = max((t + 1 for t in range(stop) if y[t] > 0), default=0)
            out[i, o] = sum(e[last:stop]), sum(e[:stop])
    return out


@kernel
def sums_after(values: F64, origins: I64, horizons: I64) -> F64:
    """float64 [n, o, k]: sums of values [n, d] over the next horizons[k] (ascending) periods, as far as they reach."""
    n, d = values.shape
    out = np.zeros((n, origins.shape[0], horizons.shape[0]))
    for i in range(n):
        for o in range(origins.shape[0]):
            total = 0.0
            t = origins[o]
            for k in range(horizons.shape[0]):
                stop = min(d, origins[o] + horizons[k])
                while t < stop:
                    total += values[i, t]
                    t += 1
                out[i, o, k] = total
    return out


def sums_after_slow(values: F64, origins: I64, horizons: I64) -> F64:
    """The same, one window after another."""
    return np.array([[[sum(row[o : o + h]) for h in horizons] for o in origins] for row in values])


@kernel
def block_moments(demand: F64, exposure: F64, origins: I64, lengths: I64, span: int) -> F64:
    """float64 [n, o, k, 5]: over the blocks of lengths[k] periods that lie end to end in the last `span` periods before
    an origin, the sums of y, e, y y, y e, e e, where y is the demand of a block and e its exposure.
    """
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], lengths.shape[0], 5))
    y_sum = np.zeros(d + 1)
    e_sum = np.zeros(d + 1)
    for i in range(n):
        for t in range(d):
            y_sum[t + 1] = y_sum[t] + demand[i, t]
            e_sum[t + 1] = e_sum[t] + exposure[i, t]
        for o in range(origins.shape[0]):
            first = max(0, origins[o] - span)
            for k in range(lengths.shape[0]):
                stop = origins[o]
                while stop - lengths[k] >= first:
                    y = y_sum[stop] - y_sum[stop - lengths[k]]
                    e = e_sum[stop] - e_sum[stop - lengths[k]]
                    out[i, o, k, 0] += y
                    out[i, o, k, 1] += e
                    out[i, o, k, 2] += y * y
                    out[i, o, k, 3] += y * e
                    out[i, o, k, 4] += e * e
                    stop -= lengths[k]
    return out


def block_moments_slow(demand: F64, exposure: F64, origins: I64, lengths: I64, span: int) -> F64:
    """The same with lists of blocks."""
    out = np.zeros((len(demand), len(origins), len(lengths), 5))
    for i, (y, e) in enumerate(zip(demand, exposure, strict=True)):
        for o, origin in enumerate(origins):
            for k, length in enumerate(lengths):
                blocks = [
                    slice(b - length, b) for b in range(origin, 0, -length) if b - length >= max(0, origin - span)
                ]
                pairs = [(sum(y[b]), sum(e[b])) for b in blocks]
                for a, b in pairs:
                    out[i, o, k] += np.array([a, b, a * a, a * b, b * b])
    return out


@kernel
def step_sums(demand: F64, exposure: F64, promotion: F32, origins: I64, edges: F64, keep: float) -> F64:
    """float64 [n, o, b, 2]: demand and exposure seen so far at each of the b = len(edges) + 1 steps of promotion,
    each period's weight falling by the factor `keep` per period.
    """
    n, d = demand.shape
    n_steps = edges.shape[0] + 1
    out = np.zeros((n, origins.shape[0], n_steps, 2))
    sums = np.zeros((n_steps, 2))
    for i in range(n):
        sums[:] = 0.0
        grown = 1.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                for b in range(n_steps):
                    out[i, o, b, 0] = sums[b, 0] / grown
                    out[i, o, b, 1] = sums[b, 1] / grown
                o += 1
            if t == d:
                break
            # Instead of shrinking all sums each period the new ones grow.
            grown /= keep
            b = 0
            while b < n_steps - 1 and promotion[i, t] > edges[b]:
                b += 1
            sums[b, 0] += grown * demand[i, t]
            sums[b, 1] += grown * exposure[i, t]
    return out


def step_sums_slow(demand: F64, exposure: F64, promotion: F32, origins: I64, edges: F64, keep: float) -> F64:
    """The same with whole weights."""
    step = np.searchsorted(edges, promotion[:, : demand.shape[1]], side="left")
    out = np.zeros((len(demand), len(origins), len(edges) + 1, 2))
    for o, stop in enumerate(origins):
        weight = keep ** np.arange(stop - 1, -1, -1.0)
        for b in range(len(edges) + 1):
            here = weight * (step[:, :stop] == b)
            out[:, o, b] = np.stack([(here * x[:, :stop]).sum(axis=1) for x in (demand, exposure)], axis=1)
    return out


@kernel
def steps_ahead(exposure: F64, promotion: F64, origins: I64, horizons: I64, edges: F64, rates: F64) -> F64:
    """float64 [n, o, k]: sum over the next horizons[k] (ascending) periods of exposure x the rate of the period's step.

    exposure and promotion [n, d], rates [n, o, b].
    """
    n, d = exposure.shape
    out = np.zeros((n, origins.shape[0], horizons.shape[0]))
    for i in range(n):
        for o in range(origins.shape[0]):
            total = 0.0
            t = origins[o]
            for k in range(horizons.shape[0]):
                stop = min(d, origins[o] + horizons[k])
                while t < stop:
                    b = 0
                    while b < edges.shape[0] and promotion[i, t] > edges[b]:
                        b += 1
                    total += exposure[i, t] * rates[i, o, b]
                    t += 1
                out[i, o, k] = total
    return out


def steps_ahead_slow(exposure: F64, promotion: F64, origins: I64, horizons: I64, edges: F64, rates: F64) -> F64:
    """The same, one window after another."""
    step = np.searchsorted(edges, promotion, side="left")
    return np.array(
        [
            [[sum(e[o : o + h] * rates[i, j][step[i, o : o + h]]) for h in horizons] for j, o in enumerate(origins)]
            for i, e in enumerate(exposure)
        ]
    )
