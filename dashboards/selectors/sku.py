"""One SKU across the user's places: levels, open documents, and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import User
from inventory.domain.days import local_date
from inventory.models import Listing, Location, Sku, StockLevel, TransferLine
from inventory.selectors.kits import kits_available
from inventory.selectors.reserved import available_of_level, reserved_of_level
from inventory.selectors.scope import locations_for
from orders.models import ProposalState, PurchaseOrderLine, ReplenishmentProposal
from orders.selectors.positions import open_lines_of
from orders.selectors.risk import RiskRow, load_risk
from suppliers.models import SupplierTerms

OPEN_TRANSFER_STATES = ("draft", "shipped")
ZERO = Decimal(0)
NOTHING = (ZERO, ZERO, ZERO)


@dataclass(frozen=True)
class PlaceRow:
    """How the SKU stands at one place; `risk` is None where it is not on sale."""

    location: Location
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    risk: RiskRow | None


@dataclass(frozen=True)
class OpenDocuments:
    """What is on its way to one place, and what waits for a decision."""

    order_lines: Sequence[PurchaseOrderLine]
    transfer_lines: Sequence[TransferLine]
    proposal: ReplenishmentProposal | None


def visible_skus(user: User) -> QuerySet[Sku]:
    """SKUs listed, or once listed, at a place of the user, and kits of such; whoever works everywhere sees all."""
    if user.sees_all_locations:
        return Sku.objects.all()
    listed = Listing.objects.filter(location__access__user=user).values("sku")
    return Sku.objects.filter(Q(pk__in=listed) | Q(is_kit=True, kit_parts__part__in=listed)).distinct()


def places_of(user: User, sku: Sku, *, now: datetime) -> list[PlaceRow]:
    """A row for each of the user's places that sells the SKU or holds some of it, in the order of their names."""
    places = list(locations_for(user))
    levels = _levels_of(sku, places)
    risks: dict[int, RiskRow] = {}
    for zone_name in {place.time_zone for place in places}:
        here = [place.pk for place in places if place.time_zone == zone_name]
        rows = load_risk(location_ids=here, sku_ids=[sku.pk], today=local_date(now, zone_name))
        risks |= {row.location_id: row for row in rows}
    return [
        PlaceRow(place, *levels.get(place.pk, NOTHING), risks.get(place.pk))
        for place in places
        if place.pk in risks or levels.get(place.pk, NOTHING)[0] != 0
    ]


def _levels_of(sku: Sku, places: Sequence[Location]) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """What is there, reserved and available by location; a kit has as many as its parts make up."""
    if sku.is_kit:
        counts = kits_available([sku.pk], [place.pk for place in places])
        return {place_id: (count, ZERO, count) for (_kit, place_id), count in counts.items()}
    levels = StockLevel.objects.filter(sku=sku, location__in=places)
    rows = levels.values_list("location_id", "on_hand", reserved_of_level(), available_of_level())
    return {place_id: (on_hand, reserved, available) for place_id, on_hand, reserved, available in rows}


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
