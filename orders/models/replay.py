"""A replay: a policy run over the past demand of a group of SKUs, asked for by a person, done by the workers."""

from django.conf import settings
from django.db import models

from inventory.models import Category, Location


class Replay(models.Model):
    """`location` empty: every location that the person sees; `category` empty: all SKUs. `asked` are those of
    orders.domain.replay_settings, `result` is that of orders.domain.replay_result.play, empty until it is done. How
    far the work is stands with its job."""

    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    asked = models.JSONField(default=dict)
    # The days that are replayed, both included.
    first_day = models.DateField()
    last_day = models.DateField()
    series_count = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="orders_replay_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"Replay {self.pk}"


class ReplayPart(models.Model):
    """The levels that one stretch of days came to, float32 [policies, 2, series, days], until the replay is done."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    shape = models.JSONField()
    levels = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["replay", "number"], name="orders_replay_part_once")]

    def __str__(self) -> str:
        return f"{self.replay_id} #{self.number}"
