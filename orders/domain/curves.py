"""Demand over an interval, given as its mean and its quantiles: what is expected by a day, and beyond a stock.

A curve is the quantiles of a demand at ascending levels. Between two quantiles its distribution function is straight,
under the lowest it falls straight to 0 at demand 0, over the highest the tail is exponential and leaves the last piece
with its slope.
The slow twins of these functions, written for reading, stand in tests/orders/twins.py.
"""

import numpy as np
from numpy.typing import NDArray

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
    knots = np.concatenate([np.zeros((len(curve), 1)), curve], axis=1)
    chances = np.diff(np.concatenate([[0.0], levels]))
    left, right, held = knots[:, :-1], knots[:, 1:], stock[:, None]
    across = np.maximum(right - held, 0.0) ** 2 / (2.0 * np.maximum(right - left, 1e-12))
    pieces = np.where(held <= left, 0.5 * (left + right) - held, across)
    rate = _tail_rate(curve, levels)
    over = stock - curve[:, -1]
    tail = np.where(over <= 0.0, -over + 1.0 / rate, np.exp(-rate * np.maximum(over, 0.0)) / rate)
    total = (pieces * chances).sum(axis=1) + (1.0 - levels[-1]) * tail
    return np.where(curve[:, -1] <= 0.0, np.maximum(-stock, 0.0), total)


def _take(values: F64, index: NDArray[np.int64]) -> F64:
    found: F64 = np.take_along_axis(values, index[:, :, None], axis=2)[:, :, 0]
    return found


def _tail_rate(curve: F64, levels: F64) -> F64:
    """[n]: the rate of the exponential tail, from the last two quantiles."""
    step = np.maximum(curve[:, -1] - curve[:, -2], 1e-9)
    rate: F64 = np.log((1.0 - levels[-2]) / (1.0 - levels[-1])) / step
    return rate
