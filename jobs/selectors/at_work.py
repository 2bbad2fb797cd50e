"""What is under way at this moment."""

from datetime import datetime

from jobs.models import JobRun, JobState


def began_at(job: str) -> datetime | None:
    """Since when a run of this job is under way or about to begin; None when none is."""
    runs = JobRun.objects.filter(job=job, state__in=[JobState.DUE, JobState.RUNNING])
    return runs.order_by("created_at").values_list("created_at", flat=True).first()
