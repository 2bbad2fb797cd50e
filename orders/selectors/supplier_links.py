"""Links of suppliers: which one a token opens, and which an order has."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import QuerySet

from accounts.link_tokens import fingerprint
from accounts.models import AuditEvent
from orders.models import PurchaseOrder, SupplierLink
from suppliers.models import SupplierTerms

ANSWERED = "purchase_order.answered"


def find_link(token: str) -> SupplierLink | None:
    """The link of this token, over or not, with its supplier and what it opens; None when there is none. A token that
    is not signed by us costs no query."""
    hashed = fingerprint(token)
    if hashed is None:
        return None
    found = SupplierLink.objects.select_related(
        "supplier", "order__location", "order__supplier", "offer__request__sku", "offer__request__location"
    )
    return found.filter(token_sha256=hashed).first()


def is_usable(link: SupplierLink, now: datetime) -> bool:
    """Neither too old nor taken back, and what it opens is still this supplier's."""
    opened = link.order or link.offer
    is_theirs = opened is not None and opened.supplier_id == link.supplier_id
    return link.revoked_at is None and now < link.expires_at and is_theirs


def links_of_order(order: PurchaseOrder) -> QuerySet[SupplierLink]:
    """All that were ever made, the newest first."""
    links = SupplierLink.objects.filter(order=order).select_related("created_by")
    return links.order_by("-created_at", "-pk")


def last_answer(order: PurchaseOrder) -> AuditEvent | None:
    """The latest answer of the supplier through a link; its `data` has `note` and `lines`."""
    events = AuditEvent.objects.filter(object_type="purchase_order", object_id=str(order.pk), action=ANSWERED)
    return events.order_by("-at", "-pk").first()


def supplier_codes(supplier_id: int, sku_ids: Collection[int]) -> Mapping[int, str]:
    """What the supplier calls each SKU, where they have a name of their own for it."""
    terms = SupplierTerms.objects.filter(supplier_id=supplier_id, sku_id__in=sku_ids).exclude(supplier_code="")
    return dict(terms.values_list("sku_id", "supplier_code"))
