"""What the global model sees of a series at an origin: numbers without scale, from the past and the known future only.

Every level is a logarithm relative to the base level of the series, so that one model serves a screw that sells once a
month and a loaf that sells a thousand a day.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.engine.choice import slope_sums
from forecasting.engine.exposure import Factors, group_index, past_exposure, shrunk_uplift, uplift_evidence
from forecasting.engine.kernels import F32, F64, I64, kernel
from forecasting.engine.methods.registry import Candidates, all_levels
from forecasting.engine.panel import PERIODS_PER_YEAR, Frequency, Panel

WINDOWS = {"D": (7, 28, 91, 364), "W": (2, 6, 13, 52), "M": (1, 3, 6, 12)}
BASE_PARAMS: dict[Frequency, list[tuple[str, tuple[float, float, float]]]] = {
    "D": [
        ("smoothing", (0.02, 0, 0)), ("smoothing", (0.05, 0, 0)), ("smoothing", (0.1, 0, 0)), ("average", (91, 0, 0)),
        ("tsb", (0.05, 0.05, 0)), ("average", (28, 0, 0)), ("average", (182, 0, 0)), ("average", (364, 0, 0)),
        ("smoothing", (0.2, 0, 0)), ("smoothing", (0.35, 0, 0)), ("trend", (0.1, 0.05, 0.95)),
    ],
    "W": [
        ("smoothing", (0.05, 0, 0)), ("smoothing", (0.1, 0, 0)), ("smoothing", (0.2, 0, 0)), ("average", (13, 0, 0)),
        ("tsb", (0.1, 0.1, 0)), ("average", (6, 0, 0)), ("average", (26, 0, 0)), ("average", (52, 0, 0)),
        ("smoothing", (0.35, 0, 0)), ("smoothing", (0.6, 0, 0)), ("trend", (0.2, 0.1, 0.9)),
    ],
    "M": [
        ("smoothing", (0.1, 0, 0)), ("smoothing", (0.2, 0, 0)), ("smoothing", (0.35, 0, 0)), ("average", (6, 0, 0)),
        ("tsb", (0.2, 0.1, 0)), ("average", (3, 0, 0)), ("average", (12, 0, 0)), ("average", (24, 0, 0)),
        ("smoothing", (0.5, 0, 0)), ("smoothing", (0.8, 0, 0)), ("trend", (0.35, 0.1, 0.9)),
    ],
}  # fmt: skip
IN_BASE = 5  # the first five make the base level: their mean
TINY = 1e-4
LEAST_SEEN = 0.9  # share of a window in stock for it to teach: with less, what is hidden is our own guess


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


def base_candidates(frequency: Frequency) -> Candidates:
    """The levels that the features are made of."""
    rows = BASE_PARAMS[frequency]
    return Candidates(tuple(name for name, _ in rows), np.array([p for _, p in rows], dtype=np.float64))


@kernel
def window_sums(demand: F64, exposure: F64, promotion: F32, origins: I64, windows: I64) -> F64:
    """float64 [n, o, w, 5]: over the last windows[w] periods before each origin the sums of demand, exposure,
    demand squared, periods with demand, promotion; promotion [n, >= d] or [n, 0].
    """
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], windows.shape[0], 5))
    sums = np.zeros((d + 1, 5))
    has_promotion = promotion.shape[1] > 0
    for i in range(n):
        for t in range(d):
            y = demand[i, t]
            sums[t + 1, 0] = sums[t, 0] + y
            sums[t + 1, 1] = sums[t, 1] + exposure[i, t]
            sums[t + 1, 2] = sums[t, 2] + y * y
            sums[t + 1, 3] = sums[t, 3] + (1.0 if y > 0.0 else 0.0)
            if has_promotion:
                sums[t + 1, 4] = sums[t, 4] + promotion[i, t]
        for o in range(origins.shape[0]):
            stop = origins[o]
            for w in range(windows.shape[0]):
                begin = max(0, stop - windows[w])
                for k in range(5):
                    out[i, o, w, k] = sums[stop, k] - sums[begin, k]
    return out


@kernel
def silence(demand: F64, exposure: F64, origins: I64) -> F64:
    """float64 [n, o, 2]: exposure since the last demand, and exposure since the start."""
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], 2))
    for i in range(n):
        since = 0.0
        seen = 0.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                out[i, o, 0] = since
                out[i, o, 1] = seen
                o += 1
            if t == d:
                break
            since = 0.0 if demand[i, t] > 0.0 else since + exposure[i, t]
            seen += exposure[i, t]
    return out


@kernel
def sums_after(values: F64, origins: I64, horizons: I64) -> F64:
    """float64 [n, o, k]: sums of values [n, d] over the next horizons[k] (ascending) periods, as far as they reach."""
    n, d = values.shape
    out = np.zeros((n, origins.shape[0], horizons.shape[0]))
    for i in range(n):
        for o in range(origins.shape[0]):
            total = 0.0
            t = origins[o]
            for k in range(horizons.shape[0]):
                stop = min(d, origins[o] + horizons[k])
                while t < stop:
                    total += values[i, t]
                    t += 1
                out[i, o, k] = total
    return out


@kernel
def group_sums(demand: F64, exposure: F64, rate: F64, group: I64, groups: int) -> F64:
    """float64 [2, groups, d]: demand, and exposure times the rate [n] of each series, summed over the groups."""
    n, d = demand.shape
    out = np.zeros((2, groups, d))
    for i in range(n):
        g = group[i]
        for t in range(d):
            out[0, g, t] += demand[i, t]
            out[1, g, t] += exposure[i, t] * rate[i]
    return out


@dataclass(frozen=True)
class Peers:
    """Sums over the series of a group: [groups, d], and the group of each series [n]."""

    demand: F64
    exposure: F64
    group: I64

    def rows(self, part: slice) -> "Peers":
        return Peers(self.demand, self.exposure, self.group[part])


def peers_of(panel: Panel, demand: F64, exposure: F64) -> list[Peers]:
    """All series, the categories, the locations: what moves together. Each series counts by its rate."""
    out = []
    rate = demand.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1.0)
    for ids in (None, panel.category, panel.location):
        group = group_index(ids, len(demand))
        sums = group_sums(demand, exposure, rate, group, int(group.max(initial=0)) + 1)
        out.append(Peers(sums[0], sums[1], group))
    return out


def peer_features(peers: Peers, origins: I64, horizons: I64, year: int, windows: tuple[int, ...]) -> F64:
    """float64 [groups, o, k, 3]: recent against long pace; last year's change after the same date; growth since."""
    y = np.cumsum(np.pad(peers.demand, ((0, 0), (1, 0))), axis=1)
    e = np.cumsum(np.pad(peers.exposure, ((0, 0), (1, 0))), axis=1)

    def pace(begin: I64, end: I64) -> F64:
        begin, end = np.clip(begin, 0, y.shape[1] - 1), np.clip(end, 0, y.shape[1] - 1)
        seen = e[:, end] - e[:, begin]
        return np.asarray(np.log((y[:, end] - y[:, begin] + 5.0) / (seen + 5.0)), dtype=np.float64)

    out = np.zeros((len(y), len(origins), len(horizons), 3))
    recent = pace(origins - windows[1], origins)
    out[..., 0] = (recent - pace(origins - windows[2], origins))[:, :, None]
    past = origins - year
    known = (past >= windows[1]).astype(np.float64)
    for k, h in enumerate(horizons):
        then = pace(past - windows[1], past)
        out[:, :, k, 1] = (pace(past, past + h) - then) * known
        out[:, :, k, 2] = (recent - then) * known
    return out


def snapshot(
    panel: Panel, share: F64, demand: F64, factors: Factors, peers: list[Peers], origins: I64, horizons: I64
) -> Snapshot:
    """Features, bases and, where the panel reaches that far, outcomes."""
    promotion = panel.promotion if panel.promotion is not None else np.zeros((panel.n_series, 0), np.float32)
    exposure = past_exposure(share, factors.season, promotion, factors.peers, factors.event)
    rate = demand.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1.0)
    uplift = uplift_at(panel, share, demand, factors, origins)
    chosen = base_candidates(panel.frequency)
    levels = all_levels(chosen, demand, exposure, origins, rate)
    level = levels[:, :, :IN_BASE, 0].mean(axis=2)
    ahead = exposure_ahead(panel, factors, uplift, origins, horizons)
    base = level[:, :, None] * ahead
    total = outcomes(demand, exposure, ahead, level, origins, horizons)
    columns = _level_columns(levels, level, chosen)
    columns += _window_columns(panel, demand, exposure, promotion, level, origins)
    values = np.broadcast_to(np.stack(columns, axis=-1)[:, :, None, :], (*base.shape, len(columns)))
    later = [np.log(base + 0.1), np.broadcast_to(np.log(horizons.astype(np.float64)), base.shape)]
    later += _promotion_columns(panel, promotion, uplift, origins, horizons, base.shape)
    later += _last_year(panel, demand, exposure, level, origins, horizons)
    for found in peers:
        moved = peer_features(found, origins, horizons, PERIODS_PER_YEAR[panel.frequency], WINDOWS[panel.frequency])
        later += list(np.moveaxis(moved[found.group], -1, 0))
    return Snapshot(
        np.concatenate([values, np.stack(later, axis=-1)], axis=-1).astype(np.float32), base, level, uplift, total
    )


def uplift_at(panel: Panel, share: F64, demand: F64, factors: Factors, origins: I64) -> F64:
    """float64 [n, o]: the promotion uplift as far as each origin can know it, 0 without a calendar ahead."""
    if panel.promotion is None or not panel.knows_promotions_ahead:
        return np.zeros((panel.n_series, len(origins)))
    nothing = np.zeros((panel.n_series, 0), np.float32)
    plain = past_exposure(share, factors.season, nothing, factors.peers, factors.event)
    return shrunk_uplift(uplift_evidence(demand, plain, panel.promotion, origins), factors.peers[:, None])


def exposure_ahead(panel: Panel, factors: Factors, uplift: F64, origins: I64, horizons: I64) -> F64:
    """float64 [n, o, k]: exposure of the next horizons[k] periods after each origin, were it in stock throughout."""
    begin, last = int(origins.min()), int(origins.max() + horizons.max())
    days = np.arange(begin, last)
    event = np.ones(last)
    event[: min(last, len(factors.event))] = factors.event[:last]
    full = factors.season[:, days % factors.season.shape[1]] * event[begin:]
    plain = sums_after(full, origins - begin, horizons)
    if panel.promotion is None or not panel.knows_promotions_ahead:
        return plain
    known = panel.promotion[:, begin:last]
    full = full[:, : known.shape[1]] * known
    return np.maximum(plain + uplift[:, :, None] * sums_after(full, origins - begin, horizons), 0.1 * plain)


def outcomes(demand: F64, exposure: F64, ahead: F64, level: F64, origins: I64, horizons: I64) -> F64:
    """float64 [n, o, k]: what came, plus the level for what stockouts hid; NaN with more than a tenth hidden."""
    if origins.min() + horizons.min() > demand.shape[1]:
        return np.full(ahead.shape, np.nan)
    seen = sums_after(exposure, origins, horizons)
    hidden = np.maximum(ahead - seen, 0.0)
    inside = (origins[:, None] + horizons <= demand.shape[1])[None] & (seen >= LEAST_SEEN * ahead)
    return np.where(inside, sums_after(demand, origins, horizons) + hidden * level[:, :, None], np.nan)


def _level_columns(levels: F64, level: F64, chosen: Candidates) -> list[F64]:
    relative = np.log((levels[:, :, 1:, 0] + TINY) / (level[:, :, None] + TINY))
    steep = levels[:, :, -1, 1] * slope_sums(chosen.phi[-1:], 1)[0] / (level + TINY)
    return [np.clip(relative[:, :, c], -4, 4) for c in range(relative.shape[2])] + [np.clip(steep, -1, 1)]


def _window_columns(panel: Panel, demand: F64, exposure: F64, promotion: F32, level: F64, origins: I64) -> list[F64]:
    windows = WINDOWS[panel.frequency]
    sums = window_sums(demand, exposure, promotion, origins, np.array(windows))
    columns: list[F64] = []
    for w, length in enumerate(windows):
        y, e, square, events, on = np.moveaxis(sums[:, :, w], -1, 0)
        columns.append(np.clip(np.log((y + 0.5 * level + TINY) / (e * level + 0.5 * level + TINY)), -4, 4))
        if w in (1, 2):
            mean = y / length
            columns.append(events / np.maximum(e, 1.0))
            columns.append(np.log((square / length - mean * mean + 0.1 * level + TINY) / (mean + 0.1 * level + TINY)))
            columns.append(e / length)
        if w < 2:
            columns.append(on / length)
    quiet = silence(demand, exposure, origins)
    columns.append(np.log1p(quiet[:, :, 0] * level))
    columns.append(np.log1p(quiet[:, :, 1]))
    return columns


def _promotion_columns(
    panel: Panel, promotion: F32, uplift: F64, origins: I64, horizons: I64, shape: tuple[int, ...]
) -> list[F64]:
    """Promotion ahead: its mean, its peak, its first period; and the uplift learned."""
    if not panel.knows_promotions_ahead:
        return []
    begin, last = int(origins.min()) - 1, int(origins.max() + horizons.max())
    known = np.zeros((shape[0], last - begin))
    there = promotion[:, begin:last]
    known[:, : there.shape[1]] = there
    places = origins - begin
    mean = sums_after(known, places, horizons) / horizons
    peak = np.stack([[known[:, o : o + h].max(axis=1) for h in horizons] for o in places]).transpose(2, 0, 1)
    before = np.broadcast_to(known[:, places - 1][:, :, None], shape)
    return [mean, peak, before, np.broadcast_to(np.log(1 + uplift)[:, :, None], shape)]


def _last_year(panel: Panel, demand: F64, exposure: F64, level: F64, origins: I64, horizons: I64) -> list[F64]:
    """The series' own pace in the same window a year ago against its level now; 0 where there is no such window."""
    year = PERIODS_PER_YEAR[panel.frequency]
    if origins.max() < year:
        return [np.zeros((len(demand), len(origins), len(horizons)))]
    past = np.maximum(origins - year, 0)
    total, seen = sums_after(demand, past, horizons), sums_after(exposure, past, horizons)
    pace = (total + 2 * level[:, :, None] + TINY) / ((seen + 2) * level[:, :, None] + TINY)
    known = (origins >= year)[None, :, None]
    return [np.where(known, np.clip(np.log(pace), -4, 4), 0.0)]
