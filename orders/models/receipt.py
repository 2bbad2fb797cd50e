"""What arrived."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models import Posting
from orders.models.purchase_order import PurchaseOrder, PurchaseOrderLine


class Receipt(models.Model):
    """One arrival on an order; its stock is the movements of its posting."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    posting = models.OneToOneField(Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"receipt {self.pk} of {self.order_id}"


class ReceiptLine(models.Model):
    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines", db_index=False)
    order_line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipt_lines")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "order_line"], name="orders_receipt_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_receipt_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"
