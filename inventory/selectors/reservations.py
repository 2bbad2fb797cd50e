"""Who holds what. One whose moment has passed reads as expired, settled or not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from accounts.models import User
from inventory.models import Reservation, ReservationEvent, ReservationState
from inventory.selectors.scope import locations_for
from inventory.selectors.stock import search_skus

PENDING, EXPIRED = ReservationState.PENDING, ReservationState.EXPIRED
# A state of the list: reserved, and over within so much.
EXPIRING, SOON = "expiring", timedelta(days=1)
SIBLINGS_SHOWN = 50


@dataclass(frozen=True)
class ReservationPage:
    """Rows, the newest first; `next_before` is the id to go on from, None at the end."""

    rows: list[Reservation]
    next_before: int | None


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
    if state == EXPIRING:
        return Q(state=PENDING, expires_at__gt=now, expires_at__lte=now + SOON)
    if state == EXPIRED:
        return Q(state=EXPIRED) | Q(state=PENDING, expires_at__lte=now)
    return Q(state=state)


def open_reservations_of(sku_id: int, location_ids: Collection[int], *, now: datetime) -> list[Reservation]:
    """What is reserved of a SKU at these places, the first to expire first."""
    rows = Reservation.objects.filter(in_state(PENDING, now), sku=sku_id, location__in=location_ids)
    related = rows.select_related("location", "kit", "created_by")
    return list(related.order_by(F("expires_at").asc(nulls_last=True), "pk"))


def reservation_page(
    user: User,
    *,
    now: datetime,
    state: str = PENDING,
    location_id: int | None = None,
    search: str = "",
    before: int | None = None,
    limit: int = 50,
) -> ReservationPage:
    """One page of the list; `state` is a state, `EXPIRING` or "all". `search` looks at references and SKUs."""
    rows = reservations_for(user, now=now)
    if state != "all":
        rows = rows.filter(in_state(state, now))
    if location_id is not None:
        rows = rows.filter(location=location_id)
    if search:
        skus = search_skus(search, is_active=None).order_by().values("pk")
        rows = rows.filter(Q(reference__icontains=search) | Q(sku__in=skus) | Q(kit__in=skus))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: limit + 1])
    return ReservationPage(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def history_of(reservation: Reservation) -> list[ReservationEvent]:
    """What happened to it, the latest first; of a move only where it went to."""
    rows = ReservationEvent.objects.filter(reservation=reservation).exclude(kind="moved", change__lt=0)
    return list(rows.select_related("location", "posting", "recorded_by").order_by("-pk"))


def siblings_of(reservation: Reservation, *, now: datetime) -> list[Reservation]:
    """What else is reserved for the same at the same place: handed over together."""
    if not reservation.reference:
        return []
    rows = Reservation.objects.filter(
        in_state(PENDING, now), location=reservation.location_id, reference=reservation.reference
    )
    return list(rows.exclude(pk=reservation.pk).select_related("sku").order_by("pk")[:SIBLINGS_SHOWN])
