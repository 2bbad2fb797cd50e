"""What of a transfer did not arrive as it was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models.movement import Posting, Reason
from inventory.models.transfer import Transfer, TransferLine


class TransferDifference(models.Model):
    """Units of a line that were lost or broke on the way, or (`is_surplus`) that came although nobody sent them."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="differences")
    line = models.ForeignKey(TransferLine, on_delete=models.CASCADE, related_name="differences", db_index=False)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    is_surplus = models.BooleanField(default=False)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+", db_index=False)
    note = models.CharField(max_length=300, blank=True, default="")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_transfer_difference_positive")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"
