"""A small neural network beside the trees: the same features, the same quantiles, other mistakes.

Trees cut the features into steps, a network bends smoothly through them; the mean of both errs less than either. Two
hidden layers with leaky rectifiers, trained by Adam (Kingma and Ba 2015) on the pinball loss with dropout (Srivastava
et al. 2014), all in plain arrays. `bag` evaluates a few of them together.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import F32, F64

HIDDEN = (64, 32)
LEAK = 0.01
CUT = 0.005  # share of the values at either end that is pulled in
SOFT = 0.05  # width of the kink of the loss, in usual errors
BATCH, RATE, WARM_STEPS, DROPPED = 512, 3e-3, 100, 0.2
VISITS = 1_200_000  # examples looked at in all passes together, were it not for the bounds
LEAST_PASSES, MOST_PASSES = 3, 10
ROWS = 16  # of a product at once
LOOKED_AT = 20_000  # examples that the range of a feature is read from
NOTHING = slice(0, 0)
Floats = NDArray[Any]


@dataclass(frozen=True)
class Net:
    """low, high, centre, width [f]: how a feature is clipped and scaled; then weights and biases of the three layers:
    first [f, h1], second [h1, h2], last [h2, q].
    """

    low: F64
    high: F64
    centre: F64
    width: F64
    first: F64
    first_bias: F64
    second: F64
    second_bias: F64
    last: F64
    last_bias: F64

    def scaled(self, values: F32) -> F64:
        """float64 [rows, f]: of mean 0 and deviation 1 on the examples."""
        return np.asarray((np.clip(values, self.low, self.high) - self.centre) / self.width, dtype=np.float64)


def times(x: Floats, weights: Floats) -> Floats:
    """x @ weights, few rows at a time: for many the library of linear algebra wakes threads, which on a busy machine
    wait for each other thirty times as long as the product takes.
    """
    whole = len(x) - len(x) % ROWS
    stacked = x[:whole].reshape(-1, ROWS, x.shape[1]) @ weights
    return np.concatenate([stacked.reshape(whole, weights.shape[1]), x[whole:] @ weights])


def crossed(x: Floats, back: Floats) -> Floats:
    """x.T @ back, likewise."""
    whole = len(x) - len(x) % ROWS
    left, right = (a[:whole].reshape(-1, ROWS, a.shape[1]) for a in (x, back))
    return np.asarray((left.transpose(0, 2, 1) @ right).sum(axis=0) + x[whole:].T @ back[whole:], dtype=x.dtype)


def leaky(x: Floats) -> Floats:
    found: Floats = np.maximum(x, x.dtype.type(LEAK) * x)
    return found


def untrained(
    values: F32, target: F64, levels: tuple[float, ...], rng: np.random.Generator, unseen: slice = NOTHING
) -> Net:
    """A net that says the overall quantiles of the target, whatever it sees; it never sees the features `unseen`."""
    some = values[:: max(1, len(values) // LOOKED_AT)].astype(np.float64)
    low, high = np.quantile(some, [CUT, 1 - CUT], axis=0)
    cut = np.clip(some, low, high)
    width = cut.std(axis=0)
    width[unseen] = 0.0
    sizes = (values.shape[1], *HIDDEN, len(levels))
    gains = (2.0, 2.0, 0.02)
    layers = [
        rng.standard_normal((a, b)) * np.sqrt(gain / a) for a, b, gain in zip(sizes[:-1], sizes[1:], gains, strict=True)
    ]
    return Net(
        low, high, cut.mean(axis=0), np.where(width > 1e-6, width, np.inf),
        layers[0], np.zeros(HIDDEN[0]), layers[1], np.zeros(HIDDEN[1]), layers[2], np.quantile(target, levels),
    )  # fmt: skip


def train_net(values: F32, target: F64, levels: tuple[float, ...], seed: int, unseen: slice = NOTHING) -> Net:
    """Learn quantiles of the target [m] from values [m, f] but the features `unseen`."""
    rng = np.random.default_rng(seed)
    net = untrained(values, target, levels, rng, unseen)
    wanted, level = target.astype(np.float32), np.asarray(levels, dtype=np.float32)
    layers = [getattr(net, f.name).astype(np.float32) for f in fields(Net)[4:]]
    batch = min(BATCH, len(values))
    passes = min(max(VISITS // len(values), LEAST_PASSES), MOST_PASSES)
    steps = passes * (len(values) // batch)
    moments = [(np.zeros_like(layer), np.zeros_like(layer)) for layer in layers]
    order = np.concatenate([rng.permutation(len(values))[: steps // passes * batch] for _ in range(passes)])
    for step in range(steps):
        rows = order[step * batch : (step + 1) * batch]
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) * min(1.0, (step + 1) / WARM_STEPS)
        slopes = _slopes(layers, net.scaled(values[rows]).astype(np.float32), wanted[rows], level, rng)
        for layer, slope, (mean, square) in zip(layers, slopes, moments, strict=True):
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.001) * (slope * slope - square)
            even = rate * np.sqrt(1 - 0.999 ** (step + 1)) / (1 - 0.9 ** (step + 1))
            layer -= np.float32(even) * mean / (np.sqrt(square) + np.float32(1e-8))
    trained = {f.name: layer.astype(np.float64) for f, layer in zip(fields(Net)[4:], layers, strict=True)}
    return Net(net.low, net.high, net.centre, net.width, **trained)


def _slopes(layers: list[F32], inputs: F32, wanted: F32, levels: F32, rng: np.random.Generator) -> list[F32]:
    """Slopes of the mean pinball loss of a batch along all layers, some of the hidden values left out at random."""
    first, first_bias, second, second_bias, last, last_bias = layers
    one, kept_one = _hidden(times(inputs, first) + first_bias, rng)
    two, kept_two = _hidden(times(one, second) + second_bias, rng)
    miss = np.asarray(wanted[:, None] - (times(two, last) + last_bias), dtype=np.float32)
    slope = pinball_slope(miss, levels) / np.float32(len(inputs))
    back_two = times(slope, last.T) * kept_two
    back_one = times(back_two, second.T) * kept_one
    pairs = ((inputs, back_one), (one, back_two), (two, slope))
    return [
        np.asarray(x, dtype=np.float32) for before, back in pairs for x in (crossed(before, back), back.sum(axis=0))
    ]


def _hidden(x: F32, rng: np.random.Generator) -> tuple[F32, F32]:
    """The values of a hidden layer and the slope of each along x: 0 where it was left out."""
    kept = np.where(rng.random(x.shape, dtype=np.float32) > DROPPED, 1 / (1 - DROPPED), 0.0)
    slope = np.asarray(np.where(x > 0, 1.0, LEAK) * kept, dtype=np.float32)
    return np.asarray(x * slope, dtype=np.float32), slope


def pinball_slope(miss: F32, levels: F32) -> F32:
    """Slope of the pinball loss along the quantile; miss = outcome - quantile, straight within SOFT of the kink."""
    return np.asarray(np.clip(0.5 - miss / (2 * SOFT), 0.0, 1.0) - levels, dtype=np.float32)
