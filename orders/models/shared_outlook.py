"""Suppliers who may see what the firm expects to order from them."""

from django.conf import settings
from django.db import models

from suppliers.models import Supplier


class SharedOutlook(models.Model):
    """With a row for a supplier, the page behind their signed links shows them the outlook on their own SKUs."""

    supplier = models.OneToOneField(Supplier, on_delete=models.CASCADE, related_name="+")
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return f"outlook for {self.supplier_id}"
