"""On what terms a supplier delivers a SKU."""

from django.db import models
from django.db.models import F, Q

from inventory.models import Sku
from suppliers.models.supplier import Supplier


class SupplierTerms(models.Model):
    """Price is per unit of the SKU, in the supplier's currency; orders come in whole packs of `pack_size` units."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="terms", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="terms")
    supplier_code = models.CharField(max_length=60, blank=True, default="")
    price = models.DecimalField(max_digits=14, decimal_places=4)
    pack_size = models.DecimalField(max_digits=14, decimal_places=3, default=1)
    minimum_quantity = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    # Units of a full pallet or layer, whole packs; an order that lacks at most so many percent of one is rounded up to
    # it, 0 for never.
    pallet_size = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    pallet_percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    # They deliver no more in a line of an order; empty: as much as is asked for.
    maximum_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    # Empty: the supplier's own promise holds.
    promised_lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # [[units, price], ...] ascending, texts: the price of every unit of an order line of at least so many.
    price_breaks = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    # 1 is asked first.
    priority = models.PositiveSmallIntegerField(default=1)
    # Percent of what is bought of the SKU that this supplier is to get over time; empty: all or nothing, by price.
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    # Days by express and what it costs on top of the price; empty: they deliver nothing by express.
    express_lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    express_premium_percent = models.DecimalField(max_digits=6, decimal_places=2, default=0, db_default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "supplier terms"
        constraints = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="suppliers_terms_once"),
            models.CheckConstraint(condition=Q(price__gte=0), name="suppliers_terms_price_not_negative"),
            models.CheckConstraint(condition=Q(pack_size__gt=0), name="suppliers_terms_pack_positive"),
            models.CheckConstraint(condition=Q(minimum_quantity__gte=0), name="suppliers_terms_minimum_not_negative"),
            models.CheckConstraint(
                condition=Q(pallet_percent=0) | Q(pallet_percent__lte=99, pallet_size__isnull=False, pallet_size__gt=0),
                name="suppliers_terms_pallet_known",
            ),
            # Something that they deliver must be within it.
            models.CheckConstraint(
                condition=Q(maximum_quantity__isnull=True)
                | Q(maximum_quantity__gte=F("minimum_quantity")) & Q(maximum_quantity__gte=F("pack_size")),
                name="suppliers_terms_maximum_above_least",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=True) | Q(share_percent__gte=1, share_percent__lte=100),
                name="suppliers_terms_share_range",
            ),
            models.CheckConstraint(
                condition=Q(express_premium_percent__gte=0), name="suppliers_terms_premium_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id}: {self.sku_id}"
