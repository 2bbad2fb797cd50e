"""When the goods of each of several suppliers would come, and until when the shelf lasts: for all SKUs of a plan at
once."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from forecasting.selectors.sums import PublishedSums
from orders.domain.by_calendar import NOISE, Calendars
from orders.domain.in_time import Coming, Outlook, arrivals, used_up
from orders.domain.position import NOTHING, Position
from orders.domain.quantity import to_number
from suppliers.domain.calendar import HORIZON_DAYS
from suppliers.selectors.lead_times import LeadTimes
from suppliers.selectors.terms import Offer


def outlook_of(
    calendars: Calendars,
    offers: Mapping[int, Sequence[Offer]],
    leads: LeadTimes,
    sums: PublishedSums,
    positions: Mapping[int, Position],
) -> Outlook:
    """Of SKUs with several offers, one of them of a supplier with a calendar. No statement."""
    known = calendars.by_supplier
    several = {
        sku_id: rows
        for sku_id, rows in offers.items()
        if len(rows) > 1 and any(offer.supplier_id in known for offer in rows)
    }
    if not several:
        return Outlook(calendars.today)
    every = [offer for rows in several.values() for offer in rows]
    plain = [_days(offer, leads) for offer in every]
    days = arrivals(calendars, [offer.supplier_id for offer in every], plain)
    comings = {
        (offer.sku_id, offer.supplier_id): Coming(day, usual)
        for offer, day, usual in zip(every, days, plain, strict=True)
    }
    return Outlook(calendars.today, comings, _empty_in(list(several), sums, positions))


def _days(offer: Offer, leads: LeadTimes) -> int:
    """As the plan says when an order is expected."""
    return math.ceil(leads.of(offer.supplier_id, offer.sku_id, offer.promised_days).mean - NOISE)


def _empty_in(sku_ids: Sequence[int], sums: PublishedSums, positions: Mapping[int, Position]) -> dict[int, int]:
    """Without a forecast only an empty shelf is known to be empty."""
    units = np.array([to_number(positions.get(sku_id, NOTHING).inventory_position) for sku_id in sku_ids])
    found = np.where(units > 0.0, HORIZON_DAYS, 0)
    row_of = {sku_id: row for row, sku_id in enumerate(sums.sku_ids.tolist()) if sums.is_known[row]}
    at = [index for index, sku_id in enumerate(sku_ids) if sku_id in row_of]
    if at:
        mean = sums.mean[[row_of[sku_ids[index]] for index in at]].astype(np.float64)
        found[at] = used_up(mean, units[at])
    return dict(zip(sku_ids, found.tolist(), strict=True))
