"""Each listing of a place as the case that a plan decides."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db.models import Sum

from forecasting.selectors.sums import PublishedSums
from inventory.models import Location, Unit
from orders.domain.by_calendar import Calendars
from orders.domain.decision import Buy, Case
from orders.domain.policy import Policy, Rules, Target, rule_for
from orders.domain.position import Position
from orders.domain.quantity import to_number
from orders.models import ProposalState, ReplenishmentProposal
from orders.selectors.buying import SkuOffers, load_buying
from orders.selectors.in_time import lateness_of
from orders.selectors.positions import NOTHING, Key, days_until, load_arrivals, load_positions
from orders.selectors.turns import Worth
from suppliers.selectors.lead_times import load_lead_times
from suppliers.selectors.terms import Offer, load_offers

ZERO = Decimal(0)
STEPS = {Unit.EACH.value: 1000}
Classes = tuple[str, str]
NO_CLASSES: Classes = ("", "")


class Listed(NamedTuple):
    """What the plan needs of a listing; a model instance of each would cost more than the plan."""

    sku_id: int
    category_id: int | None
    unit: str
    price: Decimal
    cost: Decimal
    shelf_life_days: int | None

    @property
    def margin(self) -> Decimal:
        """Of a unit; never below zero."""
        return max(self.price - self.cost, ZERO)


@dataclass(frozen=True)
class Rulebook:
    """Which policy holds for a listing of one place; `classes` are those of its SKUs by value and by steadiness."""

    location_id: int
    rules: Rules
    classes: Mapping[int, Classes]

    def classes_of(self, sku_id: int) -> Classes:
        return self.classes.get(sku_id, NO_CLASSES)

    def policy_of(self, listing: Listed, supplier_id: int | None) -> Policy:
        value_class, steadiness = self.classes_of(listing.sku_id)
        return rule_for(
            self.rules, listing.sku_id, listing.category_id, self.location_id, supplier_id=supplier_id,
            value_class=value_class or None, steadiness=steadiness or None,
        )  # fmt: skip

    def worth_of(self, listing: Listed, supplier_id: int) -> Worth | None:
        """By the rule that holds with this supplier; None where nobody noted what the SKU costs, or sells for."""
        if not listing.price or not listing.cost:
            return None
        policy = self.policy_of(listing, supplier_id)
        return Worth(to_number(listing.margin) + policy.disappointment, policy, listing.shelf_life_days)


@dataclass(frozen=True)
class Moment:
    """`as_of` is the last day that the forecast saw, `today` the day of the plan; without `calendars` no supplier is
    too late by theirs."""

    as_of: date
    today: date
    calendars: Calendars | None


def load_cases(
    listings: Sequence[Listed], location: Location, rulebook: Rulebook, moment: Moment, sums: PublishedSums
) -> list[Case]:
    """One for each listing, in their order; `sums` is what is expected at the place."""
    sku_ids = [listing.sku_id for listing in listings]
    places = [location.pk] if location.supplied_by_id is None else [location.pk, location.supplied_by_id]
    positions = load_positions(places, sku_ids, today=moment.today)
    free = _free_there(location, positions)
    here = {sku_id: position for (place, sku_id), position in positions.items() if place == location.pk}
    coming = _coming(rulebook, sku_ids, moment.today)
    bought = _load_bought(listings, rulebook, moment, sums, here)
    snoozed = _snoozed(location.pk, moment.today)
    return [
        Case(
            sku_id=listing.sku_id,
            step=STEPS.get(listing.unit, 1),
            margin=listing.margin,
            cost=listing.cost,
            shelf_life_days=listing.shelf_life_days,
            policy=rulebook.policy_of(listing, buy.supplier_id if buy else None),
            position=here.get(listing.sku_id, NOTHING),
            buy=buy,
            free_there=free.get(listing.sku_id, ZERO),
            is_snoozed=listing.sku_id in snoozed,
            coming=None if coming is None else tuple(coming.get(listing.sku_id, ())),
            value_class=rulebook.classes_of(listing.sku_id)[0],
            steadiness=rulebook.classes_of(listing.sku_id)[1],
        )
        for listing, buy in zip(listings, bought, strict=True)
    ]


def _coming(
    rulebook: Rulebook, sku_ids: Collection[int], today: date
) -> Mapping[int, Sequence[tuple[int, float]]] | None:
    """Of each SKU what is on its way here: days from today and units. None where no rule asks for it, and where the
    place supplies others: they have stock of their own, and ask again for what is not there. Two statements, none
    without such a rule."""
    if not rulebook.rules.use(Target.ECONOMIC):
        return None
    if Location.objects.filter(supplied_by_id=rulebook.location_id, is_active=True).exists():
        return None
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for arrival in load_arrivals([rulebook.location_id], sku_ids):
        found[arrival.sku_id].append((days_until(arrival.expected_on, today), to_number(arrival.quantity)))
    return found


def _load_bought(
    listings: Sequence[Listed],
    rulebook: Rulebook,
    moment: Moment,
    sums: PublishedSums,
    here: Mapping[int, Position],
) -> list[Buy | None]:
    """Of each listing what would be bought of whom; `here` are the positions of the place by SKU."""
    offers: Mapping[int, Sequence[Offer]] = load_offers([listing.sku_id for listing in listings])
    leads = load_lead_times(as_of=moment.as_of)
    lateness = None if moment.calendars is None else lateness_of(moment.calendars, offers, leads, sums, here)
    buying = load_buying(rulebook.location_id, offers, leads, moment.today, lateness)
    return buying.of(
        SkuOffers(offers.get(row.sku_id, ()), row.price - row.cost, partial(rulebook.worth_of, row)) for row in listings
    )


def _free_there(location: Location, positions: Mapping[Key, Position]) -> dict[int, Decimal]:
    """Units that the supplying place has promised to nobody, by SKU: what other stores were proposed counts as
    promised."""
    there = location.supplied_by_id
    if there is None:
        return {}
    proposed: Collection[tuple[int, Decimal]] = (
        ReplenishmentProposal.objects.filter(source_id=there, state=ProposalState.OPEN)
        .exclude(location_id=location.pk)
        .values_list("sku_id")
        .annotate(units=Sum("quantity"))
    )
    asked = dict(proposed)
    return {
        sku_id: max(position.available - position.promised - asked.get(sku_id, ZERO), ZERO)
        for (place, sku_id), position in positions.items()
        if place == there
    }


def _snoozed(location_id: int, today: date) -> set[int]:
    """SKUs of which somebody said not to ask again before a day that has not come."""
    rejected = ReplenishmentProposal.objects.filter(
        location_id=location_id, state=ProposalState.REJECTED, snoozed_until__gt=today
    )
    return set(rejected.values_list("sku_id", flat=True))
