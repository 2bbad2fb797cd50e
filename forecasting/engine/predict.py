"""The everyday run: levels at the last day, combined as chosen, spread as learned, joined with the global model."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.boosted.features import Known, base_candidates, exposure_ahead, snapshot
from forecasting.engine.boosted.groups import Peers, peers_of
from forecasting.engine.boosted.model import GlobalModel, boosted_sums
from forecasting.engine.borrowing import PEER_PERIODS, Lenders, borrowing, find_lenders
from forecasting.engine.choice import Choice, blocks, choose, mean_rate
from forecasting.engine.config import Config
from forecasting.engine.errors import ConfigError, PanelError
from forecasting.engine.exposure import (
    Factors,
    exposure_of,
    future_exposure,
    learn_factors,
    observed,
    stock_share,
)
from forecasting.engine.kernels import F64, I64, Bools
from forecasting.engine.kinds import with_kinds_weighed
from forecasting.engine.methods.registry import all_levels
from forecasting.engine.panel import Panel
from forecasting.engine.result import PER_SERIES, Forecast, State
from forecasting.engine.spread import count_quantiles, normal_quantiles, whole

MODEL_SHARE = 0.9  # of the global model in the joint forecast; the statistical combination keeps the rest
MOVED_BY = 0.05, 20.0  # a stretch of days is scaled by the model at least and at most so much


@dataclass(frozen=True)
class Base:
    """The combined statistical forecast of a block, before it is turned into quantiles.

    mean [n, H] per period, state [n], recovered [n] units, lent [n] the share of the level that comes from peers,
    doubt [n] the squared coefficient of variation of the peers' levels, levels [n, 1, c] those that the global model
    wants, or None where it has to compute them with another exposure.
    """

    mean: F64
    state: NDArray[np.int8]
    recovered: F64
    lent: F64
    doubt: F64
    levels: F64 | None


@dataclass(frozen=True)
class Block:
    """A block of series with all that its forecast needs."""

    panel: Panel
    share: F64
    demand: F64
    exposure: F64
    factors: Factors
    choice: Choice
    peers: list[Peers | None]
    lenders: Lenders

    def rows(self, part: slice) -> "Block":
        """Some of its series."""
        return Block(
            self.panel.rows(part), self.share[part], self.demand[part], self.exposure[part], self.factors.rows(part),
            self.choice.rows(part), [kind and kind.rows(part) for kind in self.peers], self.lenders.rows(part),
        )  # fmt: skip


def forecast(
    panel: Panel, config: Config | None = None, choice: Choice | None = None, model: GlobalModel | None = None
) -> Forecast:
    """Forecast every series of the panel.

    choice  what `choose` found for these series earlier; None: it is found now (the slower part).
    model   a global model from `boosted.train`; None: the statistical methods alone. What peers do now is read from
            this panel, so keep the series of a category together where a big job is cut into pieces.
    Raises PanelError or ConfigError where the choice is of other series or other sums.
    """
    config = config or Config()
    if choice is not None:
        _check_choice(choice, panel, config)
    if model is not None:
        panel = with_kinds_weighed(panel, model.kinds)
    share = stock_share(panel)
    demand = observed(panel, share)
    factors = learn_factors(panel, share, demand)
    choice = choice or choose(panel, config, factors)
    exposure = exposure_of(panel, share, factors)
    peers = [] if model is None else peers_of(panel, demand, exposure)
    lenders = find_lenders(panel, share, demand, config.min_history)
    every = Block(panel, share, demand, exposure, factors, choice, peers, lenders)
    parts = [_forecast_block(every.rows(rows), config, model) for rows in blocks(panel.n_series)]
    joined: dict[str, Any] = {name: np.concatenate([getattr(p, name) for p in parts]) for name in PER_SERIES}
    return replace(parts[0], **joined, choice=choice)


def _check_choice(choice: Choice, panel: Panel, config: Config) -> None:
    """Raise where the rows of the choice are not those of the panel, or its spreads not those of the sums asked for."""
    n, grid = len(choice.kept), config.grid_for(panel.frequency)
    if n != panel.n_series:
        raise PanelError(
            f"The choice is of {n} series, the panel has {panel.n_series}: choose for this panel, or give those rows."
        )
    if choice.grid != grid:
        raise ConfigError(f"The choice is of sums over {choice.grid} periods, the config asks for {grid}: choose anew.")


def _forecast_block(block: Block, config: Config, model: GlobalModel | None) -> Forecast:
    panel, choice = block.panel, block.choice
    base = base_forecast(block, config.horizon_days, config.min_history, for_model=model is not None)
    grid = config.grid_for(panel.frequency)
    integer = panel.integer()
    mean, quantiles = (
        _statistical(base, choice, grid, config) if model is None else _joined(block, base, grid, config, model)
    )
    daily_spread = spread_of(mean, np.repeat(choice.ratio[:, :1], config.horizon_days, axis=1), base)
    daily = smooth_quantiles(mean, daily_spread, choice.unit, config.chart_levels)
    silent = (base.state == State.NOT_ENOUGH_DATA)[:, None]
    quantiles, daily = tidy(quantiles, integer, config.levels), round_counts(daily, integer, config.chart_levels)
    return Forecast(
        mean=np.where(silent, np.nan, mean).astype(np.float32),
        sum_quantiles=np.where(silent[:, :, None], np.nan, quantiles).astype(np.float32),
        daily_quantiles=np.where(silent[:, :, None], np.nan, daily).astype(np.float32),
        grid=grid, levels=config.levels, chart_levels=config.chart_levels,
        state=base.state, recovered_units=base.recovered.astype(np.float32), method=choice.kept[:, 0].astype(np.int16),
        choice=choice, is_integer=integer, model_share=0.0 if model is None else MODEL_SHARE,
    )  # fmt: skip


def _statistical(base: Base, choice: Choice, grid: tuple[int, ...], config: Config) -> tuple[F64, F64]:
    """Mean [n, H] and smooth quantiles [n, g, q] of the chosen methods alone."""
    sums = _sums(base.mean, grid)
    return base.mean, smooth_quantiles(sums, spread_of(sums, choice.ratio, base), choice.unit, config.levels)


def _joined(block: Block, base: Base, grid: tuple[int, ...], config: Config, model: GlobalModel) -> tuple[F64, F64]:
    """Mean [n, H] and smooth quantiles [n, g, q] of the global model with the chosen methods. A series whose level is
    lent has no past for the model to see: it keeps what its lenders say.
    """
    origin = np.array([block.panel.n_days])
    known = None if base.levels is None else Known(block.exposure, base.levels)
    shot = snapshot(block.panel, block.share, block.demand, block.factors, block.peers, origin, model.anchors, known)
    ahead = exposure_ahead(block.panel, block.factors, shot.uplift, origin, np.array(grid))[:, 0]
    found = boosted_sums(model, shot, shot.level * ahead, grid, config.levels)
    alone = base.lent[:, None] > 0
    mean = np.where(alone, base.mean, _moved_to(base.mean, found.mean, grid))
    sums = _sums(mean, grid)
    ratio = np.where(alone, spread_of(sums, block.choice.ratio, base), found.ratio)
    counts = smooth_quantiles(sums, ratio, block.choice.unit, config.levels)
    return mean, np.where(alone[:, :, None], counts, found.joined(counts))


def _sums(mean: F64, grid: tuple[int, ...]) -> F64:
    """float64 [n, g]: expected demand of the next grid[j] periods, of a mean per period [n, H]."""
    return np.asarray(np.cumsum(mean, axis=1)[:, np.array(grid) - 1], dtype=np.float64)


def _moved_to(mean: F64, sums: F64, grid: tuple[int, ...]) -> F64:
    """float64 [n, H]: a mean per period moved by MODEL_SHARE towards the sums [n, g] of the model. All periods between
    two horizons of the grid are moved alike, so that the days keep their season."""
    own = np.diff(_sums(mean, grid), axis=1, prepend=0.0)
    wanted = np.diff(np.maximum.accumulate(sums, axis=1), axis=1, prepend=0.0) / np.maximum(own, 1e-9)
    moved = 1 + MODEL_SHARE * (np.where(own > 1e-9, np.clip(wanted, *MOVED_BY), 1.0) - 1)
    return np.asarray(mean * np.repeat(moved, np.diff((0, *grid)), axis=1), dtype=np.float64)


def base_forecast(block: Block, horizon: int, min_history: int, *, for_model: bool) -> Base:
    """Combine the chosen candidates at the last day of the panel; short histories lean on their peers. `for_model`
    keeps the levels that the global model wants too."""
    rate = mean_rate(block.demand, block.exposure)
    shared = _shared_with_model(block) if for_model else None
    found = _levels_now(block, rate, shared)
    ahead = future_exposure(block.panel, block.factors, horizon)
    seen = block.share.sum(axis=1)
    lent, state = borrowing(seen, block.lenders, min_history)
    leaning = _leaning_on_lenders(rate, seen, block.lenders)[:, None] * ahead
    mean = np.where(lent[:, None] > 0, leaning, _combined(found, block.choice, ahead))
    levels = None if shared is None else found[:, None, shared, 0]
    return Base(mean, state, recovered_units(block, rate), lent, block.lenders.doubt, levels)


def _shared_with_model(block: Block) -> I64 | None:
    """int64 [c]: the candidates whose levels the global model wants too; None where it has to find them itself, since
    not all of them are candidates, or since with promotions known ahead it looks at the past through another
    exposure."""
    shared = block.choice.candidates.find(base_candidates(block.panel.frequency))
    return None if block.panel.knows_promotions_ahead or (shared < 0).any() else shared


def _levels_now(block: Block, rate: F64, shared: I64 | None) -> F64:
    """float64 [n, c, 2]: level and slope of the candidates at the last day; only those that a series keeps and those
    `shared` by all have to be found."""
    candidates = block.choice.candidates
    needed = np.zeros((block.panel.n_series, len(candidates.method)), dtype=np.bool_)
    np.put_along_axis(needed, block.choice.kept.astype(np.int64), True, axis=1)
    if shared is not None:
        needed[:, shared] = True
    today = np.array([block.panel.n_days])
    found: F64 = all_levels(candidates, block.demand, block.exposure, today, rate, needed)[:, 0]
    return found


def _combined(found: F64, choice: Choice, ahead: F64) -> F64:
    """float64 [n, H]: the weighted levels [n, c, 2] of the candidates kept, their slopes damped period by period, times
    the exposure `ahead` [n, H]."""
    kept = choice.kept.astype(np.int64)
    level = (np.take_along_axis(found[:, :, 0], kept, axis=1) * choice.weight).sum(axis=1)
    slope = np.take_along_axis(found[:, :, 1], kept, axis=1) * choice.weight
    damped = np.cumsum(choice.candidates.phi[:, None] ** np.arange(1, ahead.shape[1] + 1), axis=1)
    mean: F64 = np.maximum((level[:, None] + np.einsum("nk,nkh->nh", slope, damped[kept])) * ahead, 0.0)
    return mean


def _leaning_on_lenders(rate: F64, seen: F64, lenders: Lenders) -> F64:
    """float64 [n]: the level of a short history of `seen` [n] periods in stock, the more its own the longer it is."""
    own = seen / (seen + PEER_PERIODS)
    return np.asarray(own * rate + (1 - own) * lenders.level, dtype=np.float64)


def recovered_units(block: Block, rate: F64) -> F64:
    """float64 [n]: the demand that periods out of stock hid, at the mean rate seen in stock; 0 where none did."""
    if block.panel.in_stock_share is None:
        return np.zeros(block.panel.n_series)
    full = exposure_of(block.panel, np.ones_like(block.share), block.factors)
    hidden = np.where(_on_sale(block.panel), full - block.exposure, 0.0)
    return np.asarray((hidden * rate[:, None]).sum(axis=1), dtype=np.float64)


def spread_of(mean: F64, ratio: NDArray[np.float32], base: Base) -> F64:
    """Variance-to-mean ratio [n, g], wider where the level is lent: variance + (lent x level)^2 x doubt."""
    return np.asarray(ratio + mean * (base.lent**2 * base.doubt)[:, None], dtype=np.float64)


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


def tidy(quantiles: F64, integer: Bools, levels: tuple[float, ...]) -> F64:
    """Quantiles [n, g, q], never falling along levels and along horizons, whole where counted."""
    ordered = np.maximum.accumulate(np.maximum.accumulate(np.maximum(quantiles, 0.0), axis=2), axis=1)
    return round_counts(ordered, integer, levels)


def round_counts(quantiles: F64, integer: Bools, levels: tuple[float, ...]) -> F64:
    """Quantiles [n, g, q], whole in the rows that are counted, `integer` [n]."""
    return np.where(integer[:, None, None], whole(quantiles, levels), quantiles)
