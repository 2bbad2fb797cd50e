"""What jobs that run once per time zone have in common."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from forecasting.models import PublishedForecast
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from jobs.models import JobRun


def stocking_zones() -> list[str]:
    """The time zones in which we keep stock."""
    return list(_stocking_zones().order_by("time_zone").distinct())


def forecast_zones() -> list[str]:
    """Those of them that have had their first night. The forecast of a zone outlives its last place."""
    published = PublishedForecast.objects.filter(time_zone__in=_stocking_zones()).order_by("time_zone")
    return list(published.values_list("time_zone", flat=True))


def _stocking_zones() -> QuerySet[Location, str]:
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True)
    return places.values_list("time_zone", flat=True)


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
