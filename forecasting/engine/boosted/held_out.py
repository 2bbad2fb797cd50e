"""What the last part of the past says about a model trained on the part before: how to blend, how much to shift.

Trees fit the past they were trained on a little too well, and the past is not the future: their upper quantiles
cover less than they promise. So a first model is trained on the earlier windows alone and looked at on the later ones,
none of which overlaps them. It tells how much weight the count distribution gets beside the quantile trees, by pinball
loss, and by how much each high quantile has to move away from the median for its coverage to be the nominal one (split
conformal prediction, Vovk 2005; Romano et al. 2019). The model trained on everything then inherits both, shrunk where
separate windows are few.

How wide demand spreads is a matter of the model, and tells of the next one too. How high it lies is not: where the
median of the first model is off, demand has drifted since, and the model trained on everything has seen that.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.engine.kernels import F64, I64
from forecasting.engine.spread import count_quantiles, normal_quantiles, whole

EARLY = 0.6  # share of the origins that the first model is trained on
LEAST_HELD = 500  # examples of a horizon for it to be looked at
STEADY_WINDOWS = 2.0  # the shifts are shrunk by as many separate windows without any shift
MOST_SHIFT = 0.6  # in units of the usual error
BLENDS = np.linspace(0.0, 1.0, 9)
USUAL_BLEND = 0.5
MOVED_FROM = 0.9  # quantiles from this level on move


@dataclass(frozen=True)
class Held:
    """Examples of the later part with what the first model said of them.

    total, base, scale, unit  float64 [m]; anchor int64 [m]; counted bool [m].
    rest                      float64 [m, q]: quantiles of (total - base) / scale from the trees, ascending.
    mean, ratio               float64 [m]: of the count distribution.
    """

    total: F64
    base: F64
    scale: F64
    unit: F64
    anchor: I64
    counted: np.ndarray
    rest: F64
    mean: F64
    ratio: F64


@dataclass(frozen=True)
class Correction:
    """blend float64 [k]: weight of the count distribution; shift float64 [k, q] in units of the usual error."""

    blend: F64
    shift: F64


def no_correction(anchors: int, levels: int) -> Correction:
    """Where nothing can be held out."""
    return Correction(np.full(anchors, USUAL_BLEND), np.zeros((anchors, levels)))


def learn_correction(held: Held, levels: tuple[float, ...], windows: F64) -> Correction:
    """Blend and shift of each anchor; windows float64 [k]: how many separate windows the later part has. The median is
    one of the levels.
    """
    out = no_correction(len(windows), len(levels))
    counts = count_quantiles(
        held.mean / held.unit, np.maximum(held.ratio / held.unit, 0.01), np.array(levels), normal_quantiles(levels)
    )
    trees, counts = held.base[:, None] + held.rest * held.scale[:, None], counts * held.unit[:, None]
    for k in range(len(windows)):
        here = held.anchor == k
        if here.sum() < LEAST_HELD:
            continue
        total, scale = held.total[here], held.scale[here]
        losses = [
            _loss(total, scale, (1 - b) * trees[here] + b * counts[here], held.counted[here], levels) for b in BLENDS
        ]
        trust = windows[k] / (windows[k] + STEADY_WINDOWS)
        out.blend[k] = trust * BLENDS[int(np.argmin(losses))] + (1 - trust) * USUAL_BLEND
        blended = (1 - out.blend[k]) * trees[here] + out.blend[k] * counts[here]
        off = _off(total, scale, blended[:, levels.index(0.5)], held.counted[here])
        for j in range(int(np.searchsorted(levels, MOVED_FROM)), len(levels)):
            # Never down: the part that was held out is short, and has seen fewer surprises than the future may bring.
            wider = _shift(total, scale, blended[:, j], held.counted[here], levels[j], ties=1.0) - off
            out.shift[k, j] = trust * max(wider, 0.0)
    return out


def _off(total: F64, scale: F64, median: F64, counted: np.ndarray) -> float:
    """The least that the median has to move for it to be one. Of slow movers many numbers are: where six in ten sell
    nothing, 0 is right however far it lies under what sold.
    """
    lowest, highest = (_shift(total, scale, median, counted, 0.5, ties) for ties in (1.0, 0.0))
    return max(lowest, min(highest, 0.0))


def _loss(total: F64, scale: F64, quantiles: F64, counted: np.ndarray, levels: tuple[float, ...]) -> float:
    shown = np.where(counted[:, None], whole(quantiles, levels), np.maximum(quantiles, 0.0))
    miss = (total[:, None] - shown) / scale[:, None]
    p = np.array(levels)
    return float(np.maximum(p * miss, (p - 1) * miss).mean())


def _shift(total: F64, scale: F64, quantile: F64, counted: np.ndarray, level: float, ties: float) -> float:
    """How many usual errors the quantile has to move for its coverage to be `level`, of outcomes equal to it the share
    `ties` counted; by bisection.
    """
    low, high = -MOST_SHIFT, MOST_SHIFT
    for _ in range(24):
        middle = 0.5 * (low + high)
        moved = (quantile + middle * scale)[:, None]
        shown = np.where(counted, whole(moved, (level,))[:, 0], np.maximum(moved[:, 0], 0.0))
        covered = ties * (total <= shown + 1e-6).mean() + (1 - ties) * (total < shown - 1e-6).mean()
        low, high = (low, middle) if covered > level else (middle, high)
    return 0.5 * (low + high)
