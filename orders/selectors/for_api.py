"""What the API lists, limited to the user's places."""

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from inventory.selectors.scope import location_scope
from orders.models import PurchaseOrder, PurchaseOrderLine, ReorderLevel, ReplenishmentProposal


def proposals_for(user: User) -> QuerySet[ReplenishmentProposal]:
    """Proposals of every state, the most money at risk first."""
    proposals = ReplenishmentProposal.objects.filter(location_scope(user))
    return proposals.select_related("sku", "location", "supplier", "source", "cut_by").order_by("-value_at_risk", "pk")


def purchase_orders_for(user: User) -> QuerySet[PurchaseOrder]:
    """Orders with their lines, the newest first."""
    lines = PurchaseOrderLine.objects.select_related("sku").order_by("pk")
    orders = PurchaseOrder.objects.filter(location_scope(user)).select_related("supplier", "location")
    return orders.prefetch_related(Prefetch("lines", queryset=lines)).order_by("-pk")


def reorder_levels_for(user: User) -> QuerySet[ReorderLevel]:
    levels = ReorderLevel.objects.filter(location_scope(user))
    return levels.select_related("sku", "location", "supplier", "source").order_by("location_id", "sku_id")
