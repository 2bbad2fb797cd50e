"""Links with which a person sets a password of their own: made, taken back, used once."""

from datetime import datetime, timedelta

from axes.utils import reset
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.link_tokens import fingerprint_of, new_name
from accounts.locks import lock_password_link
from accounts.models import PasswordLink, User
from accounts.services.audit import record_audit


def make_password_link(*, person: User, actor: User | None, kept: timedelta, now: datetime) -> str:
    """The name of a new link, in the caller's transaction and under its lock of the person; those made before open
    nothing any more."""
    revoke_password_links(person=person, now=now)
    name = new_name()
    PasswordLink.objects.create(
        user=person,
        token_sha256=fingerprint_of(name),
        created_at=now,
        created_by=actor,
        expires_at=now + kept,
    )
    return name


def revoke_password_links(*, person: User, now: datetime) -> int:
    """Takes back those that were not used; returns how many."""
    return PasswordLink.objects.filter(user=person, used_at=None, revoked_at=None).update(revoked_at=now)


def use_password_link(*, link_id: int, password: str, now: datetime) -> User:
    """Sets the password, which has passed the validators of the settings; all sessions of the person end. Raises
    IllegalStateChange when the link was used, taken back or is too old by now."""
    with transaction.atomic():
        link, person = lock_password_link(link_id)
        if not is_usable(link, person, now):
            raise IllegalStateChange(_("This link is over. Ask for a new one."))
        link.used_at = now
        link.save(update_fields=["used_at"])
        revoke_password_links(person=person, now=now)
        person.set_password(password)
        person.save(update_fields=["password"])
        record_audit(actor=person, action="user.password_chosen", object_type="user", object_id=person.pk, now=now)
    # Too many wrong tries with the old password are no reason to wait.
    reset(username=person.username)
    return person


def is_usable(link: PasswordLink, person: User, now: datetime) -> bool:
    return link.used_at is None and link.revoked_at is None and now < link.expires_at and person.is_active
