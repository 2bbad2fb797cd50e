"""What jobs that run once per time zone have in common."""

from datetime import date, datetime
from typing import Any

from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from jobs.models import JobRun


def zone_locations(run: JobRun) -> list[int]:
    """The places of the run's time zone that keep stock."""
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True, time_zone=run.time_zone)
    return list(places.order_by("pk").values_list("pk", flat=True))


def one_per_location(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    """`shards` of a step that is cut up by place."""
    return [{"location_id": location_id} for location_id in zone_locations(run)]


def business_date(run: JobRun) -> date:
    """The day the run is about. Raises ValueError for a run without one."""
    if run.business_date is None:
        raise ValueError(f"The run {run.pk} of {run.job} has no business date.")
    return run.business_date
