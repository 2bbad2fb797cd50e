"""A schedule of small jobs whose effects are rows of the audit trail, so that a test can count them."""

import time
from datetime import timedelta

from django.utils import timezone

from accounts.models import AuditEvent
from accounts.services.audit import record_audit
from jobs.domain.slots import clock_slot, night_slots
from jobs.registry import Job, Step, one_shard
from tests.waiting import wait_until

GO_ON = "go on"
ZONES = ["Europe/Paris", "Asia/Shanghai"]


def let_go():
    """What is held may go on."""
    record_audit(actor=None, action=GO_ON, object_type="test", object_id="", now=timezone.now())


def effects():
    """(step, shard) of each effect, sorted; a doubled effect is there twice."""
    return sorted(AuditEvent.objects.filter(action="effect").values_list("object_type", "object_id"))


def eight_shards(run, now):
    """The first two shards go through; the others of a held run wait until `let_go`."""
    seconds, is_held = run.parameters.get("seconds", 0), run.parameters.get("is_held", False)
    return [{"letter": letter, "seconds": seconds, "is_held": is_held and letter > "b"} for letter in "abcdefgh"]


def write_effect(context):
    """Computes for a moment, or until it may go on, then writes once, together with the end of the shard."""
    time.sleep(context.arguments.get("seconds", 0))
    if context.arguments.get("is_held"):
        wait_until(AuditEvent.objects.filter(action=GO_ON).exists)
    with context.finish() as result:
        record_audit(
            actor=None,
            action="effect",
            object_type=f"step {context.shard.step_index}",
            object_id=context.arguments.get("letter", "all"),
            now=timezone.now(),
        )
        result["effects"] = 1


def fail_on_c(context):
    if context.arguments["letter"] == "c":
        raise ValueError("c is broken")
    return {"effects": 1}


def slow(context):
    time.sleep(2.5)
    return {}


def hourly(now):
    return [clock_slot(now, timedelta(hours=1))]


def nightly(now):
    return night_slots(now, ZONES, 1)


def no_slots(now):
    return []


JOBS = (
    Job(
        "letters",
        "Letters",
        (Step("spread", eight_shards, write_effect), Step("gather", one_shard, write_effect)),
        hourly,
        timedelta(hours=2),
    ),
    Job("night", "Night", (Step("close", one_shard, write_effect),), nightly, timedelta(hours=26)),
    Job(
        "broken",
        "Broken",
        (Step("spread", eight_shards, fail_on_c), Step("gather", one_shard, write_effect)),
        no_slots,
        timedelta(days=1),
    ),
    Job(
        "lenient",
        "Lenient",
        (Step("spread", eight_shards, fail_on_c, may_fail=True), Step("gather", one_shard, write_effect)),
        no_slots,
        timedelta(days=1),
    ),
    Job("slow", "Slow", (Step("sleep", one_shard, slow),), no_slots, timedelta(days=1)),
)
