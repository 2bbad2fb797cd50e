"""Which decisions of a plan come too late: the shelf is expected to be empty before the ordinary delivery."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from inventory.models import Location
from orders.domain.curves import F64
from orders.domain.decision import Decision
from orders.domain.emergency import I64, Shelves, demand_curves, no_shelves, price_waiting, runs_out
from orders.domain.quantity import to_number
from orders.selectors.positions import days_until, load_arrivals
from orders.selectors.risk import FALLBACK_LEAD_DAYS, HORIZON_DAYS

NEEDING = ("proposed", "enough", "no_source", "no_room", "delayed")


@dataclass(frozen=True)
class LateShelves:
    """Decisions whose shelf empties too early, with their outlook; out_on [n] whole days after today."""

    decisions: Sequence[Decision]
    shelves: Shelves
    out_on: I64


def late_shelves(location: Location, decisions: Sequence[Decision], as_of: date, today: date) -> LateShelves:
    """Those that come too late. Two looks: without arrivals, at which most fall out, then at the rest with them."""
    seen = [d for d in decisions if d.outcome in NEEDING and len(d.daily_mean) and len(d.lead_curve)]
    nothing = LateShelves([], no_shelves(), np.empty(0, dtype=np.int64))
    if not seen:
        return nothing
    mean = ahead(np.stack([decision.daily_mean for decision in seen]), (today - as_of).days - 1)
    rows = _empty_without_arrivals(seen, mean)
    seen, mean = [seen[row] for row in rows], mean[rows]
    supply, until = _supply(location, seen, today)
    out_on = runs_out(mean, supply, until)
    rows = np.flatnonzero(out_on >= 0)
    if not len(rows):
        return nothing
    kept = [seen[row] for row in rows]
    curve = np.stack([decision.lead_curve for decision in kept]).astype(np.float64)
    days = np.array([FALLBACK_LEAD_DAYS if each.lead_days is None else each.lead_days for each in kept])
    value = np.array([to_number(each.case.margin) + each.case.policy.disappointment for each in kept])
    shelves = Shelves(demand_curves(mean[rows], curve, days), supply[rows], until[rows], value)
    return LateShelves(kept, shelves, out_on[rows])


def _empty_without_arrivals(seen: Sequence[Decision], mean: F64) -> I64:
    """The rows that run out on what stands there alone; where something is coming nobody knows yet when it relieves
    the shelf, so any day counts."""
    is_coming = [each.case.position.on_order + each.case.position.in_transit > 0 for each in seen]
    until = np.where(np.array(is_coming, dtype=np.bool_), HORIZON_DAYS, _ordinary_days(seen))
    return np.flatnonzero(runs_out(mean, _standing(seen), until) >= 0)


def costly(late: LateShelves, least: float) -> LateShelves:
    """Those whose waiting costs so much that a way can save the least that anybody is called for."""
    _lost, cost = price_waiting(late.shelves)
    rows = np.flatnonzero(cost >= least)
    return LateShelves([late.decisions[row] for row in rows.tolist()], late.shelves.rows(rows), late.out_on[rows])


def ahead(mean: F64, offset: int) -> F64:
    """[n, HORIZON_DAYS]: the demand of each day from `offset` on; beyond the forecast the last week's pace goes on."""
    left = mean[:, offset:][:, :HORIZON_DAYS]
    pace = np.repeat(mean[:, -7:].mean(axis=1)[:, None], HORIZON_DAYS - left.shape[1], axis=1)
    return np.concatenate([left, pace], axis=1).astype(np.float64)


def _ordinary_days(seen: Sequence[Decision]) -> I64:
    """[n]: days until an order of today can be sold."""
    days = [each.days_to_arrive if each.lead else math.ceil(FALLBACK_LEAD_DAYS) for each in seen]
    return np.minimum(np.array(days, dtype=np.int64), HORIZON_DAYS)


def _standing(seen: Sequence[Decision]) -> F64:
    """[n, HORIZON_DAYS]: what is available today, on each day."""
    stock = np.array([max(to_number(each.case.position.available), 0.0) for each in seen])
    return np.repeat(stock[:, None], HORIZON_DAYS, axis=1)


def _supply(location: Location, seen: Sequence[Decision], today: date) -> tuple[F64, I64]:
    """Units that have been there by the end of each day [n, HORIZON_DAYS], with what is on its way and what this plan
    proposes, and days until the shelf is relieved [n]. Once enough is ordered nothing new is, so that it is only
    relieved when the last of it comes."""
    supply, ordinary = _standing(seen), _ordinary_days(seen)
    row_of = {decision.case.sku_id: row for row, decision in enumerate(seen)}
    last = np.zeros(len(seen), dtype=np.int64)
    for arrival in load_arrivals([location.pk], list(row_of)) if row_of else ():
        row, day = row_of[arrival.sku_id], _days_until(arrival.expected_on, today)
        supply[row, day:] += to_number(arrival.quantity)
        last[row] = max(last[row], min(day, HORIZON_DAYS))
    for row, decision in enumerate(seen):
        supply[row, ordinary[row] :] += to_number(decision.quantity)
    is_proposed = np.array([decision.quantity > 0 for decision in seen], dtype=np.bool_)
    return supply, np.where(is_proposed | (last == 0), np.maximum(ordinary, last), last)


def _days_until(expected_on: date | None, today: date) -> int:
    """What is late is taken to come as much later again: who counts on tomorrow every day never acts."""
    late = 0 if expected_on is None else (today - expected_on).days
    return max(late, days_until(expected_on, today))
