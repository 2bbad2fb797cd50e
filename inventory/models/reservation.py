"""Stock that is promised: it stands on the shelf, but it is no longer available to others."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.movement import Posting
from inventory.models.sku import Sku


class ReservationState(models.TextChoices):
    PENDING = "pending", _("Reserved")
    ISSUED = "issued", _("Handed over")
    RELEASED = "released", _("Released")
    EXPIRED = "expired", _("Expired")


class Reservation(models.Model):
    """A quantity of a SKU at a location that is held for somebody until it is handed over, released or expired.

    Everything but the state, what was issued, the place, the reference and the expiry is fixed; a closed reservation
    is fixed whole. A trigger refuses anything else. Changed only under the lock of its `StockLevel`.
    """

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="reservations", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="reservations")
    # The kit that was asked for, when this holds one of its parts.
    kit = models.ForeignKey(Sku, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    issued = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    state = models.CharField(max_length=8, choices=ReservationState.choices, default=ReservationState.PENDING)
    # From this moment on it counts as expired, whether anybody has noticed or not. None never expires.
    expires_at = models.DateTimeField(null=True, blank=True)
    # Whom or what it is for, in the words of the caller: an order number, a customer.
    reference = models.CharField(max_length=120, blank=True, default="")
    key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 (two without a key are no repeat)
    line = models.PositiveIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "line"], name="inventory_reservation_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_reservation_positive"),
            models.CheckConstraint(
                condition=Q(issued__gte=0) & Q(issued__lte=F("quantity")), name="inventory_reservation_issued_within"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReservationState.values), name="inventory_reservation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="issued", issued=F("quantity")) | (~Q(state="issued") & Q(issued__lt=F("quantity"))),
                name="inventory_reservation_issued_means_all",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", closed_at=None) | (~Q(state="pending") & Q(closed_at__isnull=False)),
                name="inventory_reservation_closed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="expired") | Q(expires_at__isnull=False),
                name="inventory_reservation_expires_by_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["sku", "location"], condition=Q(state="pending"), name="inventory_reservation_open"),
            models.Index(fields=["expires_at"], condition=Q(state="pending"), name="inventory_reservation_due"),
            models.Index(fields=["reference"], name="inventory_reservation_for"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id} at {self.location_id}"

    @property
    def left(self) -> Decimal:
        """What was not handed over."""
        return self.quantity - self.issued


class ReservationEventKind(models.TextChoices):
    RESERVED = "reserved", _("Reserved")
    ISSUED = "issued", _("Handed over")
    RELEASED = "released", _("Released")
    EXPIRED = "expired", _("Expired")
    MOVED = "moved", _("Moved")


class ReservationEvent(models.Model):
    """What happened to `reserved` of a SKU at a location, and when. Never changed: a trigger refuses it.

    With the ledger it tells what was available at any moment.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=ReservationEventKind.choices)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    # What it adds to `reserved`; below zero when stock is no longer held.
    change = models.DecimalField(max_digits=14, decimal_places=3)
    # An expiry took effect at its own moment, however late it was noticed.
    at = models.DateTimeField()
    # What was handed over.
    posting = models.ForeignKey(Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(change=0), name="inventory_reservation_event_changes"),
            models.CheckConstraint(
                condition=Q(kind__in=ReservationEventKind.values), name="inventory_reservation_event_known"
            ),
        ]
        indexes = [models.Index(fields=["location", "sku", "at"], name="inventory_reserved_series")]

    def __str__(self) -> str:
        return f"{self.kind} {self.change}"

    @property
    def magnitude(self) -> Decimal:
        return abs(self.change)
