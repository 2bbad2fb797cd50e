"""How stock is to be replenished, and the levels that follow from it each night."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasting.models import ForecastRun
from inventory.fields import RealField
from inventory.models import Category, Location, Sku
from suppliers.models import Supplier


class TargetKind(models.TextChoices):
    CYCLE = "cycle", _("Certainty not to run out between two deliveries")
    FILL = "fill", _("Share of units served at once")
    ECONOMIC = "economic", _("Least cost of stock, lost sales and order lines")
    MIN_MAX = "min_max", _("A minimum and a maximum of our own")


class Phase(models.TextChoices):
    ACTIVE = "active", _("On sale")
    NEW = "new", _("New: minimum and maximum until there is a forecast")
    PHASE_OUT = "phase_out", _("Phase-out: no more than is sold until the last day")
    END = "end_of_life", _("End of life: nothing is bought any more")


class ValueClass(models.TextChoices):
    A = "A", _("A: most of the money")
    B = "B", _("B: the middle")
    C = "C", _("C: little money")


class Steadiness(models.TextChoices):
    X = "X", _("X: steady")
    Y = "Y", _("Y: wavering")
    Z = "Z", _("Z: erratic")


class PolicyRule(models.Model):
    """Targets for the series it matches; an empty field matches all, the most specific rule wins (SKU, category,
    supplier, class by value, class by steadiness, location)."""

    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(Supplier, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    value_class = models.CharField(max_length=1, choices=ValueClass.choices, blank=True, default="", db_default="")
    steadiness = models.CharField(max_length=1, choices=Steadiness.choices, blank=True, default="", db_default="")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=10, choices=TargetKind.choices, default="cycle", db_default="cycle")
    cycle_service_level = models.DecimalField(max_digits=4, decimal_places=3, default="0.950")
    review_period_days = models.PositiveSmallIntegerField(default=1)
    # How many days of mean demand one order should cover beyond the reorder point; larger lots mean fewer orders.
    lot_days = models.PositiveSmallIntegerField(default=7)
    # What one order line costs in work and freight, money. Above 0 the lot is the one that balances it against holding
    # the goods at `holding_rate` of their cost a year, and `lot_days` does not count.
    ordering_cost = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    holding_rate = models.DecimalField(max_digits=4, decimal_places=3, default="0.250")
    is_stopped = models.BooleanField(default=False)
    fill_rate = models.DecimalField(max_digits=5, decimal_places=4, default="0.98", db_default="0.98")
    # What a lost unit costs beyond its margin, money: the customer who does not come back.
    disappointment = models.DecimalField(max_digits=10, decimal_places=4, default=0, db_default=0)
    minimum = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    maximum = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    phase = models.CharField(max_length=12, choices=Phase.choices, default="active", db_default="active")
    # The last day of sale of what is being phased out.
    ends_on = models.DateField(null=True, blank=True)
    # Units that are to stand on the shelf in any case, and units that have room on it.
    presentation = models.DecimalField(max_digits=14, decimal_places=3, default=0, db_default=0)
    capacity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "category", "supplier", "value_class", "steadiness", "location"],
                nulls_distinct=False,
                name="orders_policy_rule_once",
            ),
            models.CheckConstraint(
                condition=Q(target__in=TargetKind.values) & Q(phase__in=Phase.values), name="orders_policy_words_known"
            ),
            models.CheckConstraint(
                condition=(~Q(target="min_max") & ~Q(phase="new"))
                | Q(
                    minimum__isnull=False,
                    maximum__isnull=False,
                    minimum__gte=0,
                    maximum__gt=0,
                    maximum__gte=F("minimum"),
                ),
                name="orders_policy_typed_levels",
            ),
            models.CheckConstraint(
                condition=~Q(phase="phase_out") | Q(ends_on__isnull=False), name="orders_policy_phase_out_ends"
            ),
            models.CheckConstraint(
                condition=Q(presentation__gte=0)
                & Q(disappointment__gte=0)
                & (Q(capacity__isnull=True) | Q(capacity__gt=0))
                & Q(fill_rate__gte="0.5")
                & Q(fill_rate__lte="0.9999"),
                name="orders_policy_amounts_range",
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
    ENDING = "ending", _("It is no longer bought")
    NO_ROOM = "no_room", _("Not even a pack has room")
    DELAYED = "delayed", _("It waits for the next order")


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
    value_class = models.CharField(max_length=1, default="", db_default="")
    steadiness = models.CharField(max_length=1, default="", db_default="")
    # The rule that set the targets, empty for the defaults; and what bound the levels (orders.domain.bounds.Limit).
    rule = models.ForeignKey(PolicyRule, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    limits = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Lines of "why" that few have: what is lost before a delivery, and where a calendar leaves the shelf empty who was
    # not asked and what was weighed; NULL of others.
    turn = models.JSONField(null=True)

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
