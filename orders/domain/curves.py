"""Demand over an interval, given as its mean and its quantiles: what is expected by a day, and beyond a stock.

A curve is the quantiles of a demand at ascending levels. Between two quantiles its distribution function is straight,
under the lowest it falls straight to 0 at demand 0, over the highest the tail is exponential and leaves the last piece
with its slope.
The slow twins of these functions, written for reading, stand in tests/orders/twins.py.
"""

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import kernel

F64 = NDArray[np.float64]

# Levels of the curves that are kept with a reorder level, so that today's risk needs no second look at the forecast.
STORED_LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)


def mean_at(mean: F64, days: F64) -> F64:
    """[n, k]: expected demand of the first `days` [n, k] days; `mean` [n, H] is per day and goes on at its last week's
    pace."""
    horizon = mean.shape[1]
    total = np.concatenate([np.zeros((len(mean), 1)), np.cumsum(mean, axis=1)], axis=1)
    whole = np.minimum(np.floor(days), horizon - 1).astype(np.int64)
    rows = np.arange(len(mean))[:, None]
    inside = total[rows, whole] + mean[rows, whole] * np.minimum(days - whole, 1.0)
    pace = mean[:, -7:].mean(axis=1)[:, None]
    found: F64 = inside + pace * np.maximum(days - horizon, 0.0)
    return found


def cumulative(curves: F64, levels: F64, demand: F64) -> F64:
    """[n, k]: P(D <= demand [n]) under each of the curves [n, k, Q]; 1 where a curve says that nothing is asked for."""
    count, kinds, _levels = curves.shape
    knots = np.concatenate([np.zeros((count, kinds, 1)), curves], axis=2)
    chances = np.concatenate([[0.0], levels])
    asked = np.broadcast_to(demand[:, None], (count, kinds))
    right = (knots <= asked[:, :, None]).sum(axis=2)
    left, inner = np.maximum(right - 1, 0), np.minimum(right, knots.shape[2] - 1)
    low, high = _take(knots, left), _take(knots, inner)
    part = (asked - low) / np.maximum(high - low, 1e-12)
    inside = chances[left] + part * (chances[inner] - chances[left])
    rate = _tail_rate(curves.reshape(count * kinds, -1), levels).reshape(count, kinds)
    tail = 1.0 - (1.0 - levels[-1]) * np.exp(-rate * np.maximum(asked - curves[:, :, -1], 0.0))
    found = np.where(right == knots.shape[2], tail, inside)
    return np.where(curves[:, :, -1] <= 0.0, 1.0, np.where(asked < 0.0, 0.0, found))


def expected_excess(curve: F64, levels: F64, stock: F64) -> F64:
    """[n]: E[(D - stock)+], units of demand that the stock [n] does not meet, for curves [n, Q]. Negative stock adds
    itself."""
    found: F64 = _excess(*(np.ascontiguousarray(values, dtype=np.float64) for values in (curve, levels, stock)))
    return found


@kernel
def _excess(curve: F64, levels: F64, stock: F64) -> F64:
    count, size = curve.shape
    out = np.zeros(count)
    for i in range(count):
        held, last = stock[i], curve[i, size - 1]
        if last <= 0.0:
            out[i] = max(-held, 0.0)
            continue
        left, below = 0.0, 0.0
        for j in range(size):
            right = curve[i, j]
            if held <= left:
                piece = 0.5 * (left + right) - held
            else:
                piece = max(right - held, 0.0) ** 2 / (2.0 * max(right - left, 1e-12))
            out[i] += piece * (levels[j] - below)
            left, below = right, levels[j]
        rate = np.log((1.0 - levels[size - 2]) / (1.0 - below)) / max(last - curve[i, size - 2], 1e-9)
        over = held - last
        tail = np.exp(-rate * over) / rate if over > 0.0 else 1.0 / rate - over
        out[i] += (1.0 - below) * tail
    return out


def _take(values: F64, index: NDArray[np.int64]) -> F64:
    found: F64 = np.take_along_axis(values, index[:, :, None], axis=2)[:, :, 0]
    return found


def _tail_rate(curve: F64, levels: F64) -> F64:
    """[n]: the rate of the exponential tail, from the last two quantiles."""
    step = np.maximum(curve[:, -1] - curve[:, -2], 1e-9)
    rate: F64 = np.log((1.0 - levels[-2]) / (1.0 - levels[-1])) / step
    return rate
