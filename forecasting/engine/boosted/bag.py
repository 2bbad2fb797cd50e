"""A few networks from different starts, evaluated together: their mean errs less than one (Hansen and Salamon 1990).

They were trained on the same examples, so they see features clipped and centred alike; their first layers are one
matrix, with the width of each feature divided into it. Numbers are float32, which halves the time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from forecasting.engine.boosted.net import NOTHING, ROWS, Floats, Net, leaky, times, train_net
from forecasting.engine.errors import PanelError
from forecasting.engine.kernels import F32, F64

NETS = 3
PIECE = 512  # rows whose hidden layers stay in the processor's cache together


@dataclass(frozen=True)
class Bag:
    """r nets: low, high, centre [f]; first [f, r h1], first_bias [r h1]; second [r, h1, h2], second_bias [r, h2]; last
    [r, h2, q], last_bias [r, q].
    """

    low: Floats
    high: Floats
    centre: Floats
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    last: Floats
    last_bias: Floats

    def predict(self, values: F32) -> F64:
        """float64 [rows, q], ascending, for float32 [rows, f]. Raises PanelError where f is not that of training."""
        if values.shape[1] != len(self.low):
            raise PanelError(
                f"The model was trained on a panel with more drivers, or fewer: there are {values.shape[1]} features."
            )
        # Whole products only: a row then gets the very same numbers alone and among others.
        padded = np.pad(values, ((0, -len(values) % ROWS), (0, 0)))
        out = np.zeros((len(padded), self.last.shape[2]))
        for begin in range(0, len(padded), PIECE):
            piece = slice(begin, begin + PIECE)
            out[piece] = self._mean(padded[piece])
        return out[: len(values)]

    def _mean(self, values: F32) -> F64:
        inputs = np.clip(values.astype(self.low.dtype), self.low, self.high) - self.centre
        hidden = leaky(times(inputs, self.first) + self.first_bias)
        width = self.second.shape[1]
        total = np.zeros((len(values), self.last.shape[2]))
        for j in range(len(self.second)):
            own = np.ascontiguousarray(hidden[:, j * width : (j + 1) * width])
            own = leaky(times(own, self.second[j]) + self.second_bias[j])
            total += np.sort(times(own, self.last[j]) + self.last_bias[j], axis=1)
        return total / len(self.second)


NO_NETS = Bag(*(np.zeros(0, np.float32) for _ in range(9)))


def bag_of(nets: list[Net], dtype: DTypeLike = np.float32) -> Bag:
    """Put together nets that were trained on the same examples."""
    one = nets[0]
    arrays = (
        one.low, one.high, one.centre, np.hstack([net.first / net.width[:, None] for net in nets]),
        np.concatenate([net.first_bias for net in nets]), np.stack([net.second for net in nets]),
        np.stack([net.second_bias for net in nets]), np.stack([net.last for net in nets]),
        np.stack([net.last_bias for net in nets]),
    )  # fmt: skip
    return Bag(*(array.astype(dtype) for array in arrays))


def train_bag(values: F32, target: F64, levels: tuple[float, ...], seed: int, unseen: slice = NOTHING) -> Bag:
    """Learn quantiles of the target [m] from values [m, f] but the features `unseen`: NETS nets, of the seeds from
    `seed` on.
    """
    return bag_of([train_net(values, target, levels, seed + j, unseen) for j in range(NETS)])
