"""How every listing stands today: what is out, what is low, what will run out before the next delivery, and what it
costs.

Alerts, dashboards and pages read this, so that they never disagree. Everything is computed from the ledger's levels
and the open documents of this moment and from the curves that the last night kept with each reorder level; four
statements, however many listings there are.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from inventory.models import Listing, LocationKind
from orders.domain.curves import F64
from orders.domain.money import worth
from orders.domain.plan import FALLBACK_LEAD
from orders.domain.quantity import to_number
from orders.domain.risk import Outlook, RiskStatus, look_ahead, status_of
from orders.models import ReorderLevel
from orders.selectors.positions import NOTHING, Arrival, Key, Position, days_until, load_arrivals, load_positions

HORIZON_DAYS = 28
# How far the loss is reckoned for a SKU that nobody supplies: as far as the plan looks for it.
FALLBACK_LEAD_DAYS = FALLBACK_LEAD.mean
STATUS_ORDER = {status: rank for rank, status in enumerate(RiskStatus)}


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One listing (a SKU on sale at a location) as of `today`.

    available = on_hand - reserved - held; position = available + on order + in transit, less what will expire before it
    is asked for. `reorder_point`, `days_of_cover` and `projected_out_on` are None where the listing has no forecast;
    `days_of_cover` is also None when no demand is expected.
    `next_delivery_on`: the earliest open order or transfer, otherwise when an order placed today would arrive, None
    when nobody supplies the SKU. `is_ordered` tells the two apart; `is_late` says that an open document should have
    come before today.
    value_at_risk: margin of the units expected to be asked for in vain until the next delivery, in the firm's
    currency; 0 at a warehouse, since its customers are those of its stores, where the money is counted.
    """

    sku_id: int
    sku_code: str
    sku_name: str
    category_id: int | None
    location_id: int
    location_name: str
    status: RiskStatus
    on_hand: Decimal
    available: Decimal
    position: Decimal
    on_order: Decimal
    in_transit: Decimal
    mean_daily_demand: float | None
    reorder_point: Decimal | None
    order_up_to_level: Decimal | None
    days_of_cover: float | None
    projected_out_on: date | None
    next_delivery_on: date | None
    is_ordered: bool
    is_late: bool
    outcome: str
    expected_lost_units: float
    value_at_risk: Decimal
    price: Decimal
    cost: Decimal
    # Units that stand there and will expire before anybody asks for them.
    expiring: Decimal = Decimal(0)
    # What waits for approval, as it would come if it were approved today; whether that alone would end the risk.
    proposed: Arrival | None = None
    is_answered: bool = False


def load_risk(
    *,
    location_ids: Collection[int],
    today: date,
    sku_ids: Collection[int] | None = None,
    proposed: Mapping[Key, Arrival] | None = None,
) -> list[RiskRow]:
    """A row for each listing that is on sale today at these locations, the most money at risk first.

    A SKU that is inactive, or delisted on or before `today`, has no row. Ties are ordered by status, SKU code and
    location. `proposed`: what open proposals would bring; it changes no figure, only what the rows say is answered.
    """
    listings = _listings(location_ids, sku_ids, today)
    levels = _levels(location_ids, sku_ids)
    positions = load_positions(location_ids, sku_ids, today=today)
    coming = _group(load_arrivals(location_ids, sku_ids))
    keys = [(listing.location_id, listing.sku_id) for listing in listings]
    outlooks = _outlooks(keys, levels, positions, coming, today)
    rows = [
        _row(listing, levels.get(key), positions.get(key, NOTHING), coming.get(key, []), outlooks.get(key), today)
        for listing, key in zip(listings, keys, strict=True)
    ]
    if proposed:
        answered = _answered(proposed, levels, positions, coming, today)
        rows = [_with_proposal(row, proposed, answered) for row in rows]
    return sorted(rows, key=lambda r: (-r.value_at_risk, STATUS_ORDER[r.status], r.sku_code, r.location_name))


def at_risk(rows: Iterable[RiskRow]) -> list[RiskRow]:
    """Those that are out, low or projected to run out, in the given order."""
    return [row for row in rows if row.status is not RiskStatus.OK]


class _Listed(NamedTuple):
    """What is asked of a listing; a model instance of each would cost more than all that is computed."""

    sku_id: int
    location_id: int
    sku_code: str
    sku_name: str
    category_id: int | None
    price: Decimal
    cost: Decimal
    location_name: str
    location_kind: str


class _Level(NamedTuple):
    """What the last night kept of a listing."""

    location_id: int
    sku_id: int
    computed_on: date
    reorder_point: Decimal | None
    order_up_to_level: Decimal | None
    mean_daily_demand: float | None
    lead_time_days: float | None
    outcome: str
    daily_mean: list[float]
    lead_quantiles: list[float]


def _listings(location_ids: Collection[int], sku_ids: Collection[int] | None, today: date) -> list[_Listed]:
    found = Listing.objects.filter(location_id__in=location_ids, sku__is_active=True, listed_on__lte=today)
    if sku_ids is not None:
        found = found.filter(sku_id__in=sku_ids)
    rows = found.exclude(delisted_on__lte=today).values_list(
        "sku_id", "location_id", "sku__code", "sku__name", "sku__category_id", "sku__price", "sku__cost",
        "location__name", "location__kind",
    )  # fmt: skip
    return [_Listed(*row) for row in rows]


def _levels(location_ids: Collection[int], sku_ids: Collection[int] | None) -> dict[Key, _Level]:
    found = ReorderLevel.objects.filter(location_id__in=location_ids)
    if sku_ids is not None:
        found = found.filter(sku_id__in=sku_ids)
    return {row[:2]: _Level(*row) for row in found.values_list(*_Level._fields)}


def _group(arrivals: Iterable[Arrival]) -> dict[Key, list[Arrival]]:
    found: dict[Key, list[Arrival]] = {}
    for arrival in arrivals:
        found.setdefault((arrival.location_id, arrival.sku_id), []).append(arrival)
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """The outlook of one listing."""

    cover_days: float
    out_after: int
    excess: float


def _outlooks(
    keys: Sequence[Key],
    levels: Mapping[Key, _Level],
    positions: Mapping[Key, Position],
    coming: Mapping[Key, list[Arrival]],
    today: date,
) -> dict[Key, _Seen]:
    """The outlook of every listing that has a forecast, computed at once."""
    known = [key for key in keys if key in levels and levels[key].daily_mean]
    if not known:
        return {}
    mean = np.stack([days_ahead(levels[key], today) for key in known])
    arrivals = np.zeros_like(mean)
    for row, key in enumerate(known):
        for arrival in coming.get(key, []):
            day = days_until(arrival.expected_on, today)
            if day < mean.shape[1]:
                arrivals[row, day] += to_number(arrival.quantity)
    lead = np.array([lead_days_of(levels[key]) for key in known])
    next_days = np.array([_next_days(levels[key], coming.get(key, []), today) for key in known])
    available = np.array([to_number(positions.get(key, NOTHING).available) for key in known])
    curve = np.array([levels[key].lead_quantiles for key in known], dtype=np.float64)
    return _unstack(known, look_ahead(available, mean, arrivals, curve, lead, next_days))


def _answered(
    proposed: Mapping[Key, Arrival],
    levels: Mapping[Key, _Level],
    positions: Mapping[Key, Position],
    coming: Mapping[Key, list[Arrival]],
    today: date,
) -> set[Key]:
    """Where nothing would be wrong any more if the proposal came too: enough, and before the shelf is empty."""
    with_it = {key: [*coming.get(key, []), arrival] for key, arrival in proposed.items()}
    outlooks = _outlooks(list(proposed), levels, positions, with_it, today)
    found: set[Key] = set()
    for key, seen in outlooks.items():
        level, position = levels[key], positions.get(key, NOTHING)
        reached = position.inventory_position + proposed[key].quantity
        lead = lead_days_of(level)
        if status_of(position.available, reached, level.reorder_point, seen.out_after, lead) is RiskStatus.OK:
            found.add(key)
    return found


def _with_proposal(row: RiskRow, proposed: Mapping[Key, Arrival], answered: Collection[Key]) -> RiskRow:
    key = (row.location_id, row.sku_id)
    arrival = proposed.get(key)
    return row if arrival is None else replace(row, proposed=arrival, is_answered=key in answered)


def _unstack(keys: Sequence[Key], outlook: Outlook) -> dict[Key, _Seen]:
    columns = (outlook.cover_days.tolist(), outlook.out_after.tolist(), outlook.excess.tolist())
    return {key: _Seen(*values) for key, *values in zip(keys, *columns, strict=True)}


def days_ahead(level: _Level, today: date) -> F64:
    """[HORIZON_DAYS]: expected demand from `today` on. A forecast that is some days old goes on at its last week's
    pace."""
    kept = level.daily_mean[max((today - level.computed_on).days - 1, 0) :][:HORIZON_DAYS]
    pace = sum(level.daily_mean[-7:]) / len(level.daily_mean[-7:])
    return np.array(kept + [pace] * (HORIZON_DAYS - len(kept)), dtype=np.float64)


def lead_days_of(level: _Level) -> float:
    return FALLBACK_LEAD_DAYS if level.lead_time_days is None else level.lead_time_days


def _next_days(level: _Level, coming: Sequence[Arrival], today: date) -> float:
    ordered = [days_until(arrival.expected_on, today) for arrival in coming]
    return float(min(ordered)) if ordered else lead_days_of(level)


def _next_delivery(level: _Level | None, coming: Sequence[Arrival], today: date) -> date | None:
    if coming:
        return today + timedelta(days=min(days_until(arrival.expected_on, today) for arrival in coming))
    if level is None or level.lead_time_days is None:
        return None
    return today + timedelta(days=math.ceil(level.lead_time_days))


def _row(
    listing: _Listed,
    level: _Level | None,
    position: Position,
    coming: list[Arrival],
    seen: _Seen | None,
    today: date,
) -> RiskRow:
    reorder_point = level.reorder_point if level else None
    out_after = seen.out_after if seen else -1
    lead = lead_days_of(level) if level else FALLBACK_LEAD_DAYS
    margin, sells = max(listing.price - listing.cost, Decimal(0)), listing.location_kind != LocationKind.WAREHOUSE
    return RiskRow(
        sku_id=listing.sku_id,
        sku_code=listing.sku_code,
        sku_name=listing.sku_name,
        category_id=listing.category_id,
        location_id=listing.location_id,
        location_name=listing.location_name,
        status=status_of(position.available, position.inventory_position, reorder_point, out_after, lead),
        on_hand=position.on_hand,
        available=position.available,
        position=position.inventory_position,
        on_order=position.on_order,
        in_transit=position.in_transit,
        mean_daily_demand=level.mean_daily_demand if level else None,
        reorder_point=reorder_point,
        order_up_to_level=level.order_up_to_level if level else None,
        days_of_cover=seen.cover_days if seen and math.isfinite(seen.cover_days) else None,
        projected_out_on=today + timedelta(days=out_after) if out_after >= 0 else None,
        next_delivery_on=_next_delivery(level, coming, today),
        is_ordered=bool(coming),
        is_late=any(arrival.expected_on is not None and arrival.expected_on < today for arrival in coming),
        outcome=level.outcome if level else "",
        expected_lost_units=seen.excess if seen else 0.0,
        value_at_risk=worth(seen.excess, margin) if seen and sells else Decimal("0.00"),
        price=listing.price,
        cost=listing.cost,
        expiring=position.expiring,
    )
