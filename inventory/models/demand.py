"""Demand as a fact: what was sold, what was asked for in vain, and when the shelf was empty."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.domain.blocks import BLOCK_DAYS
from inventory.fields import RealField
from inventory.models.location import Location
from inventory.models.sku import Sku

# A block of three float4 arrays of this length stays under PostgreSQL's TOAST threshold of 2 kB, so that the nightly
# append rewrites one small row per series, and two years of history are read as few rows instead of 730.
DEMAND_BLOCK_DAYS = BLOCK_DAYS
OPENS_AT_HOUR, CLOSES_AT_HOUR = 8, 22
# The share of the opening hours of its first day that were over when a listing began at `listed_from`.
UNLISTED_SHARE = (
    f"LEAST(GREATEST(EXTRACT(epoch FROM listed_from) / 3600 - {OPENS_AT_HOUR}, 0)"
    f" / {CLOSES_AT_HOUR - OPENS_AT_HOUR}, 1)"
)


class DemandBlock(models.Model):
    """Daily demand of a SKU at a location over `DEMAND_BLOCK_DAYS` days, day i being `starts_on + i`.

    `sold` and `lost` are units; what customers brought back on a day is taken off its `sold`, which may so be below
    zero, and readers settle that (`inventory.domain.returns`). `in_stock` is the share of opening hours, 0..1, in which
    it was on sale and there.
    Arrays end at the last closed day. Blocks begin on days whose ordinal is a multiple of `DEMAND_BLOCK_DAYS`, so that
    all series share the same borders.
    """

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+", db_index=False)
    starts_on = models.DateField()
    sold = ArrayField(RealField())
    lost = ArrayField(RealField())
    in_stock = ArrayField(RealField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "sku", "starts_on"], name="inventory_demand_block_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id} from {self.starts_on}"


class PriceBlock(models.Model):
    """What customers paid for a unit of a SKU, at all our places together, day i being `starts_on + i`.

    0 is a day on which nothing was sold for money. Blocks have the borders of `DemandBlock` and all their days.
    """

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False)
    starts_on = models.DateField()
    price = ArrayField(RealField())

    class Meta:
        constraints = [
            # The day comes first: each night writes one block of every SKU.
            models.UniqueConstraint(fields=["starts_on", "sku"], name="inventory_price_block_once"),
            models.CheckConstraint(condition=Q(price__len=BLOCK_DAYS), name="inventory_price_block_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} from {self.starts_on}"


class LostSaleCause(models.TextChoices):
    REFUSED = "refused", _("Nothing there")
    CUT = "cut", _("Less there than asked")


class LostSale(models.Model):
    """Units that a customer asked for and did not get."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    cause = models.CharField(max_length=8, choices=LostSaleCause.choices)
    occurred_at = models.DateTimeField()
    business_date = models.DateField()
    # A repeat of the same refused request is the same lost sale.
    key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_lost_sale_positive")]
        indexes = [models.Index(fields=["location", "business_date"], name="inventory_lost_by_day")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"


class StockoutEvent(models.Model):
    """An interval in which `available` was zero or less for a SKU on sale there. Kept by the posting service."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="stockouts", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stockouts", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "location"], condition=Q(ended_at__isnull=True), name="inventory_stockout_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="inventory_stockout_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["location", "sku", "started_at"], name="inventory_stockout_series")]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id} since {self.started_at}"


# What a location has closed whose first day is not over; no window of days can begin before it.
NEVER = date.min


class ClosedDays(models.QuerySet["ClosedDay"]):
    def begun(self) -> "ClosedDays":
        """Without locations that have not closed a day."""
        return self.filter(closed_through__gt=NEVER)


class ClosedDay(models.Model):
    """The demand of a location is written into `DemandBlock` up to this day, or to `NEVER`: none is closed yet."""

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="closed_day")
    closed_through = models.DateField()
    closed_at = models.DateTimeField()
    # Days up to this one are in `PriceBlock` as they were closed. Closing days again takes it back before them.
    priced_through = models.DateField(null=True, blank=True)

    objects = ClosedDays.as_manager()

    def __str__(self) -> str:
        return f"{self.location_id} through {self.closed_through}"
