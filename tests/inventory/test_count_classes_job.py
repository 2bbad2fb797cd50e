"""The daily job that finds what is due for counting."""

from types import SimpleNamespace

from django.conf import settings

from inventory.models import CountCycle
from inventory.work import COUNT_CLASSES
from jobs.registry import all_jobs
from tests.inventory.conftest import NOW


def test_it_is_on_the_schedule_once_a_day():
    assert COUNT_CLASSES in all_jobs(), settings.JOB_SCHEDULE
    (slot,) = COUNT_CLASSES.due_slots(NOW)
    assert slot.key == "2026-03-09 UTC"


def test_each_place_is_classified_by_a_shard_of_its_own_and_twice_does_no_harm(firm):
    (step,) = COUNT_CLASSES.steps
    shards = step.shards(SimpleNamespace(), NOW)
    assert {shard["location_id"] for shard in shards} == {firm.shop.pk, firm.other.pk, firm.depot.pk}
    for _attempt in range(2):
        done = step.work(SimpleNamespace(arguments={"location_id": firm.shop.pk}, now=NOW))
    assert (done, CountCycle.objects.filter(location=firm.shop).count()) == ({"skus": 3}, 3)
