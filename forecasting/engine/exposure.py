"""How much demand each period could show: share in stock x season x promotion, and the same for the horizon.

Everything downstream sees a series as `demand` and `exposure`: a period with exposure 2 is expected to show twice
the level. A period out of stock has exposure 0: it is no evidence of low demand (censoring), and a part-day counts
for the part. Nothing here looks at a column after the last one of the panel, except known promotions and events.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import F32, F64, I64, kernel
from forecasting.engine.panel import Panel
from forecasting.engine.year import year_factor

SEASON_WINDOW = 26  # seasons looked back at for the profile of the week
SEASON_UNITS = 40.0  # a group's profile weighs as many units of demand as this
GROUP_UNITS = 2000.0  # likewise that of all series, in a group
UPLIFT_UNITS = 30.0  # a group's promotion uplift weighs as much as this many expected units on promotion
EVENT_TIMES = 1.0  # occurrences of "no effect" that an event's effect is averaged with
RARE = 0.1
ON_PROMOTION = 0.02  # share above which a period counts as one on promotion
BASE_PERIODS = 7.0  # in stock and not on promotion that tell what is ordinary
BASE_RATE = 0.05  # how fast what is ordinary follows the demand
LEAST_BOOST = 0.1  # a promotion that harms leaves at least this share of the ordinary demand
LEAST_SHARE = 0.05  # a sale was recorded, so it was in stock for a moment at least


@dataclass(frozen=True)
class Factors:
    """What multiplies the level of each series.

    season     float64 [n, s]: mean 1 over the s places of the season; column of panel column t is t % s.
    uplift     float64 [n]: demand on promotion is 1 + uplift times the ordinary one.
    peers      float64 [n]: the same of the series' group alone, which no single series can bend to its own past.
    typical    float64 [n]: uplift of the group also where promotions are not known ahead; nothing is taken out of the
               history by it.
    event      float64 [>= d]: factor of each period shared by all series, events and the season of the year.
    """

    season: F64
    uplift: F64
    peers: F64
    typical: F64
    event: F64

    def rows(self, part: slice) -> "Factors":
        return Factors(self.season[part], self.uplift[part], self.peers[part], self.typical[part], self.event)


def stock_share(panel: Panel) -> F64:
    """float64 [n, d]: share in stock, 0 before the first day on sale, at least LEAST_SHARE in a part-day that sold."""
    share = np.ones(panel.demand.shape) if panel.in_stock_share is None else panel.in_stock_share.astype(np.float64)
    if panel.first_day is not None:
        share[np.arange(panel.n_days)[None, :] < panel.first_day[:, None]] = 0.0
    sold = panel.demand > 0
    if panel.in_stock_share is not None:
        wrong = distrusted(panel)
        share[wrong] = np.where((share[wrong] == 0) & _between_sales(sold[wrong]), 1.0, share[wrong])
    return np.where(sold & (share > 0), np.maximum(share, LEAST_SHARE), share)


def distrusted(panel: Panel) -> NDArray[np.bool_]:
    """bool [n]: series that sold more in periods marked out of stock than in the others.

    A sale in such a period contradicts its mark. Here and there it came from the first minutes of a day, and the
    period is left out; where most sales are like that (a shop that sells before it books), the marks are wrong, and
    the periods between its first and its last sale count as in stock.
    """
    if panel.in_stock_share is None:
        return np.zeros(panel.n_series, dtype=np.bool_)
    marked_out = np.where(panel.in_stock_share == 0, panel.demand, 0.0).sum(axis=1, dtype=np.float64)
    return np.asarray(2 * marked_out > panel.demand.sum(axis=1, dtype=np.float64), dtype=np.bool_)


def _between_sales(sold: NDArray[np.bool_]) -> NDArray[np.bool_]:
    began = np.logical_or.accumulate(sold, axis=1)
    goes_on = np.logical_or.accumulate(sold[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(began & goes_on, dtype=np.bool_)


def observed(panel: Panel, share: F64) -> F64:
    """float64 [n, d]: demand where it could show, 0 elsewhere."""
    return np.where(share > 0, panel.demand, 0.0).astype(np.float64)


@kernel
def past_exposure(share: F64, season: F64, promotion: F32, uplift: F64, event: F64) -> F64:
    """float64 [n, d]: share x season x (1 + uplift x promotion) x event; promotion [n, >= d] or [n, 0]."""
    n, d = share.shape
    s = season.shape[1]
    has_promotion = promotion.shape[1] > 0
    out = np.empty((n, d))
    for i in range(n):
        for t in range(d):
            value = share[i, t] * season[i, t % s] * event[t]
            if has_promotion:
                value *= max(1.0 + uplift[i] * promotion[i, t], LEAST_BOOST)
            out[i, t] = value
    return out


def exposure_of(panel: Panel, share: F64, factors: Factors) -> F64:
    """float64 [n, d]: the exposure of a panel's past, with each series' own uplift."""
    return past_exposure(share, factors.season, panel.promotion_or_none, factors.uplift, factors.event)


def past_exposure_slow(share: F64, season: F64, promotion: F32, uplift: F64, event: F64) -> F64:
    """The same with whole arrays."""
    d = share.shape[1]
    seasonal = season[:, np.arange(d) % season.shape[1]] * event[:d]
    boost = np.maximum(1 + uplift[:, None] * promotion[:, :d], LEAST_BOOST) if promotion.shape[1] else 1.0
    return np.asarray(share * seasonal * boost, dtype=np.float64)


def future_exposure(panel: Panel, factors: Factors, horizon: int) -> F64:
    """float64 [n, H]: exposure of each period ahead if in stock."""
    days = panel.n_days + np.arange(horizon)
    event = np.ones(horizon)
    known = factors.event[panel.n_days : panel.n_days + horizon]
    event[: len(known)] = known
    exposure = factors.season[:, days % factors.season.shape[1]] * event
    if panel.promotion is not None:
        ahead = panel.promotion[:, panel.n_days : panel.n_days + horizon]
        exposure[:, : ahead.shape[1]] *= np.maximum(1 + factors.uplift[:, None] * ahead, LEAST_BOOST)
    return exposure


@kernel
def season_sums(demand: F64, share: F64, begin: int, season: int) -> F64:
    """float64 [n, s, 2]: demand and time in stock at each place of the season from column `begin` on."""
    n, d = demand.shape
    out = np.zeros((n, season, 2))
    for i in range(n):
        for t in range(begin, d):
            out[i, t % season, 0] += demand[i, t]
            out[i, t % season, 1] += share[i, t]
    return out


def season_sums_slow(demand: F64, share: F64, begin: int, season: int) -> F64:
    """The same, one place after another."""
    places = [range(begin + (place - begin) % season, demand.shape[1], season) for place in range(season)]
    return np.stack([np.stack([x[:, list(days)].sum(axis=1) for x in (demand, share)], axis=1) for days in places], 1)


def season_profile(sums: F64, group: I64) -> F64:
    """float64 [n, s] of mean 1: each series' profile shrunk to its group's, and that to the one of all.

    sums [n, s, 2] as of `season_sums`, group [n] ids 0 .. g - 1.
    """
    n, season, _ = sums.shape
    if season == 1:
        return np.ones((n, 1))
    by_group = np.zeros((int(group.max(initial=0)) + 1, season, 2))
    np.add.at(by_group, group, sums)
    everyone = _profile(by_group.sum(axis=0, keepdims=True), np.ones((1, season)), 1.0)
    groups = _profile(by_group, everyone, GROUP_UNITS)
    return _profile(sums, groups[group], SEASON_UNITS)


def _profile(sums: F64, toward: F64, units: float) -> F64:
    total = sums.sum(axis=1)
    rate = total[:, 0] / np.maximum(total[:, 1], 1e-9)
    expected = rate[:, None] * sums[:, :, 1]
    index = (sums[:, :, 0] + units * toward) / np.maximum(expected + units, 1e-9)
    profile: F64 = index / index.mean(axis=1, keepdims=True)
    return profile


@kernel
def uplift_evidence(demand: F64, exposure: F64, promotion: F32, origins: I64) -> F64:
    """float64 [n, o, 2]: sum of p (demand - base) and of p^2 base over the periods on promotion before each origin.

    p is the promotion share; the base of a period is a smoothed level of the earlier ones without promotion.
    """
    n, d = demand.shape
    out = np.zeros((n, origins.shape[0], 2))
    for i in range(n):
        level = 0.0
        seen = 0.0
        gained = 0.0
        base = 0.0
        o = 0
        for t in range(d + 1):
            while o < origins.shape[0] and origins[o] == t:
                out[i, o, 0] = gained
                out[i, o, 1] = base
                o += 1
            if t == d:
                break
            e = exposure[i, t]
            p = np.float64(promotion[i, t])
            if e <= 0.0:
                continue
            if p > ON_PROMOTION and seen >= BASE_PERIODS:
                gained += p * (demand[i, t] - e * level)
                base += p * p * e * level
            if p <= ON_PROMOTION:
                seen += e
                level += max(BASE_RATE, 1.0 / seen) * (demand[i, t] - e * level)
                level = max(level, 0.0)
    return out


def uplift_evidence_slow(demand: F64, exposure: F64, promotion: F32, origins: I64) -> F64:
    """The same in plain Python."""
    out = np.zeros((len(demand), len(origins), 2))
    for i, (y, e, p) in enumerate(zip(demand, exposure, promotion.astype(np.float64), strict=False)):
        level, seen, found = 0.0, 0.0, [(0.0, 0.0)]
        for t in range(len(y)):
            gained, base = found[-1]
            if e[t] > 0 and p[t] > ON_PROMOTION and seen >= BASE_PERIODS:
                gained, base = gained + p[t] * (y[t] - e[t] * level), base + p[t] ** 2 * e[t] * level
            elif e[t] > 0 and p[t] <= ON_PROMOTION:
                seen += e[t]
                level = max(level + max(BASE_RATE, 1 / seen) * (y[t] - e[t] * level), 0.0)
            found.append((gained, base))
        out[i] = [found[stop] for stop in origins]
    return out


def shrunk_uplift(evidence: F64, peers: F64) -> F64:
    """float64 [...]: relative uplift at promotion 1 from evidence [..., 2], shrunk to the peers', in -0.5 .. 20."""
    own = (evidence[..., 0] + UPLIFT_UNITS * peers) / (evidence[..., 1] + UPLIFT_UNITS)
    return np.asarray(np.clip(own, -0.5, 20.0), dtype=np.float64)


def peer_uplift(evidence: F64, group: I64) -> F64:
    """float64 [n]: the uplift of each series' group, shrunk to that of all; evidence [n, 2]."""
    by_group = np.zeros((int(group.max(initial=0)) + 1, 2))
    np.add.at(by_group, group, evidence)
    total = by_group.sum(axis=0)
    everyone = total[0] / (total[1] + UPLIFT_UNITS)
    groups = (by_group[:, 0] + UPLIFT_UNITS * everyone) / (by_group[:, 1] + UPLIFT_UNITS)
    return np.asarray(groups[group], dtype=np.float64)


def event_factor(panel: Panel, share: F64, demand: F64, season: F64) -> F64:
    """float64 [>= d]: factor of every period, learned from all series together; 1 where there are no events.

    An event's effect is shrunk to none by EVENT_TIMES occurrences: one Easter is no evidence of the next. A column
    that marks more than RARE of the past (weekends, say) is left to the season and the level, which know it better.
    """
    factor = np.ones(panel.n_days)
    if panel.events is None or panel.n_series == 0:
        return factor
    rate = demand.sum(axis=1) / np.maximum(share.sum(axis=1), 1.0)
    places = np.arange(panel.n_days) % season.shape[1]
    expected = np.einsum("nd,nd->d", share * rate[:, None], season[:, places])[None]
    usual = max(float(expected.mean()), 1e-9)
    expected, total = expected / usual, demand.sum(axis=0)[None] / usual
    factor = np.ones(panel.events.shape[1])
    for column in panel.events:
        past = column[: panel.n_days] > 0
        if past.mean() > RARE:
            continue
        day = column[None].astype(np.float32)
        exposure = expected * factor[: panel.n_days]
        gained, base = uplift_evidence(total, exposure, day, np.array([panel.n_days]))[0, 0]
        times = float((np.diff(past.astype(np.int8), prepend=0) == 1).sum())
        uplift = gained / base * times / (times + EVENT_TIMES) if base > 0 else 0.0
        factor *= np.maximum(1 + uplift * column, 0.05)
    return factor


def together(one: F64, other: F64) -> F64:
    """float64 [longest]: the product of two factors by period, each 1 beyond its end."""
    longest = max(len(one), len(other))
    return np.asarray(np.prod([np.pad(f, (0, longest - len(f)), constant_values=1.0) for f in (one, other)], axis=0))


def group_index(ids: np.ndarray | None, n: int) -> I64:
    """int64 [n]: ids as 0 .. g - 1; all 0 where there are none."""
    if ids is None:
        return np.zeros(n, dtype=np.int64)
    return np.unique(ids, return_inverse=True)[1].reshape(-1).astype(np.int64)


def learn_factors(panel: Panel, share: F64, demand: F64) -> Factors:
    """Season, promotion uplift and event factors of the panel's series; share and demand [n, d].

    Where promotions are not known ahead their uplift stays 0: demand lifted by a promotion that goes on is a better
    guide than a level without it and a guess at the calendar (measured, see docs/forecast-engine.md).
    """
    group = group_index(panel.category, panel.n_series)
    begin = max(0, panel.n_days - SEASON_WINDOW * panel.season)
    season = season_profile(season_sums(demand, share, begin, panel.season), group)
    uplift = peers = typical = np.zeros(panel.n_series)
    event = together(event_factor(panel, share, demand, season), year_factor(panel, share, demand))
    if panel.promotion is not None:
        plain = past_exposure(share, season, np.zeros((panel.n_series, 0), np.float32), uplift, event)
        evidence = uplift_evidence(demand, plain, panel.promotion, np.array([panel.n_days]))[:, 0]
        typical = peer_uplift(evidence, group)
        if panel.knows_promotions_ahead:
            uplift, peers = shrunk_uplift(evidence, typical), typical
    return Factors(season, uplift, peers, typical, event)
