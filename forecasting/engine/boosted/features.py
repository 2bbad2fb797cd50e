"""What the global model sees of a series at an origin: numbers without scale, from the past and the known future only.

Every level is a logarithm relative to the base level of the series, so that one model serves a screw that sells once a
month and a loaf that sells a thousand a day.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.engine.boosted.groups import CATEGORY, ITEM, PER_GROUP, Peers, peer_columns
from forecasting.engine.boosted.prices import PRICE_COLUMNS, price_columns
from forecasting.engine.boosted.windows import (
    block_moments,
    silence,
    step_sums,
    steps_ahead,
    sums_after,
    window_sums,
)
from forecasting.engine.exposure import LEAST_BOOST, Factors, past_exposure, shrunk_uplift, uplift_evidence
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.methods.registry import Candidates, all_levels
from forecasting.engine.panel import PERIODS_PER_YEAR, Frequency, Panel

WINDOWS = {"D": (7, 28, 91, 364), "W": (2, 6, 13, 52), "M": (1, 3, 6, 12)}
BASE_PARAMS: dict[Frequency, list[tuple[str, tuple[float, float, float]]]] = {
    "D": [
        ("smoothing", (0.02, 0, 0)), ("smoothing", (0.05, 0, 0)), ("smoothing", (0.1, 0, 0)), ("average", (91, 0, 0)),
        ("tsb", (0.05, 0.05, 0)), ("average", (28, 0, 0)), ("average", (182, 0, 0)), ("average", (364, 0, 0)),
        ("smoothing", (0.2, 0, 0)), ("smoothing", (0.35, 0, 0)),
    ],
    "W": [
        ("smoothing", (0.05, 0, 0)), ("smoothing", (0.1, 0, 0)), ("smoothing", (0.2, 0, 0)), ("average", (13, 0, 0)),
        ("tsb", (0.1, 0.1, 0)), ("average", (8, 0, 0)), ("average", (26, 0, 0)), ("average", (52, 0, 0)),
        ("smoothing", (0.35, 0, 0)), ("smoothing", (0.5, 0, 0)),
    ],
    "M": [
        ("smoothing", (0.1, 0, 0)), ("smoothing", (0.2, 0, 0)), ("smoothing", (0.35, 0, 0)), ("average", (6, 0, 0)),
        ("tsb", (0.2, 0.1, 0)), ("average", (3, 0, 0)), ("average", (12, 0, 0)), ("average", (24, 0, 0)),
        ("smoothing", (0.5, 0, 0)), ("smoothing", (0.05, 0, 0)),
    ],
}  # fmt: skip
PRICES = slice(0, PRICE_COLUMNS)  # places of the columns of prices among the features
LONG_LEVEL = 6  # place of the level over the longest window, the eighth of BASE_PARAMS, relative to the base
IN_BASE = 5  # the first five make the base level: their mean
TINY = 1e-4
# Share of a window in stock for it to teach. With more asked for, only calm windows teach, since a busy one runs dry;
# with less, what is hidden is more and more our own guess.
LEAST_SEEN = 0.75
EDGES = np.array([0.02, 0.1, 0.3, 0.6])  # steps of promotion whose demand is remembered apart
CENTRES = np.array([0.0, 0.06, 0.2, 0.45, 0.8])
STEP_UNITS = 10.0  # what a step's usual uplift weighs, in units of demand
STEP_HALF_LIFE = {"D": 120.0, "W": 26.0, "M": 12.0}


@dataclass(frozen=True)
class Snapshot:
    """Features of n series at o origins for k horizons.

    values    float32 [n, o, k, f]
    base      float64 [n, o, k]: what the base level expects of the sum, season and promotions counted in.
    level     float64 [n, o]: the base level.
    uplift    float64 [n, o]: promotion uplift known at the origin.
    total     float64 [n, o, k]: the sum that came, scaled up to full exposure; NaN where it is not known well.
    """

    values: F32
    base: F64
    level: F64
    uplift: F64
    total: F64


@dataclass(frozen=True)
class Past:
    """The series of a block seen by the features: demand, exposure and promotion [n, d]; promotion [n, 0] for none."""

    panel: Panel
    demand: F64
    exposure: F64
    promotion: F32
    factors: Factors
    origins: I64
    horizons: I64

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.demand), len(self.origins), len(self.horizons)


@dataclass(frozen=True)
class Known:
    """The exposure of the past [n, d] by the uplift of groups, and levels [n, o, c] of `base_candidates` with it."""

    exposure: F64
    levels: F64


def base_candidates(frequency: Frequency) -> Candidates:
    """The levels that the features are made of."""
    rows = BASE_PARAMS[frequency]
    return Candidates(tuple(name for name, _ in rows), np.array([p for _, p in rows], dtype=np.float64))


def snapshot(
    panel: Panel,
    share: F64,
    demand: F64,
    factors: Factors,
    peers: list[Peers | None],
    origins: I64,
    horizons: I64,
    known: Known | None = None,
) -> Snapshot:
    """Features, bases and, where the panel reaches that far, outcomes at `origins` [o] for `horizons` [k]; share and
    demand [n, d]; `known` where that has been computed already."""
    promotion = panel.promotion_or_none
    if known is None:
        exposure = past_exposure(share, factors.season, promotion, factors.peers, factors.event)
        rate = demand.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1.0)
        levels = all_levels(base_candidates(panel.frequency), demand, exposure, origins, rate)[..., 0]
        known = Known(exposure, levels)
    levels = known.levels
    past = Past(panel, demand, known.exposure, promotion, factors, origins, horizons)
    level = levels[:, :, :IN_BASE].mean(axis=2)
    known_uplift = uplift_at(past, share)
    uplift = known_uplift if panel.knows_promotions_ahead else np.zeros_like(known_uplift)
    ahead = exposure_ahead(panel, factors, uplift, origins, horizons)
    base = level[:, :, None] * ahead
    by_speed = _level_columns(levels, level)
    columns = [*price_columns(panel, origins, horizons), *by_speed, *_window_columns(past, level)]
    columns += [np.log(base + 0.1), np.log(horizons.astype(np.float64))[None, None], _block_column(past, level)]
    columns += _promotion_columns(past, share, level, base, known_uplift)
    columns += [_last_year(past, level)]
    peers_do = peer_columns(peers, origins, horizons, panel.frequency, WINDOWS[panel.frequency])
    columns += [*peers_do, *_share_columns(by_speed[LONG_LEVEL], peers_do), *_driver_columns(past)]
    values = np.empty((*past.shape, len(columns)), dtype=np.float32)
    for f, column in enumerate(columns):
        values[..., f] = column
    return Snapshot(values, base, level, uplift, outcomes(past, ahead, level))


def _share_columns(long_level: F64, peers_do: list[F64]) -> list[F64]:
    """The series' long level moved by what its category and its item have done since, slowly and lately: trees add up
    logarithms badly, so these sums are made for them.
    """
    columns = []
    for group in (CATEGORY, ITEM):
        recent, short, long = peers_do[PER_GROUP * group : PER_GROUP * group + 3]
        columns += [long_level + recent + long, long_level + recent + long + short]
    return columns


def uplift_at(past: Past, share: F64) -> F64:
    """float64 [n, o]: the promotion uplift as far as each origin can know it, 0 without promotions."""
    if past.panel.promotion is None:
        return np.zeros(past.shape[:2])
    factors = past.factors
    plain = past_exposure(share, factors.season, _none(past), factors.peers, factors.event)
    evidence = uplift_evidence(past.demand, plain, past.promotion, past.origins)
    return shrunk_uplift(evidence, factors.typical[:, None])


def _none(past: Past) -> F32:
    return np.zeros((len(past.demand), 0), np.float32)


def season_ahead(panel: Panel, factors: Factors, origins: I64, horizons: I64) -> tuple[int, F64]:
    """The first period that matters and float64 [n, periods]: season x events from there on."""
    begin, last = int(origins.min()), int(origins.max() + horizons.max())
    days = np.arange(begin, last)
    event = np.ones(last)
    event[: min(last, len(factors.event))] = factors.event[:last]
    return begin, factors.season[:, days % factors.season.shape[1]] * event[begin:]


def exposure_ahead(panel: Panel, factors: Factors, uplift: F64, origins: I64, horizons: I64) -> F64:
    """float64 [n, o, k]: exposure of the next horizons[k] periods after each origin, were it in stock throughout."""
    begin, full = season_ahead(panel, factors, origins, horizons)
    plain = sums_after(full, origins - begin, horizons)
    if panel.promotion is None or not panel.knows_promotions_ahead:
        return plain
    known = panel.promotion[:, begin : begin + full.shape[1]]
    full = full[:, : known.shape[1]] * known
    return np.maximum(plain + uplift[:, :, None] * sums_after(full, origins - begin, horizons), LEAST_BOOST * plain)


def outcomes(past: Past, ahead: F64, level: F64) -> F64:
    """float64 [n, o, k]: what came, plus the level for what stockouts hid; NaN with too much hidden."""
    origins, horizons, demand = past.origins, past.horizons, past.demand
    if origins.min() + horizons.min() > demand.shape[1]:
        return np.full(ahead.shape, np.nan)
    seen = sums_after(past.exposure, origins, horizons)
    hidden = np.maximum(ahead - seen, 0.0)
    inside = (origins[:, None] + horizons <= demand.shape[1])[None] & (seen >= LEAST_SEEN * ahead)
    return np.where(inside, sums_after(demand, origins, horizons) + hidden * level[:, :, None], np.nan)


def _level_columns(levels: F64, level: F64) -> list[F64]:
    relative = np.clip(np.log((levels[:, :, 1:] + TINY) / (level[:, :, None] + TINY)), -4, 4)
    return [relative[:, :, c, None] for c in range(relative.shape[2])]


def _window_columns(past: Past, level: F64) -> list[F64]:
    windows = WINDOWS[past.panel.frequency]
    sums = window_sums(past.demand, past.exposure, past.promotion, past.origins, np.array(windows))
    columns: list[F64] = []
    for w, length in enumerate(windows):
        y, e, square, events, on = np.moveaxis(sums[:, :, w], -1, 0)
        columns.append(np.clip(np.log((y + 0.5 * level + TINY) / (e * level + 0.5 * level + TINY)), -4, 4))
        if w:
            mean = y / length
            columns.append(events / np.maximum(e, 1.0))
            columns.append(np.log((square / length - mean * mean + 0.1 * level + TINY) / (mean + 0.1 * level + TINY)))
        if w in (1, 2):
            columns.append(e / length)
        columns.append(on / length)
    quiet = silence(past.demand, past.exposure, past.origins)
    columns.append(np.log1p(quiet[:, :, 0] * level))
    columns.append(np.log1p(quiet[:, :, 1]))
    return [column[:, :, None] for column in columns]


def _block_column(past: Past, level: F64) -> F64:
    """Variance per mean of the sums over blocks of the horizon's own length, around the mean pace."""
    year = PERIODS_PER_YEAR[past.panel.frequency]
    y, e, yy, ye, ee = np.moveaxis(block_moments(past.demand, past.exposure, past.origins, past.horizons, year), -1, 0)
    pace = y / np.maximum(e, 1e-9)
    square = np.maximum(yy - 2 * pace * ye + pace * pace * ee, 0.0)
    prior = level[:, :, None] * past.horizons
    return np.asarray(np.log((square + prior + TINY) / (y + prior + TINY)), dtype=np.float64)


def _promotion_columns(past: Past, share: F64, level: F64, base: F64, uplift: F64) -> list[F64]:
    """Promotion now and ahead, the uplift learned, and what demand was at the steps of promotion to come."""
    if past.panel.promotion is None:
        return [np.zeros((1, 1, 1))] * 6
    now = past.promotion[:, np.maximum(past.origins - 1, 0)][:, :, None].astype(np.float64)
    rates = _step_rates(past, share, level, uplift)
    columns = [now, np.log(1 + uplift)[:, :, None], _log_ratio(rates[:, :, :1], level[:, :, None])]
    if past.panel.knows_promotions_ahead:
        return [*columns, *_columns_of_promotions_ahead(past, base, rates)]
    here = np.take_along_axis(rates, np.searchsorted(EDGES, now), axis=2)
    return [*columns, _log_ratio(here, level[:, :, None]), now * 0, now * 0]


def _step_rates(past: Past, share: F64, level: F64, uplift: F64) -> F64:
    """float64 [n, o, b]: demand per exposure at each step of promotion, shrunk to what the uplift says of it."""
    plain = past_exposure(share, past.factors.season, _none(past), past.factors.peers, past.factors.event)
    keep = 0.5 ** (1 / STEP_HALF_LIFE[past.panel.frequency])
    sums = step_sums(past.demand, plain, past.promotion, past.origins, EDGES, keep)
    usual = level[:, :, None] * (1 + uplift[:, :, None] * CENTRES)
    prior = STEP_UNITS / np.maximum(usual, TINY)
    return np.asarray((sums[..., 0] + STEP_UNITS) / (sums[..., 1] + prior), dtype=np.float64)


def _columns_of_promotions_ahead(past: Past, base: F64, rates: F64) -> list[F64]:
    """What demand was at the steps to come against the base [n, o, k], and the mean and the peak of the promotion."""
    begin, full = season_ahead(past.panel, past.factors, past.origins, past.horizons)
    known: F64 = np.zeros(full.shape)
    there = past.promotion[:, begin : begin + known.shape[1]]
    known[:, : there.shape[1]] = there
    places = past.origins - begin
    steps = steps_ahead(full, known, places, past.horizons, EDGES, rates)
    mean = sums_after(known, places, past.horizons) / past.horizons
    peak = np.stack([[known[:, o : o + h].max(axis=1) for h in past.horizons] for o in places]).transpose(2, 0, 1)
    return [_log_ratio(steps, base), mean, peak]


def _log_ratio(one: F64, other: F64) -> F64:
    return np.asarray(np.clip(np.log((one + TINY) / (other + TINY)), -4, 4), dtype=np.float64)


def _driver_columns(past: Past) -> list[F64]:
    """Of every driver its last value, its mean over the second window, and over the horizon (not known: the last)."""
    panel, origins = past.panel, past.origins
    if panel.drivers is None:
        return []
    begin = np.maximum(origins - WINDOWS[panel.frequency][1], 0)
    columns: list[F64] = []
    for m in range(panel.drivers.shape[2]):
        values = panel.drivers[:, :, m].astype(np.float64)
        running = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
        usual = (running[:, origins] - running[:, begin]) / np.maximum(origins - begin, 1)
        last = values[:, np.maximum(origins - 1, 0)][:, :, None]
        ahead = last
        if values.shape[1] > panel.n_days:
            end = np.minimum(origins[:, None] + past.horizons, values.shape[1])
            ahead = (running[:, end] - running[:, origins][:, :, None]) / np.maximum(end - origins[:, None], 1)
        columns += [last, usual[:, :, None], ahead]
    return columns


def _last_year(past: Past, level: F64) -> F64:
    """The series' own pace in the same window a year ago against its level now; 0 where there is no such window."""
    year, origins = PERIODS_PER_YEAR[past.panel.frequency], past.origins
    if origins.max() < year:
        return np.zeros((1, 1, 1))
    before = np.maximum(origins - year, 0)
    total = sums_after(past.demand, before, past.horizons)
    seen = sums_after(past.exposure, before, past.horizons)
    pace = (total + 2 * level[:, :, None] + TINY) / ((seen + 2) * level[:, :, None] + TINY)
    return np.where((origins >= year)[None, :, None], np.clip(np.log(pace), -4, 4), 0.0)
