"""The season of the year that all series of a panel share: how much of the usual is asked for in each of its 52 parts.

A series alone tells little of its year, all together tell much: Christmas, summer, the start of school. It is learned
from the third year on only (before that a season and a trend look alike), and weighs as much as the years agree: what
one year had and the others did not is not expected again. Months have their season in the profile of the series.
"""

from datetime import timedelta

import numpy as np

from forecasting.engine.kernels import F64, I64
from forecasting.engine.panel import PERIODS_PER_YEAR, Panel

PARTS = 52
LEAST_YEARS = 2
MOST_BENDS = 3  # degree of the trend that is taken out first, at most one less than the years
TURNS = 8
LEAST_SHOWN = 0.05  # of the usual, so that a week in which all was closed does not count without end
LEAST_UNITS = 200.0  # of demand in a part of a year, on average, for it to say anything


def year_factor(panel: Panel, share: F64, demand: F64) -> F64:
    """float64 [n_days + a year]: factor of every period; 1 throughout where too little is known of the year."""
    length = panel.n_days + PERIODS_PER_YEAR[panel.frequency]
    years = panel.n_days // PERIODS_PER_YEAR[panel.frequency]
    if panel.frequency == "M" or years < LEAST_YEARS or demand.sum() < LEAST_UNITS * PARTS * years:
        return np.ones(length)
    year, part = places_of(panel, length)
    rate = demand.sum(axis=1) / np.maximum(share.sum(axis=1), 1.0)
    cell = year[: panel.n_days] * PARTS + part[: panel.n_days]
    shown, usual = (np.bincount(cell, x, (year.max() + 1) * PARTS) for x in (demand.sum(axis=0), rate @ share))
    known = np.flatnonzero(usual > 0)
    index = np.full(len(usual), np.nan)
    index[known] = np.log(np.maximum(shown[known] / usual[known], LEAST_SHOWN))
    season = shared_season(index.reshape(-1, PARTS), min(years - 1, MOST_BENDS))
    return np.asarray(np.exp(season)[part], dtype=np.float64)


def places_of(panel: Panel, length: int) -> tuple[I64, I64]:
    """int64 [length] each: the year (from 0) and the part of the year, 0 .. 51, that each period begins in."""
    step = {"D": 1, "W": 7, "M": 30}[panel.frequency]
    days = [(panel.start + timedelta(days=step * t)).timetuple() for t in range(length)]
    year = np.array([day.tm_year for day in days], dtype=np.int64)
    part = np.array([min((day.tm_yday - 1) // 7, PARTS - 1) for day in days], dtype=np.int64)
    return year - year[0], part


def shared_season(index: F64, bends: int) -> F64:
    """float64 [p]: what the parts of a year have in common, as a logarithm, from index [y, p] (NaN: not seen).

    A trend of degree `bends` is taken out. Each part is shrunk by its reliability, n c / (n c + v - c), where n is how
    often it was seen, v the variance of what is left after the trend and c the mean product of two years.
    """
    seen = np.isfinite(index)
    place = np.arange(index.size).reshape(index.shape)[seen] / index.size
    rest, part = index[seen], np.nonzero(seen)[1]
    times = np.bincount(part, minlength=index.shape[1])
    season: F64 = np.zeros(index.shape[1])
    trend: F64 = np.zeros(len(rest))
    for _ in range(TURNS):
        trend = np.asarray(np.polyval(np.polyfit(place, rest - season[part], bends), place), dtype=np.float64)
        season = np.bincount(part, rest - trend, len(season)) / np.maximum(times, 1)
        season -= season.mean()
    left = rest - trend
    total, square = (np.bincount(part, x, len(season)) for x in (left, left * left))
    pairs = times * (times - 1.0)
    often = pairs > 0
    if not often.any():
        return np.zeros(len(season))
    common = max(float(((total**2 - square)[often] / pairs[often]).mean()), 0.0)
    own = max(float((square[often] / times[often]).mean()) - common, 1e-9)
    return np.asarray(season * times * common / (times * common + own), dtype=np.float64)
