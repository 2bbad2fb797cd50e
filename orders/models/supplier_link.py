"""Addresses through which a supplier answers without an account."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from orders.models.purchase_order import PurchaseOrder
from orders.models.supply_request import SupplyOffer
from suppliers.models import Supplier


class SupplierLink(models.Model):
    """Opens one order, or one request to deliver, to one supplier until it expires or is revoked. Only the SHA-256 of
    the token is stored."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(
        PurchaseOrder, null=True, blank=True, on_delete=models.CASCADE, related_name="supplier_links"
    )
    offer = models.ForeignKey(
        SupplyOffer, null=True, blank=True, on_delete=models.CASCADE, related_name="links", db_index=False
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # Empty when the mail of the order brought it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="orders_supplier_link_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False, offer__isnull=True) | Q(order__isnull=True, offer__isnull=False),
                name="orders_supplier_link_opens_one",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk} of {self.supplier_id}"
