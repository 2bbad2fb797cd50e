"""The global model: quantile trees and a few small nets on what is left of a sum after its base, in usual spreads.

For an anchor horizon h the target is r = (sum over h - base) / spread(base), the same scale for every series, so that
all series teach one model. Other horizons are interpolated between the anchors. Trained by `training`; this module
only predicts.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from forecasting.engine.boosted.bag import Bag
from forecasting.engine.boosted.features import Snapshot
from forecasting.engine.boosted.groups import Peers, peers_of
from forecasting.engine.boosted.trees import Forest
from forecasting.engine.exposure import Factors, exposure_of
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Panel
from forecasting.engine.spread import normal_quantiles

TRAINED_LEVELS = (0.05, 0.5, 0.8, 0.95, 0.98)
ANCHORS = {"D": (1, 5, 14, 28), "W": (1, 2, 4, 8), "M": (1, 2, 4, 6)}
SPREAD_POINTS = 24
MODEL_VERSION = 3  # another number whenever a feature, a level or an array comes, goes or means something else
MOST_NET_SHARE, NET_WINDOWS = 0.6, 6.0  # see `net_shares`
OTHERS = (
    "anchors",
    "log_base",
    "spread",
    "net_share",
    "blend",
    "shift",
    "kinds",
)  # arrays of a model beside its trees and nets
MEAN, RATIO = len(TRAINED_LEVELS), len(TRAINED_LEVELS) + 1  # places of the other two models in the forest


@dataclass(frozen=True)
class GlobalModel:
    """A trained model; plain arrays, so that any worker can load it.

    forest    models: TRAINED_LEVELS, then the mean, then the log of variance / mean.
    nets      TRAINED_LEVELS once more, learned from different starts; their mean counts.
    anchors   int64 [k] horizons, ascending.
    log_base  float64 [k, SPREAD_POINTS], spread float64 likewise: usual error per sqrt(base) at that log base.
    net_share float64 [k]: weight of the nets in each quantile, beside the trees (see `net_shares`).
    blend     float64 [k]: weight of the count distribution beside the quantile trees; shift float64 [k, q]: how far
              each of TRAINED_LEVELS is moved, in usual errors (see `held_out`).
    kinds     float64 [1 + m]: weight of the promotion and of each driver in the promotion seen (see `kinds`).
    """

    forest: Forest
    nets: Bag
    anchors: I64
    log_base: F64
    spread: F64
    net_share: F64
    blend: F64
    shift: F64
    kinds: F64

    def predict(self, values: F32, anchor: I64) -> F64:
        """float64 [rows, q + 2]: quantiles of the rest, ascending, its mean, and the log of variance / mean; `anchor`
        [rows] is the place of each row's horizon among the anchors.
        """
        found = self.forest.predict(values)
        trees = np.sort(found[:, :MEAN], axis=1)
        share = self.net_share[anchor][:, None]
        found[:, :MEAN] = (1 - share) * trees + share * self.nets.predict(values)
        return found

    def scale(self, base: F64, k: int) -> F64:
        """float64 [n]: the usual error of the base [n] at anchor k, units."""
        per_root = np.interp(np.log(base + 0.1), self.log_base[k], self.spread[k])
        return np.asarray(per_root * np.sqrt(base + 0.05), dtype=np.float64)

    def arrays(self) -> dict[str, np.ndarray]:
        """All of it, for storing."""
        forest = {f"forest_{f.name}": getattr(self.forest, f.name) for f in fields(Forest)}
        nets = {f"nets_{f.name}": getattr(self.nets, f.name) for f in fields(Bag)}
        return {
            "version": np.array(MODEL_VERSION),
            **{name: getattr(self, name) for name in OTHERS},
            **forest,
            **nets,
        }

    @staticmethod
    def of(arrays: dict[str, np.ndarray]) -> "GlobalModel":
        """What `arrays` gave. Raises ValueError for a model of another version of the engine."""
        if not is_readable(arrays):
            raise ValueError("This model was trained by another version of the engine: train it again.")
        forest = Forest(**{f.name: arrays[f"forest_{f.name}"] for f in fields(Forest)})
        nets = Bag(**{f.name: arrays[f"nets_{f.name}"] for f in fields(Bag)})
        return GlobalModel(forest, nets, **{name: arrays[name] for name in OTHERS})

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        np.savez_compressed(path, allow_pickle=False, **self.arrays())

    @staticmethod
    def load(path: Path) -> "GlobalModel":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return GlobalModel.of({name: stored[name] for name in stored.files})


def is_readable(arrays: dict[str, np.ndarray]) -> bool:
    """Whether a model of this version of the engine is in them."""
    return "version" in arrays and int(arrays["version"]) == MODEL_VERSION


def net_shares(windows: F64) -> F64:
    """float64 [k]: weight of the nets at horizons whose past has so many separate windows. A net bends itself to the
    few dates that it was shown; a forest asked for less by the same past errs less there.
    """
    return np.asarray(MOST_NET_SHARE * windows / (windows + NET_WINDOWS), dtype=np.float64)


def peers_for(panel: Panel, share: F64, demand: F64, factors: Factors) -> list[Peers | None]:
    """The sums of the groups that the series of this panel belong to."""
    return peers_of(panel, demand, exposure_of(panel, share, factors))


@dataclass(frozen=True)
class Boosted:
    """What the model says of the sums over g horizons: mean and ratio (variance / mean) [n, g], quantiles of the trees
    [n, g, q], the weight of the count distribution beside them [g], and the move of both together [n, g, q].
    """

    mean: F64
    ratio: F64
    quantiles: F64
    blend: F64
    move: F64

    def joined(self, counts: F64) -> F64:
        """Smooth quantiles [n, g, q] of the trees and of the count distribution together."""
        blend = self.blend[None, :, None]
        return np.maximum((1 - blend) * self.quantiles + blend * counts + self.move, 0.0)


def boosted_sums(
    model: GlobalModel, shot: Snapshot, base: F64, grid: tuple[int, ...], levels: tuple[float, ...]
) -> Boosted:
    """Mean, ratio and smooth quantiles of the sums over the grid's horizons.

    `shot` has one origin and the model's anchors; `base` [n, g] is the base of each grid horizon.
    """
    n, _, k, f = shot.values.shape
    found = model.predict(shot.values.reshape(n * k, f), np.tile(np.arange(k), n)).reshape(n, k, -1)
    mean, ratio, blend = np.empty(base.shape), np.empty(base.shape), np.empty(len(grid))
    quantiles, move = np.empty((*base.shape, len(levels))), np.empty((*base.shape, len(levels)))
    for j, h in enumerate(grid):
        left, right, part = _between_anchors(model.anchors, h)
        rest = found[:, left] * (1 - part) + found[:, right] * part
        shift = model.shift[left] * (1 - part) + model.shift[right] * part
        scale = model.scale(base[:, j], left) * (1 - part) + model.scale(base[:, j], right) * part
        mean[:, j], ratio[:, j] = base[:, j] + rest[:, MEAN] * scale, np.exp(rest[:, RATIO])
        blend[j] = model.blend[left] * (1 - part) + model.blend[right] * part
        quantiles[:, j] = base[:, j, None] + between_levels(rest[:, :MEAN], levels) * scale[:, None]
        move[:, j] = between_levels(shift[None], levels) * scale[:, None]
    return Boosted(np.maximum(mean, 0.0), ratio, np.maximum(quantiles, 0.0), blend, move)


def _between_anchors(anchors: I64, horizon: int) -> tuple[int, int, float]:
    """The two anchors that a horizon lies between, and how far along from the first, 0..1, by their logarithms."""
    count, logs = len(anchors), np.log(anchors.astype(np.float64))
    right = int(np.clip(np.searchsorted(anchors, horizon), 1, max(count - 1, 1))) if count > 1 else 0
    left = max(right - 1, 0)
    gap = logs[right] - logs[left]
    return left, right, float(np.clip((np.log(horizon) - logs[left]) / gap, 0, 1)) if gap > 0 else 0.0


def between_levels(found: F64, levels: tuple[float, ...]) -> F64:
    """float64 [n, q]: from quantiles at TRAINED_LEVELS to the levels asked for, on the parabola in normal quantiles
    through the nearest three, never outside of the two beside it; beyond the first and the last straight.

    Demand is skewed: a straight line from 0.8 to 0.95 lies above its quantile at 0.9, and covers too much there.
    """
    beside, places, weights = _parabolas(levels)
    curved = sum(found[:, places[:, k]] * weights[:, k] for k in range(places.shape[1]))
    low, high = found[:, beside - 1], found[:, beside]
    inside = (np.array(levels) > TRAINED_LEVELS[0]) & (np.array(levels) < TRAINED_LEVELS[-1])
    bounded = np.clip(curved, np.minimum(low, high), np.maximum(low, high))
    return np.asarray(np.where(inside, bounded, curved), dtype=np.float64)


@lru_cache(maxsize=64)
def _parabolas(levels: tuple[float, ...]) -> tuple[I64, I64, F64]:
    """Of each level [q] the place of the trained level next above, and three places [q, 3] with their weights."""
    known, wanted = normal_quantiles(TRAINED_LEVELS), normal_quantiles(levels)
    beside = np.clip(np.searchsorted(known, wanted), 1, len(known) - 1)
    places, weights = np.zeros((len(levels), 3), dtype=np.int64), np.zeros((len(levels), 3))
    for j, (right, z) in enumerate(zip(beside, wanted, strict=True)):
        is_outside = not known[0] < z < known[-1]
        used = [right - 1, right] if is_outside else list(range(max(right - 2, 0), max(right - 2, 0) + 3))
        for k, place in enumerate(used):
            others = known[[other for other in used if other != place]]
            places[j, k], weights[j, k] = place, np.prod((z - others) / (known[place] - others))
    return beside, places, weights
