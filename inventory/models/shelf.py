"""Where a SKU lies within a store or warehouse."""

from django.db import models
from django.db.models import Q

from inventory.models.location import Location
from inventory.models.sku import Sku


class ShelfPosition(models.Model):
    """An aisle and a position in it at which a SKU lies. It may lie at several: on the shelf and in the back room."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="shelf_positions")
    aisle = models.CharField(max_length=20)
    position = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "sku", "aisle", "position"], name="inventory_shelf_once"),
            models.CheckConstraint(condition=~Q(aisle=""), name="inventory_shelf_has_aisle"),
        ]
        indexes = [models.Index(fields=["location", "aisle", "position"], name="inventory_shelf_walk")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.aisle} {self.position}".strip()
