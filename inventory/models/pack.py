"""How a SKU is packed: a case of 12, a pallet of 480, a bag of 0.5 kg."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from inventory.models.sku import Sku


class Pack(models.Model):
    """A name for so many units. Stock is kept in the SKU's unit; packs exist where people enter and read figures."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="packs", db_index=False)
    name = models.CharField(max_length=40)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint("sku", Lower("name"), name="inventory_pack_name_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_pack_quantity_positive"),
        ]

    def __str__(self) -> str:
        return self.name
