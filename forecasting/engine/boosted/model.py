"""The global model: LightGBM quantile trees on what is left of a sum after its base, in units of its usual spread.

For an anchor horizon h the target is r = (sum over h - base) / spread(base), the same scale for every series, so that
all series teach one model. Other horizons are interpolated between the anchors. Training on a sample is a fixed cost.
"""

from dataclasses import dataclass, fields, replace
from pathlib import Path

import lightgbm
import numpy as np

from forecasting.engine.boosted.features import Peers, Snapshot, peers_of, snapshot
from forecasting.engine.boosted.trees import Forest, forest_of
from forecasting.engine.choice import blocks
from forecasting.engine.config import Config
from forecasting.engine.exposure import Factors, learn_factors, observed, past_exposure, stock_share
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Panel
from forecasting.engine.spread import normal_quantiles

TRAINED_LEVELS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98)
ANCHORS = {"D": (1, 5, 14, 28), "W": (1, 2, 4, 8), "M": (1, 2, 4, 6)}
DEPTH = 6
LIGHTGBM = {
    "learning_rate": 0.08, "num_leaves": 31, "max_depth": DEPTH, "min_data_in_leaf": 100, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 127, "verbosity": -1, "deterministic": True,
}  # fmt: skip
SPREAD_POINTS = 24
NO_FOREST = Forest(np.zeros((0, 0, 0), np.uint16), np.zeros((0, 0, 0), np.float32), np.zeros((0, 0, 0), np.float32))


@dataclass(frozen=True)
class Training:
    """Size of the training: at most `rows` examples, `rounds` trees per level, `threads` threads."""

    rows: int = 300_000
    rounds: int = 100
    threads: int = 1
    series: int = 20_000


@dataclass(frozen=True)
class GlobalModel:
    """A trained model; plain arrays, so that any worker can load it.

    forest    models: TRAINED_LEVELS, then the mean.
    anchors   int64 [k] horizons, ascending.
    log_base  float64 [k, SPREAD_POINTS], spread float64 likewise: usual error per sqrt(base) at that log base.
    """

    forest: Forest
    anchors: I64
    log_base: F64
    spread: F64

    def scale(self, base: F64, k: int) -> F64:
        """Usual error of the base at anchor k."""
        per_root = np.interp(np.log(base + 0.1), self.log_base[k], self.spread[k])
        return np.asarray(per_root * np.sqrt(base + 0.05), dtype=np.float64)

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        forest = {f"forest_{f.name}": getattr(self.forest, f.name) for f in fields(Forest)}
        np.savez_compressed(path, anchors=self.anchors, log_base=self.log_base, spread=self.spread, **forest)

    @staticmethod
    def load(path: Path) -> "GlobalModel":
        """Read what `save` wrote."""
        with np.load(path) as stored:
            forest = Forest(**{f.name: stored[f"forest_{f.name}"] for f in fields(Forest)})
            return GlobalModel(forest, stored["anchors"], stored["log_base"], stored["spread"])


def anchors_for(panel: Panel, config: Config) -> I64:
    """Horizons the model is trained on: the usual ones inside the horizon, the horizon, the sum that is scored."""
    usual = {h for h in ANCHORS[panel.frequency] if h <= config.horizon_days}
    return np.array(sorted(usual | {config.horizon_days}), dtype=np.int64)


def train(panel: Panel, config: Config, training: Training | None = None) -> GlobalModel | None:
    """Train on a sample of the panel's past; None where there is too little of it (under 2,000 examples)."""
    training = training or Training()
    rng = np.random.default_rng(config.seed)
    if panel.n_series > training.series:
        panel = panel.rows(np.sort(rng.choice(panel.n_series, training.series, replace=False)))
    anchors = anchors_for(panel, config)
    values, base, total, anchor = _examples(panel, config, anchors, training, rng)
    if len(values) < 2000:
        return None
    log_base, spread = _spread_tables(base, total, anchor, len(anchors))
    model = GlobalModel(NO_FOREST, anchors, log_base, spread)
    scale = np.empty(len(base))
    for k in range(len(anchors)):
        scale[anchor == k] = model.scale(base[anchor == k], k)
    return replace(model, forest=_fit(values, (total - base) / scale, config, training))


def _fit(values: F32, target: F64, config: Config, training: Training) -> Forest:
    shared = {**LIGHTGBM, "seed": config.seed + 1, "num_threads": training.threads}
    data = lightgbm.Dataset(values, target, params=shared, free_raw_data=False)
    settings = [{"objective": "quantile", "alpha": p} for p in TRAINED_LEVELS] + [{"objective": "l2"}]
    return forest_of([lightgbm.train({**shared, **own}, data, training.rounds) for own in settings], DEPTH)


def training_origins(panel: Panel, anchors: I64, rows: int) -> I64:
    """As many past origins as give about `rows` examples, evenly spread but never all on one day of the week."""
    first = max(4, min(6 * panel.season, panel.n_days // 3))
    last = panel.n_days - int(anchors[0])
    possible = max(last - first, 1)
    wanted = max(1, round(rows / max(panel.n_series * len(anchors), 1)))
    step = max(1, possible // wanted)
    step += step > 1 and step % panel.season == 0
    return np.arange(last, first - 1, -step)[::-1].astype(np.int64)


def _examples(
    panel: Panel, config: Config, anchors: I64, training: Training, rng: np.random.Generator
) -> tuple[F32, F64, F64, I64]:
    origins = training_origins(panel, anchors, 2 * training.rows)
    keep = training.rows / max(panel.n_series * len(origins) * len(anchors), 1)
    parts = []
    for shot in snapshots(panel, origins, anchors):
        usable = np.isfinite(shot.total) & (shot.base > 1e-6)
        usable &= rng.random(usable.shape) < keep * usable.size / max(usable.sum(), 1)
        anchor = np.broadcast_to(np.arange(len(anchors)), usable.shape)
        parts.append((shot.values[usable], shot.base[usable], shot.total[usable], anchor[usable]))
    values, base, total, anchor = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return values, base, total, anchor


def snapshots(panel: Panel, origins: I64, anchors: I64) -> list[Snapshot]:
    """Features of all series at the origins, block by block."""
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = learn_factors(panel, share, demand)
    peers = peers_for(panel, share, demand, factors)
    return [
        snapshot(panel.rows(b), share[b], demand[b], factors.rows(b), [p.rows(b) for p in peers], origins, anchors)
        for b in blocks(panel.n_series)
    ]


def peers_for(panel: Panel, share: F64, demand: F64, factors: Factors) -> list[Peers]:
    """The sums of the groups that the series of this panel belong to."""
    promotion = panel.promotion if panel.promotion is not None else np.zeros((panel.n_series, 0), np.float32)
    exposure = past_exposure(share, factors.season, promotion, factors.uplift, factors.event)
    return peers_of(panel, demand, exposure)


def _spread_tables(base: F64, total: F64, anchor: I64, n_anchors: int) -> tuple[F64, F64]:
    places = np.zeros((n_anchors, SPREAD_POINTS))
    spread = np.ones((n_anchors, SPREAD_POINTS))
    for k in range(n_anchors):
        b, miss = base[anchor == k], (total - base)[anchor == k]
        places[k] = np.linspace(0, 1, SPREAD_POINTS)
        if len(b) < 50:
            continue
        bins = max(1, min(12, len(b) // 200))
        which = np.minimum((np.argsort(np.argsort(b)) * bins) // len(b), bins - 1)
        centre = np.array([np.log(b[which == j] + 0.1).mean() for j in range(bins)])
        error = np.array([np.sqrt((miss[which == j] ** 2).mean() / (b[which == j].mean() + 0.05)) for j in range(bins)])
        places[k] = np.linspace(centre[0], centre[-1] + 1e-6, SPREAD_POINTS)
        spread[k] = np.maximum(np.interp(places[k], centre, error), 1e-3)
    return places, spread


def boosted_sums(model: GlobalModel, shot: Snapshot, base: F64, grid: tuple[int, ...], levels: tuple[float, ...]) -> tuple[F64, F64]:
    """Mean [n, g] and smooth quantiles [n, g, q] of the sums over the grid's horizons.

    `shot` has one origin and the model's anchors; `base` [n, g] is the base of each grid horizon.
    """
    n, _, k, f = shot.values.shape
    found = model.forest.predict(shot.values.reshape(n * k, f)).reshape(n, k, -1)
    found[:, :, :-1] = np.sort(found[:, :, :-1], axis=2)
    log_anchor = np.log(model.anchors.astype(np.float64))
    mean, quantiles = np.empty(base.shape), np.empty((*base.shape, len(levels)))
    for j, h in enumerate(grid):
        right = int(np.clip(np.searchsorted(model.anchors, h), 1, max(k - 1, 1))) if k > 1 else 0
        left = max(right - 1, 0)
        gap = log_anchor[right] - log_anchor[left]
        part = float(np.clip((np.log(h) - log_anchor[left]) / gap, 0, 1)) if gap > 0 else 0.0
        rest = found[:, left] * (1 - part) + found[:, right] * part
        scale = model.scale(base[:, j], left) * (1 - part) + model.scale(base[:, j], right) * part
        mean[:, j] = base[:, j] + rest[:, -1] * scale
        quantiles[:, j] = base[:, j, None] + between_levels(rest[:, :-1], levels) * scale[:, None]
    return np.maximum(mean, 0.0), np.maximum(quantiles, 0.0)


def between_levels(found: F64, levels: tuple[float, ...]) -> F64:
    """float64 [n, q]: from TRAINED_LEVELS to the levels asked for, straight in normal quantiles, likewise beyond."""
    known, wanted = normal_quantiles(TRAINED_LEVELS), normal_quantiles(levels)
    right = np.clip(np.searchsorted(known, wanted), 1, len(known) - 1)
    part = (wanted - known[right - 1]) / (known[right] - known[right - 1])
    return np.asarray(found[:, right - 1] * (1 - part) + found[:, right] * part, dtype=np.float64)
