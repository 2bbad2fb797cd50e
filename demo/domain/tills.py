"""What the demo's tills sell from now on. Pure: the same slot and seed give the same sales, repeatably."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from demo.domain.events import Times
from demo.domain.grocery import CYCLE, FloatArray, Grocery, IntArray, hour_shares, source_day

SLOT_MINUTES = 15
SLOTS_PER_HOUR = 60 // SLOT_MINUTES


@dataclass(frozen=True)
class Rings:
    """Wishes at the tills of one slot in order of time; `key` names the slot."""

    key: str
    sku: IntArray
    shop: IntArray
    quantity: IntArray
    at: Times


def expected_units(grocery: Grocery, on: date) -> FloatArray:
    """Mean demand of a day per SKU x shop: the same weekday a year before, smoothed with the weeks beside it."""
    weeks = (source_day(on) - 1 + 7 * np.array([-2, -1, 0, 1, 2])) % CYCLE + 1
    return np.asarray(np.average(grocery.units[:, :, weeks], axis=2, weights=[1, 2, 4, 2, 1]))


def slots_between(since: datetime, until: datetime) -> list[tuple[date, int]]:
    """Slots (date, number within the day) that ended after `since` and not after `until`; local wall times."""
    if since.tzinfo is not None or until.tzinfo is not None:
        raise ValueError("The tills run on local wall time: give times without a zone.")
    slot = timedelta(minutes=SLOT_MINUTES)
    day = datetime.combine(since.date(), time())
    start = day + (since - day) // slot * slot
    slots = []
    while start + slot <= until:
        slots.append((start.date(), (start - datetime.combine(start.date(), time())) // slot))
        start += slot
    return slots


def rings_of_slot(*, grocery: Grocery, on: date, slot: int, seed: int = 1) -> Rings:
    """Draw the wishes of one quarter of an hour."""
    random = np.random.default_rng([seed, on.toordinal(), slot])
    share = hour_shares(grocery)[on.weekday(), slot // SLOTS_PER_HOUR] / SLOTS_PER_HOUR
    units = random.poisson(expected_units(grocery, on) * share)
    sku, shop = np.nonzero(units)
    second = random.integers(0, SLOT_MINUTES * 60, len(sku))
    order = np.argsort(second, kind="stable")
    start = np.datetime64(on, "s") + np.timedelta64(slot * SLOT_MINUTES, "m")
    at = start + second[order].astype("timedelta64[s]")
    return Rings(f"{on.isoformat()}-{slot:02d}", sku[order], shop[order], units[sku, shop][order], at)


def due_rings(*, grocery: Grocery, since: datetime, until: datetime, seed: int = 1) -> list[Rings]:
    """Wishes of all slots that ended in (since, until], empty slots left out; local wall times."""
    slots = slots_between(since, until)
    rings = [rings_of_slot(grocery=grocery, on=on, slot=slot, seed=seed) for on, slot in slots]
    return [ring for ring in rings if len(ring.sku)]
