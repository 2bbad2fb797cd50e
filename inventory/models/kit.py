"""SKUs that are sold together under one code."""

from django.db import models
from django.db.models import F, Q

from inventory.models.sku import Sku


class KitPart(models.Model):
    """So much of a part goes into one kit. A kit has no stock of its own: selling it takes its parts from the shelf.

    A part is never a kit itself; a trigger refuses it, whoever writes.
    """

    kit = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="kit_parts", db_index=False)
    part = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="in_kits")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "part"], name="inventory_kit_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_kit_part_positive"),
            models.CheckConstraint(condition=~Q(kit=F("part")), name="inventory_kit_part_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.part_id} in {self.kit_id}"
