"""Examples for the global model: features at past origins, what came after them, drawn at random."""

from dataclasses import dataclass, fields

import numpy as np

from forecasting.engine.boosted.features import Snapshot, snapshot
from forecasting.engine.boosted.model import peers_for
from forecasting.engine.choice import blocks, step_of
from forecasting.engine.exposure import learn_factors, observed, stock_share
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Panel


@dataclass(frozen=True)
class Examples:
    """m examples: values float32 [m, f]; base, total, unit float64 [m]; anchor (index of the horizon) and origin
    int64 [m]; counted bool [m].
    """

    values: F32
    base: F64
    total: F64
    unit: F64
    anchor: I64
    origin: I64
    counted: np.ndarray

    def __len__(self) -> int:
        return len(self.base)

    def rows(self, part: np.ndarray) -> "Examples":
        """Some of the examples."""
        return Examples(*(getattr(self, f.name)[part] for f in fields(self)))


def training_origins(panel: Panel, anchors: I64, rows: int) -> I64:
    """int64 [o]: as many past origins as give about `rows` examples, evenly spread but never all on one day of the
    week."""
    first = max(4, min(6 * panel.season, panel.n_days // 3))
    last = panel.n_days - int(anchors[0])
    possible = max(last - first, 1)
    wanted = max(1, round(rows / max(panel.n_series * len(anchors), 1)))
    step = max(1, possible // wanted)
    step += step > 1 and step % panel.season == 0
    return np.arange(last, first - 1, -step)[::-1].astype(np.int64)


def draw_examples(panel: Panel, anchors: I64, rows: int, rng: np.random.Generator) -> Examples:
    """About `rows` examples, more of the longer horizons; only windows that were seen well (see `outcomes`)."""
    origins = training_origins(panel, anchors, 3 * rows)
    likely = np.sqrt(anchors) * rows / (panel.n_series * max(len(origins), 1) * np.sqrt(anchors).sum())
    unit = step_of(panel.demand.astype(np.float64), panel.integer())
    counted = panel.integer()
    parts = []
    for block, shot in zip(blocks(panel.n_series), snapshots(panel, origins, anchors), strict=True):
        usable = np.isfinite(shot.total) & (shot.base > 1e-6)
        usable &= rng.random(usable.shape) < likely * usable.size / max(usable.sum(), 1)
        series, o, k = np.nonzero(usable)
        row = series + block.start
        parts.append(
            Examples(
                shot.values[usable], shot.base[usable], shot.total[usable], unit[row], k.astype(np.int64),
                origins[o], counted[row],
            )
        )  # fmt: skip
    return Examples(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Examples)))


def snapshots(panel: Panel, origins: I64, anchors: I64) -> list[Snapshot]:
    """Features of all series at the origins [o] for the horizons `anchors` [k], block by block."""
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
