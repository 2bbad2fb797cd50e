"""How stock is to be replenished, and the levels that follow from it each night."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasting.models import ForecastRun
from inventory.fields import RealField
from inventory.models import Category, Location, Sku
from suppliers.models import Supplier


class PolicyRule(models.Model):
    """Targets for the series it matches; an empty field matches all, the most specific rule wins (SKU, category,
    location)."""

    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    cycle_service_level = models.DecimalField(max_digits=4, decimal_places=3, default="0.950")
    review_period_days = models.PositiveSmallIntegerField(default=1)
    # How many days of mean demand one order should cover beyond the reorder point; larger lots mean fewer orders.
    lot_days = models.PositiveSmallIntegerField(default=7)
    # What one order line costs in work and freight, money. Above 0 the lot is the one that balances it against holding
    # the goods at `holding_rate` of their cost a year, and `lot_days` does not count.
    ordering_cost = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    holding_rate = models.DecimalField(max_digits=4, decimal_places=3, default="0.250")
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
            models.CheckConstraint(condition=Q(ordering_cost__gte=0), name="orders_policy_ordering_cost_not_negative"),
            models.CheckConstraint(condition=Q(holding_rate__gt=0), name="orders_policy_holding_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class Outcome(models.TextChoices):
    """What the night decided for a listing; every value but `proposed` answers "why nothing?"."""

    PROPOSED = "proposed", _("Proposed")
    ENOUGH = "enough", _("There is enough")
    NO_DEMAND = "no_demand", _("No demand is expected")
    NO_FORECAST = "no_forecast", _("Not enough history for a forecast")
    NO_SOURCE = "no_source", _("Nobody supplies it")
    STOPPED = "stopped", _("Replenishment is stopped by a rule")
    SNOOZED = "snoozed", _("Rejected for some days")


class ReorderLevel(models.Model):
    """Derived every night for each listing: order at or below `reorder_point`, up to `order_up_to_level`.

    Levels are empty where there is no forecast: nobody orders by a guess. The columns from `cycle_service_level` on
    are what the numbers were made of, for "why this reorder point" and for the risk of today.
    """

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    run = models.ForeignKey(ForecastRun, null=True, on_delete=models.SET_NULL, related_name="+")
    # The last day that the forecast saw; the first value of `daily_mean` belongs to the day after.
    computed_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    protection_interval_days = RealField(null=True)
    mean_daily_demand = RealField(null=True)
    reorder_point = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    order_up_to_level = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    safety_stock = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    cycle_service_level = RealField()
    review_period_days = models.PositiveSmallIntegerField()
    lot_days = models.PositiveSmallIntegerField()
    # Where it would come from if ordered today: a supplier, or another of our locations.
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    source = models.ForeignKey(Location, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    lead_time_days = RealField(null=True)
    # Expected demand of each coming day, units; and quantiles (orders.domain.curves.STORED_LEVELS) of the demand until
    # a delivery ordered today would arrive.
    daily_mean = ArrayField(RealField(), default=list)
    lead_quantiles = ArrayField(RealField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "sku"], name="orders_reorder_level_once"),
            models.CheckConstraint(
                condition=Q(order_up_to_level__gte=models.F("reorder_point")), name="orders_reorder_level_ordered"
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="orders_reorder_level_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"
