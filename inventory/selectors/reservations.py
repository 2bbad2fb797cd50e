"""Who holds what. One whose moment has passed reads as expired, settled or not."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from accounts.models import User
from inventory.models import Reservation, ReservationState
from inventory.selectors.scope import locations_for

PENDING, EXPIRED = ReservationState.PENDING, ReservationState.EXPIRED


def reservations_for(user: User, *, now: datetime) -> QuerySet[Reservation]:
    """Those at the places of the user, each with `state_now`."""
    places = locations_for(user).order_by().values("pk")
    rows = Reservation.objects.filter(location__in=places).select_related("sku", "location", "kit", "created_by")
    lapsed = When(state=PENDING, expires_at__lte=now, then=Value(EXPIRED.value))
    return rows.annotate(state_now=Case(lapsed, default=F("state"), output_field=CharField()))


def in_state(state: str, now: datetime) -> Q:
    """A filter for reservations that are in this state at that moment."""
    if state == PENDING:
        return Q(state=PENDING) & (Q(expires_at=None) | Q(expires_at__gt=now))
    if state == EXPIRED:
        return Q(state=EXPIRED) | Q(state=PENDING, expires_at__lte=now)
    return Q(state=state)


def open_reservations_of(sku_id: int, location_ids: Collection[int], *, now: datetime) -> list[Reservation]:
    """What is reserved of a SKU at these places, the first to expire first."""
    rows = Reservation.objects.filter(in_state(PENDING, now), sku=sku_id, location__in=location_ids)
    related = rows.select_related("location", "kit", "created_by")
    return list(related.order_by(F("expires_at").asc(nulls_last=True), "pk"))
