"""What the weekly look at the past found about holidays and promotions."""

from django.db import models

from forecasting.models.choice import ChoiceRun
from inventory.fields import RealField


class OccasionEffect(models.Model):
    """How demand was on the days of an occasion, beside the days around it. Nights use the measurable ones alone.

    `key` says which (`forecasting.domain.occasions`). `uplift` 0.3 is 30% more; `error` its standard error; `times` how
    often the occasion was seen, on `days` days.
    """

    run = models.ForeignKey(ChoiceRun, on_delete=models.CASCADE, related_name="occasions", db_index=False)
    key = models.CharField(max_length=150)
    uplift = RealField()
    error = RealField()
    times = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    is_used = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="forecasting_occasion_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.uplift:+.0%}"

    @property
    def percent(self) -> str:
        """The uplift as people write it: +32%."""
        return f"{self.uplift:+.0%}"

    @property
    def error_percent(self) -> str:
        """The error likewise; a dash where it cannot be told."""
        return f"{self.error:.0%}" if self.error < 10 else "–"

    @property
    def beside_strongest(self) -> float | None:
        """Of a kind of promotion that the model tells apart, how much it moves demand beside the strongest of them (1);
        None for what is not told apart. Asks the run.
        """
        kinds, weights = self.run.promotion_kinds, self.run.kind_weights
        if self.key not in kinds or not any(weights[1:]):
            return None
        itself, own = weights[0], weights[1 + kinds.index(self.key)]
        return float((itself + own) / (itself + max(weights[1:])))
