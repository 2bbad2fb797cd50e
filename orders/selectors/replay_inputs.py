"""All that a replay looks at: the demand, the goods and today's rules of a group of SKUs at some locations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import Min
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from accounts.errors import InvalidInput
from forecasting.engine import Panel
from forecasting.selectors.choices import kinds_told_apart
from forecasting.selectors.panels import load_panel
from inventory.models import ClosedDay, Listing, Location
from inventory.models.demand import DemandBlock
from inventory.selectors.stock import category_tree
from orders.domain.decision import Buy
from orders.domain.plan import FALLBACK_LEAD, TRANSFER_LEAD
from orders.domain.policy import rule_for
from orders.domain.quantity import THOUSAND, to_number
from orders.domain.replay_calendar import Weeks
from orders.domain.replay_levels import Aims, Goods, aims_of
from orders.domain.replay_settings import LEAST_DAYS, LEAST_PAST_DAYS
from orders.models import ReorderLevel
from orders.selectors.buying import SkuOffers, load_buying
from orders.selectors.plan_cases import STEPS
from orders.selectors.rules import load_rules
from suppliers.domain.lead_times import LeadTime
from suppliers.selectors.calendars import load_calendars
from suppliers.selectors.lead_times import load_lead_times
from suppliers.selectors.terms import load_offers

PROMOTED_AHEAD_DAYS = 28


@dataclass(frozen=True)
class ReplayInputs:
    """Of n series, SKU sku_ids[i] at location_ids[i]: the panel through the last day, the goods, the rules of today,
    and the calendars of their suppliers where any has one."""

    location_ids: list[int]
    sku_ids: list[int]
    panel: Panel
    goods: Goods
    today: Aims
    weeks: Weeks | None = None


@dataclass(frozen=True)
class KnownDays:
    """The first and the last day whose demand is known and closed at all of some locations."""

    first: date
    last: date


def known_days(location_ids: Sequence[int], category_id: int | None) -> KnownDays | None:
    """None before the first closed day, and where nothing is on sale. Locations that have never closed a day do not
    count. A block of demand begins before the first day on which anything of it was on sale, so the listings count."""
    rows = ClosedDay.objects.begun().filter(location__in=location_ids)
    last = min(rows.values_list("closed_through", flat=True), default=None)
    blocks = DemandBlock.objects.filter(location__in=location_ids)
    listings = Listing.objects.filter(location__in=location_ids, sku__is_active=True, delisted_on=None)
    if category_id is not None:
        tree = category_tree(category_id)
        blocks, listings = blocks.filter(sku__category__in=tree), listings.filter(sku__category__in=tree)
    begun = blocks.aggregate(day=Min("starts_on"))["day"]
    listed = listings.aggregate(day=Min("listed_on"))["day"]
    return None if begun is None or listed is None or last is None else KnownDays(max(begun, listed), last)


def days_to_replay(location_ids: Sequence[int], category_id: int | None, most_days: int) -> KnownDays:
    """The last days, at most so many, with enough of a past before them. Raises InvalidInput for too short a past."""
    known = known_days(location_ids, category_id)
    least = LEAST_PAST_DAYS + LEAST_DAYS
    count = 0 if known is None else (known.last - known.first).days + 1
    if known is None or count < least:
        raise InvalidInput(
            _(
                "Of what is on sale here %(count)d days are closed; a replay needs at least %(least)d. "
                "Imported sales history does not count."
            )
            % {"count": max(count, 0), "least": least}
        )
    first = max(known.last - timedelta(days=most_days - 1), known.first + timedelta(days=LEAST_PAST_DAYS))
    return KnownDays(first, known.last)


def load_replay_inputs(
    *, location_ids: Sequence[int], category_id: int | None, most_series: int, first: date, last: date
) -> ReplayInputs | None:
    """None where nothing was on sale throughout. What came or went within the days is left out, and so is what a place
    keeps for its stores alone, so that an empty shelf is never mistaken for one from which nobody was to buy."""
    listed = _listed(location_ids, category_id, first, last)
    skus = _drawn(listed, most_series)
    pairs = {pair: row for pair, row in listed.items() if pair[1] in skus}
    if not pairs:
        return None
    loaded = load_panel(
        location_ids=location_ids, sku_ids=sorted(skus), as_of=last, horizon_days=PROMOTED_AHEAD_DAYS,
        kinds=kinds_told_apart(location_ids),
    )  # fmt: skip
    keys = list(zip(loaded.location_ids.tolist(), loaded.sku_ids.tolist(), strict=True))
    asked = loaded.asked()
    kept = np.array([pair in pairs for pair in keys], dtype=np.bool_) & ~_kept_for_stores(asked.demand, keys)
    if not kept.any():
        return None
    panel = replace(asked, predecessor=None, predecessor_share=None).rows(np.flatnonzero(kept))
    chosen = [pair for pair, is_kept in zip(keys, kept, strict=True) if is_kept]
    rows = [pairs[pair] for pair in chosen]
    sources = _sources(chosen, rows, last)
    return ReplayInputs(
        [place for place, _sku in chosen], [sku for _place, sku in chosen], panel, _goods(rows, sources),
        _aims(chosen, rows, sources, last), _weeks(sources, panel.start, first),
    )  # fmt: skip


_FIELDS = ("location_id", "sku_id", "sku__category_id", "sku__unit", "sku__price", "sku__cost", "sku__shelf_life_days")
Row = tuple[int | None, str, Decimal, Decimal, int | None]
"""Category id, unit, price, cost, shelf life in days."""


def _listed(
    location_ids: Sequence[int], category_id: int | None, first: date, last: date
) -> dict[tuple[int, int], Row]:
    rows = Listing.objects.filter(
        location__in=location_ids, sku__is_active=True, listed_on__lte=first - timedelta(days=PROMOTED_AHEAD_DAYS)
    ).exclude(delisted_on__lte=last)
    if category_id is not None:
        rows = rows.filter(sku__category__in=category_tree(category_id))
    return {(row[0], row[1]): row[2:] for row in rows.order_by("location_id", "sku_id").values_list(*_FIELDS)}


def _drawn(listed: dict[tuple[int, int], Row], most_series: int) -> set[int]:
    """SKUs drawn by chance, always the same, whose series are at most about `most_series`; one at least."""
    many: dict[int, int] = {}
    for _place, sku_id in listed:
        many[sku_id] = many.get(sku_id, 0) + 1
    order = np.random.default_rng(0).permutation(sorted(many)).tolist()
    total = np.cumsum([many[sku_id] for sku_id in order])
    return {sku_id for sku_id, so_far in zip(order, total, strict=True) if so_far <= most_series} or set(order[:1])


def _kept_for_stores(demand: NDArray[np.float32], keys: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which series stand at a place that supplies others and were never asked for there by a customer: without demand
    any rule lets them run empty, and each of their days would count as one out of stock."""
    supplying = set(Location.objects.exclude(supplied_by=None).values_list("supplied_by", flat=True))
    at_supplying = np.array([place in supplying for place, _sku in keys], dtype=np.bool_)
    return at_supplying & ~demand.any(axis=1)


@dataclass(frozen=True)
class _Source:
    """Where a series comes from: with what lead time, in what packs and from how much on, and from which supplier."""

    lead: LeadTime
    pack: float
    minimum: float
    supplier_id: int | None = None


def _goods(rows: Sequence[Row], sources: Sequence[_Source]) -> Goods:
    width = max(len(source.lead.days) for source in sources)
    days, chances = np.zeros((len(rows), width)), np.zeros((len(rows), width))
    for place, source in enumerate(sources):
        days[place, : len(source.lead.days)] = source.lead.days
        chances[place, : len(source.lead.days)] = source.lead.chances
    return Goods(
        price=np.array([to_number(row[2]) for row in rows]),
        cost=np.array([to_number(row[3]) for row in rows]),
        pack=np.array([source.pack for source in sources]),
        minimum=np.array([source.minimum for source in sources]),
        step=np.array([STEPS.get(row[1], 1) / THOUSAND for row in rows]),
        shelf_life_days=np.array([row[4] or 0 for row in rows], dtype=np.int64),
        lead_days=days,
        lead_chances=chances,
    )


def _sources(pairs: Sequence[tuple[int, int]], rows: Sequence[Row], as_of: date) -> list[_Source]:
    """The supplying place where it keeps the SKU, and then always has it; else the supplier that the plan would ask."""
    places = {place for place, _sku in pairs}
    sku_ids = {sku_id for _place, sku_id in pairs}
    offers, leads = load_offers(sku_ids), load_lead_times(as_of=as_of)
    buying = {place: load_buying(place, offers, leads, as_of) for place in places}
    supplied = dict(Location.objects.filter(pk__in=places).values_list("pk", "supplied_by"))
    kept = set(Listing.objects.filter(sku__in=sku_ids, location__in=set(supplied.values()) - {None}).values_list(
        "location_id", "sku_id"
    ))  # fmt: skip
    found = []
    for (place, sku_id), row in zip(pairs, rows, strict=True):
        step = STEPS.get(row[1], 1) / THOUSAND
        if (supplied[place], sku_id) in kept:
            found.append(_Source(TRANSFER_LEAD, step, 0.0))
        else:
            (buy,) = buying[place].of([SkuOffers(offers.get(sku_id, ()), row[2] - row[3])])
            found.append(_bought(buy, step))
    return found


def _bought(buy: Buy | None, step: float) -> _Source:
    if buy is None:
        return _Source(FALLBACK_LEAD, step, 0.0)
    return _Source(buy.lead, to_number(buy.pack_size) or step, to_number(buy.minimum), buy.supplier_id)


def _weeks(sources: Sequence[_Source], start: date, first: date) -> Weeks | None:
    """The calendars of today, with what was closed from the first replayed day on; None where all days are the same."""
    known = load_calendars(today=first, supplier_ids={source.supplier_id or 0 for source in sources})
    if not known:
        return None
    place = {supplier_id: row for row, supplier_id in enumerate(sorted(known))}
    of_series = np.array([place.get(source.supplier_id or 0, -1) for source in sources], dtype=np.int64)
    return Weeks(tuple(known[supplier_id] for supplier_id in sorted(known)), of_series, start)


def _aims(pairs: Sequence[tuple[int, int]], rows: Sequence[Row], sources: Sequence[_Source], today: date) -> Aims:
    """The rules of today, with the classes that the last night gave."""
    places = {place for place, _sku in pairs}
    by_place = {place: load_rules(place, today) for place in places}
    levels = ReorderLevel.objects.filter(location__in=places, sku__in={sku_id for _place, sku_id in pairs})
    classes = {
        (place, sku_id): (value or None, steadiness or None)
        for place, sku_id, value, steadiness in levels.values_list("location", "sku", "value_class", "steadiness")
    }
    return aims_of([
        rule_for(
            by_place[place], sku_id, row[0], place, supplier_id=source.supplier_id,
            value_class=classes.get((place, sku_id), (None, None))[0],
            steadiness=classes.get((place, sku_id), (None, None))[1],
        )
        for (place, sku_id), row, source in zip(pairs, rows, sources, strict=True)
    ])  # fmt: skip
