"""Prices of periods in which nothing was sold."""

import numpy as np

from forecasting.engine.kernels import F32


def last_known(price: F32) -> F32:
    """Prices [n, d] with the gaps (0) filled by the last one known, or the first one where none came before; 1 without
    any.
    """
    first = price[np.arange(len(price)), (price > 0).argmax(axis=1)]
    before = np.where(first > 0, first, np.float32(1))
    # Period by period over all series is several times as fast as looking up the place of the last price of each.
    periods = price.T.copy()
    for period in periods:
        np.copyto(period, before, where=period <= 0)
        before = period
    return np.ascontiguousarray(periods.T)
