"""Which methods a series is forecast with, and how wide: learned on its own past, helped by its peers.

At past origins every candidate says what the sum over the next periods should have been, given when it was in
stock; its pinball loss is shrunk to that of series of like volume and turned into weights of a combination.
Combining several good candidates is steadier than picking the best one (Bates and Granger 1969).
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forecasting.engine.config import DEFAULT_ORIGINS, Config
from forecasting.engine.exposure import Factors, exposure_of, learn_factors, observed, stock_share
from forecasting.engine.kernels import F32, F64, I64, Bools, kernel
from forecasting.engine.methods.registry import Candidates, all_levels, candidates
from forecasting.engine.panel import Panel
from forecasting.engine.spread import normal_quantiles

SCORED_LEVELS = (0.5, 0.8, 0.9, 0.95)
BLOCK = 256  # series whose arrays stay in the processor's cache together
LOSS_ORIGINS = 12.0  # the losses of its peers weigh as much as this many origins of a series
RATIO_ORIGINS = 8.0  # likewise for the spread
SHARPNESS = 12.0  # how fast a candidate's weight falls with its relative loss
KEPT = 5  # candidates in a combination
LEAST_EXPOSURE = 0.5  # share of a window in stock for it to count
VOLUME_BINS = 8
LEAST_RATIO, MOST_RATIO = 0.3, 500.0
PER_SERIES = ("kept", "weight", "ratio", "unit", "gain", "origins")
"""The fields of a Choice that have a row for each series."""


@dataclass(frozen=True)
class Choice:
    """What the choice found; the everyday run only reads it.

    candidates  all candidates, as numbered in `kept`.
    kept        int16 [n, k] candidates combined, best first.
    weight      float32 [n, k], rows sum to 1.
    ratio       float32 [n, g]: variance of the sum over grid[j] periods, per unit of its mean.
    unit        float32 [n]: smallest step of demand (1 where counted).
    gain        float32 [n]: 1 - loss of the combination's best / loss of the plain average of its group's window.
    origins     int16 [n]: past origins that counted.
    grid        horizons of `ratio`.
    """

    candidates: Candidates
    kept: np.ndarray
    weight: F32
    ratio: F32
    unit: F32
    gain: F32
    origins: np.ndarray
    grid: tuple[int, ...]

    def rows(self, part: slice | I64) -> "Choice":
        """The choice of some of the series."""
        return replace(self, **{name: getattr(self, name)[part] for name in PER_SERIES})

    def extended(self, fresh: "Choice", rows: I64, n: int) -> "Choice":
        """The choice of `n` series: these first, with `fresh` in the places `rows`."""
        changes: dict[str, Any] = {}
        for name in PER_SERIES:
            known = getattr(self, name)
            changes[name] = np.zeros((n, *known.shape[1:]), known.dtype)
            changes[name][: len(known)] = known
            changes[name][rows] = getattr(fresh, name)
        return replace(self, **changes)


@dataclass(frozen=True)
class Windows:
    """What happened after each past origin: sums and exposures [n, o, g] over grid[j] periods; NaN-free, 0 unknown."""

    origins: I64
    grid: tuple[int, ...]
    total: F64
    exposure: F64


def past_origins(panel: Panel, config: Config) -> I64:
    """int64 [o], ascending, the last one `choice_sum` before the end."""
    many, step = DEFAULT_ORIGINS[panel.frequency]
    last = panel.n_days - config.choice_sum()
    found = last - (config.choice_step or step) * np.arange(config.choice_origins or many)[::-1]
    return np.asarray(found[found >= 1], dtype=np.int64)


def windows_after(demand: F64, exposure: F64, origins: I64, grid: tuple[int, ...]) -> Windows:
    """Sums of demand and exposure [n, d] over the windows from `origins` [o] on that end inside the panel; exposure 0
    for the others."""
    n, d = demand.shape
    sums = np.concatenate([np.zeros((n, 1)), np.cumsum(demand, axis=1)], axis=1)
    weights = np.concatenate([np.zeros((n, 1)), np.cumsum(exposure, axis=1)], axis=1)
    ends = origins[:, None] + np.array(grid)[None, :]
    inside, ends = ends <= d, np.minimum(ends, d)
    total = np.where(inside, sums[:, ends] - sums[:, origins][:, :, None], 0.0)
    seen = np.where(inside, weights[:, ends] - weights[:, origins][:, :, None], 0.0)
    return Windows(origins, grid, total, seen)


def slope_sums(phi: F64, horizon: int) -> F64:
    """float64 [c]: sum over h = 1 .. horizon of phi + ... + phi^h."""
    steps = np.cumsum(phi[:, None] ** np.arange(1, horizon + 1), axis=1)
    return np.asarray(steps.sum(axis=1), dtype=np.float64)


def expected_sums(levels: F64, exposure: F64, slope: F64, horizon: int) -> F64:
    """float64 [n, o, c]: what each candidate expects to see in windows of the exposures [n, o]."""
    sums = levels[..., 0] * exposure[:, :, None]
    sums += levels[..., 1] * slope * (exposure[:, :, None] / horizon)
    return np.asarray(np.maximum(sums, 0.0), dtype=np.float64)


@kernel
def candidate_losses(expected: F64, total: F64, weight: F64, ratio: F64, levels: F64, z: F64) -> F64:
    """float64 [n, c]: weighted mean pinball loss of each candidate over origins and levels.

    expected [n, o, c], total [n, o], weight [n, o] (0: the origin does not count), ratio [n], levels and z [q].
    The quantile is the Cornish-Fisher one of a negative binomial: close enough to rank candidates, and fast.
    """
    n, n_origins, n_candidates = expected.shape
    out = np.zeros((n, n_candidates))
    for i in range(n):
        heavy = 0.0
        for o in range(n_origins):
            w = weight[i, o]
            if w <= 0.0:
                continue
            heavy += w
            y = total[i, o]
            for c in range(n_candidates):
                sd = math.sqrt(expected[i, o, c] * ratio[i]) + 1e-9
                skew = max(2.0 * ratio[i] - 1.0, 0.0) / max(sd, 0.5)
                for q in range(levels.shape[0]):
                    point = expected[i, o, c] + sd * (z[q] + (z[q] * z[q] - 1.0) * skew / 6.0)
                    miss = y - max(point, 0.0)
                    out[i, c] += w * (levels[q] * miss if miss > 0.0 else (levels[q] - 1.0) * miss)
        if heavy > 0.0:
            for c in range(n_candidates):
                out[i, c] /= heavy * levels.shape[0]
    return out


def candidate_losses_slow(expected: F64, total: F64, weight: F64, ratio: F64, levels: F64, z: F64) -> F64:
    """The same with whole arrays."""
    sd = np.sqrt(expected * ratio[:, None, None]) + 1e-9
    skew = np.maximum(2 * ratio - 1, 0)[:, None, None] / np.maximum(sd, 0.5)
    points = expected[..., None] + sd[..., None] * (z + (z * z - 1) * skew[..., None] / 6)
    miss = total[:, :, None, None] - np.maximum(points, 0)
    loss = np.maximum(levels * miss, (levels - 1) * miss).mean(axis=3)
    heavy = np.maximum(weight.sum(axis=1), 1e-300)
    return np.asarray((loss * weight[:, :, None]).sum(axis=1) / heavy[:, None], dtype=np.float64)


@dataclass(frozen=True)
class PeerEvidence:
    """What series of like volume have in common, learned on many of them.

    edges   float64 [b - 1]: limits between the b bins of volume, in units per period.
    loss    float64 [b, c]: mean relative loss of each candidate.
    ratio   float64 [b, g]: mean variance-to-mean ratio of the sum over grid[j] periods.
    """

    edges: F64
    loss: F64
    ratio: F64

    def bin_of(self, rate: F64) -> I64:
        """int64 [n]: the bin of each series by its volume, units per period."""
        return np.searchsorted(self.edges, rate, side="right").astype(np.int64)


@dataclass(frozen=True)
class Evidence:
    """Per series, before anything is shared between series: what one block of series adds."""

    rate: F64  # [n] mean demand per exposure over the windows' history
    unit: F64  # [n]
    square: F64  # [n, g] sum of squared errors of the plain average of candidates
    mean: F64  # [n, g] sum of its expectations
    count: F64  # [n, g] windows behind them
    loss: F64  # [n, c]
    origins: F64  # [n] weight of the origins that count


def choose(panel: Panel, config: Config, factors: Factors | None = None, peers: PeerEvidence | None = None) -> Choice:
    """Look at the past of every series and choose; see `Choice`.

    peers  what `learn_peers` found on a large sample, so that a job cut into pieces shrinks every piece to the same;
           None: learned from this panel.
    """
    chosen = candidates(panel.frequency, config.methods)
    evidence = gather_evidence(panel, config, chosen, factors)
    return _decide(evidence, peers or _peer_evidence(evidence), chosen, config.grid_for(panel.frequency))


def learn_peers(panel: Panel, config: Config) -> PeerEvidence:
    """What the series of this panel have in common."""
    return _peer_evidence(gather_evidence(panel, config, candidates(panel.frequency, config.methods), None))


def gather_evidence(panel: Panel, config: Config, chosen: Candidates, factors: Factors | None) -> Evidence:
    """The evidence of all series, block by block."""
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = factors or learn_factors(panel, share, demand)
    parts = [
        block_evidence(panel.rows(rows), share[rows], demand[rows], factors.rows(rows), chosen, config)
        for rows in blocks(panel.n_series)
    ]
    names = list(Evidence.__dataclass_fields__)
    return Evidence(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def blocks(n: int) -> list[slice]:
    """Slices of at most BLOCK series; an empty one where there are none."""
    return [slice(begin, min(begin + BLOCK, n)) for begin in range(0, max(n, 1), BLOCK)]


def step_of(demand: F64, integer: np.ndarray) -> F64:
    """float64 [n]: 1 for counted series, else the smallest demand seen (at least a fiftieth of the mean one)."""
    positive = np.where(demand > 0, demand, np.inf)
    least = positive.min(axis=1)
    mean = np.where(demand > 0, demand, 0).sum(axis=1) / np.maximum((demand > 0).sum(axis=1), 1)
    step = np.where(np.isfinite(least), np.maximum(least, mean / 50), 1.0)
    return np.where(integer, 1.0, step)


def mean_rate(demand: F64, exposure: F64) -> F64:
    """float64 [n]: demand per period of exposure 1, over everything seen."""
    return np.asarray(demand.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1.0), dtype=np.float64)


def block_evidence(
    panel: Panel, share: F64, demand: F64, factors: Factors, chosen: Candidates, config: Config
) -> Evidence:
    """The evidence of a block of series, from its own rows only; share and demand [n, d]."""
    grid = config.grid_for(panel.frequency)
    exposure = exposure_of(panel, share, factors)
    rate = mean_rate(demand, exposure)
    windows = windows_after(demand, exposure, past_origins(panel, config), grid)
    levels = all_levels(chosen, demand, exposure, windows.origins, rate)
    counts = _windows_that_count(windows, share, factors, config.min_history)
    square, mean, count = _average_errors(levels, windows, counts, chosen)
    deciding = int(np.argmin(np.abs(np.array(grid) - config.choice_sum())))
    ratio = np.clip(square[:, deciding] / np.maximum(mean[:, deciding], 1e-9), LEAST_RATIO, MOST_RATIO)
    weight = counts[:, :, deciding].astype(np.float64)
    loss = candidate_losses(
        _expected(levels, windows, chosen, deciding), windows.total[:, :, deciding], weight, ratio,
        np.array(SCORED_LEVELS), normal_quantiles(SCORED_LEVELS),
    )  # fmt: skip
    return Evidence(rate, step_of(demand, panel.integer()), square, mean, count, loss, weight.sum(axis=1))


def _windows_that_count(windows: Windows, share: F64, factors: Factors, min_history: int) -> Bools:
    """bool [n, o, g]: long enough in stock, and after enough history in stock to foresee them."""
    always = np.broadcast_to(factors.season.mean(axis=1)[:, None], share.shape)
    full = windows_after(np.zeros_like(share), always, windows.origins, windows.grid).exposure
    seen = np.concatenate([np.zeros((len(share), 1)), np.cumsum(share, axis=1)], axis=1)[:, windows.origins]
    is_in_stock = (windows.exposure >= LEAST_EXPOSURE * full) & (windows.exposure > 0)
    return is_in_stock & (seen >= min_history)[:, :, None]


def _expected(levels: F64, windows: Windows, chosen: Candidates, j: int) -> F64:
    """float64 [n, o, c]: what each candidate expects to see in the windows of grid[j] periods."""
    horizon = windows.grid[j]
    return expected_sums(levels, windows.exposure[:, :, j], slope_sums(chosen.phi, horizon), horizon)


def _average_errors(
    levels: F64, windows: Windows, counts: Bools, chosen: Candidates
) -> tuple[F64, F64, F64]:  # fmt: skip
    """Of the plain average of all candidates over the windows that count [n, g] each: its sum of squared errors, the
    sum of what it expects, and how many they are."""
    square, mean = (np.empty((len(levels), len(windows.grid))) for _ in range(2))
    for j in range(len(windows.grid)):
        expected = _expected(levels, windows, chosen, j).mean(axis=2)
        used = counts[:, :, j]
        square[:, j] = np.where(used, (windows.total[:, :, j] - expected) ** 2, 0.0).sum(axis=1)
        mean[:, j] = np.where(used, expected, 0.0).sum(axis=1)
    return square, mean, counts.sum(axis=1).astype(np.float64)


def volume_edges(rate: F64, bins: int) -> F64:
    """float64 [b - 1]: limits of bins of about equal size; fewer bins where there are few series."""
    bins = int(np.clip(len(rate) // 40, 1, bins))
    return np.quantile(rate, np.arange(1, bins) / bins) if len(rate) else np.zeros(0)


def _relative_loss(evidence: Evidence) -> tuple[F64, F64]:
    """Losses [n, c] relative to the mean of all candidates, and their weight [n, 1]."""
    level = evidence.loss.mean(axis=1, keepdims=True)
    relative = np.where(level > 0, evidence.loss / np.maximum(level, 1e-300), 1.0)
    return relative, evidence.origins[:, None] * (level > 0)


def _peer_evidence(evidence: Evidence) -> PeerEvidence:
    edges = volume_edges(evidence.rate, VOLUME_BINS)
    bins = len(edges) + 1
    bin_of = np.searchsorted(edges, evidence.rate, side="right")
    relative, weight = _relative_loss(evidence)
    loss = np.stack(
        [
            (relative * weight)[bin_of == b].sum(axis=0) / max(float(weight[bin_of == b].sum()), 1e-9)
            for b in range(bins)
        ]
    )
    loss[loss.sum(axis=1) == 0] = 1.0
    ratio = np.stack([_peer_ratio(evidence, bin_of, bins, j) for j in range(evidence.square.shape[1])], axis=1)
    return PeerEvidence(edges, loss, ratio)


def _own_ratio(evidence: Evidence, j: int) -> tuple[F64, np.ndarray]:
    own = evidence.square[:, j] / np.maximum(evidence.mean[:, j], 1e-9)
    return own, (evidence.count[:, j] > 0) & (evidence.mean[:, j] > 1e-6)


def _peer_ratio(evidence: Evidence, bin_of: np.ndarray, bins: int, j: int) -> F64:
    """float64 [bins]: mean ratio of each bin, the most scattered 3% cut off; the median of all where there are few."""
    own, usable = _own_ratio(evidence, j)
    everyone = float(np.median(own[usable])) if usable.any() else 1.0
    out = np.full(bins, everyone)
    for b in range(bins):
        found = own[(bin_of == b) & usable]
        if len(found) >= 5:
            out[b] = float(np.minimum(found, np.quantile(found, 0.97)).mean())
    return out


def _decide(evidence: Evidence, peers: PeerEvidence, chosen: Candidates, grid: tuple[int, ...]) -> Choice:
    bin_of = peers.bin_of(evidence.rate)
    ratio = np.stack([_shrunk_ratio(evidence, peers.ratio[bin_of, j], j) for j in range(len(grid))], axis=1)
    relative, weight = _relative_loss(evidence)
    shrunk = (weight * relative + LOSS_ORIGINS * peers.loss[bin_of]) / (weight + LOSS_ORIGINS)
    kept = np.argsort(shrunk, axis=1, kind="stable")[:, :KEPT]
    best = np.take_along_axis(shrunk, kept, axis=1)
    share = np.exp(-SHARPNESS * (best - best[:, :1]))
    share /= share.sum(axis=1, keepdims=True)
    return Choice(
        candidates=chosen,
        kept=kept.astype(np.int16),
        weight=share.astype(np.float32),
        ratio=ratio.astype(np.float32),
        unit=evidence.unit.astype(np.float32),
        gain=(1 - best[:, 0]).astype(np.float32),
        origins=evidence.origins.astype(np.int16),
        grid=grid,
    )


def _shrunk_ratio(evidence: Evidence, peers: F64, j: int) -> F64:
    own, usable = _own_ratio(evidence, j)
    count = np.where(usable, evidence.count[:, j], 0.0)
    out = (count * np.where(usable, own, 0.0) + RATIO_ORIGINS * peers) / (count + RATIO_ORIGINS)
    return np.asarray(np.clip(out, LEAST_RATIO, MOST_RATIO), dtype=np.float64)
