"""What is where now."""

from django.db import models
from django.db.models import F, Q

from inventory.models.location import Location
from inventory.models.sku import Sku


class StockLevel(models.Model):
    """Running balance of a SKU at a location, written only by the posting service, together with the movements."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="levels", db_index=False)
    # Found through `inventory_level_by_band`.
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="levels", db_index=False)
    on_hand = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    reserved = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    # Copied from the location, since a CHECK sees one row only.
    may_go_negative = models.BooleanField(default=False)
    # What stands there and may not be sold: quarantined or expired. Written together with `LotLevel`.
    held = models.DecimalField(max_digits=14, decimal_places=3, default=0, db_default=0)
    # Copied from the SKU by a foreign key, so that a posting reads it under its lock.
    is_lot_tracked = models.BooleanField(default=False, db_default=False)
    updated_at = models.DateTimeField()
    # `domain.bands.band_of` what is available; a trigger keeps it.
    available_band = models.SmallIntegerField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["location", "available_band"], name="inventory_level_by_band"),
            # Serves the list of one place, whose levels may all have been made after those of every other place.
            models.Index(fields=["location", "id"], name="inventory_level_of_place"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sku", "location"], name="inventory_level_one_per_place"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0) | Q(may_go_negative=True), name="inventory_level_not_negative"
            ),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="inventory_level_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")) | Q(may_go_negative=True),
                name="inventory_level_reserved_within_on_hand",
            ),
            models.CheckConstraint(
                condition=Q(held__gte=0) | Q(may_go_negative=True), name="inventory_level_held_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(held__lte=F("on_hand")) | Q(may_go_negative=True),
                name="inventory_level_held_within_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}: {self.on_hand}"


class Listing(models.Model):
    """A SKU is on sale (or kept) at a location: the series that we forecast, watch and replenish."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="listings", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="listings")
    listed_on = models.DateField()
    # The time on the wall there at which that day's sale began; null: with the day, where only the day is known.
    listed_from = models.TimeField(null=True, blank=True)
    delisted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "location"], name="inventory_listing_once"),
            models.CheckConstraint(
                condition=Q(delisted_on__isnull=True) | Q(delisted_on__gte=F("listed_on")),
                name="inventory_listing_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"
