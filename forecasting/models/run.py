"""One computation over all series of a time zone, and the pointer to the one that readers see."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasting.models.choice import ChoiceRun
from inventory.fields import RealField


class ForecastRunState(models.TextChoices):
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")


class ForecastRun(models.Model):
    """`as_of` is the last day the computation may see; day 1 of the horizon is the day after."""

    # The slot of the job run that computes it: a repeat of that run finds this row, another run makes its own.
    slot = models.CharField(max_length=80, unique=True)
    as_of = models.DateField()
    time_zone = models.CharField(max_length=40)
    horizon_days = models.PositiveSmallIntegerField()
    # Lengths h (days) and levels q of `SeriesForecast.sum_quantiles`.
    sum_days = ArrayField(models.PositiveSmallIntegerField())
    levels = ArrayField(RealField())
    # Levels of `SeriesForecast.daily_quantiles`.
    daily_levels = ArrayField(RealField())
    # What the numbers in `SeriesForecast.candidates` mean.
    candidate_labels = models.JSONField(default=list)
    # The choice of methods that all its shards use, and whether the global model was part of it.
    choice_run = models.ForeignKey(ChoiceRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=ForecastRunState.choices, default=ForecastRunState.RUNNING)
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ForecastRunState.values), name="forecasting_run_state_known"),
        ]
        # Serves the newest runs of a zone.
        indexes = [models.Index(fields=["time_zone", "-as_of", "-id"], name="forecasting_run_newest")]

    def __str__(self) -> str:
        return f"{self.as_of} {self.time_zone}"


class PublishedForecast(models.Model):
    """The run that readers see, one row per time zone: moving this pointer is the publication."""

    time_zone = models.CharField(max_length=40, unique=True)
    run = models.ForeignKey(ForecastRun, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.time_zone}: {self.run_id}"
