"""Setting how a place counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services.audit import record_audit
from inventory.models import CountPolicy, Location

FIELDS = (
    "limit_units",
    "limit_percent",
    "limit_money",
    "recount_by_other",
    "is_blind",
    "a_days",
    "b_days",
    "c_days",
    "lines_a_day",
)


@transaction.atomic
def set_count_policy(*, location: Location, values: Mapping[str, Any], user: User | None, now: datetime) -> CountPolicy:
    """Writes the fields that are given and are of `FIELDS`; the others keep what they say."""
    given = {name: values[name] for name in FIELDS if name in values}
    policy, _is_new = CountPolicy.objects.update_or_create(location=location, defaults=given)
    record_audit(
        actor=user,
        action="count_policy.set",
        object_type="location",
        object_id=location.pk,
        now=now,
        data={name: str(value) for name, value in given.items()},
    )
    return policy
