"""What the firm says about emergencies: what a move costs, and from what saving on somebody is called."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from orders.locks import lock_emergency_settings
from orders.models import EmergencySettings

FIELDS = ("transfer_cost", "least_saving")
HIGHEST = Decimal("99999999.99")


def change_emergency_settings(
    *, changes: Mapping[str, Decimal], actor: User | None, now: datetime
) -> EmergencySettings:
    """Sets some of FIELDS, in the firm's currency, from the next look on. Raises InvalidInput naming the field."""
    message = _("Type an amount from 0 to 99,999,999.99.")
    wrong = [name for name, value in changes.items() if name not in FIELDS or not 0 <= value <= HIGHEST]
    if wrong:
        raise InvalidInput(message, details=[{"field": name, "message": message} for name in wrong])
    with transaction.atomic():
        row = lock_emergency_settings()
        before = {name: str(getattr(row, name)) for name in changes}
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        record_audit(
            actor=actor, action="emergency_settings.changed", object_type="emergency_settings", object_id=row.pk,
            now=now, data={"before": before, "after": {name: str(value) for name, value in changes.items()}},
        )  # fmt: skip
    return row
