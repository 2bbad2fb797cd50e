"""A replay from the asking to the result, and the policy switched on from there."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from inventory.selectors.scope import locations_for
from jobs.domain.slots import Slot
from jobs.models import JobRun, JobState
from jobs.registry import ShardContext, find_job
from jobs.services.runs import advance_run, get_or_create_run
from orders.domain.replay_levels import TRAINING, part_levels
from orders.domain.replay_result import all_rules, play
from orders.domain.replay_settings import (
    CURVE_LEVELS,
    PART_DAYS,
    ReplaySettings,
    wrong_fields,
)
from orders.locks import REPLAY_LOCK
from orders.models import PolicyRule, Replay, ReplayPart
from orders.models.policy import Phase, TargetKind
from orders.selectors.replay_inputs import ReplayInputs, days_to_replay, load_replay_inputs
from orders.selectors.replays import JOB
from orders.services.policy import Scope, set_rule, targets_of


def start_replay(
    *, location_id: int | None, category_id: int | None, settings: ReplaySettings, user: User, now: datetime
) -> Replay:
    """Hands a replay to the workers. While one that asks the same is under way for this person, that one is returned.

    Raises `InvalidInput` for settings that cannot be run, a location that is not the person's, and too short a past.
    """
    problems = [{"field": name, "message": _("This value cannot be replayed.")} for name in wrong_fields(settings)]
    if problems:
        raise InvalidInput(_("Some values lie outside what can be replayed."), details=problems)
    days = days_to_replay(_places(user, location_id), category_id, settings.days)
    wanted = {
        "location_id": location_id, "category_id": category_id, "asked": settings.as_json(), "requested_by": user,
        "first_day": days.first, "last_day": days.last,
    }  # fmt: skip
    with transaction.atomic():
        _one_at_a_time(user)
        under_way = Replay.objects.filter(**wanted, finished_at=None).order_by("pk").last()
        if under_way is not None and _state(under_way) != JobState.FAILED:
            return under_way
        made = Replay.objects.create(**wanted, requested_at=now)
        slot = Slot(key=str(made.pk), parameters={"replay_id": made.pk})
        run = get_or_create_run(job=find_job(JOB), slot=slot, now=now)
    advance_run(run_id=run.pk, now=now)
    return made


def _one_at_a_time(user: User) -> None:
    """Two presses at once would else both find nothing under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [REPLAY_LOCK, user.pk])


def _places(user: User, location_id: int | None) -> list[int]:
    """The person's own locations, or the one asked for."""
    own = list(locations_for(user).order_by("pk").values_list("pk", flat=True))
    if location_id is not None and location_id not in own:
        raise InvalidInput(_("Name one of your locations."), details=[{"field": "location"}])
    return own if location_id is None else [location_id]


def _state(record: Replay) -> str:
    found = JobRun.objects.filter(job=JOB, slot=str(record.pk)).values_list("state", flat=True).first()
    return found or JobState.FAILED


def stretches(record: Replay) -> list[dict[str, Any]]:
    """The days of a replay cut into shards: what one needs to know."""
    count = (record.last_day - record.first_day).days + 1
    return [
        {
            "replay_id": record.pk,
            "number": number,
            "first": (record.first_day + timedelta(days=begin)).isoformat(),
            "days": min(PART_DAYS, count - begin),
        }
        for number, begin in enumerate(range(0, count, PART_DAYS))
    ]


def work_on_stretch(context: ShardContext) -> None:
    """What every policy would have set at each close of one stretch; kept together with "done"."""
    record = Replay.objects.get(pk=context.arguments["replay_id"])
    inputs, settings = _inputs(record), ReplaySettings.of(record.asked)
    begin = _column(inputs, date.fromisoformat(context.arguments["first"]))
    levels = part_levels(
        inputs.panel, inputs.goods, all_rules(settings, inputs.today), (begin, begin + context.arguments["days"]),
        TRAINING if settings.has_model else None, weeks=inputs.weeks,
    )  # fmt: skip
    with context.finish() as result:
        ReplayPart.objects.update_or_create(
            replay=record, number=context.arguments["number"],
            defaults={"shape": list(levels.shape), "levels": levels.astype(np.float32).tobytes()},
        )  # fmt: skip
        result["series"] = inputs.panel.n_series


def work_on_play(context: ShardContext) -> None:
    """Lives through the days under every policy; the result stays, the levels go."""
    record = Replay.objects.get(pk=context.arguments["replay_id"])
    inputs, settings = _inputs(record), ReplaySettings.of(record.asked)
    pieces = [
        np.frombuffer(bytes(part.levels), dtype=np.float32).reshape(part.shape)
        for part in ReplayPart.objects.filter(replay=record).order_by("number").iterator(chunk_size=1)
    ]
    levels = np.concatenate(pieces, axis=3)
    found = play(inputs.panel, inputs.goods, settings, _column(inputs, record.first_day), levels, inputs.weeks)
    with context.finish() as result:
        Replay.objects.filter(pk=record.pk).update(
            result=found, series_count=inputs.panel.n_series, finished_at=context.now
        )
        ReplayPart.objects.filter(replay=record).delete()
        result["series"] = inputs.panel.n_series


def _inputs(record: Replay) -> ReplayInputs:
    """Raises `InvalidInput` where nothing was on sale throughout, or its demand begins too late."""
    found = load_replay_inputs(
        location_ids=_places(record.requested_by, record.location_id), category_id=record.category_id,
        most_series=ReplaySettings.of(record.asked).series, first=record.first_day, last=record.last_day,
    )  # fmt: skip
    if found is None or _column(found, record.first_day) < 1:
        raise InvalidInput(_("No SKU of this group was on sale here throughout these days."))
    return found


def _column(inputs: ReplayInputs, day: date) -> int:
    return (day - inputs.panel.start).days


def switch_on(*, replay_id: int, level: float, actor: User, now: datetime) -> PolicyRule:
    """Makes the policy of a finished replay, at one point of its curve, the rule of its group of SKUs. Of a rule that
    the group has already all stays that was not tried: what shelves show and hold, its minimum and maximum.

    Raises Replay.DoesNotExist, `IllegalStateChange` before the replay is done, `InvalidInput` for a level that is not
    on the curve and for a group that reaches beyond the person's locations.
    """
    record = Replay.objects.get(pk=replay_id)
    if record.finished_at is None:
        raise IllegalStateChange(_("This replay is not finished yet."))
    if level not in CURVE_LEVELS:
        raise InvalidInput(_("Choose one of the certainties of the curve."), details=[{"field": "level"}])
    if record.location_id is None and not actor.sees_all_locations:
        raise InvalidInput(_("A rule for all locations is for those who see all of them: replay one location."))
    tried = ReplaySettings.of(record.asked)
    scope = Scope(category_id=record.category_id, location_id=record.location_id)
    with transaction.atomic():
        targets = replace(
            targets_of(scope), target=TargetKind.CYCLE, cycle_service_level=Decimal(str(level)),
            review_period_days=tried.review_days, lot_days=tried.lot_days,
            ordering_cost=Decimal(str(tried.ordering_cost)), holding_rate=Decimal(str(tried.holding_rate)),
            phase=Phase.ACTIVE, ends_on=None, is_stopped=False,
        )  # fmt: skip
        return set_rule(scope=scope, targets=targets, actor=actor, now=now)
