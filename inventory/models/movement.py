"""The ledger."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location, LocationKind
from inventory.models.sku import Sku


class MovementKind(models.TextChoices):
    OPENING = "opening", _("Opening stock")
    RECEIPT = "receipt", _("Receipt")
    SALE = "sale", _("Sale")
    RETURN = "return", _("Return")
    TRANSFER = "transfer", _("Transfer")
    ADJUSTMENT = "adjustment", _("Adjustment")
    COUNT = "count", _("Count")
    REVERSAL = "reversal", _("Reversal")
    CONSUMPTION = "consumption", _("Used in production")
    OUTPUT = "output", pgettext_lazy("movement", "Made")


# The names that the first migration gives to reasons, marked here so that they are found for translation.
FIRST_REASONS = (
    gettext_noop("Damaged"),
    gettext_noop("Stolen"),
    gettext_noop("Found"),
    gettext_noop("Expired"),
    gettext_noop("Sample or own use"),
    gettext_noop("Other"),
)


# The code of the one reason that only ever adds stock; a code stays when the firm gives the reason another name.
FOUND = "found"
# Those of the first reasons for which units can only be gone; "other" and the firm's own go either way.
ONLY_GONE = frozenset({"damage", "theft", "expired", "sample"})


class Reason(models.Model):
    """Why stock was adjusted; the list is the firm's own."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def takes_away(self) -> bool:
        """Whether units may be gone for this reason."""
        return self.code != FOUND

    @property
    def brings(self) -> bool:
        """Whether units may have turned up for this reason."""
        return self.code not in ONLY_GONE

    @property
    def title(self) -> str:
        """The name in the reader's language; one that the firm chose itself has no translation and stays."""
        return gettext(self.name)


class RecordedIn(models.Func):
    """The transaction that writes the row, as a number that grows for ever: also beyond a move to another cluster."""

    template = "(inventory_feed_base() + pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Posting(models.Model):
    """One act that moved stock: the header of its movements. `key` makes a repeat of the act harmless."""

    key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=12, choices=MovementKind.choices)
    # The document behind the act, for example "purchase_order" and its id.
    source_type = models.CharField(max_length=40, blank=True, default="")
    source_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    # Who bought, or brought back, in the words of who posted it: a name, the number of an order or a receipt.
    customer = models.CharField(max_length=120, blank=True, default="", db_default="")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    posted_at = models.DateTimeField()
    # Ids are given before a transaction ends, so their order is not the one in which rows appear; this one is kept so
    # that a feed can tell what may still appear.
    recorded_in = models.BigIntegerField(db_default=RecordedIn(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["recorded_in", "id"], name="inventory_posting_feed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Movement(models.Model):
    """A positive quantity of a SKU that went from one location to another. Never changed: a trigger refuses it."""

    # Found through the unique (posting, line).
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="movements", db_index=False)
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=MovementKind.choices)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="movements", db_index=False)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    reason = models.ForeignKey(
        Reason, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    occurred_at = models.DateTimeField()
    # The day of `occurred_at` in the time zone of the store concerned, computed once at posting.
    business_date = models.DateField()
    # The foreign key is (lot, sku) -> Lot (id, sku), made by the migration.
    lot = models.ForeignKey(
        "inventory.Lot",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="movements",
        db_index=False,
        db_constraint=False,
    )
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "line"], name="inventory_movement_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_movement_quantity_positive"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="inventory_movement_goes_somewhere"),
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values), name="inventory_movement_kind_known"),
        ]
        indexes = [
            # These two serve the ledger of one SKU at one location, and its level as of any moment.
            models.Index(fields=["source", "sku", "occurred_at"], name="inventory_movement_out"),
            models.Index(fields=["destination", "sku", "occurred_at"], name="inventory_movement_in"),
            # These two serve the list of one place, whose last movements may lie far back.
            models.Index(fields=["source", "id"], name="inventory_movement_from_place"),
            models.Index(fields=["destination", "id"], name="inventory_movement_to_place"),
            # Serves lists of one kind; sales and receipts are met at every step of a walk, and pay nothing for this.
            models.Index(
                fields=["kind", "id"], condition=~Q(kind__in=["sale", "receipt"]), name="inventory_movement_rare_kinds"
            ),
            # Serves the closing of a day. BRIN: rows arrive almost in date order, and the hot path must not pay for a
            # third tree.
            BrinIndex(fields=["business_date"], name="inventory_movement_day"),
            # Serves a recall. Most movements have no lot and do not pay for it.
            models.Index(fields=["lot"], condition=Q(lot__isnull=False), name="inventory_movement_of_lot"),
            # Serves the report on shrinkage; counts are few among many sales.
            models.Index(
                fields=["business_date"],
                condition=Q(kind__in=["count", "reversal"]),
                name="inventory_movement_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"

    @property
    def zone_name(self) -> str:
        """The clock of the place of ours that it touches; of two the one it leaves."""
        is_ours = not self.source.is_virtual and self.source.kind != LocationKind.IN_TRANSIT
        return (self.source if is_ours else self.destination).time_zone
