"""Scheduled work as rows: a run of a job for one slot, cut into steps and shards.

Redis may be lost at any moment, so these rows alone decide what is still to be done.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    DUE = "due", _("Due")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class JobRun(models.Model):
    """One run of a job. `slot` names what it is for (a business date and time zone, or a clock slot), once each."""

    job = models.CharField(max_length=40)
    slot = models.CharField(max_length=80)
    business_date = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.DUE)
    step_index = models.PositiveSmallIntegerField(default=0)
    # Failed tries to move on to the next step; the run is given up after a few.
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    parameters = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "slot"], name="jobs_run_once_per_slot"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="jobs_run_state_known"),
        ]
        indexes = [
            # The sweeper asks at each tick for what is not finished; finished rows pile up and must not cost it.
            models.Index(fields=["created_at"], condition=Q(state__in=["due", "running"]), name="jobs_run_unfinished"),
            # Serves "last success of each job".
            models.Index(fields=["job", "-finished_at"], name="jobs_run_last_success"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"


class JobShard(models.Model):
    """A piece of one step of a run. A worker holds it while its lease lasts; the token fences a late one."""

    run = models.ForeignKey(JobRun, on_delete=models.CASCADE, related_name="shards", db_index=False)
    step_index = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not before this moment; moved on after each failure.
    due_at = models.DateTimeField()
    # When a worker was last told of it, so that the sweeper does not tell again at every tick.
    nudged_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "step_index", "number"], name="jobs_shard_once"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="jobs_shard_state_known"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_token__isnull=False, leased_until__isnull=False),
                name="jobs_shard_running_has_lease",
            ),
        ]
        indexes = [
            # Serve the claim and the sweep; done shards pile up and must stay out of them.
            models.Index(fields=["run", "due_at"], condition=Q(state="due"), name="jobs_shard_due"),
            models.Index(fields=["leased_until"], condition=Q(state="running"), name="jobs_shard_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.step} #{self.number}"
