"""Prices of days on which nothing was sold."""

import numpy as np
from numpy.typing import NDArray


def carried(prices: NDArray[np.float32]) -> NDArray[np.float32]:
    """Prices [n, days] with unknown days (0) at the last price before them; the days before the first one have that."""
    is_known = prices > 0
    places = np.maximum.accumulate(np.where(is_known, np.arange(prices.shape[1]), 0), axis=1)
    first = is_known.argmax(axis=1)[:, None]
    return np.take_along_axis(prices, np.maximum(places, first), axis=1)
