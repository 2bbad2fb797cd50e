"""How stock is to be replenished, and the levels that follow from it each night."""

from django.db import models
from django.db.models import Q

from forecasting.models import ForecastRun
from inventory.fields import RealField
from inventory.models import Category, Location, Sku


class PolicyRule(models.Model):
    """Targets for the series it matches; an empty field matches all, the most specific rule wins (SKU, category, location)."""

    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    cycle_service_level = models.DecimalField(max_digits=4, decimal_places=3, default="0.950")
    review_period_days = models.PositiveSmallIntegerField(default=1)
    # How many days of mean demand one order should cover beyond the reorder point; larger lots mean fewer orders.
    lot_days = models.PositiveSmallIntegerField(default=7)
    is_stopped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "category", "location"], nulls_distinct=False, name="orders_policy_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(cycle_service_level__gte="0.500") & Q(cycle_service_level__lte="0.999"),
                name="orders_policy_service_level_range",
            ),
            models.CheckConstraint(condition=Q(review_period_days__gte=1), name="orders_policy_review_positive"),
        ]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class ReorderLevel(models.Model):
    """Derived every night for each listing: order at or below `reorder_point`, up to `order_up_to_level`.

    `reason` keeps what the numbers were made of, for "why this reorder point".
    """

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    run = models.ForeignKey(ForecastRun, null=True, on_delete=models.SET_NULL, related_name="+")
    computed_on = models.DateField()
    protection_interval_days = RealField()
    mean_daily_demand = RealField()
    reorder_point = models.DecimalField(max_digits=14, decimal_places=3)
    order_up_to_level = models.DecimalField(max_digits=14, decimal_places=3)
    safety_stock = models.DecimalField(max_digits=14, decimal_places=3)
    reason = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "sku"], name="orders_reorder_level_once"),
            models.CheckConstraint(
                condition=Q(order_up_to_level__gte=models.F("reorder_point")), name="orders_reorder_level_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"
