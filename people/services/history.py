"""What the audit trail keeps of acts on people."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.services.audit import record_audit


def note(person: User, action: str, actor: User | None, now: datetime, **data: Any) -> None:
    """One row, in the transaction of the act."""
    record_audit(actor=actor, action=action, object_type="user", object_id=person.pk, now=now, data=data)
