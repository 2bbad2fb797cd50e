"""Emergencies as pages and the API show them, limited to the user's places."""

from django.db.models import QuerySet

from accounts.models import User
from inventory.selectors.scope import location_scope
from orders.domain.emergency_ways import Way, unpack_way
from orders.models import Emergency, EmergencyState


def emergencies_for(user: User) -> QuerySet[Emergency]:
    """Of every state, what saves most first."""
    rows = Emergency.objects.filter(location_scope(user)).order_by("-saving", "pk")
    return rows.select_related("sku", "location", "supplier", "source", "purchase_order", "transfer", "decided_by")


def open_emergencies(user: User) -> QuerySet[Emergency]:
    """Those that wait for a decision."""
    return emergencies_for(user).filter(state=EmergencyState.OPEN)


def ways_of(row: Emergency) -> list[Way]:
    """All that were compared, the cheapest first."""
    return [unpack_way(way) for way in row.ways]
