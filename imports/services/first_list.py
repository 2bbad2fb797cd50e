"""Runs the night at once, for a shop that has just brought its data."""

from dataclasses import replace
from datetime import datetime

from jobs.models import JobRun
from jobs.registry import find_job
from jobs.services.runs import advance_run, get_or_create_run

NIGHT = "nightly"


def request_first_list(*, now: datetime) -> list[JobRun]:
    """One extra night for each time zone, at most one a minute; the workers do it."""
    job = find_job(NIGHT)
    slots = [replace(slot, key=f"{slot.key} asked {now:%Y-%m-%d %H:%M}") for slot in job.due_slots(now)]
    runs = [get_or_create_run(job=job, slot=slot, now=now) for slot in slots]
    for run in runs:
        advance_run(run_id=run.pk, now=now)
    return runs
