"""The forecast of one series."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasting.models.run import ForecastRun
from inventory.fields import RealField
from inventory.models import Location, Sku


class SeriesState(models.IntegerChoices):
    """The numbers are those of `forecasting.engine.State`."""

    OK = 0, _("Forecast")
    BORROWED = 1, _("Borrowed from its category")
    NOT_ENOUGH_DATA = 2, _("Not enough data")
    BORROWED_STYLE = 3, _("Borrowed from its style")
    BORROWED_PREDECESSOR = 4, _("Borrowed from its predecessor")
    BORROWED_ITEM = 5, _("Borrowed from its other locations")


class SeriesForecast(models.Model):
    """Forecast of a SKU at a location. Every column has a fixed width, so that rows travel by binary COPY.

    `mean` [horizon_days]: expected demand of each day, units. `daily_quantiles` [horizon_days x
    len(run.daily_levels)], row-major.
    `sum_quantiles` [len(run.sum_days) x len(run.levels)], row-major: quantiles of the SUM of demand over the next
    h days.
    All are NaN where the state is NOT_ENOUGH_DATA. `candidates` are indices into `run.candidate_labels`, best
    first, with `weights`.
    """

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="series", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.SmallIntegerField(choices=SeriesState.choices)
    mean = ArrayField(RealField())
    daily_quantiles = ArrayField(RealField())
    sum_quantiles = ArrayField(RealField())
    # Units of demand that empty shelves hid in the history, as the engine reckons.
    recovered_units = RealField()
    candidates = ArrayField(models.SmallIntegerField())
    weights = ArrayField(RealField())
    # Pinball loss saved against the mean of all candidates (0.1 is 10%), and the past origins that it was measured on.
    gain = RealField()
    origins = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "location", "sku"], name="forecasting_series_once"),
            models.CheckConstraint(condition=Q(state__in=SeriesState.values), name="forecasting_series_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"
