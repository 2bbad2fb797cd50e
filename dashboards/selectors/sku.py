"""One SKU across the user's places: levels, open documents, and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from accounts.models import User
from inventory.domain.days import local_date
from inventory.models import Listing, Location, Sku, StockLevel, TransferLine
from inventory.selectors.scope import locations_for
from orders.models import ProposalState, PurchaseOrderLine, ReplenishmentProposal
from orders.selectors.positions import open_lines_of
from orders.selectors.risk import RiskRow, load_risk
from suppliers.models import SupplierTerms

OPEN_TRANSFER_STATES = ("draft", "shipped")
ZERO = Decimal(0)


@dataclass(frozen=True)
class PlaceRow:
    """How the SKU stands at one place; `risk` is None where it is not on sale."""

    location: Location
    on_hand: Decimal
    reserved: Decimal
    risk: RiskRow | None

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


@dataclass(frozen=True)
class OpenDocuments:
    """What is on its way to one place, and what waits for a decision."""

    order_lines: Sequence[PurchaseOrderLine]
    transfer_lines: Sequence[TransferLine]
    proposal: ReplenishmentProposal | None


def visible_skus(user: User) -> QuerySet[Sku]:
    """SKUs listed, or once listed, at a place of the user; whoever works everywhere sees all."""
    if user.sees_all_locations:
        return Sku.objects.all()
    return Sku.objects.filter(pk__in=Listing.objects.filter(location__access__user=user).values("sku"))


def places_of(user: User, sku: Sku, *, now: datetime) -> list[PlaceRow]:
    """A row for each of the user's places that sells the SKU or holds some of it, in the order of their names."""
    places = list(locations_for(user))
    levels = {level.location_id: level for level in StockLevel.objects.filter(sku=sku, location__in=places)}
    risks: dict[int, RiskRow] = {}
    for zone_name in {place.time_zone for place in places}:
        here = [place.pk for place in places if place.time_zone == zone_name]
        rows = load_risk(location_ids=here, sku_ids=[sku.pk], today=local_date(now, zone_name))
        risks |= {row.location_id: row for row in rows}
    return [
        _place_row(place, levels.get(place.pk), risks.get(place.pk))
        for place in places
        if place.pk in risks or (place.pk in levels and levels[place.pk].on_hand != 0)
    ]


def _place_row(place: Location, level: StockLevel | None, risk: RiskRow | None) -> PlaceRow:
    return PlaceRow(place, level.on_hand if level else ZERO, level.reserved if level else ZERO, risk)


def open_documents_of(sku: Sku, location: Location) -> OpenDocuments:
    transfers = TransferLine.objects.filter(
        sku=sku, transfer__destination=location, transfer__state__in=OPEN_TRANSFER_STATES
    )
    proposal = ReplenishmentProposal.objects.filter(sku=sku, location=location, state=ProposalState.OPEN)
    return OpenDocuments(
        order_lines=open_lines_of(sku.pk, location.pk),
        transfer_lines=list(transfers.select_related("transfer__source").order_by("transfer__expected_on", "pk")),
        proposal=proposal.select_related("supplier", "source").first(),
    )


def terms_of(sku: Sku) -> list[SupplierTerms]:
    """Who delivers it on what terms, the preferred first."""
    terms = SupplierTerms.objects.filter(sku=sku, is_active=True, supplier__is_active=True)
    return list(terms.select_related("supplier").order_by("priority", "price", "pk"))
