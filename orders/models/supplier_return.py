"""What went back to a supplier."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models import Posting
from orders.models.purchase_order import PurchaseOrder, PurchaseOrderLine


class SupplierReturn(models.Model):
    """Goods of one order that go back; its stock is the movements of its posting."""

    number = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="returns")
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    reason = models.CharField(max_length=300)
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.number


class SupplierReturnLine(models.Model):
    supplier_return = models.ForeignKey(SupplierReturn, on_delete=models.CASCADE, related_name="lines", db_index=False)
    order_line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier_return", "order_line"], name="orders_return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_return_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"
