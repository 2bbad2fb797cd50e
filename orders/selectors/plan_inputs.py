"""All that a plan of one location looks at, read in a number of statements that does not depend on its listings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q

from forecasting.models import SeriesState
from forecasting.selectors.sums import PublishedSums, load_sums, published_run
from inventory.array_literals import among
from inventory.models import Listing, Location, Sku, Unit
from orders.domain.by_calendar import Calendars
from orders.domain.classes import by_steadiness, by_value
from orders.domain.decision import Case
from orders.domain.policy import Rules
from orders.domain.pooling import pool
from orders.domain.quantity import to_number
from orders.models import ReorderLevel
from orders.selectors.plan_cases import Classes, Listed, Moment, Rulebook, load_cases
from orders.selectors.rules import load_rules


@dataclass(frozen=True)
class PlanInputs:
    """`known` cases have a forecast, row i of `sums` belongs to `known[i]`; `unknown` have none."""

    known: list[Case]
    unknown: list[Case]
    sums: PublishedSums


def load_plan_inputs(
    *,
    location: Location,
    run_id: int,
    as_of: date,
    today: date,
    sku_ids: Collection[int] | None = None,
    rules: Rules | None = None,
    calendars: Calendars | None = None,
) -> PlanInputs:
    """Cases of every SKU (of `sku_ids`, if given) that is active and on sale at the location today, ordered by id.
    `rules` are those to try instead of the ones that hold; without `calendars` no supplier is too late by theirs."""
    listings = _listings(location.pk, today, sku_ids)
    sums = _demand_at(location, run_id, [listing.sku_id for listing in listings], is_whole=sku_ids is None)
    classes = _classes(sums, listings) if sku_ids is None else _kept_classes(location.pk, sku_ids)
    rulebook = Rulebook(location.pk, load_rules(location.pk, today) if rules is None else rules, classes)
    cases = load_cases(listings, location, rulebook, Moment(as_of, today, calendars), sums)
    with_forecast = set(sums.sku_ids[sums.is_known].tolist())
    known = [case for case in cases if case.sku_id in with_forecast]
    unknown = [case for case in cases if case.sku_id not in with_forecast]
    return PlanInputs(known, unknown, sums.of_skus([case.sku_id for case in known]))


def with_order_mates(location_id: int, sku_ids: Collection[int]) -> set[int]:
    """These SKUs, and those that share an order with them whose supplier delivers from or up to some value, or by the
    truck: what one line needs decides how much of the others fills the order. One statement."""
    bounds = Q(supplier__minimum_order_value__gt=0) | Q(supplier__maximum_order_value__isnull=False)
    is_shared = bounds | ~Q(supplier__truck_policy="none")
    theirs = ReorderLevel.objects.filter(is_shared, location_id=location_id, supplier__isnull=False)
    suppliers = theirs.filter(sku_id__in=sku_ids).values("supplier_id")
    return {*sku_ids, *theirs.filter(supplier_id__in=suppliers).values_list("sku_id", flat=True)}


def only(inputs: PlanInputs, sku_ids: Collection[int]) -> PlanInputs:
    """The cases of these SKUs alone."""
    known = [case for case in inputs.known if case.sku_id in sku_ids]
    unknown = [case for case in inputs.unknown if case.sku_id in sku_ids]
    return PlanInputs(known, unknown, inputs.sums.of_skus([case.sku_id for case in known]))


def _demand_at(location: Location, run_id: int, sku_ids: Sequence[int], *, is_whole: bool) -> PublishedSums:
    """The forecast of the place; of one that supplies others, that of all of them together, its own customers included.

    Two statements for each place that it supplies. Those whose forecast is cut another way are left out.
    Unless the plan `is_whole`, only these SKUs are read.
    """
    only = None if is_whole else sku_ids
    own = load_sums(run_id, location.pk, only)
    supplied = list(Location.objects.filter(supplied_by=location, is_active=True).order_by("pk"))
    if not supplied:
        return own
    runs = {zone: _run_id(zone, location, run_id) for zone in {place.time_zone for place in supplied}}
    stores = [load_sums(run, place.pk, only) for place in supplied if (run := runs[place.time_zone]) is not None]
    parts = [part for part in (own, *stores) if (part.grid, part.levels) == (own.grid, own.levels)]
    units = dict(Sku.objects.filter(pk__in=among(sku_ids)).values_list("pk", "unit"))
    pooled = pool(np.array(sorted(units), dtype=np.int64), parts)
    return PublishedSums(
        sku_ids=pooled.sku_ids,
        state=np.where(pooled.is_known, SeriesState.OK, SeriesState.NOT_ENOUGH_DATA).astype(np.int8),
        mean=pooled.mean.astype(np.float32),
        sum_quantiles=pooled.sum_quantiles.astype(np.float32),
        is_integer=np.array([units[sku_id] == Unit.EACH for sku_id in pooled.sku_ids.tolist()], dtype=np.bool_),
        grid=own.grid,
        levels=own.levels,
    )


def _run_id(time_zone: str, location: Location, run_id: int) -> int | None:
    """The given run where it holds; in another zone the one that readers see."""
    if time_zone == location.time_zone:
        return run_id
    published = published_run(time_zone)
    return published.pk if published else None


def _listings(location_id: int, today: date, sku_ids: Collection[int] | None) -> list[Listed]:
    on_sale = Listing.objects.filter(location_id=location_id, sku__is_active=True, listed_on__lte=today)
    if sku_ids is not None:
        on_sale = on_sale.filter(sku_id__in=sku_ids)
    rows = on_sale.exclude(delisted_on__lte=today).order_by("sku_id")
    fields = ("sku_id", "sku__category_id", "sku__unit", "sku__price", "sku__cost", "sku__shelf_life_days")
    return [Listed(*row) for row in rows.values_list(*fields)]


def _classes(sums: PublishedSums, listings: Sequence[Listed]) -> dict[int, Classes]:
    """By SKU, its class by value of demand and by steadiness among all that is on sale here."""
    prices = {listing.sku_id: to_number(listing.price) for listing in listings}
    mean = np.nan_to_num(sums.mean.astype(np.float64))
    price = np.array([prices.get(sku_id, 0.0) for sku_id in sums.sku_ids.tolist()])
    by_money = by_value(mean.mean(axis=1) * price) if len(mean) else []
    steady = by_steadiness(mean, np.nan_to_num(sums.sum_quantiles), sums.grid, sums.levels) if len(mean) else []
    return dict(zip(sums.sku_ids.tolist(), zip(by_money, steady, strict=True), strict=True))


def _kept_classes(location_id: int, sku_ids: Collection[int]) -> dict[int, Classes]:
    """Those that the last plan of the whole place found; a class is a place among all."""
    rows = ReorderLevel.objects.filter(location_id=location_id, sku_id__in=sku_ids)
    return {
        sku_id: (value, steady) for sku_id, value, steady in rows.values_list("sku_id", "value_class", "steadiness")
    }
