"""Goes on where the clock of the machine was set back: what was noted with a moment to come would wait for it.

A server that starts with a wrong date, and is put right by its network, has runs of a day that is still to come. Their
shards would be due then, no other run of their jobs would begin before, and nobody would call that late.
"""

from datetime import datetime, timedelta

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from jobs.domain.backoff import MAX_ATTEMPTS, wait_after
from jobs.domain.slots import CLOCK_SLOT
from jobs.models import JobRun, JobShard, JobState
from jobs.services.runs import FINISHED
from jobs.services.shards import lease_length

# Clocks of several machines differ by less.
SLACK = timedelta(minutes=2)
# The clock was set back since the last few runs were made, or not at all.
NEWEST = 50


def follow_clock(*, now: datetime) -> None:
    """Makes due what waits longer than any failure makes it wait, ends leases in their time, and frees the slots of
    runs by the clock that are over. A night keeps its slot, which is named by its date, and so does what somebody asked
    for."""
    due = JobShard.objects.filter(state=JobState.DUE)
    due.filter(due_at__gt=now + wait_after(MAX_ATTEMPTS) + SLACK).update(due_at=now, nudged_at=None)
    due.filter(nudged_at__gt=now + SLACK).update(nudged_at=None)
    held = JobShard.objects.filter(state=JobState.RUNNING, leased_until__gt=now + lease_length() + SLACK)
    held.update(leased_until=now + lease_length())
    newest = JobRun.objects.order_by("-pk").values_list("created_at", flat=True)[:NEWEST]
    if any(at > now + SLACK for at in newest):
        over = JobRun.objects.filter(state__in=FINISHED, slot__regex=CLOCK_SLOT, created_at__gt=now + SLACK)
        # Told apart by their number, and told as of now, so that the next tick does not meet them again.
        name = Concat(F("slot"), Value(" #"), Cast("pk", CharField()))
        over.update(slot=name, created_at=now, finished_at=now)
