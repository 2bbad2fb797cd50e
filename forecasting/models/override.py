"""What planners know better than the forecast."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.fields import RealField
from inventory.models import Category, Location, Sku


class ForecastOverride(models.Model):
    """Demand of some SKUs at some places, from `starts_on` to `ends_on`, as a person expects it.

    An empty `sku`, `category` or `location` means all; a category has all that lies in it. Either `percent` (+20 is a
    fifth more than the forecast) or `quantity` (units that all of them together will sell over the whole period) is
    given. `factor` is what the forecast of each day is multiplied by: known at once for a percentage; for a quantity
    reckoned anew from each published forecast, and empty while the period is out of its reach or nothing is expected
    that could be multiplied.

    It counts until `expires_on` and until `ended_at`. Rows are never deleted and their numbers never changed, so that
    each can be scored by what was really said.
    """

    sku = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    expires_on = models.DateField()
    percent = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    factor = RealField(null=True)
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # When it was made or ended, and when replenishment last took that up.
    changed_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sku__isnull=False) | Q(category__isnull=False) | Q(location__isnull=False),
                name="forecasting_override_has_a_level",
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=True) | Q(category__isnull=True), name="forecasting_override_sku_or_category"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True, quantity__isnull=False, quantity__gte=0)
                | Q(quantity__isnull=True, percent__isnull=False, percent__gte=-100, percent__lte=1000),
                name="forecasting_override_percent_or_quantity",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), expires_on__lte=F("ends_on")),
                name="forecasting_override_days_in_order",
            ),
        ]
        indexes = [
            # Serves what still counts, out of years of opinions.
            models.Index(fields=["ends_on"], condition=Q(ended_at=None), name="forecasting_override_open"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason}"
