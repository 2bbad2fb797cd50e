"""Addresses through which a supplier answers without an account."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from orders.models.purchase_order import PurchaseOrder
from suppliers.models import Supplier


class SupplierLink(models.Model):
    """Opens one order to one supplier until it expires or is revoked. Only the SHA-256 of the token is stored."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="supplier_links")
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
            )
        ]

    def __str__(self) -> str:
        return f"link {self.pk} of {self.supplier_id}"
