"""People as those who administer them see them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import ApiKey, Role, User
from accounts.roles import roles_given_by
from inventory.models import Location, LocationAccess


def people_for(user: User) -> QuerySet[User]:
    """Those whom the user administers: with a role that they give out, and at no place where the user may not work.
    In the order of their user names, with their places in `location_access`."""
    people = User.objects.filter(role__in=roles_given_by(user))
    if not user.sees_all_locations:
        elsewhere = LocationAccess.objects.filter(user=OuterRef("pk")).exclude(location__access__user=user)
        people = people.filter(~Exists(elsewhere), sees_all_locations=False)
    places = LocationAccess.objects.select_related("location").order_by("location__name")
    return people.prefetch_related(Prefetch("location_access", places)).order_by("username")


def found_people(people: QuerySet[User], *, search: str = "", is_active: bool | None = None) -> QuerySet[User]:
    """Those of them whose name, user name or e-mail holds what was typed."""
    if search:
        words = (f"{name}__icontains" for name in ("username", "first_name", "last_name", "email"))
        people = people.filter(Q(*((word, search) for word in words), _connector=Q.OR))
    return people if is_active is None else people.filter(is_active=is_active)


def places_of(person: User) -> list[Location]:
    """Where the person may work, by name; empty for who works for the whole firm."""
    return [access.location for access in person.location_access.all()]


def has_another_administrator(*, than: Collection[int]) -> bool:
    """Whether somebody else is there who administers the whole firm."""
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, sees_all_locations=True)
    return others.exclude(pk__in=than).exists()


def has_valid_keys(person: User, *, now: datetime) -> bool:
    """Whether programs may still work in the person's name: a new password ends none of their API keys."""
    is_in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    return ApiKey.objects.filter(is_in_time, user=person, revoked_at=None).exists()
