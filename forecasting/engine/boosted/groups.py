"""What the peers of a series do: sums over all series, its category, its location, its item at other places."""

from dataclasses import dataclass

import numpy as np

from forecasting.engine.exposure import group_index
from forecasting.engine.kernels import F32, F64, I64, kernel
from forecasting.engine.panel import PERIODS_PER_YEAR, Frequency, Panel

PACE_UNITS = 5.0  # units of demand that a group's pace is steadied by
GROUPS = 4
CATEGORY, ITEM = 1, 3  # places of these groups in what `peers_of` returns
PER_GROUP = 6


@kernel
def group_sums(demand: F64, exposure: F64, promotion: F32, rate: F64, group: I64, groups: int) -> F64:
    """float64 [3, groups, p]: demand, exposure times the rate [n], promotion times the rate, summed over the groups.

    demand and exposure [n, d], promotion [n, p >= d] or [n, 0]; p = d without promotion. Demand and exposure after d
    are 0.
    """
    n, d = demand.shape
    width = max(d, promotion.shape[1])
    out = np.zeros((3, groups, width))
    for i in range(n):
        g = group[i]
        for t in range(d):
            out[0, g, t] += demand[i, t]
            out[1, g, t] += exposure[i, t] * rate[i]
        for t in range(promotion.shape[1]):
            out[2, g, t] += promotion[i, t] * rate[i]
    return out


def group_sums_slow(demand: F64, exposure: F64, promotion: F32, rate: F64, group: I64, groups: int) -> F64:
    """The same, one group after another."""
    d = demand.shape[1]
    out = np.zeros((3, groups, max(d, promotion.shape[1])))
    for g in range(groups):
        here = group == g
        out[0, g, :d] = demand[here].sum(axis=0)
        out[1, g, :d] = (exposure[here] * rate[here, None]).sum(axis=0)
        out[2, g, : promotion.shape[1]] = (promotion[here].astype(np.float64) * rate[here, None]).sum(axis=0)
    return out


@dataclass(frozen=True)
class Peers:
    """Running sums over the series of each group, [groups, 1 + periods], and the group of each series [n].

    promotion is that of the group per unit of rate, averaged; [groups, 0] without promotions.
    """

    demand: F64
    exposure: F64
    promotion: F64
    group: I64

    def rows(self, part: slice) -> "Peers":
        return Peers(self.demand, self.exposure, self.promotion, self.group[part])

    def present(self) -> "Peers":
        """The same without the groups that no series of these belongs to."""
        groups, group = np.unique(self.group, return_inverse=True)
        return Peers(self.demand[groups], self.exposure[groups], self.promotion[groups], group.astype(np.int64))


def peers_of(panel: Panel, demand: F64, exposure: F64) -> list[Peers | None]:
    """All series, the categories, the locations, the items: what moves together; None where the panel does not say.

    Each series counts by its rate; demand and exposure [n, d].
    """
    out: list[Peers | None] = []
    rate = demand.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1.0)
    promotion = panel.promotion_or_none
    for place, ids in enumerate((None, panel.category, panel.location, panel.item)):
        if place and ids is None:
            out.append(None)
            continue
        group = group_index(ids, len(demand))
        groups = int(group.max(initial=0)) + 1
        sums = group_sums(demand, exposure, promotion, rate, group, groups)
        weight = np.bincount(group, rate, minlength=groups)[:, None]
        d = demand.shape[1]
        sold, expected = (np.cumsum(np.pad(s, ((0, 0), (1, 0))), axis=1) for s in (sums[0, :, :d], sums[1, :, :d]))
        shown = sums[2, :, : promotion.shape[1]] / np.maximum(weight, 1e-9)
        if shown.shape[1]:
            shown = np.cumsum(np.pad(shown, ((0, 0), (1, 0))), axis=1)
        out.append(Peers(sold, expected, shown, group))
    return out


def peer_columns(
    found: list[Peers | None], origins: I64, horizons: I64, frequency: Frequency, windows: tuple[int, ...]
) -> list[F64]:
    """GROUPS x PER_GROUP columns [n, o, k] or broadcastable to it; a group that is not known gives zeros."""
    columns: list[F64] = []
    for peers in found:
        if peers is None:
            columns += [np.zeros((1, 1, 1))] * PER_GROUP
            continue
        here = peers.present()
        moved = group_features(here, origins, horizons, PERIODS_PER_YEAR[frequency], windows)
        columns += list(np.moveaxis(moved[here.group], -1, 0))
    return columns


def group_features(peers: Peers, origins: I64, horizons: I64, year: int, windows: tuple[int, ...]) -> F64:
    """float64 [groups, o, k, 6]: paces of the last windows against each other (short, middle, long), last year's change
    after the same date, growth since, and promotion of the group ahead (or now) against the recent one.
    """
    y, e = peers.demand, peers.exposure

    def pace(begin: I64, end: I64) -> F64:
        begin, end = np.clip(begin, 0, y.shape[1] - 1), np.clip(end, 0, y.shape[1] - 1)
        seen = e[:, end] - e[:, begin]
        return np.asarray(np.log((y[:, end] - y[:, begin] + PACE_UNITS) / (seen + PACE_UNITS)), dtype=np.float64)

    out = np.zeros((len(y), len(origins), len(horizons), PER_GROUP))
    short, recent, long, year_long = (pace(origins - w, origins) for w in windows)
    out[..., 0] = (recent - long)[:, :, None]
    out[..., 1] = (short - recent)[:, :, None]
    out[..., 2] = (long - year_long)[:, :, None]
    past = origins - year
    if (past >= windows[1]).any():
        known = (past >= windows[1]).astype(np.float64)
        then = pace(past - windows[1], past)
        out[..., 4] = ((recent - then) * known)[:, :, None]
        for k, h in enumerate(horizons):
            out[:, :, k, 3] = (pace(past, past + h) - then) * known
    _promoted(out, peers.promotion, origins, horizons, y.shape[1] - 1, windows)
    return out


def _promoted(out: F64, running: F64, origins: I64, horizons: I64, n_days: int, windows: tuple[int, ...]) -> None:
    if not running.shape[1]:
        return
    last = running.shape[1] - 1
    begin = np.maximum(origins - windows[1], 0)
    usual = (running[:, origins] - running[:, begin]) / np.maximum(origins - begin, 1)
    if last > n_days:
        for k, h in enumerate(horizons):
            end = np.minimum(origins + h, last)
            out[:, :, k, 5] = (running[:, end] - running[:, np.minimum(origins, last)]) / h - usual
        return
    begin = np.maximum(origins - windows[0], 0)
    now = (running[:, origins] - running[:, begin]) / np.maximum(origins - begin, 1)
    out[..., 5] = (now - usual)[:, :, None]
