"""What commands share that run a job in their own process: `run_job`, and shorter names for it such as `nightly`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from jobs.domain.slots import slot_of_night
from jobs.models import JobRun, JobState
from jobs.registry import Job, Slot
from jobs.services.runner import run_inline


def add_slot_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--date", type=date.fromisoformat, help="business date, YYYY-MM-DD; without it, what is due now"
    )
    parser.add_argument("--zone", default="", help="only this time zone, such as Europe/Paris")


def chosen_slots(job: Job, options: dict[str, object], now: datetime) -> list[Slot]:
    """The slots that are due, or those of the date that was asked for, in the zones that the job works in."""
    zone, day = str(options.get("zone") or ""), options.get("date")
    if zone:
        _check_zone(zone)
    slots = job.due_slots(now)
    if not isinstance(day, date):
        return [slot for slot in slots if not zone or slot.time_zone == zone]
    zones = [zone] if zone else [slot.time_zone for slot in slots if slot.time_zone]
    return [slot_of_night(day, name) for name in zones]


def run_slots(job: Job, slots: list[Slot]) -> list[JobRun]:
    """Runs each slot to its end; raises CommandError when one failed."""
    runs = [run_inline(job=job, slot=slot, clock=timezone.now) for slot in slots]
    failed = [run for run in runs if run.state == JobState.FAILED]
    if failed:
        raise CommandError("; ".join(f"{run} failed: {run.error}" for run in failed))
    return runs


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(f"{zone} is not the name of a time zone; write one like Europe/Paris.") from None
