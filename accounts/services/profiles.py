"""What people change about themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, NotAllowed
from accounts.locks import lock_own_row
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
    password open nothing any more. Raises NotAllowed for somebody switched off, IllegalStateChange when the password is
    another by now than the one that they proved to know."""
    person = lock_own_row(user)
    require_active(person)
    if person.password != user.password:
        raise IllegalStateChange(_("Your password was changed meanwhile. Sign in with the new one."))
    user.set_password(password)
    user.save(update_fields=["password"])
    revoke_password_links(person=user, now=now)
    record_audit(actor=user, action="user.password_changed", object_type="user", object_id=user.pk, now=now)


def require_active(person: User) -> None:
    """Raises NotAllowed for somebody who was switched off while their request was under way."""
    if not person.is_active:
        raise NotAllowed(_("This account is switched off. Ask your administrator."))
