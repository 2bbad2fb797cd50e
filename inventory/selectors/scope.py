"""Which locations a user may see. Every list and object page filters by this, so what is not theirs is not there."""

from django.db.models import Q, QuerySet

from accounts.models import User
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS


def locations_for(user: User) -> QuerySet[Location]:
    """Stores and warehouses the user may see, in the order of their names."""
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True).order_by("name")
    return places if user.sees_all_locations else places.filter(access__user=user)


def location_scope(user: User, field: str = "location") -> Q:
    """A filter for any table with a foreign key to a location: `Model.objects.filter(location_scope(user))`."""
    return Q() if user.sees_all_locations else Q(**{f"{field}__access__user": user})
