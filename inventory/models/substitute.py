"""What may be offered when a SKU is not there."""

from django.db import models
from django.db.models import F, Q

from inventory.models.sku import Sku


class Substitute(models.Model):
    """`substitute` serves instead of `sku`; the lowest `rank` is offered first. It holds in this direction only."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="substitutes", db_index=False)
    substitute = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="substitute_for")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "substitute"], name="inventory_substitute_once"),
            models.CheckConstraint(condition=~Q(sku=F("substitute")), name="inventory_substitute_is_another"),
        ]
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.sku_id}"
