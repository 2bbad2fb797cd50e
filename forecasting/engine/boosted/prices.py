"""What the global model sees of prices: logarithms against what the series usually costs and against its full price.

A price that is low now tells of a promotion nobody wrote down, which will end; one that was low lately, of customers
who bought ahead; one that is often low, of demand that comes in waves.
"""

import numpy as np

from forecasting.engine.kernels import F64, I64, kernel
from forecasting.engine.panel import Frequency, Panel

# Periods of the short, middle and long mean; the long one is also looked at in steps of the short one.
PRICE_WINDOWS: dict[Frequency, tuple[int, int, int]] = {"D": (7, 28, 91), "W": (1, 4, 13), "M": (1, 3, 12)}
MARKS = 7
PRICE_COLUMNS = MARKS + 2
REDUCED = 0.05  # a price this much (as a logarithm) under the full one counts as reduced
LEAST_PRICE = 1e-4
DIGITS = 6


def price_columns(panel: Panel, origins: I64, horizons: I64) -> list[F64]:
    """PRICE_COLUMNS columns [n, o, k] or broadcastable to it: the marks of `price_marks`, then the mean price over the
    horizon against the usual and the full one. Zeros where prices, or those ahead, are not known.
    """
    if panel.price is None:
        return [np.zeros((1, 1, 1))] * PRICE_COLUMNS
    price = np.log(np.maximum(panel.price.astype(np.float64), LEAST_PRICE))
    windows = PRICE_WINDOWS[panel.frequency]
    # Sums of the same prices may differ in their last bits, and a tree would tell them apart.
    marks = price_marks(price, origins, np.array(windows)).round(DIGITS)
    columns = [marks[:, :, None, m] for m in range(MARKS)]
    if price.shape[1] <= panel.n_days:
        return [*columns, np.zeros((1, 1, 1)), np.zeros((1, 1, 1))]
    running = np.cumsum(np.pad(price, ((0, 0), (1, 0))), axis=1)
    end = np.minimum(origins[:, None] + horizons, price.shape[1])
    ahead = (running[:, end] - running[:, origins][:, :, None]) / np.maximum(end - origins[:, None], 1)
    now = price[:, np.maximum(origins - 1, 0)][:, :, None]
    # From the price of now on, the marks say how far the usual and the full one are.
    moved = (ahead - now).round(DIGITS)
    return [*columns, moved + columns[0], moved + columns[3]]


@kernel
def price_marks(price: F64, origins: I64, windows: I64) -> F64:
    """float64 [n, o, 7] for log prices [n, >= d], with the mean over the last windows[0], [1] and [2] periods before an
    origin (or those there are), and the full price, the second highest of the prices at the ends of the last
    windows[2] / windows[0] windows of windows[0] periods (the highest may be a slip):

    0 the last price, 1 the short and 2 the middle mean, all against the long one; 3 the last price, 4 the middle mean
    and 5 the lowest of those prices, all against the full one; 6 the share of them that is reduced.
    """
    n = price.shape[0]
    points = windows[2] // windows[0]
    out = np.zeros((n, origins.shape[0], 7))
    running = np.zeros(price.shape[1] + 1)
    for i in range(n):
        for t in range(price.shape[1]):
            running[t + 1] = running[t] + price[i, t]
        for o in range(origins.shape[0]):
            stop = origins[o]
            if stop == 0:
                continue
            short = (running[stop] - running[max(0, stop - windows[0])]) / min(stop, windows[0])
            middle = (running[stop] - running[max(0, stop - windows[1])]) / min(stop, windows[1])
            long = (running[stop] - running[max(0, stop - windows[2])]) / min(stop, windows[2])
            now = price[i, stop - 1]
            highest, full, lowest = -np.inf, -np.inf, np.inf
            for j in range(points):
                here = price[i, max(0, stop - 1 - j * windows[0])]
                lowest = min(lowest, here)
                if here > highest:
                    full = highest
                    highest = here
                elif here > full:
                    full = here
            reduced = 0.0
            for j in range(points):
                if price[i, max(0, stop - 1 - j * windows[0])] < full - REDUCED:
                    reduced += 1.0
            out[i, o, 0] = now - long
            out[i, o, 1] = short - long
            out[i, o, 2] = middle - long
            out[i, o, 3] = now - full
            out[i, o, 4] = middle - full
            out[i, o, 5] = lowest - full
            out[i, o, 6] = reduced / points
    return out


def price_marks_slow(price: F64, origins: I64, windows: I64) -> F64:
    """The same, one origin after another."""
    points = windows[2] // windows[0]
    out = np.zeros((len(price), len(origins), MARKS))
    for i, row in enumerate(price):
        for o, stop in enumerate(origins):
            if stop == 0:
                continue
            short, middle, long = (float(np.mean(row[max(0, stop - w) : stop])) for w in windows)
            looked_at = sorted(row[max(0, stop - 1 - j * windows[0])] for j in range(points))
            now, full = row[stop - 1], looked_at[-2]
            reduced = sum(x < full - REDUCED for x in looked_at) / points
            against_full = (now - full, middle - full, looked_at[0] - full, reduced)
            out[i, o] = (now - long, short - long, middle - long, *against_full)
    return out
