"""The one door to the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import AuditEvent, User


def record_audit(
    *,
    actor: User | None,
    action: str,
    object_type: str,
    object_id: object,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Adds one row; call it in the transaction of the act. `actor` None means a job."""
    record_audits(actor=actor, action=action, object_type=object_type, data_of={object_id: data or {}}, now=now)


def record_audits(
    *, actor: User | None, action: str, object_type: str, data_of: Mapping[Any, Mapping[str, Any]], now: datetime
) -> None:
    """One act on many objects, each by its id with what is to be known of it: a row each, so that the history of every
    one tells of it, in one statement."""
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                actor=actor, action=action, object_type=object_type, object_id=str(object_id), at=now, data=dict(data)
            )
            for object_id, data in data_of.items()
        ]
    )
