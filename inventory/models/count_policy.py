"""How a place counts: how often, and from which difference on a second person must look."""

from django.db import models
from django.db.models import Q

from inventory.models.location import Location
from inventory.models.sku import Sku


class CountClass(models.TextChoices):
    """By value of demand: A is what most of the money flows through."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class CountPolicy(models.Model):
    """The rules of one location. A limit that is empty does not apply; a difference above any limit needs approval."""

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="count_policy")
    limit_units = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True, default=20)
    limit_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    limit_money = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, default=50)
    recount_by_other = models.BooleanField(default=True)
    is_blind = models.BooleanField(default=True)
    a_days = models.PositiveIntegerField(default=30)
    b_days = models.PositiveIntegerField(default=90)
    c_days = models.PositiveIntegerField(default=180)
    # So many SKUs make a day's count.
    lines_a_day = models.PositiveIntegerField(default=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(limit_units__isnull=True) | Q(limit_units__gte=0))
                & (Q(limit_percent__isnull=True) | Q(limit_percent__gte=0))
                & (Q(limit_money__isnull=True) | Q(limit_money__gte=0)),
                name="inventory_count_policy_limits",
            ),
            models.CheckConstraint(
                condition=Q(a_days__gte=1) & Q(b_days__gte=1) & Q(c_days__gte=1) & Q(lines_a_day__gte=1),
                name="inventory_count_policy_days",
            ),
        ]

    def __str__(self) -> str:
        return f"Counting at {self.location_id}"


class CountCycle(models.Model):
    """How often a SKU is counted at a location, and when it last was."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    count_class = models.CharField(max_length=1, choices=CountClass.choices, default=CountClass.C)
    # Cost of what was asked for in the year before `classed_on`.
    demand_value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    classed_on = models.DateField(null=True, blank=True)
    # The moment at which somebody stood before the shelf, not the one at which it was posted.
    last_counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "sku"], name="inventory_count_cycle_once"),
            models.CheckConstraint(condition=Q(count_class__in=CountClass.values), name="inventory_count_class_known"),
        ]

    def __str__(self) -> str:
        return f"{self.count_class} {self.sku_id} at {self.location_id}"
