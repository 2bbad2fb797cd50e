"""The calendar of promotions and other occasions, past and planned."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Category, Location, Sku


class PromotionScope(models.TextChoices):
    ALL = "all", _("The whole assortment")
    CATEGORIES = "categories", _("Some categories")
    SKUS = "skus", _("Some SKUs")


class Promotion(models.Model):
    """A promotion at one location, or everywhere when `location` is empty."""

    name = models.CharField(max_length=120)
    # What comes again under this name, such as "618": what the forecast learns, it learns for all of one kind together.
    kind = models.CharField(max_length=60, blank=True, default="", db_default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="promotions")
    scope = models.CharField(
        max_length=10, choices=PromotionScope.choices, default=PromotionScope.SKUS, db_default=PromotionScope.SKUS
    )
    # How much of what is in scope is promoted (0.5: half of it, or at half of the usual depth). SKUs have their own.
    share = models.DecimalField(max_digits=4, decimal_places=3, default=1, db_default=1)
    # For people; the forecast reads `share`.
    discount_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    # The entry of a pack that it came from, such as "china 2026 618": loading a pack again adds nothing twice.
    pack_entry = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="forecasting_promotion_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=PromotionScope.values), name="forecasting_promotion_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0) & Q(share__lte=1), name="forecasting_promotion_planned_share"
            ),
            models.CheckConstraint(
                condition=Q(discount_percent=None) | (Q(discount_percent__gt=0) & Q(discount_percent__lte=100)),
                name="forecasting_promotion_discount_range",
            ),
            models.UniqueConstraint(
                fields=["pack_entry"], condition=~Q(pack_entry=""), name="forecasting_promotion_pack_entry_once"
            ),
        ]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="forecasting_promotion_days")]

    def __str__(self) -> str:
        return self.name


class PromotionSku(models.Model):
    """A SKU in a promotion; `share` is how much of it is promoted (1: all shops, all week)."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="skus", db_index=False)
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


class PromotionCategory(models.Model):
    """A category in a promotion, with all that lies in it on the day."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="categories", db_index=False)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "category"], name="forecasting_promotion_category_once"),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.category_id}"
