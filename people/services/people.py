"""People: added and changed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.models import Location, LocationAccess
from people.locks import lock_people, lock_person
from people.services.departures import Departure, leave_behind
from people.services.history import note
from people.services.passwords import give_password
from people.services.rights import (
    fresh_actor,
    is_whole_administrator,
    places_given_by,
    require_an_administrator,
    require_other,
    require_role,
    require_theirs,
)

# `display_name` is written as one: which part of it is the family name differs from people to people.
CHANGEABLE = ("display_name", "email", "role", "language", "sees_all_locations", "locations")
LONGEST_NAME = 150


def create_person(
    *, username: str, role: str, actor: User | None, now: datetime, password: str = "", **fields: Any
) -> User:
    """A new person, who cannot sign in before they have a password. `fields` are others of CHANGEABLE; `locations` are
    ids. Raises InvalidInput naming each field that is wrong, NotAllowed."""
    with transaction.atomic():
        lock_people()
        actor = fresh_actor(actor)
        person = User(username=User.normalize_username(username.strip()), is_active=True)
        person.set_unusable_password()
        places = _apply(person, {"sees_all_locations": False, "locations": [], **fields, "role": role}, actor)
        if password:
            give_password(person, password)
        person.save()
        _set_places(person, places or [], actor)
        note(person, "user.created", actor, now, after=facts_of(person))
    return person


def change_person(*, person_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Departure:
    """Changes some of CHANGEABLE; the user name is for ever. A role without the right to approve orders ends what the
    person lends and takes. The same change again changes nothing. Raises InvalidInput, NotAllowed,
    IllegalStateChange for the last administrator, User.DoesNotExist."""
    with transaction.atomic():
        person = lock_person(person_id)
        actor = fresh_actor(actor)
        require_theirs(actor, person)
        before, was_administrator = facts_of(person), is_whole_administrator(person)
        places = _apply(person, changes, actor)
        if was_administrator and not is_whole_administrator(person):
            require_an_administrator(without=person)
        person.save()
        if places is not None:
            _set_places(person, places, actor)
        after = facts_of(person)
        if {name: after[name] for name in ("role", "locations")} != {
            name: before[name] for name in ("role", "locations")
        }:
            require_other(actor, person, _("Nobody changes their own role or locations. Ask another administrator."))
        if before != after:
            note(person, "user.changed", actor, now, before=before, after=after)
        return leave_behind(person, actor=actor, now=now) if before["role"] != person.role else Departure(person)


def facts_of(person: User) -> dict[str, Any]:
    """What the history keeps of a person."""
    access = LocationAccess.objects.filter(user=person).order_by("location__code")
    return {
        "username": person.username,
        "name": person.get_full_name(),
        "email": person.email,
        "role": person.role,
        "language": person.language,
        "locations": "*" if person.sees_all_locations else list(access.values_list("location__code", flat=True)),
    }


def _apply(person: User, changes: Mapping[str, Any], actor: User | None) -> list[Location] | None:
    """Sets the fields; returns the places that were chosen, None when nothing was said of them."""
    unknown = sorted(set(changes) - set(CHANGEABLE))
    if unknown:
        raise InvalidInput(_("These fields cannot be changed: %(names)s.") % {"names": ", ".join(unknown)})
    if "display_name" in changes:
        _rename(person, changes["display_name"])
    for name in ("email", "language"):
        setattr(person, name, changes.get(name, getattr(person, name)).strip())
    if changes.get("role", person.role) != person.role or person.pk is None:
        require_role(actor, changes["role"])
        person.role = changes["role"]
    places = _chosen(person, changes, actor)
    _check(person)
    return places


def _rename(person: User, name: str) -> None:
    """An unchanged name keeps its two parts."""
    if name.strip() != person.get_full_name():
        person.first_name, person.last_name = name.strip(), ""


def _chosen(person: User, changes: Mapping[str, Any], actor: User | None) -> list[Location] | None:
    if not {"locations", "sees_all_locations"} & set(changes):
        return None
    place_ids: Collection[int] = changes.get("locations", [])
    # Whoever names places means these, and not all.
    is_whole_firm = bool(changes.get("sees_all_locations", person.sees_all_locations and not place_ids))
    if person.pk is not None and is_whole_firm and person.sees_all_locations:
        return []
    if "locations" not in changes:
        access = LocationAccess.objects.filter(user=person, location__is_active=True)
        place_ids = list(access.values_list("location_id", flat=True))
    places = places_given_by(actor, place_ids, is_whole_firm=is_whole_firm)
    person.sees_all_locations = is_whole_firm
    return places


def _set_places(person: User, places: Collection[Location], actor: User | None) -> None:
    """Access to places that are closed stays, unless the whole firm takes its place."""
    access = LocationAccess.objects.filter(user=person)
    if not person.sees_all_locations:
        access = access.filter(location__is_active=True).exclude(location__in=places)
    access.delete()
    LocationAccess.objects.bulk_create(
        (LocationAccess(user=person, location=place) for place in places), ignore_conflicts=True
    )


def _check(person: User) -> None:
    problems: list[dict[str, str]] = []
    try:
        person.clean_fields(exclude=["password", "first_name"])
    except ValidationError as error:
        problems = [{"field": name, "message": text} for name, texts in error.message_dict.items() for text in texts]
    if len(person.first_name) > LONGEST_NAME:
        text = _("A name has at most %(longest)d characters.") % {"longest": LONGEST_NAME}
        problems.append({"field": "display_name", "message": text})
    if person.language and person.language not in dict(settings.LANGUAGES):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        problems.append(
            {"field": "language", "message": _("Choose one of these languages: %(known)s.") % {"known": known}}
        )
    if person.pk is None and User.objects.filter(username__iexact=person.username).exists():
        text = _("There is a user %(name)s already. Choose another user name.") % {"name": person.username}
        problems.append({"field": "username", "message": text})
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)
