"""Stock on its way between our own locations."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.sku import Sku


class TransferState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SHIPPED = "shipped", _("On the way")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class Transfer(models.Model):
    """A document that moves stock from one location to another by way of "in transit"."""

    number = models.CharField(max_length=30, unique=True)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_out")
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_in")
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shipped_at = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("destination")), name="inventory_transfer_goes_somewhere"),
            models.CheckConstraint(condition=Q(state__in=TransferState.values), name="inventory_transfer_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["destination"], condition=Q(state__in=["draft", "shipped"]), name="inventory_transfer_open"
            )
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    # None leaves it to the shipping, which takes what expires first. The foreign key is (lot, sku) -> Lot (id, sku).
    lot = models.ForeignKey(
        "inventory.Lot",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    received = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    # Written off on the way: it will not arrive any more.
    missing = models.DecimalField(max_digits=14, decimal_places=3, default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "sku", "lot"], nulls_distinct=False, name="inventory_transfer_line_once_per_lot"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_transfer_line_positive"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(missing__gte=0) & Q(quantity__gte=F("received") + F("missing")),
                name="inventory_transfer_received_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"

    @property
    def open_quantity(self) -> Decimal:
        """What may still arrive."""
        return self.quantity - self.received - self.missing
