"""The firm's own list of reasons for adjustments. A reason that was used stays for ever; it can be switched off."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.errors import wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.locks import lock_reasons
from inventory.models import Reason

NAME_LENGTH, CODE_LENGTH = 80, 30


@transaction.atomic
def add_reason(*, name: str, user: User | None, now: datetime, code: str = "") -> Reason:
    """A new reason; without a `code` one is made from the name. Raises `InvalidInput` for a name or code in use."""
    reasons = lock_reasons()
    _check_name(name, [reason.name for reason in reasons])
    codes = {reason.code for reason in reasons}
    if code in codes:
        raise wrong_field("code", _("The code %(code)s belongs to another reason.") % {"code": code})
    reason = Reason.objects.create(code=code or _free_code(name, codes), name=name)
    record_audit(
        actor=user, action="add_reason", object_type="reason", object_id=reason.pk, now=now, data={"name": name}
    )
    return reason


@transaction.atomic
def change_reason(*, reason_id: int, name: str, is_active: bool, user: User | None, now: datetime) -> Reason:
    """Renames it or switches it on or off; its code stays, as programs know it. Raises `InvalidInput`.

    The last active reason that takes units away cannot be switched off, since what is gone could not be taken off then.
    """
    reasons = {reason.pk: reason for reason in lock_reasons()}
    if reason_id not in reasons:
        raise Reason.DoesNotExist
    reason = reasons.pop(reason_id)
    if name != reason.name:
        _check_name(name, [other.name for other in reasons.values()])
    if not is_active and not any(other.is_active and other.takes_away for other in reasons.values()):
        raise wrong_field(
            "is_active", _("Keep one reason at least for units that are gone, or they cannot be taken off.")
        )
    reason.name, reason.is_active = name, is_active
    reason.save(update_fields=["name", "is_active"])
    data = {"name": name, "is_active": is_active}
    record_audit(actor=user, action="change_reason", object_type="reason", object_id=reason_id, now=now, data=data)
    return reason


def _check_name(name: str, taken: list[str]) -> None:
    if not name or len(name) > NAME_LENGTH:
        raise wrong_field("name", _("Give the reason a name of at most %(most)d letters.") % {"most": NAME_LENGTH})
    if name.casefold() in {other.casefold() for other in taken}:
        raise wrong_field("name", _("There is a reason “%(name)s” already.") % {"name": name})


def _free_code(name: str, codes: set[str]) -> str:
    stem = slugify(name)[: CODE_LENGTH - 4] or "reason"
    choices = [stem, *(f"{stem}-{number}" for number in range(2, len(codes) + 3))]
    return next(choice for choice in choices if choice not in codes)
