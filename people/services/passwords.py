"""Passwords that an administrator gives."""

from datetime import datetime

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.password_links import revoke_password_links
from people.locks import lock_person
from people.services.history import note
from people.services.rights import fresh_actor, require_other, require_theirs


def set_password(*, person_id: int, password: str, actor: User | None, now: datetime) -> User:
    """A new password; whoever is signed in with the old one is signed out. Raises InvalidInput for a weak one,
    NotAllowed, IllegalStateChange for somebody switched off, User.DoesNotExist."""
    with transaction.atomic():
        person = lock_person(person_id)
        actor = fresh_actor(actor)
        require_theirs(actor, person)
        require_other(actor, person, _("Change your own password on your profile page."))
        require_active(person)
        give_password(person, password)
        person.save(update_fields=["password"])
        revoke_password_links(person=person, now=now)
        note(person, "user.password_set", actor, now)
    # Too many wrong tries with the old password are no reason to wait.
    reset(username=person.username)
    return person


def give_password(person: User, password: str) -> None:
    """Sets it on the unsaved person. Raises InvalidInput saying what is wrong with it."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        problems = [{"field": "password", "message": message} for message in error.messages]
        raise InvalidInput(" ".join(error.messages), details=problems) from None
    person.set_password(password)


def require_active(person: User) -> None:
    """Raises IllegalStateChange for somebody switched off."""
    if not person.is_active:
        raise IllegalStateChange(_("%(name)s is switched off. Switch this person on first.") % {"name": person})
