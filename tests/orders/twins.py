"""Slow twins of the fast kernels, written for reading: one number at a time, by the definition."""

import math

import numpy as np

from orders.domain.curves import expected_excess


def quantile_function(curve, levels, chance):
    """The demand at `chance` of the distribution that a curve stands for (see orders.domain.curves)."""
    knots, chances = [0.0, *curve], [0.0, *levels]
    if chance >= levels[-1]:
        step = max(curve[-1] - curve[-2], 1e-9)
        rate = math.log((1 - levels[-2]) / (1 - levels[-1])) / step
        return curve[-1] - math.log((1 - chance) / (1 - levels[-1])) / rate
    for left in range(len(levels)):
        if chance <= chances[left + 1]:
            part = (chance - chances[left]) / (chances[left + 1] - chances[left])
            return knots[left] + part * (knots[left + 1] - knots[left])
    raise AssertionError


def excess(curve, levels, stock, slices=200_000):
    """E[(D - stock)+] as the mean over equally likely slices of the quantile function."""
    values = (quantile_function(curve, levels, (i + 0.5) / slices) for i in range(slices))
    return sum(max(value - stock, 0.0) for value in values) / slices


def mean_demand(mean, days):
    """Expected demand of the first `days`, day by day."""
    pace = sum(mean[-7:]) / len(mean[-7:])
    total, day = 0.0, 0
    while days > 0:
        total += min(days, 1.0) * (mean[day] if day < len(mean) else pace)
        days, day = days - 1.0, day + 1
    return total


def cover(stock, mean):
    """Days until the stock is used up, walking day by day."""
    if sum(mean) <= 0:
        return math.inf
    pace = sum(mean[-7:]) / len(mean[-7:])
    for day in range(10_000):
        asked = mean[day] if day < len(mean) else pace
        if asked >= stock:
            return day + (stock / asked if stock else 0.0)
        stock -= asked
    return math.inf


def order_quantity(need, minimum, pack):
    """Adds packs until it is enough."""
    if need <= 0:
        return 0
    quantity = pack
    while quantity < max(need, minimum):
        quantity += pack
    return quantity


def units_lost(curves, levels, supply, until, ways):
    """Beyond the day that is worst on average, what the worst day of each way loses more; `curves` by day."""
    if until == 0:
        return 0.0
    days = range(until)
    expected = [float(expected_excess(curves[None, day], np.array(levels), supply[None, day])[0]) for day in days]
    worst = max(days, key=lambda day: expected[day])
    more = []
    for piece, part in zip(*ways, strict=True):
        lost = []
        for day in days:
            knots = [0.0, *curves[day]]
            low, high = knots[piece[day]], knots[piece[day] + 1]
            lost.append(max(low + part[day] * (high - low) - supply[day], 0.0))
        ends = [day for day in days if day in (worst, until - 1) or supply[day + 1] > supply[day]]
        more.append(max(lost[day] for day in ends) - lost[worst])
    is_one_stretch = all(supply[day + 1] <= supply[day] for day in range(until - 1))
    return expected[worst] + (0.0 if is_one_stretch else sum(more) / len(more))


def weigh_turn(stakes, holder, other):
    """(money saved, money it costs, units not lost, units bought) where the turn of one SKU passes from `holder` to
    `other` (see orders.domain.turn): plain numbers by name, `breaks` of a seller are (units, price)."""
    if stakes["daily"] <= 0:
        return 0.0, 0.0, 0.0, 0.0
    kept = max(holder["lost"] - other["lost"], 0.0)
    need = turn_order(stakes, other["day"])
    order, usual = turn_packs(need, other), turn_packs(need, holder)
    bought = max(order, turn_packs(kept, other))
    more = turn_year(stakes, other, order) - turn_year(stakes, holder, usual)
    return kept * stakes["lost_unit"], max(more * bought / (stakes["daily"] * 365), 0.0), kept, bought


def turn_order(stakes, day):
    if not math.isnan(stakes["minimum"]):
        return max(stakes["maximum"] - min(stakes["held"], stakes["minimum"]), 0.0)
    until = (day + stakes["review_days"] + stakes["lot_days"]) * stakes["daily"]
    return max(until - stakes["held"], stakes["lot_days"] * stakes["daily"])


def turn_packs(units, seller):
    packs = 1
    while packs * seller["pack"] < max(units, seller["least"]) - 1e-6:
        packs += 1
    return packs * seller["pack"]


def turn_year(stakes, seller, quantity):
    price = seller["price"]
    for least, cheaper in seller["breaks"]:
        price = cheaper if quantity >= least else price
    asked = stakes["daily"] * 365
    holding = stakes["holding_rate"] * price * quantity / 2
    return asked * price + stakes["ordering_cost"] * asked / quantity + holding
