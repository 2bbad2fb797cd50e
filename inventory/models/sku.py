"""What we stock."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    EACH = "each", _("each")
    KILOGRAM = "kg", _("kg")
    LITRE = "l", _("l")
    METRE = "m", _("m")


class Category(models.Model):
    """A node of the assortment tree."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """The stocked thing, at the level we count and forecast. Money is in the firm's own currency."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="skus")
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.EACH)
    cost = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    price = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    # What one unit takes up in a truck; empty where nobody has said it.
    weight_kg = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    volume_l = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    # It consists of `KitPart` rows and has no stock of its own. Written with them.
    is_kit = models.BooleanField(default=False, db_default=False)
    # Each unit belongs to a `Lot`. Changed only by the service that brings the stock along.
    is_lot_tracked = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # What a stock level refers to, so that its copy of `is_lot_tracked` can never differ.
            models.UniqueConstraint(fields=["id", "is_lot_tracked"], name="inventory_sku_lot_tracking"),
            models.CheckConstraint(condition=Q(cost__gte=0) & Q(price__gte=0), name="inventory_sku_money_not_negative"),
            models.CheckConstraint(
                condition=(Q(weight_kg__isnull=True) | Q(weight_kg__gte=0))
                & (Q(volume_l__isnull=True) | Q(volume_l__gte=0)),
                name="inventory_sku_size_not_negative",
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="inventory_sku_unit_known"),
        ]
        indexes = [
            # Serve the search for a part of a name or code, which Django writes as UPPER(...) LIKE.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="inventory_sku_name_words"),
            GinIndex(OpClass(Upper("code"), name="gin_trgm_ops"), name="inventory_sku_code_words"),
            # Serves lists in the order of names, which show a page of a million rows without sorting them.
            models.Index(fields=["name", "id"], name="inventory_sku_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Barcode(models.Model):
    """A code that a scanner reads. A case barcode stands for `pack_quantity` units."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField(max_length=60, unique=True)
    pack_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pack_quantity__gt=0), name="inventory_barcode_pack_positive")]

    def __str__(self) -> str:
        return self.code
