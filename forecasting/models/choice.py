"""What the weekly look at the past found: the methods of each series, and one model for all of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.fields import RealField
from inventory.models import Location, Sku


class ChoiceRunState(models.TextChoices):
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")


class ChoiceRun(models.Model):
    """One choice of methods over all series of a time zone. Nights use the newest published one, whole.

    `as_of` is the last day it has seen.
    """

    slot = models.CharField(max_length=100, unique=True)
    as_of = models.DateField()
    time_zone = models.CharField(max_length=40)
    # Lengths h (days) of `SeriesChoice.ratios`, and what the numbers in `SeriesChoice.candidates` mean.
    sum_days = ArrayField(models.PositiveSmallIntegerField())
    candidate_labels = models.JSONField(default=list)
    # The global model as `forecasting.engine.GlobalModel` writes it; empty where the past is too short to learn from.
    model = models.BinaryField(default=b"")
    model_series = models.PositiveIntegerField(default=0)
    # Keys of the kinds of promotion that the model was trained to tell apart: its drivers, in their order.
    promotion_kinds = ArrayField(models.CharField(max_length=150), default=list, db_default=[])
    # How much of a full promotion the share of any of them, and beyond it each of those kinds, counts for.
    kind_weights = ArrayField(RealField(), default=list, db_default=[])
    state = models.CharField(max_length=10, choices=ChoiceRunState.choices, default=ChoiceRunState.RUNNING)
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChoiceRunState.values), name="forecasting_choice_state_known"),
        ]
        # Serves the newest published run of a zone.
        indexes = [models.Index(fields=["time_zone", "-as_of", "-id"], name="forecasting_choice_newest")]

    def __str__(self) -> str:
        return f"{self.as_of} {self.time_zone}"


class SeriesChoice(models.Model):
    """The methods of a SKU at a location, best first, with the reason in numbers. Fixed width, for binary COPY.

    `candidates` are indices into `run.candidate_labels`, with `weights`; `ratios` [len(run.sum_days)] is the variance
    of the sum of demand per unit of its mean; `unit` the smallest step of demand; `gain` what the best candidate saves
    of the mean pinball loss of all; `origins` the past origins that this was measured on, 0 where peers decided alone.
    """

    run = models.ForeignKey(ChoiceRun, on_delete=models.CASCADE, related_name="series", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    candidates = ArrayField(models.SmallIntegerField())
    weights = ArrayField(RealField())
    ratios = ArrayField(RealField())
    unit = RealField()
    gain = RealField()
    origins = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "location", "sku"], name="forecasting_series_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"


class Predecessor(models.Model):
    """What a new SKU takes the place of: its forecast begins with the demand of that one, times `share`."""

    sku = models.OneToOneField(Sku, on_delete=models.CASCADE, primary_key=True, related_name="+")
    predecessor = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=3, default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sku=F("predecessor")), name="forecasting_predecessor_is_another"),
            models.CheckConstraint(condition=Q(share__gt=0) & Q(share__lte=10), name="forecasting_predecessor_share"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} after {self.predecessor_id}"
