"""When the goods of each of several suppliers would come, and until when the shelf lasts: for all SKUs of a plan at
once."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from forecasting.selectors.sums import PublishedSums
from orders.domain.by_calendar import NOISE, Calendars
from orders.domain.curves import STORED_LEVELS, expected_excess
from orders.domain.in_time import Coming, Lateness, Shelf, arrivals, is_kept_away, used_up
from orders.domain.position import NOTHING, Position
from orders.domain.quantity import to_number
from suppliers.domain.calendar import HORIZON_DAYS
from suppliers.selectors.lead_times import LeadTimes
from suppliers.selectors.terms import Offer


def lateness_of(
    calendars: Calendars,
    offers: Mapping[int, Sequence[Offer]],
    leads: LeadTimes,
    sums: PublishedSums,
    positions: Mapping[int, Position],
) -> Lateness:
    """Of SKUs with several offers, one of them of a supplier with a calendar. No statement."""
    known = calendars.by_supplier
    several = {
        sku_id: rows
        for sku_id, rows in offers.items()
        if len(rows) > 1 and any(offer.supplier_id in known for offer in rows)
    }
    if not several:
        return Lateness(calendars.today)
    every = [offer for rows in several.values() for offer in rows]
    plain = [_days(offer, leads) for offer in every]
    days = arrivals(calendars, [offer.supplier_id for offer in every], plain)
    comings = {
        (offer.sku_id, offer.supplier_id): Coming(day, usual)
        for offer, day, usual in zip(every, days, plain, strict=True)
    }
    shelves = _shelves(list(several), sums, positions)
    return Lateness(calendars.today, comings, shelves, _lost(comings, shelves, sums))


def _days(offer: Offer, leads: LeadTimes) -> int:
    """As the plan says when an order is expected."""
    return math.ceil(leads.of(offer.supplier_id, offer.sku_id, offer.promised_days).mean - NOISE)


def _shelves(sku_ids: Sequence[int], sums: PublishedSums, positions: Mapping[int, Position]) -> dict[int, Shelf]:
    """Without a forecast only an empty shelf is known to be empty."""
    units = np.array([to_number(positions.get(sku_id, NOTHING).inventory_position) for sku_id in sku_ids])
    empty_in = np.where(units > 0.0, HORIZON_DAYS, 0)
    daily: list[float | None] = [None] * len(sku_ids)
    known = set(sums.sku_ids[sums.is_known].tolist())
    at = [index for index, sku_id in enumerate(sku_ids) if sku_id in known]
    if at:
        mean = sums.of_skus([sku_ids[index] for index in at]).mean.astype(np.float64)
        empty_in[at] = used_up(mean, units[at])
        for index, pace in zip(at, mean.mean(axis=1).tolist(), strict=True):
            daily[index] = pace
    held = np.maximum(units, 0.0).tolist()
    return dict(zip(sku_ids, map(Shelf, empty_in.tolist(), held, daily), strict=True))


def _lost(
    comings: Mapping[tuple[int, int], Coming], shelves: Mapping[int, Shelf], sums: PublishedSums
) -> dict[tuple[int, int], float]:
    """Of all offers of SKUs with a forecast of which a calendar keeps one away: units asked for until their goods come,
    beyond what is held. Nobody else's shelf is looked at, since on most nights there is none."""
    kept_away = {sku_id for (sku_id, _), coming in comings.items() if is_kept_away(coming, shelves[sku_id].empty_in)}
    pairs = [pair for pair in comings if pair[0] in kept_away and shelves[pair[0]].daily is not None]
    if not pairs:
        return {}
    days = np.array([comings[pair].day for pair in pairs], dtype=np.float64)
    held = np.array([shelves[sku_id].held for sku_id, _ in pairs])
    curves = sums.of_skus([sku_id for sku_id, _ in pairs]).over(days, None, STORED_LEVELS).astype(np.float64)
    return dict(zip(pairs, expected_excess(curves, np.array(STORED_LEVELS), held).tolist(), strict=True))
