"""A rolling-origin test: what is forecast when, what came, and the scores of quantiles against it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.panel import Panel

SCORED = (0.5, 0.8, 0.9, 0.95, 0.98)
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """A panel with what is scored: the sum over the next `horizon` periods at each of `origins` (periods seen).

    A window counts where every period was fully in stock. `scale` [n] is the mean absolute difference of sums one
    horizon apart, before the first origin.
    """

    name: str
    panel: Panel
    origins: tuple[int, ...]
    horizon: int

    def truth(self) -> F64:
        """float64 [n, o]: the sums that came."""
        return np.stack([self.panel.demand[:, o : o + self.horizon].sum(axis=1) for o in self.origins], axis=1).astype(
            np.float64
        )

    def counts(self) -> NDArray[np.bool_]:
        """bool [n, o]: windows fully in stock, of series with a scale."""
        inside = np.ones((self.panel.n_series, len(self.origins)), dtype=bool)
        if self.panel.in_stock_share is not None:
            share = self.panel.in_stock_share
            inside = np.stack([(share[:, o : o + self.horizon] > 0.999).all(axis=1) for o in self.origins], axis=1)
        return np.asarray(inside & (self.scale() > 0)[:, None], dtype=np.bool_)

    def scale(self) -> F64:
        """float64 [n]: see above; 0 where nothing moved."""
        known = self.panel.demand[:, : min(self.origins)].astype(np.float64)
        sums = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
        rolling = sums[:, self.horizon :] - sums[:, : -self.horizon]
        moved = np.abs(rolling[:, self.horizon :] - rolling[:, : -self.horizon])
        return np.asarray(moved.mean(axis=1), dtype=np.float64)

    def known(self, origin: int) -> Panel:
        """The panel as it stood at an origin."""
        return self.panel.until(origin)

    def without_future_promotion(self) -> "Trial":
        """The same work for an engine that sees past promotions only."""
        promotion = self.panel.promotion
        if promotion is None:
            return self
        drivers = None if self.panel.drivers is None else self.panel.drivers[:, : self.panel.n_days]
        past = replace(self.panel, promotion=promotion[:, : self.panel.n_days], drivers=drivers)
        return replace(self, panel=past)


def scaled_pinball(trial: Trial, quantiles: F64) -> F64:
    """float64 [n]: mean over windows and levels of the pinball loss / the series' scale; NaN where none counts.

    quantiles [n, o, 5] for SCORED.
    """
    levels = np.array(SCORED)
    miss = trial.truth()[:, :, None] - quantiles
    loss = np.maximum(levels * miss, (levels - 1) * miss).mean(axis=2) / np.maximum(trial.scale(), 1e-9)[:, None]
    counts = trial.counts()
    total = np.where(counts, loss, 0.0).sum(axis=1)
    return np.where(counts.any(axis=1), total / np.maximum(counts.sum(axis=1), 1), np.nan)


def coverage(trial: Trial, quantiles: F64) -> F64:
    """float64 [5]: share of counted windows at or under each quantile."""
    below = trial.truth()[:, :, None] <= quantiles + 1e-6
    return np.asarray(below[trial.counts()].mean(axis=0), dtype=np.float64)


def smooth_coverage(trial: Trial, quantiles: F64) -> F64:
    """float64 [5]: the same, an outcome equal to the quantile counting a half."""
    truth = trial.truth()[:, :, None]
    half = 0.5 * (truth <= quantiles + 1e-6) + 0.5 * (truth < quantiles - 1e-6)
    return np.asarray(half[trial.counts()].mean(axis=0), dtype=np.float64)


def bias(trial: Trial, sums: F64) -> float:
    """(forecast - actual) / actual over all counted windows; sums [n, o]."""
    counts = trial.counts()
    return float(sums[counts].sum() / max(float(trial.truth()[counts].sum()), 1e-9) - 1)


def wape(trial: Trial, sums: F64) -> float:
    """Sum of absolute errors / sum of what came, over all counted windows; sums [n, o]."""
    counts, truth = trial.counts(), trial.truth()
    return float(np.abs(sums - truth)[counts].sum() / max(float(truth[counts].sum()), 1e-9))


class Gain(NamedTuple):
    """How far one mean loss lies under another (0.08: 8% under), and the 95% interval of that."""

    gain: float
    low: float
    high: float


def paired_gain(ours: F64, theirs: F64, draws: int = 500, seed: int = 0) -> Gain:
    """Of our losses [n] over theirs [n], the interval over resampled series."""
    both = np.isfinite(ours) & np.isfinite(theirs)
    a, b = ours[both], theirs[both]
    if not len(a) or b.mean() <= 0:
        return Gain(0.0, 0.0, 0.0)
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(a), (draws, len(a)))
    gains = 1 - a[picks].mean(axis=1) / np.maximum(b[picks].mean(axis=1), 1e-12)
    low, high = (float(np.quantile(gains, level)) for level in (0.025, 0.975))
    return Gain(float(1 - a.mean() / b.mean()), low, high)
