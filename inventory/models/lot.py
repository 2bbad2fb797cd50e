"""Units that came together: where they came from, when they expire, and whether they may be sold."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.movement import Posting
from inventory.models.sku import Sku


class LotStatus(models.TextChoices):
    AVAILABLE = "available", _("Available")
    QUARANTINED = "quarantined", _("In quarantine")


class Lot(models.Model):
    """Units of a SKU received together. `expires_on` is the last day on which they may be sold; None never expires."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="lots", db_index=False)
    code = models.CharField(max_length=60)
    expires_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()
    # Who delivered it, and under which number, in the words of the one who received it.
    supplier = models.CharField(max_length=120, blank=True, default="")
    status = models.CharField(max_length=12, choices=LotStatus.choices, default=LotStatus.AVAILABLE)
    status_reason = models.CharField(max_length=300, blank=True, default="")
    quarantined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("sku", Upper("code"), name="inventory_lot_code_once"),
            # What a movement and a lot level refer to, so that neither can name a lot of another SKU.
            models.UniqueConstraint(fields=["id", "sku"], name="inventory_lot_of_sku"),
            models.CheckConstraint(condition=~Q(code=""), name="inventory_lot_has_code"),
            models.CheckConstraint(
                condition=Q(status="available", quarantined_at=None)
                | Q(status="quarantined", quarantined_at__isnull=False),
                name="inventory_lot_quarantine_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], name="inventory_lot_by_expiry")]

    def __str__(self) -> str:
        return self.code


class LotLevel(models.Model):
    """Running balance of a lot at a location; the lots of a pair add up to its `StockLevel`.

    Written only together with the movements, under the lock of that `StockLevel`.
    """

    # The foreign key is (lot, sku) -> Lot (id, sku), made by the migration.
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="levels", db_index=False, db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    on_hand = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    # Copied from the location, since a CHECK sees one row only.
    may_go_negative = models.BooleanField(default=False)
    # Since when it counts in `StockLevel.held`: quarantined, or expired here. None while it may be sold.
    held_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="inventory_lot_level_one_per_place"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0) | Q(may_go_negative=True), name="inventory_lot_level_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["sku", "location"], name="inventory_lot_level_of_pair"),
            # Few lots stand somewhere, and most of those that ever were are gone: serves the look for what expired.
            models.Index(
                fields=["lot"], condition=Q(held_since=None) & ~Q(on_hand=0), name="inventory_lot_level_on_sale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} at {self.location_id}: {self.on_hand}"


class LotHold(models.Model):
    """What happened to `StockLevel.held`, and when. Never changed: a trigger refuses it.

    With the ledger it tells how much might be sold at any moment.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holds")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    # What it adds to `held`; below zero when stock may be sold again, or left.
    change = models.DecimalField(max_digits=14, decimal_places=3)
    # An expiry took effect at the end of its day, however late it was noticed.
    at = models.DateTimeField()
    # The act that moved held stock; None when the lot itself changed.
    posting = models.ForeignKey(Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(change=0), name="inventory_lot_hold_changes")]
        indexes = [models.Index(fields=["location", "sku", "at"], name="inventory_held_series")]

    def __str__(self) -> str:
        return f"{self.lot_id} at {self.location_id}: {self.change}"
