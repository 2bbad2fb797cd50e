"""Training of the global model on a sample of the past: a fixed cost, whatever the number of series.

Only this module needs LightGBM; what it leaves behind is plain arrays (see `trees`).
"""

from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np

from forecasting.engine.boosted.bag import NO_NETS, train_bag
from forecasting.engine.boosted.examples import Examples, draw_examples, training_origins
from forecasting.engine.boosted.features import PRICES
from forecasting.engine.boosted.held_out import EARLY, LEAST_HELD, Correction, Held, learn_correction, no_correction
from forecasting.engine.boosted.kind_weights import kind_weights
from forecasting.engine.boosted.model import (
    ANCHORS,
    MEAN,
    RATIO,
    SPREAD_POINTS,
    TRAINED_LEVELS,
    GlobalModel,
    net_shares,
)
from forecasting.engine.boosted.trees import U16, Forest
from forecasting.engine.config import Config
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.kinds import with_kinds_weighed
from forecasting.engine.panel import Panel

DEPTH = 6
# Windows of the horizon, and those apart from each other, from which on it needs no shorter ones beside it.
ENOUGH_ALONE, SEPARATE_ALONE = 50_000, 15
MOST_HELD = 60_000  # examples of the later part that are looked at
LEAST_MEAN = 0.02  # smallest mean that a variance is measured around, in steps of demand
LEAST_RATIO, MOST_RATIO = 0.01, 0.999  # added to each variance per mean; quantile at which the largest are cut
LIGHTGBM = {
    "learning_rate": 0.1, "num_leaves": 31, "max_depth": DEPTH, "min_data_in_leaf": 100, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 127, "verbosity": -1, "deterministic": True,
}  # fmt: skip
NO_TREES = np.zeros((0, 0, 0), np.float32)
NO_FOREST = Forest(np.zeros((0, 0, 0), np.uint16), NO_TREES, NO_TREES, np.zeros(0, np.int64))


@dataclass(frozen=True)
class Training:
    """Size of the training: at most `rows` examples, `rounds` trees per level, `threads` threads."""

    rows: int = 500_000
    rounds: int = 80
    threads: int = 1
    series: int = 20_000


def anchors_for(panel: Panel, config: Config) -> I64:
    """int64 [k]: horizons the model is trained on: the usual ones inside the horizon, and the horizon; that alone where
    no other sum is asked for and the past is long: a model that serves one sum does so better, unless it has few
    windows to learn it from.
    """
    alone = np.array([config.horizon_days], dtype=np.int64)
    origins = training_origins(panel, alone, panel.n_series * panel.n_days)
    long_past = len(origins) >= SEPARATE_ALONE * config.horizon_days and len(origins) * panel.n_series >= ENOUGH_ALONE
    if config.grid == (config.horizon_days,) and long_past:
        return alone
    usual = {h for h in ANCHORS[panel.frequency] if h <= config.horizon_days}
    return np.array(sorted(usual | {config.horizon_days}), dtype=np.int64)


def train(panel: Panel, config: Config, training: Training | None = None) -> GlobalModel | None:
    """Train on a sample of the panel's past; None where there is too little of it (under 2,000 examples)."""
    training = training or Training()
    rng = np.random.default_rng(config.seed)
    if panel.n_series > training.series:
        panel = panel.rows(np.sort(rng.choice(panel.n_series, training.series, replace=False)))
    kinds = kind_weights(panel)
    panel = with_kinds_weighed(panel, kinds)
    anchors = anchors_for(panel, config)
    if not len(training_origins(panel, anchors, training.rows)):
        return None
    examples = draw_examples(panel, anchors, training.rows, rng)
    if len(examples) < 2000:
        return None
    log_base, spread = _spread_tables(examples.base, examples.total, examples.anchor, len(anchors))
    correction = no_correction(len(anchors), len(TRAINED_LEVELS))
    model = GlobalModel(
        NO_FOREST, NO_NETS, anchors, log_base, spread, net_shares(_separate(examples, anchors)), correction.blend,
        correction.shift, kinds,
    )  # fmt: skip
    correction = _look_ahead(model, examples, config, training)
    model = _fit(model, examples, config, training, training.rounds)
    return replace(model, blend=correction.blend, shift=correction.shift)


def _separate(examples: Examples, anchors: I64) -> F64:
    """float64 [k]: how many windows of each horizon lie apart from each other in the past."""
    seen = [examples.origin[examples.anchor == k] for k in range(len(anchors))]
    spans = np.array([np.ptp(origins) if len(origins) else 0 for origins in seen])
    return np.asarray(spans / anchors + 1, dtype=np.float64)


def _scales(model: GlobalModel, examples: Examples) -> F64:
    scale = np.empty(len(examples))
    for k in range(len(model.anchors)):
        here = examples.anchor == k
        scale[here] = model.scale(examples.base[here], k)
    return scale


def _fit(model: GlobalModel, examples: Examples, config: Config, training: Training, rounds: int) -> GlobalModel:
    """The model with quantile trees, the nets and the mean of (total - base) / scale; then the log of the variance per
    mean around that mean.
    """
    scale = _scales(model, examples)
    target = (examples.total - examples.base) / scale
    shared = {**LIGHTGBM, "seed": config.seed + 1, "num_threads": training.threads}
    data = lightgbm.Dataset(examples.values, target, params=shared, free_raw_data=False)
    settings = [{"objective": "quantile", "alpha": p} for p in TRAINED_LEVELS] + [{"objective": "l2"}]
    found = [lightgbm.train({**shared, **own}, data, rounds) for own in settings]
    mean = np.maximum(examples.base + scale * found[-1].predict(examples.values), LEAST_MEAN * examples.unit)
    ratio = (examples.total - mean) ** 2 / mean
    ratio = np.minimum(ratio, np.quantile(ratio, MOST_RATIO)) + LEAST_RATIO * examples.unit
    ratios = lightgbm.Dataset(examples.values, ratio, params=shared, free_raw_data=False)
    found.append(lightgbm.train({**shared, "objective": "gamma"}, ratios, max(rounds * 3 // 5, 1)))
    # What one price says of all places of a product in few weeks, a net learns by heart; trees do not.
    nets = train_bag(examples.values, target, TRAINED_LEVELS, config.seed + 3, unseen=PRICES)
    return replace(model, forest=forest_of(found, DEPTH), nets=nets)


def _look_ahead(model: GlobalModel, examples: Examples, config: Config, training: Training) -> Correction:
    """Train on the earlier windows, look at the later ones; see `held_out`."""
    none = Correction(model.blend, model.shift)
    origins = np.unique(examples.origin)
    cut = float(origins[int(EARLY * (len(origins) - 1))])
    early = examples.rows(examples.origin + model.anchors[examples.anchor] <= cut)
    late = np.flatnonzero(examples.origin >= cut)
    if len(early) < 2000 or len(late) < LEAST_HELD:
        return none
    rng = np.random.default_rng(config.seed + 2)
    held = examples.rows(np.sort(rng.permutation(late)[:MOST_HELD]))
    rounds = max(training.rounds * 3 // 5, 1)
    first = _fit(model, early, config, training, rounds)
    found = first.predict(held.values, held.anchor)
    scale = _scales(model, held)
    mean = np.maximum(held.base + scale * found[:, MEAN], 0.0)
    rest, ratio = found[:, :MEAN], np.exp(found[:, RATIO])
    shown = Held(held.total, held.base, scale, held.unit, held.anchor, held.counted, rest, mean, ratio)
    windows = (origins[-1] - cut + model.anchors) / model.anchors
    return learn_correction(shown, TRAINED_LEVELS, windows.astype(np.float64))


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
    return Forest(feature, threshold, leaf, np.array([len(dump) for dump in dumps], dtype=np.int64))


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
