"""What customers brought back, taken off what they had bought."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.float32, np.float64)


def net_of_returns(sold: NDArray[Number]) -> NDArray[Number]:
    """Units sold, [series, days], with no day below zero.

    A day on which more came back than was sold is 0, and the rest is taken off the days before it, the last one first:
    goods that came back were bought before. What was bought before the first day is not known and falls away.
    """
    rows = np.flatnonzero((sold < 0).any(axis=1))
    if not len(rows):
        return sold
    net = sold.copy()
    owed = np.zeros(len(rows), sold.dtype)
    for day in range(sold.shape[1] - 1, -1, -1):
        left = net[rows, day] + owed
        net[rows, day] = np.maximum(left, 0)
        owed = np.minimum(left, 0)
    return net
