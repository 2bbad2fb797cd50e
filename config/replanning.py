"""Overrides reach replenishment between two nights: what they touch is planned again within a minute or so.

The change is the row of the override itself, so nothing is lost when a worker is: a run that failed leaves the
overrides unplanned, and the next tick finds them again.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alerts.services.evaluate import evaluate_location
from forecasting.models import ForecastOverride
from forecasting.selectors.overrides import touched_skus, unplanned
from forecasting.selectors.sums import published_run
from forecasting.services.overrides import mark_planned, spread_overrides
from inventory.models import Location
from jobs.domain.slots import Slot
from jobs.models import JobRun
from jobs.registry import ON_DEMAND, Job, ShardContext, Step, one_shard
from orders.services.planning import plan_location


def _due(now: datetime) -> list[Slot]:
    changed = list(unplanned().values_list("pk", "changed_at"))
    if not changed:
        return []
    newest = max(at for _pk, at in changed).isoformat()
    return [Slot(newest, parameters={"through": newest, "ids": [pk for pk, _at in changed]})]


def _rows(run: JobRun) -> QuerySet[ForecastOverride]:
    """Those that were unplanned when the run was made; what changed after that is for the next run."""
    through = datetime.fromisoformat(run.parameters["through"])
    return unplanned().filter(pk__in=run.parameters["ids"], changed_at__lte=through)


def _spread(context: ShardContext) -> dict[str, Any]:
    """Of those for all places the oldest day of any of them counts; a day more or less changes only what is over."""
    return {"overrides": spread_overrides(today=(context.now - timedelta(days=1)).date())}


def _touched(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return [{"location_id": place, "sku_ids": skus} for place, skus in touched_skus(_rows(run)).items()]


def _plan(context: ShardContext) -> dict[str, Any]:
    location_id, sku_ids = context.arguments["location_id"], context.arguments["sku_ids"]
    run = published_run(Location.objects.get(pk=location_id).time_zone)
    if run is None:
        return {}
    plan = plan_location(location_id=location_id, run_id=run.pk, as_of=run.as_of, now=context.now, sku_ids=sku_ids)
    evaluate_location(location_id=location_id, sku_ids=sku_ids, now=context.now)
    return {"listings": plan.listings, "changed": plan.created + plan.changed + plan.withdrawn}


def _mark(context: ShardContext) -> dict[str, Any]:
    return {"overrides": mark_planned(rows=_rows(context.run), now=context.now)}


REPLAN = Job(
    name="replan_overrides",
    title=_("Plan again what an override touches"),
    steps=(
        Step("spread", one_shard, _spread),
        Step("plan", _touched, _plan),
        Step("mark", one_shard, _mark),
    ),
    due_slots=_due,
    # It runs only when somebody changed an override, so it is never late.
    expected_every=ON_DEMAND,
)
