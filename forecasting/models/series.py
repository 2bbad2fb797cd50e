"""The forecast of one series."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasting.models.run import ForecastRun
from inventory.fields import RealField
from inventory.models import Location, Sku


class SeriesState(models.TextChoices):
    OK = "ok", _("Forecast")
    NOT_ENOUGH_DATA = "not_enough_data", _("Not enough data")


class SeriesForecast(models.Model):
    """Forecast of a SKU at a location.

    `mean` [horizon_days]: expected demand of each day, units. `daily_quantiles` [horizon_days x len(run.daily_levels)], row-major.
    `sum_quantiles` [len(run.sum_days) x len(run.levels)], row-major: quantiles of the SUM of demand over the next h days.
    """

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="series", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=16, choices=SeriesState.choices)
    method = models.CharField(max_length=40)
    # Why this method: the scores it was chosen by, as the engine gives them.
    choice = models.JSONField(default=dict)
    mean = ArrayField(RealField())
    daily_quantiles = ArrayField(RealField())
    sum_quantiles = ArrayField(RealField())
    # Units of demand that empty shelves hid in the history, as the engine reckons.
    recovered_units = RealField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "location", "sku"], name="forecasting_series_once"),
            models.CheckConstraint(condition=Q(state__in=SeriesState.values), name="forecasting_series_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"
