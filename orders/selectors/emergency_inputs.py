"""By which ways the need of decisions that come too late could be met in time, and what each costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from django.conf import settings

from inventory.models import Location
from orders.domain.by_calendar import Calendars
from orders.domain.curves import F64
from orders.domain.decision import Decision
from orders.domain.emergency import (
    Priced,
    Shelves,
    Ways,
    demand_curves,
    no_shelves,
    price_waiting,
    price_ways,
)
from orders.domain.emergency_lines import EmergencyFacts, emergency_lines
from orders.domain.emergency_ways import EXPRESS, MILLI, TRANSFER, WAIT, Found, Way, is_worth_it, rank
from orders.domain.in_time import arrivals
from orders.domain.money import to_money
from orders.domain.quantity import to_number
from orders.domain.sourcing import TRANSFER_DAYS
from orders.models import EmergencySettings
from orders.selectors.exchange_rates import rates_on
from orders.selectors.givers import Giver, load_givers
from orders.selectors.late_shelves import LateShelves, ahead, costly, late_shelves
from orders.selectors.risk import FALLBACK_LEAD_DAYS, HORIZON_DAYS
from suppliers.selectors.express import ExpressOffer, load_express_offers

MOST_GIVERS = 3
NO_LIMIT = 1e12


def emergency_settings() -> EmergencySettings:
    """Those of the firm; the defaults before anybody has changed them."""
    return EmergencySettings.objects.filter(pk=1).first() or EmergencySettings(pk=1)


def find_emergencies(
    *, location: Location, decisions: Sequence[Decision], as_of: date, calendars: Calendars
) -> list[Found]:
    """Listings whose shelf is expected to be empty before the ordinary delivery, where something costs less than
    waiting. A number of statements that does not depend on them."""
    firm, today = emergency_settings(), calendars.today
    late = late_shelves(location, decisions, as_of, today)
    if late.decisions:
        late = costly(late, to_number(firm.least_saving))
    if not late.decisions:
        return []
    sku_ids = [decision.case.sku_id for decision in late.decisions]
    offers, givers = load_express_offers(sku_ids), load_givers(location, sku_ids, MOST_GIVERS)
    rates = rates_on(today, {offer.currency for rows in offers.values() for offer in rows})
    options = _options(late, offers, givers, rates, _express_days(offers, calendars))
    priced = price_ways(late.shelves, _ways(options, firm), _givers(options, today))
    ways_of = [[way] for way in _waiting(late, today)]
    for i, option in enumerate(options):
        if priced.quantity[i] > 0.0:
            ways_of[option.row].append(_way(option, priced, i, today))
    found = []
    for row, decision in enumerate(late.decisions):
        ways = rank(ways_of[row])
        if is_worth_it(ways, firm.least_saving):
            found.append(_found(late, row, decision, ways, today))
    return found


@dataclass(frozen=True, slots=True)
class _Option:
    row: int
    day: int
    least: float
    most: float
    pack: float
    unit_cost: float
    offer: ExpressOffer | None = None
    giver: Giver | None = None


def _options(
    late: LateShelves,
    offers: Mapping[int, Sequence[ExpressOffer]],
    givers: Mapping[int, Sequence[Giver]],
    rates: Mapping[str, Decimal],
    days: Mapping[tuple[int, int], int],
) -> list[_Option]:
    found = []
    for row, decision in enumerate(late.decisions):
        theirs = offers.get(decision.case.sku_id, ())
        found += [
            _by_express(row, decision, offer, theirs, rates, days) for offer in theirs if _is_express(offer, rates)
        ]
        step = decision.case.step / 1000
        found += [
            _Option(row, TRANSFER_DAYS, step, to_number(giver.spare), step, 0.0, giver=giver)
            for giver in givers.get(decision.case.sku_id, ())
        ]
    return [option for option in found if option.day < late.shelves.until[option.row]]


def _express_days(offers: Mapping[int, Sequence[ExpressOffer]], calendars: Calendars) -> dict[tuple[int, int], int]:
    """By supplier and days of their express, in how many days it comes when ordered now."""
    kinds = {(each.supplier_id, each.express_days or 0) for theirs in offers.values() for each in theirs}
    pairs = sorted(kinds)
    suppliers, days = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return dict(zip(pairs, arrivals(calendars.for_express, suppliers, days), strict=True))


def _is_express(offer: ExpressOffer, rates: Mapping[str, Decimal]) -> bool:
    """A price in a currency without a rate cannot be compared."""
    return offer.express_days is not None and offer.currency in rates


def _by_express(
    row: int,
    decision: Decision,
    offer: ExpressOffer,
    offers: Sequence[ExpressOffer],
    rates: Mapping[str, Decimal],
    days: Mapping[tuple[int, int], int],
) -> _Option:
    """Its own cost is what a unit costs more than in the ordinary way, wherever that would have been bought."""
    buy, case = decision.case.buy, decision.case
    usual = next((o for o in offers if buy and o.supplier_id == buy.supplier_id and o.currency in rates), offer)
    more = offer.express_price * rates[offer.currency] - usual.price * rates[usual.currency]
    room = NO_LIMIT
    if case.policy.capacity is not None:
        room = max(case.policy.capacity - to_number(case.position.inventory_position), 0.0)
    if offer.maximum_quantity is not None:
        room = min(room, to_number(offer.maximum_quantity))
    return _Option(
        row, days[offer.supplier_id, offer.express_days or 0], to_number(offer.minimum_quantity), room,
        to_number(offer.pack_size), max(to_number(more), 0.0), offer=offer,
    )  # fmt: skip


def _ways(options: Sequence[_Option], firm: EmergencySettings) -> Ways:
    gives = np.array([option.giver is not None for option in options], dtype=np.bool_)
    numbers = np.cumsum(gives) - 1
    return Ways(
        row=np.array([option.row for option in options], dtype=np.int64),
        day=np.array([option.day for option in options], dtype=np.int64),
        least=np.array([option.least for option in options]),
        most=np.array([option.most for option in options]),
        pack=np.array([option.pack for option in options]),
        unit_cost=np.array([option.unit_cost for option in options]),
        fixed_cost=np.where(gives, to_number(firm.transfer_cost), 0.0),
        giver=np.where(gives, numbers, -1).astype(np.int64),
    )


def _givers(options: Sequence[_Option], today: date) -> Shelves:
    """What the giving places expect until an order of today would come to them."""
    rows = [option.giver for option in options if option.giver is not None]
    if not rows:
        return no_shelves()
    lead = np.array([FALLBACK_LEAD_DAYS if row.lead_days is None else row.lead_days for row in rows])
    curves = demand_curves(_expected(rows, today), np.array([row.lead_curve for row in rows], dtype=np.float64), lead)
    free = np.array([to_number(row.free) for row in rows])
    until = np.minimum(np.ceil(lead), HORIZON_DAYS).astype(np.int64)
    value = np.array([max(to_number(row.margin), 0.0) for row in rows])
    return Shelves(curves, np.repeat(free[:, None], HORIZON_DAYS, axis=1), until, value)


def _expected(rows: Sequence[Giver], today: date) -> F64:
    """[n, HORIZON_DAYS]: their demand from today on. Places were planned on few different days, and their curves are as
    long as the forecast of that day, so all of one kind are laid out at once."""
    kinds: dict[tuple[date, int], list[int]] = {}
    for index, row in enumerate(rows):
        kinds.setdefault((row.computed_on, len(row.daily_mean)), []).append(index)
    mean = np.empty((len(rows), HORIZON_DAYS))
    for (computed_on, _), at in kinds.items():
        mean[at] = ahead(np.array([rows[i].daily_mean for i in at]), max((today - computed_on).days - 1, 0))
    return mean


def _waiting(late: LateShelves, today: date) -> list[Way]:
    lost, cost = price_waiting(late.shelves)
    return [
        Way(
            kind=WAIT,
            party_id=0,
            name="",
            quantity=Decimal(0),
            unit_price=Decimal(0),
            currency=settings.DEFAULT_CURRENCY,
            arrives_on=today + timedelta(days=int(until)),
            own_cost=Decimal(0),
            giver_cost=Decimal(0),
            lost=_units(units),
            lost_cost=to_money(money),
        )
        for until, units, money in zip(late.shelves.until, lost, cost, strict=True)
    ]


def _way(option: _Option, priced: Priced, i: int, today: date) -> Way:
    """The option in the amounts that are shown, at its cheapest quantity."""
    offer, giver = option.offer, option.giver
    return Way(
        kind=TRANSFER if offer is None else EXPRESS,
        party_id=offer.supplier_id if offer else giver.location_id if giver else 0,
        name=offer.supplier_name if offer else giver.name if giver else "",
        quantity=_units(priced.quantity[i]),
        unit_price=offer.express_price if offer else Decimal(0),
        currency=offer.currency if offer else settings.DEFAULT_CURRENCY,
        arrives_on=today + timedelta(days=option.day),
        own_cost=to_money(priced.own_cost[i]),
        giver_cost=to_money(priced.giver_cost[i]),
        lost=_units(priced.lost[i]),
        lost_cost=to_money(priced.lost_cost[i]),
    )


def _found(late: LateShelves, row: int, decision: Decision, ways: Sequence[Way], today: date) -> Found:
    position, policy = decision.case.position, decision.case.policy
    waiting = next(way for way in ways if way.kind == WAIT)
    facts = EmergencyFacts(
        available=position.available,
        on_order=position.on_order,
        in_transit=position.in_transit,
        daily_demand=decision.daily_demand or 0.0,
        runs_out_on=today + timedelta(days=int(late.out_on[row])),
        relief_on=today + timedelta(days=int(late.shelves.until[row])),
        lost=waiting.lost,
        margin=decision.case.margin,
        disappointment=Decimal(str(round(policy.disappointment, 2))),
        stockout_cost=waiting.lost_cost,
    )
    return Found(decision.case.sku_id, facts.runs_out_on, facts.relief_on, ways, emergency_lines(facts))


def _units(value: float) -> Decimal:
    return Decimal(str(round(float(value), 3))).quantize(MILLI)
