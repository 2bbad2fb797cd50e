"""What a supplier asked for a SKU, and since when."""

from django.db import models
from django.db.models import Q

from suppliers.models.terms import SupplierTerms


class SupplierPrice(models.Model):
    """A price from `since` until the next row of the same terms. Rows are only ever added, each time it changes."""

    terms = models.ForeignKey(SupplierTerms, on_delete=models.CASCADE, related_name="prices", db_index=False)
    # Per unit of the SKU.
    price = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="suppliers_price_not_negative")]
        indexes = [models.Index(fields=["terms", "-since", "-id"], name="suppliers_price_history")]

    def __str__(self) -> str:
        return f"{self.price} {self.currency}"
