"""What it would do to buy one need from several suppliers at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from inventory.domain.days import local_date
from orders.domain.money import CENT
from orders.domain.split import split_need
from orders.domain.whole_packs import price_of
from orders.models import ReplenishmentProposal
from orders.selectors.arrivals import arrivals_of
from orders.selectors.budget_pages import Cost, exceeded_together
from orders.selectors.budgets import Pot
from orders.selectors.consequence import Consequence, consequence_of
from orders.selectors.line_faults import ordered_fault
from orders.selectors.order_waits import load_waits
from suppliers.models import Supplier
from suppliers.selectors.terms import Offer, load_offers

ZERO = Decimal(0)


@dataclass(frozen=True)
class SplitPart:
    """What one supplier would bring. `fault` says why they do not deliver so many, empty when they do or nothing is
    asked of them; `missing` of their least order, in their currency, 0 when it is reached."""

    offer: Offer
    quantity: Decimal
    unit_price: Decimal
    expected_on: date
    fault: str

    @property
    def cost(self) -> Decimal:
        return (self.quantity * self.unit_price).quantize(CENT)

    @property
    def missing(self) -> Decimal:
        return max(self.offer.order_minimum - self.cost, ZERO) if self.quantity > 0 else ZERO


@dataclass(frozen=True)
class Split:
    """All suppliers of the need, the one that the proposal asks first. `consequence` is that of the whole quantity,
    None for none; `exceeds` are the budgets of which less is left than the parts cost together."""

    parts: Sequence[SplitPart]
    consequence: Consequence | None
    exceeds: Sequence[Pot]

    @property
    def quantity(self) -> Decimal:
        return sum((part.quantity for part in self.parts), ZERO)

    @property
    def asked(self) -> Sequence[SplitPart]:
        """Those of whom something is bought."""
        return [part for part in self.parts if part.quantity > 0]


def split_offers(proposal: ReplenishmentProposal) -> list[Offer]:
    """Who delivers it now, the supplier that it asks in front."""
    offers = load_offers([proposal.sku_id]).get(proposal.sku_id, [])
    return sorted(offers, key=lambda offer: offer.supplier_id != proposal.supplier_id)


def is_splittable(proposal: ReplenishmentProposal) -> bool:
    """Whether it is bought, and somebody else delivers it, too. One statement."""
    others: QuerySet[Supplier] = Supplier.objects.filter(
        is_active=True, terms__sku_id=proposal.sku_id, terms__is_active=True
    )
    return proposal.supplier_id is not None and others.exclude(pk=proposal.supplier_id).exists()


def split_of(proposal: ReplenishmentProposal, wanted: Mapping[int, Decimal | None], *, now: datetime) -> Split:
    """Looks at today's terms, position and budgets; about fifteen statements, however many suppliers there are. A
    supplier of whom nothing is said brings nothing."""
    offers = split_offers(proposal)
    packs = {offer.supplier_id: offer.pack_size for offer in offers}
    units = split_need(proposal.quantity, {each: wanted.get(each, ZERO) for each in packs}, packs)
    parts = [
        part_of(offer, units[offer.supplier_id], day)
        for offer, day in zip(offers, arrival_days(proposal, offers, now), strict=True)
    ]
    costs = [Cost(part.offer.supplier_id, part.offer.currency, part.cost) for part in parts if part.quantity > 0]
    total = sum(units.values(), ZERO)
    return Split(
        parts,
        consequence_of(proposal, total, now=now) if total > 0 else None,
        exceeded_together(costs, proposal.location, now),
    )


def part_of(offer: Offer, quantity: Decimal, expected_on: date) -> SplitPart:
    fault = ordered_fault(quantity, offer) if quantity else ""
    return SplitPart(offer, quantity, price_of(quantity, offer.price, offer.breaks), expected_on, fault)


def arrival_days(proposal: ReplenishmentProposal, offers: Sequence[Offer], now: datetime) -> list[date]:
    """When the goods of each come; of the supplier that the proposal asks, as its approval reckons."""
    own = local_date(now, proposal.location.time_zone) + load_waits([proposal], now)[proposal.pk]
    days = arrivals_of(offers, proposal.location, now)
    return [own if offer.supplier_id == proposal.supplier_id else day for offer, day in zip(offers, days, strict=True)]
