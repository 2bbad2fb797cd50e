"""The kernels of orders that cost least: what a day costs at a position, the cheapest window of positions, and up to
which of them an order should not wait. The formulas stand in `orders.domain.economic`, `orders.domain.waiting` and
`orders.domain.before_delivery`.

They call each other, so they share a file: numba looks only at the file of a kernel when it decides whether the machine
code that it kept is still good.
"""

import numpy as np

from forecasting.engine.kernels import kernel
from orders.domain.curves import F64

MOST_CELLS = 600
TAIL_LENGTHS = 6.0


@kernel
def all_windows(
    until_end: F64, until_eve: F64, levels: F64, holding: F64, empty_day: F64, lost_unit: F64, order_line: F64,
    daily_demand: F64, pack: F64, step: F64, most_lot: F64, passed: F64, share: F64,
) -> F64:  # fmt: skip
    """[n, 2]: reorder point and lot of each series; see `economic_points`."""
    out = np.zeros((len(until_end), 2))
    chances = chances_of(levels)
    for i in range(len(until_end)):
        rate = tail_rate(until_end[i], levels)
        top = until_end[i, -1] + TAIL_LENGTHS / rate + 2.0 * pack[i]
        cell = step[i] * max(1.0, np.ceil(top / step[i] / MOST_CELLS))
        end = chances_below(until_end[i], levels, cell, int(top / cell) + 2)
        eve = chances_below(until_eve[i], levels, cell, int(top / cell) + 2)
        growing = position_costs(end, eve, holding[i] * cell, 0.0, lost_unit[i] * cell)
        empty = position_costs(end, eve, 0.0, empty_day[i], 0.0)
        first, cells = best_window(
            growing + empty, order_line[i] * daily_demand[i] / cell, max(1, round(pack[i] / cell)),
            max(1, int(most_lot[i] / cell)),
        )  # fmt: skip
        mean = (until_end[i] * chances).sum()
        if passed.shape[1] > 1 and mean > 0.0:
            first = 1 + latest_point(
                first - 1, cells, growing, empty, holding[i] * cell, until_end[i] / mean, chances, passed[i] / cell,
                share[i],
            )  # fmt: skip
        out[i, 0] = (first - 1) * cell
        out[i, 1] = max(pack[i], round(cells * cell / pack[i]) * pack[i])
    return out


@kernel
def chances_of(levels: F64) -> F64:
    """[q]: the chance that each quantile stands for, half-way to its neighbours."""
    q = len(levels)
    out = np.zeros(q)
    for j in range(q):
        low = 0.0 if j == 0 else (levels[j - 1] + levels[j]) / 2.0
        high = 1.0 if j == q - 1 else (levels[j] + levels[j + 1]) / 2.0
        out[j] = high - low
    return out


@kernel
def tail_rate(curve: F64, levels: F64) -> float:
    """Rate of the exponential tail beyond the last quantile of a curve [q] at levels [q], from the last two."""
    gap = max(curve[-1] - curve[-2], 1e-6)
    return float(np.log((1.0 - levels[-2]) / (1.0 - levels[-1])) / gap)


@kernel
def chances_below(curve: F64, levels: F64, cell: float, count: int) -> F64:
    """[count]: P(D <= k cells), with half a cell added since quantiles of counts come unrounded from the forecast."""
    out = np.zeros(count)
    rate = tail_rate(curve, levels)
    j = 0
    for k in range(count):
        x = (k + 0.5) * cell
        if x >= curve[-1]:
            out[k] = 1.0 - (1.0 - levels[-1]) * np.exp(-rate * (x - curve[-1]))
        elif x < curve[0]:
            out[k] = levels[0] * x / curve[0]
        else:
            while x >= curve[j + 1]:
                j += 1
            part = (x - curve[j]) / max(curve[j + 1] - curve[j], 1e-12)
            out[k] = levels[j] + part * (levels[j + 1] - levels[j])
    return out


@kernel
def position_costs(until_end: F64, until_eve: F64, holding: float, empty_day: float, lost_unit: float) -> F64:
    """[m]: G of the positions 0 .. m - 1 cells; `until_end`, `until_eve` [m] are P(D <= k cells)."""
    m = len(until_end)
    out = np.zeros(m)
    mean = 0.0
    eve_excess = 0.0
    for k in range(m):
        mean += 1.0 - until_end[k]
        eve_excess += 1.0 - until_eve[k]
    excess = mean
    for y in range(m):
        is_empty = 1.0 if y == 0 else 1.0 - until_end[y - 1]
        out[y] = holding * (y - mean + excess) + empty_day * is_empty + lost_unit * (excess - eve_excess)
        excess -= 1.0 - until_end[y]
        eve_excess -= 1.0 - until_eve[y]
    return out


@kernel
def best_window(daily: F64, ordering: float, pack: int, most: int) -> tuple[int, int]:
    """(first, length) of the window of positions with the least (ordering + sum of daily) / length; the length is a
    multiple of `pack`, at most `most` unless that is less than a pack."""
    low = 0
    for y in range(len(daily)):
        if daily[y] < daily[low]:
            low = y
    high = low
    total = daily[low]
    best = np.inf
    first = low
    length = pack
    while True:
        count = high - low + 1
        if count % pack == 0 and (ordering + total) / count < best:
            best = (ordering + total) / count
            first = low
            length = count
        below = daily[low - 1] if low > 0 else np.inf
        above = daily[high + 1] if high + 1 < len(daily) else np.inf
        cheapest = min(below, above)
        if cheapest == np.inf or count >= max(most, pack):
            return first, length
        if count >= pack and count % pack == 0 and cheapest >= best:
            return first, length
        if below <= above:
            low -= 1
        else:
            high += 1
        total += cheapest


@kernel
def latest_point(
    point: int, lot: int, growing: F64, empty: F64, slope: float, courses: F64, chances: F64, passed: F64, share: F64
) -> int:
    """The highest position up to `point` at which a lot should not wait; -1 where it can at each.

    growing, empty    [m]: cost of a day at the positions 0 .. m - 1 by its units, which grows with demand, and of its
                      shelf being empty; beyond the last the first goes on with `slope`.
    courses, chances  [q]: demand of each course as a share of the expected one, and its chance.
    passed, share     [k]: as in `Ahead`.
    """
    for position in range(point, -1, -1):
        now = gain(growing, empty, slope, float(position), lot, share[0])
        if now >= 0.0 and now >= idle(growing, empty, slope, position, lot, courses, chances, passed, share):
            return position
    return -1


@kernel
def idle(
    growing: F64, empty: F64, slope: float, position: int, lot: int, courses: F64, chances: F64, passed: F64, share: F64
) -> float:
    """What a lot ordered tonight is expected to cost on nights that would not have ordered it."""
    found = 0.0
    for j in range(len(courses)):
        sum_of_gains, least = 0.0, 0.0
        for k in range(1, len(passed)):
            sum_of_gains += gain(growing, empty, slope, position - passed[k] * courses[j], lot, share[k])
            least = min(least, sum_of_gains)
        found -= chances[j] * least
    return found


@kernel
def gain(growing: F64, empty: F64, slope: float, position: float, lot: int, share: float) -> float:
    """What a day costs at a position, less what it costs with a lot more, with `share` of the demand of the tables."""
    low, high = position / share, (position + lot) / share
    less = at(empty, low, 0.0) - at(empty, high, 0.0)
    return less + share * (at(growing, low, slope) - at(growing, high, slope))


@kernel
def at(table: F64, place: float, slope: float) -> float:
    """The value at a place between the whole ones; before the first its own, behind the last on with `slope`."""
    last = len(table) - 1
    if place <= 0.0:
        return float(table[0])
    if place >= last:
        return float(table[last] + slope * (place - last))
    left = int(place)
    return float(table[left] + (place - left) * (table[left + 1] - table[left]))


@kernel
def less_lost(curves: F64, chances: F64, lead_days: F64, daily: F64, there: F64) -> tuple[F64, F64]:
    """Curves [n, k, q] less what is lost on each course within `lead_days` [n, k]; and what is lost on average
    [n, k]."""
    count, lengths, size = curves.shape
    out = np.zeros(curves.shape)
    lost = np.zeros((count, lengths))
    for i in range(count):
        for length in range(lengths):
            curve = curves[i, length]
            mean = (curve * chances).sum()
            for j in range(size):
                missing = 0.0
                if mean > 0.0:
                    missing = lost_on_course(daily[i], there[i], lead_days[i, length], curve[j] / mean)
                out[i, length, j] = max(curve[j] - missing, 0.0)
                lost[i, length] += chances[j] * missing
    return out, lost


@kernel
def lost_on_course(daily: F64, there: F64, days: float, pace: float) -> float:
    """Units lost within whole `days` when each day asks for `pace` times the `daily` demand [D] and `there` [D] has
    been there by its end."""
    asked, most = 0.0, 0.0
    for day in range(min(int(days + 0.5), len(daily))):
        asked += pace * daily[day]
        most = max(most, asked - there[day])
    return most


@kernel
def dated_points(
    until_end: F64, until_eve: F64, length_chances: F64, levels: F64, holding: F64, empty_day: F64, lost_unit: F64,
    point: F64, lot: F64, pack: F64, step: F64, passed: F64, share: F64,
) -> F64:  # fmt: skip
    """[n]: the highest position up to `point` at which a lot should not wait; `until_end`, `until_eve` [n, k, q] are
    quantiles of the demand over k lengths of the protection interval with `length_chances` [n, k]."""
    count, lengths, size = until_end.shape
    out = np.zeros(count)
    chances = chances_of(levels)
    for i in range(count):
        top = 0.0
        for length in range(lengths):
            curve = until_end[i, length]
            top = max(top, curve[size - 1] + TAIL_LENGTHS / tail_rate(curve, levels) + 2.0 * pack[i])
        cell = step[i] * max(1.0, np.ceil(top / step[i] / MOST_CELLS))
        cells = int(top / cell) + 2
        end, eve, course = np.zeros(cells), np.zeros(cells), np.zeros(size)
        for length in range(lengths):
            chance = length_chances[i, length]
            if chance > 0.0:
                end += chance * chances_below(until_end[i, length], levels, cell, cells)
                eve += chance * chances_below(until_eve[i, length], levels, cell, cells)
                course += chance * until_end[i, length]
        growing = position_costs(end, eve, holding[i] * cell, 0.0, lost_unit[i] * cell)
        empty = position_costs(end, eve, 0.0, empty_day[i], 0.0)
        course = course / max((course * chances).sum(), 1e-9)
        highest = min(cells - 1, int(np.ceil(point[i] / cell)))
        out[i] = cell * latest_point(
            highest, max(1, round(lot[i] / cell)), growing, empty, holding[i] * cell, course, chances,
            passed[i] / cell, share[i],
        )  # fmt: skip
    return out
