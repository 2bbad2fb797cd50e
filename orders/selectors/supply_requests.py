"""Requests to deliver as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from accounts.models import AuditEvent, User
from inventory.models import Sku
from inventory.selectors.scope import location_scope
from orders.domain.whole_packs import in_whole_packs
from orders.models import OfferState, PurchaseOrder, PurchaseOrderLine, RequestState, SupplyOffer, SupplyRequest
from suppliers.models import Supplier
from suppliers.selectors.terms import load_offers


@dataclass(frozen=True)
class Askable:
    """A supplier of the SKU with what they ask; without an address they cannot be asked."""

    supplier: Supplier
    price: Decimal
    pack_size: Decimal
    minimum_quantity: Decimal
    promised_days: int

    def units_for(self, need: Decimal) -> Decimal:
        """What they are asked for where so many are needed."""
        return in_whole_packs(need, self.minimum_quantity, self.pack_size)


def askable(sku: Sku) -> list[Askable]:
    """Active suppliers of the SKU in the order in which they are asked otherwise; two queries."""
    offers = load_offers([sku.pk]).get(sku.pk, [])
    suppliers = Supplier.objects.in_bulk([offer.supplier_id for offer in offers])
    return [
        Askable(suppliers[offer.supplier_id], offer.price, offer.pack_size, offer.minimum_quantity, offer.promised_days)
        for offer in offers
    ]


def short_line(sku: Sku, line_id: int, user: User) -> PurchaseOrderLine | None:
    """The line of an order of the user's places whose supplier said that less of this SKU comes than was ordered."""
    lines = PurchaseOrderLine.objects.filter(location_scope(user, "order__location"), sku=sku, pk=line_id)
    return lines.filter(confirmed_quantity__lt=F("quantity")).select_related("order").first()


def asked_since(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> dict[int, SupplyRequest]:
    """By SKU, of those of which less comes than was ordered: the newest request for the same place since the order was
    made, unless it was withdrawn. One query, none where nothing is short."""
    short = {
        line.sku_id for line in lines if line.confirmed_quantity is not None and line.confirmed_quantity < line.quantity
    }
    if not short:
        return {}
    found = SupplyRequest.objects.filter(sku__in=short, location=order.location_id, created_at__gte=order.created_at)
    found = found.exclude(state=RequestState.WITHDRAWN).select_related("purchase_order__supplier")
    return {each.sku_id: each for each in found.order_by("created_at", "pk")}


def request_behind(order: PurchaseOrder) -> SupplyRequest | None:
    """The request by which the supplier got this order."""
    return SupplyRequest.objects.filter(purchase_order=order).first()


def requests_for(user: User) -> QuerySet[SupplyRequest]:
    """Of the user's places, the newest first, with `asked` and `declined`, the numbers of suppliers."""
    found = SupplyRequest.objects.filter(location_scope(user)).select_related(
        "sku", "location", "created_by", "purchase_order__supplier"
    )
    return found.annotate(
        asked=Count("offers"), declined=Count("offers", filter=Q(offers__state=OfferState.DECLINED))
    ).order_by("-created_at", "-pk")


def offers_of(request: SupplyRequest) -> QuerySet[SupplyOffer]:
    """Who was asked, with what they said."""
    return request.offers.select_related("supplier").order_by("supplier__name", "pk")


def request_history(request: SupplyRequest) -> QuerySet[AuditEvent]:
    """Who did what with it, the newest first."""
    events = AuditEvent.objects.filter(object_type="supply_request", object_id=str(request.pk))
    return events.select_related("actor").order_by("-at", "-pk")


def is_running(request: SupplyRequest, now: datetime) -> bool:
    """Whether a supplier may still confirm it."""
    return request.state == RequestState.OPEN and now < request.closes_at
