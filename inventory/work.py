"""The jobs of the stock.

Classes of counting are found anew each day, so that the list of what is due follows demand. Reservations that have
expired are settled each minute; whoever reads or sells before that reckons with their expiry by himself.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.domain.days import local_date
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.services.count_classes import classify_location
from inventory.services.reservations import expire_due
from jobs.domain.slots import each_night, every
from jobs.models import JobRun
from jobs.nudge import QUICK_QUEUE
from jobs.registry import Job, ShardContext, Step, one_shard

AT_HOUR = 3


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
    due_slots=each_night(AT_HOUR),
    expected_every=timedelta(hours=50),
)


def _expire(context: ShardContext) -> dict[str, Any]:
    return {"levels": expire_due(now=context.now)}


EXPIRE_RESERVATIONS = Job(
    name="expire_reservations",
    title=_("Let go of reservations that have expired"),
    steps=(Step("expire", one_shard, _expire),),
    due_slots=every(timedelta(minutes=1)),
    expected_every=timedelta(minutes=10),
    queue=QUICK_QUEUE,
    keep_runs=timedelta(hours=1),
)
