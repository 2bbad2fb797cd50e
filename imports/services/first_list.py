"""Runs the night at once: for a shop that has just brought its data, and for stores whose clock was corrected."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from jobs.models import JobRun
from jobs.registry import Slot, find_job
from jobs.services.runs import advance_run, get_or_create_run

NIGHT = "nightly"


def request_first_list(*, now: datetime) -> list[JobRun]:
    """One extra night for each time zone, at most one a minute; the workers do it."""
    return _run_again(find_job(NIGHT).due_slots(now), now)


def request_nights_of(*, time_zones: Collection[str], now: datetime) -> list[JobRun]:
    """One extra night for those of the time zones whose night is over or under way: it does not know the places that
    have come since. The others have their first one at the next tick."""
    due = [slot for slot in find_job(NIGHT).due_slots(now) if slot.time_zone in time_zones]
    begun = set(JobRun.objects.filter(job=NIGHT, slot__in=[slot.key for slot in due]).values_list("slot", flat=True))
    return _run_again([slot for slot in due if slot.key in begun], now)


def _run_again(slots: Iterable[Slot], now: datetime) -> list[JobRun]:
    job = find_job(NIGHT)
    asked = [replace(slot, key=f"{slot.key} asked {now:%Y-%m-%d %H:%M}") for slot in slots]
    runs = [get_or_create_run(job=job, slot=slot, now=now) for slot in asked]
    for run in runs:
        advance_run(run_id=run.pk, now=now)
    return runs
