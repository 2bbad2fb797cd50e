"""The job of replays: stretches of days side by side, then the playing."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from jobs.domain.slots import Slot
from jobs.models import JobRun
from jobs.registry import ON_DEMAND, Job, Step
from orders.models import Replay
from orders.selectors.replays import JOB
from orders.services.replays import stretches, work_on_play, work_on_stretch


def _none_by_itself(now: datetime) -> list[Slot]:
    """Each replay is asked for by a person."""
    return []


def _stretches(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return stretches(Replay.objects.get(pk=run.parameters["replay_id"]))


def _whole(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return [{"replay_id": run.parameters["replay_id"]}]


REPLAY = Job(
    name=JOB,
    title=_("Replay a policy over the past"),
    steps=(Step("forecast", _stretches, work_on_stretch), Step("play", _whole, work_on_play)),
    due_slots=_none_by_itself,
    # Nobody has to ask for one, so it is never late.
    expected_every=ON_DEMAND,
)
