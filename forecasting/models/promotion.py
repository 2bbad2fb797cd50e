"""The calendar of promotions, past and planned."""

from django.db import models
from django.db.models import F, Q

from inventory.models import Location, Sku


class Promotion(models.Model):
    """A promotion at one location, or everywhere when `location` is empty."""

    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="promotions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="forecasting_promotion_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="forecasting_promotion_days")]

    def __str__(self) -> str:
        return self.name


class PromotionSku(models.Model):
    """A SKU in a promotion; `share` is how much of it is promoted (1: all shops, all week)."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="skus")
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    share = models.DecimalField(max_digits=4, decimal_places=3, default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "sku"], name="forecasting_promotion_sku_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0) & Q(share__lte=1), name="forecasting_promotion_share_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.sku_id}"
