"""How right past forecasts were."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.fields import RealField
from inventory.models import Category, Location, Sku


class ScoreState(models.TextChoices):
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")


class ScoreRun(models.Model):
    """The scores of all windows that closed with a week in a time zone.

    `is_rebuilt`: the forecasts were not published then; they were computed later as they would have been, from what was
    known at their time, without the global model.
    """

    slot = models.CharField(max_length=100, unique=True)
    week_ends_on = models.DateField()
    time_zone = models.CharField(max_length=40)
    # Lengths of the windows (days) and the levels that `SeriesScore` and `ScoreSummary` count.
    windows = ArrayField(models.PositiveSmallIntegerField())
    levels = ArrayField(RealField())
    is_rebuilt = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ScoreState.choices, default=ScoreState.RUNNING)
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ScoreState.values), name="forecasting_score_state_known"),
        ]
        indexes = [models.Index(fields=["time_zone", "-week_ends_on", "-id"], name="forecasting_score_newest")]

    def __str__(self) -> str:
        return f"{self.week_ends_on} {self.time_zone}"


class SeriesScore(models.Model):
    """One week of a SKU at a location. Fixed width, for binary COPY.

    `figures` [len(run.windows) x len(domain.scores.FIGURES)], row-major. `ranks` [len(run.windows) x 2]: how many
    levels lay below what came, and how many met it; -1 where the window was not in stock all the time. `drift`: see
    domain.scores.drift.
    """

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="series", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    figures = ArrayField(RealField())
    ranks = ArrayField(models.SmallIntegerField())
    drift = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "location", "sku"], name="forecasting_series_score_once"),
        ]
        # Serves the few that drift out of a million that do not.
        indexes = [models.Index(fields=["run", "location"], condition=~Q(drift=0), name="forecasting_score_drifting")]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"


class ScoreSummary(models.Model):
    """Sums over the series of a location and category, so that a page over a million series reads a few thousand rows.

    `part` tells apart the shards that wrote them. `sums` as domain.scores.SUMS; `at_or_below` and `below` count judged
    windows for each of run.levels.
    """

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="summaries", db_index=False)
    part = models.BigIntegerField()
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    window_days = models.PositiveSmallIntegerField()
    sums = ArrayField(models.FloatField())
    at_or_below = ArrayField(models.FloatField())
    below = ArrayField(models.FloatField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "window_days", "location", "category", "part"],
                nulls_distinct=False, name="forecasting_score_summary_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.location_id} {self.category_id} {self.window_days}"
