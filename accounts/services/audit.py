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
    AuditEvent.objects.create(
        actor=actor, action=action, object_type=object_type, object_id=str(object_id), at=now, data=dict(data or {})
    )
