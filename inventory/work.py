"""The job of counting: classes are found anew each day, so that the list of what is due follows demand."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.domain.days import local_date
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.services.count_classes import classify_location
from jobs.domain.slots import Slot, night_slot
from jobs.models import JobRun
from jobs.registry import Job, ShardContext, Step

AT_HOUR = 3


def _each_day(now: datetime) -> list[Slot]:
    return [night_slot(now, "UTC", AT_HOUR)]


def _one_per_location(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True).order_by("pk")
    return [{"location_id": location_id} for location_id in places.values_list("pk", flat=True)]


def _classify(context: ShardContext) -> dict[str, Any]:
    location = Location.objects.get(pk=context.arguments["location_id"])
    return {"skus": classify_location(location=location, today=local_date(context.now, location.time_zone))}


COUNT_CLASSES = Job(
    name="count_classes",
    title=_("Find what is due for counting"),
    steps=(Step("classify", _one_per_location, _classify),),
    due_slots=_each_day,
    expected_every=timedelta(hours=50),
)
