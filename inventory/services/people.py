"""People and the locations at which they may work."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import Role, User
from accounts.services.audit import record_audit
from inventory.models import Location, LocationAccess


@transaction.atomic
def create_person(
    *, username: str, password: str, role: str, location_codes: Sequence[str], email: str, now: datetime
) -> User:
    """A person who can sign in. Without location codes they work for the whole firm.

    Raises InvalidInput for a name that is taken, a role or location that does not exist, or a weak password.
    """
    if role not in Role.values:
        raise InvalidInput(
            _("%(role)s is no role. Roles: %(roles)s.") % {"role": role, "roles": ", ".join(Role.values)}
        )
    if User.objects.filter(username=username).exists():
        raise InvalidInput(_("There is a user %(name)s already.") % {"name": username})
    places = _places(location_codes)
    user = User(username=username, email=email, role=role, sees_all_locations=not places)
    _check_password(password, user)
    user.set_password(password)
    user.save()
    LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
    data = {"role": role, "locations": [place.code for place in places]}
    record_audit(actor=None, action="create", object_type="user", object_id=user.pk, now=now, data=data)
    return user


def _places(codes: Sequence[str]) -> list[Location]:
    found = {place.code: place for place in Location.objects.filter(code__in=codes)}
    for code in codes:
        if code not in found:
            raise InvalidInput(_("There is no location %(code)s.") % {"code": code})
    return [found[code] for code in codes]


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages)) from None
