"""The everyday run: levels at the last day, combined as chosen, spread as learned, joined with the global model."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forecasting.engine.boosted.features import Peers, exposure_ahead, snapshot
from forecasting.engine.boosted.model import GlobalModel, boosted_sums, peers_for
from forecasting.engine.choice import Choice, blocks, choose, mean_rate
from forecasting.engine.config import Config
from forecasting.engine.exposure import Factors, future_exposure, learn_factors, observed, past_exposure, stock_share
from forecasting.engine.kernels import F64, Bools
from forecasting.engine.methods.registry import all_levels
from forecasting.engine.panel import Panel
from forecasting.engine.result import Forecast, State
from forecasting.engine.spread import count_quantiles, normal_quantiles, whole

MODEL_SHARE = 0.8  # of the global model in the joint forecast; the statistical combination keeps the rest


@dataclass(frozen=True)
class Base:
    """The combined statistical forecast of a block, before it is turned into quantiles.

    mean [n, H] per period, level [n] per exposure 1, history [n] periods in stock, recovered [n] units.
    """

    mean: F64
    level: F64
    history: F64
    recovered: F64


@dataclass(frozen=True)
class Block:
    """A block of series with all that its forecast needs."""

    panel: Panel
    share: F64
    demand: F64
    factors: Factors
    choice: Choice
    peers: list[Peers]


def forecast(
    panel: Panel, config: Config | None = None, choice: Choice | None = None, model: GlobalModel | None = None
) -> Forecast:
    """Forecast every series of the panel.

    choice  what `choose` found for these series earlier; None: it is found now (the slower part).
    model   a global model from `boosted.train`; None: the statistical methods alone. What peers do now is read from
            this panel, so keep the series of a category together where a big job is cut into pieces.
    """
    config = config or Config()
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = learn_factors(panel, share, demand)
    choice = choice or choose(panel, config, factors)
    peers = [] if model is None else peers_for(panel, share, demand, factors)
    parts = [
        _block(
            Block(
                panel.rows(rows), share[rows], demand[rows], factors.rows(rows), choice.rows(rows),
                [p.rows(rows) for p in peers],
            ),
            config, model,
        )
        for rows in blocks(panel.n_series)
    ]  # fmt: skip
    joined: dict[str, Any] = {name: np.concatenate([getattr(p, name) for p in parts]) for name in PER_SERIES}
    return replace(parts[0], **joined, choice=choice)


PER_SERIES = ("mean", "sum_quantiles", "daily_quantiles", "state", "recovered_units", "method", "is_integer")


def _block(block: Block, config: Config, model: GlobalModel | None) -> Forecast:
    panel, choice = block.panel, block.choice
    base = base_forecast(panel, block.share, block.demand, block.factors, choice, config)
    grid = config.grid_for(panel.frequency)
    integer = panel.integer()
    sums = np.cumsum(base.mean, axis=1)[:, np.array(grid) - 1]
    quantiles = smooth_quantiles(sums, choice.ratio, choice.unit, config.levels)
    mean = base.mean
    if model is not None:
        mean, quantiles = _joined(block, base, quantiles, grid, config, model)
    ratio = np.repeat(choice.ratio[:, :1], config.horizon_days, axis=1)
    daily = smooth_quantiles(mean, ratio, choice.unit, config.chart_levels)
    state = np.where(base.history >= config.min_history, State.OK, State.NOT_ENOUGH_DATA).astype(np.int8)
    silent = (state == State.NOT_ENOUGH_DATA)[:, None]
    return Forecast(
        mean=np.where(silent, np.nan, mean).astype(np.float32),
        sum_quantiles=np.where(silent[:, :, None], np.nan, tidy(quantiles, integer)).astype(np.float32),
        daily_quantiles=np.where(silent[:, :, None], np.nan, round_counts(daily, integer)).astype(np.float32),
        grid=grid, levels=config.levels, chart_levels=config.chart_levels,
        state=state, recovered_units=base.recovered.astype(np.float32), method=choice.kept[:, 0].astype(np.int16),
        choice=choice, is_integer=integer, model_share=0.0 if model is None else MODEL_SHARE,
    )  # fmt: skip


def _joined(
    block: Block, base: Base, quantiles: F64, grid: tuple[int, ...], config: Config, model: GlobalModel
) -> tuple[F64, F64]:
    """Mean [n, H] and smooth quantiles [n, g, q], each the weighted mean of the two forecasts'."""
    origin = np.array([block.panel.n_days])
    shot = snapshot(block.panel, block.share, block.demand, block.factors, block.peers, origin, model.anchors)
    ahead = exposure_ahead(block.panel, block.factors, origin, np.array(grid))[:, 0]
    level = shot.base[:, 0, 0] / np.maximum(shot.ahead[:, 0, 0], 1e-9)
    sums, theirs = boosted_sums(model, shot, level[:, None] * ahead, grid, config.levels)
    own = np.diff(np.cumsum(base.mean, axis=1)[:, np.array(grid) - 1], axis=1, prepend=0.0)
    stretch = np.diff(np.maximum.accumulate(sums, axis=1), axis=1, prepend=0.0) / np.maximum(own, 1e-9)
    stretch = 1 + MODEL_SHARE * (np.where(own > 1e-9, np.clip(stretch, 0.05, 20), 1.0) - 1)
    lengths = np.diff(np.array((0, *grid)))
    return base.mean * np.repeat(stretch, lengths, axis=1), MODEL_SHARE * theirs + (1 - MODEL_SHARE) * quantiles


def base_forecast(panel: Panel, share: F64, demand: F64, factors: Factors, choice: Choice, config: Config) -> Base:
    """Combine the chosen candidates at the last day of the panel."""
    promotion = panel.promotion if panel.promotion is not None else np.zeros((panel.n_series, 0), np.float32)
    exposure = past_exposure(share, factors.season, promotion, factors.uplift, factors.event)
    rate = mean_rate(demand, exposure)
    origin = np.array([panel.n_days])
    found = all_levels(choice.candidates, demand, exposure, origin, rate)[:, 0]
    kept = choice.kept.astype(np.int64)
    level = (np.take_along_axis(found[:, :, 0], kept, axis=1) * choice.weight).sum(axis=1)
    ahead = future_exposure(panel, factors, config.horizon_days)
    mean = level[:, None] * ahead
    for h in range(config.horizon_days):
        damp = (choice.candidates.phi ** (1 + np.arange(h + 1))[:, None]).sum(axis=0)
        slope = (np.take_along_axis(found[:, :, 1] * damp, kept, axis=1) * choice.weight).sum(axis=1)
        mean[:, h] += slope * ahead[:, h]
    whole_share = past_exposure(np.ones_like(share), factors.season, promotion, factors.uplift, factors.event)
    hidden = np.where(share > 0, whole_share - exposure, np.where(_on_sale(panel), whole_share, 0.0))
    return Base(np.maximum(mean, 0.0), level, share.sum(axis=1), (hidden * rate[:, None]).sum(axis=1))


def _on_sale(panel: Panel) -> Bools:
    if panel.first_day is None:
        return np.ones(panel.demand.shape, dtype=np.bool_)
    started: Bools = np.arange(panel.n_days)[None, :] >= panel.first_day[:, None]
    return started


def smooth_quantiles(mean: F64, ratio: np.ndarray, unit: np.ndarray, levels: tuple[float, ...]) -> F64:
    """float64 [n, g, q]: quantiles of demand of mean [n, g] and variance-to-mean ratio [n, g], in steps of unit [n]."""
    n, g = mean.shape
    steps = unit[:, None].astype(np.float64)
    flat = count_quantiles((mean / steps).ravel(), (ratio / steps).ravel(), np.array(levels), normal_quantiles(levels))
    return np.asarray(flat.reshape(n, g, len(levels)) * steps[:, :, None], dtype=np.float64)


def tidy(quantiles: F64, integer: Bools) -> F64:
    """Never falling along levels (last axis) and along horizons (middle axis), whole where counted."""
    ordered = np.maximum.accumulate(np.maximum.accumulate(np.maximum(quantiles, 0.0), axis=2), axis=1)
    return round_counts(ordered, integer)


def round_counts(quantiles: F64, integer: Bools) -> F64:
    """Whole numbers in the rows that are counted."""
    return np.where(integer[:, None, None], whole(quantiles), quantiles)

