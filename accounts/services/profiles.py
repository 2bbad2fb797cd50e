"""What people change about themselves."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services.audit import record_audit
from accounts.services.password_links import revoke_password_links


def set_language(*, user: User, language: str) -> None:
    """Remembers the language in which this person reads pages and messages."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> None:
    """`password` has passed the validators of the settings. Other sessions of the person end, and links to set a
    password open nothing any more."""
    user.set_password(password)
    user.save(update_fields=["password"])
    revoke_password_links(person=user, now=now)
    record_audit(actor=user, action="user.password_changed", object_type="user", object_id=user.pk, now=now)
