"""Switching people off and on. Nobody is ever deleted: what they did stays in the history under their name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ApiKey, User
from accounts.services.password_links import revoke_password_links
from people.locks import lock_person
from people.services.departures import Departure, leave_behind
from people.services.history import note
from people.services.people import facts_of
from people.services.rights import (
    fresh_actor,
    is_whole_administrator,
    require_an_administrator,
    require_other,
    require_theirs,
)


def deactivate_person(*, person_id: int, actor: User | None, now: datetime) -> Departure:
    """From now on the person cannot sign in, is signed out everywhere, and their API keys are revoked. Orders that
    wait for an approval go on waiting for all others who may give it. A repeat changes nothing. Raises NotAllowed,
    IllegalStateChange for the last administrator, User.DoesNotExist."""
    with transaction.atomic():
        person = lock_person(person_id)
        actor = fresh_actor(actor)
        require_theirs(actor, person)
        require_other(actor, person, _("Nobody switches themselves off. Ask another administrator."))
        if not person.is_active:
            return Departure(person)
        if is_whole_administrator(person):
            require_an_administrator(without=person)
        before = facts_of(person)
        _lock_out(person, is_active=False, now=now)
        keys = _revoke_keys(person, now)
        left = leave_behind(person, actor=actor, now=now)
        note(
            person, "user.deactivated", actor, now, before={**before, "is_active": True}, after={"is_active": False},
            keys_revoked=keys, delegations_ended=left.standing_in, rules_idle=left.rules,
        )  # fmt: skip
    return left


def reactivate_person(*, person_id: int, actor: User | None, now: datetime) -> User:
    """The person may work again, and needs a new password first: the old one and the API keys do not come back. A
    repeat changes nothing. Raises NotAllowed, User.DoesNotExist."""
    with transaction.atomic():
        person = lock_person(person_id)
        actor = fresh_actor(actor)
        require_theirs(actor, person)
        if person.is_active:
            return person
        _lock_out(person, is_active=True, now=now)
        _revoke_keys(person, now)
        note(person, "user.reactivated", actor, now, before={"is_active": False}, after={"is_active": True})
    return person


def _lock_out(person: User, *, is_active: bool, now: datetime) -> None:
    """Without its password no session of the person goes on, not even when they are switched on again."""
    person.is_active = is_active
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    revoke_password_links(person=person, now=now)


def _revoke_keys(person: User, now: datetime) -> int:
    return ApiKey.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
