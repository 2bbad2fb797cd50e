"""Training of the global model on a sample of the past: a fixed cost, whatever the number of series.

Only this module needs LightGBM; what it leaves behind is plain arrays (see `trees`).
"""

from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np

from forecasting.engine.boosted.features import Snapshot, snapshot
from forecasting.engine.boosted.model import ANCHORS, SPREAD_POINTS, TRAINED_LEVELS, GlobalModel, peers_for
from forecasting.engine.boosted.trees import U16, Forest
from forecasting.engine.choice import blocks
from forecasting.engine.config import Config
from forecasting.engine.exposure import learn_factors, observed, stock_share
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Panel

DEPTH = 6
LIGHTGBM = {
    "learning_rate": 0.08, "num_leaves": 31, "max_depth": DEPTH, "min_data_in_leaf": 100, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 127, "verbosity": -1, "deterministic": True,
}  # fmt: skip
NO_FOREST = Forest(np.zeros((0, 0, 0), np.uint16), np.zeros((0, 0, 0), np.float32), np.zeros((0, 0, 0), np.float32))


@dataclass(frozen=True)
class Training:
    """Size of the training: at most `rows` examples, `rounds` trees per level, `threads` threads."""

    rows: int = 500_000
    rounds: int = 100
    threads: int = 1
    series: int = 20_000


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
    origins = training_origins(panel, anchors, 3 * training.rows)
    likely = np.sqrt(anchors) * training.rows / (panel.n_series * len(origins) * np.sqrt(anchors).sum())
    parts = []
    for shot in snapshots(panel, origins, anchors):
        usable = np.isfinite(shot.total) & (shot.base > 1e-6)
        usable &= rng.random(usable.shape) < likely * usable.size / max(usable.sum(), 1)
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
        snapshot(
            panel.rows(b), share[b], demand[b], factors.rows(b), [p and p.rows(b) for p in peers], origins, anchors
        )
        for b in blocks(panel.n_series)
    ]


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


def forest_of(boosters: list[lightgbm.Booster], depth: int) -> Forest:
    """Take the trees out of LightGBM's models (trained with max_depth <= depth and without categories)."""
    dumps = [booster.dump_model()["tree_info"] for booster in boosters]
    n_trees = max(len(dump) for dump in dumps)
    shape = (len(boosters), n_trees)
    feature = np.zeros((*shape, 2**depth - 1), dtype=np.uint16)
    threshold = np.zeros((*shape, 2**depth - 1), dtype=np.float32)
    leaf = np.zeros((*shape, 2**depth), dtype=np.float32)
    for m, dump in enumerate(dumps):
        for t, tree in enumerate(dump):
            _fill(tree["tree_structure"], 0, feature[m, t], threshold[m, t], leaf[m, t])
    return Forest(feature, threshold, leaf)


def _fill(node: dict[str, Any], place: int, feature: U16, threshold: F32, leaf: F32) -> None:
    if place >= len(feature):
        leaf[place - len(feature)] = node["leaf_value"]
        return
    if "leaf_value" in node:
        for child in (2 * place + 1, 2 * place + 2):
            _fill(node, child, feature, threshold, leaf)
        return
    feature[place] = node["split_feature"]
    threshold[place] = _not_above(node["threshold"])
    _fill(node["left_child"], 2 * place + 1, feature, threshold, leaf)
    _fill(node["right_child"], 2 * place + 2, feature, threshold, leaf)


def _not_above(threshold: float) -> np.float32:
    """The largest float32 at or under the threshold: float32 values then fall on the same side of both."""
    near = np.float32(threshold)
    return near if float(near) <= threshold else np.nextafter(near, np.float32(-np.inf))
