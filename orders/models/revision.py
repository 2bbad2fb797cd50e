"""What was changed of an order after its supplier had it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orders.models.purchase_order import PurchaseOrder


class OrderRevision(models.Model):
    """One change, numbered from 1 within its order; rows are only ever added.

    `changes` has a row for each changed line: {"sku", "name", "before": {"quantity", "expected_on"}, "after": {...}},
    quantity "0" for a line that is dropped.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True, default="")
    changes = models.JSONField()
    total_before = models.DecimalField(max_digits=14, decimal_places=2)
    total_after = models.DecimalField(max_digits=14, decimal_places=2)
    # Under which the outbox keeps the e-mail.
    event_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="orders_revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="orders_revision_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"
