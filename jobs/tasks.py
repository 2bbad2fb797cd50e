"""What workers are told: ids only. The rows say what is to be done."""

from celery import shared_task
from django.utils import timezone

from jobs.services.clock import follow_clock
from jobs.services.runner import run_shard
from jobs.services.runs import create_due_runs
from jobs.services.sweep import sweep


@shared_task(name="jobs.tick")
def tick() -> None:
    """Makes the runs that are due and heals what was lost; beat calls it every few seconds."""
    follow_clock(now=timezone.now())
    create_due_runs(now=timezone.now())
    sweep(now=timezone.now())


@shared_task(name="jobs.run_shard")
def run_shard_task(shard_id: int) -> None:
    run_shard(shard_id=shard_id, clock=timezone.now)
