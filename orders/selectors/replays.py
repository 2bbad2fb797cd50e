"""Replays as pages and programs see them: who may see which, how far the work is, what it found."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.selectors.scope import location_scope
from jobs.models import JobRun, JobShard, JobState
from orders.domain.replay_settings import PART_DAYS, RUN_IN_DAYS, ReplaySettings
from orders.models import PolicyRule, Replay
from orders.models.policy import Phase, TargetKind

JOB = "replay"
LAST_SHOWN = 20


@dataclass(frozen=True)
class ShownReplay:
    """A replay with its settings; `state` is that of its job, `percent` of the whole work, `has_begun` once a worker
    has taken up a part of it."""

    record: Replay
    settings: ReplaySettings
    state: str
    percent: int
    has_begun: bool

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.DUE, JobState.RUNNING)

    @property
    def is_waiting(self) -> bool:
        """Under way for its job, yet no worker was free for it so far."""
        return self.is_open and not self.has_begun

    @property
    def is_done(self) -> bool:
        return self.record.finished_at is not None

    @property
    def counted_from(self) -> date:
        """The first of the days that the figures are of."""
        return min(self.record.first_day + timedelta(days=RUN_IN_DAYS), self.record.last_day)

    @property
    def state_label(self) -> str:
        return _("Waiting") if self.is_waiting else str(JobState(self.state).label)


def replays_for(user: User) -> QuerySet[Replay]:
    """One's own, and those of places one sees; those over all places are for who asked and who sees all of them."""
    seen = Q(requested_by=user) | (location_scope(user) & ~Q(location=None))
    if user.sees_all_locations:
        seen = Q()
    rows = Replay.objects.filter(pk__in=Replay.objects.filter(seen).values("pk"))
    return rows.select_related("location", "category", "requested_by").order_by("-requested_at", "-pk")


def shown(record: Replay) -> ShownReplay:
    """Three statements."""
    run = JobRun.objects.filter(job=JOB, slot=str(record.pk)).first()
    state = run.state if run else JobState.FAILED
    begun = str(record.pk) in _begun([str(record.pk)])
    return ShownReplay(record, ReplaySettings.of(record.asked), state, _percent(record, run), begun)


def last_replays(user: User) -> list[ShownReplay]:
    """The newest ones, with their states; a fixed number of statements."""
    records = list(replays_for(user)[:LAST_SHOWN])
    slots = [str(record.pk) for record in records]
    states = dict(JobRun.objects.filter(job=JOB, slot__in=slots).values_list("slot", "state"))
    begun = _begun(slots)
    return [
        ShownReplay(record, ReplaySettings.of(record.asked), states.get(slot, JobState.FAILED), 0, slot in begun)
        for record, slot in zip(records, slots, strict=True)
    ]


def _begun(slots: list[str]) -> set[str]:
    """The slots of which a worker has taken up a shard. A run counts as running from the asking on."""
    shards = JobShard.objects.filter(run__job=JOB, run__slot__in=slots).exclude(started_at=None)
    return set(shards.values_list("run__slot", flat=True))


def _percent(record: Replay, run: JobRun | None) -> int:
    """Of the stretches and the playing at the end."""
    if record.finished_at is not None:
        return 100
    if run is None:
        return 0
    days = (record.last_day - record.first_day).days + 1
    done = JobShard.objects.filter(run=run, state=JobState.DONE).count()
    return min(100 * done // (-(-days // PART_DAYS) + 1), 99)


def figures_of(record: Replay) -> list[dict[str, Any]]:
    """The rows of the result, each with its `kind` (`today`, `min_max` or `tried`) and, when tried, its `level`."""
    if not record.result:
        return []
    rows = [{"kind": kind, **record.result[kind]} for kind in ("today", "min_max")]
    return [*rows, *({"kind": "tried", **point} for point in record.result["curve"])]


def level_in_force(record: Replay) -> float | None:
    """The level of this replay's curve that is the rule of its group today, with all else that was tried; else None."""
    tried = ReplaySettings.of(record.asked)
    rules = PolicyRule.objects.filter(
        sku=None, category=record.category, supplier=None, value_class="", steadiness="",
        location=record.location, target=TargetKind.CYCLE, phase=Phase.ACTIVE, is_stopped=False,
        review_period_days=tried.review_days, lot_days=tried.lot_days, ordering_cost=str(tried.ordering_cost),
        holding_rate=str(tried.holding_rate),
    )  # fmt: skip
    level = rules.values_list("cycle_service_level", flat=True).first()
    return None if level is None else float(level)
