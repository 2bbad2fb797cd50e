"""Counting as a document: what is to be counted, what people found, and what was made of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.movement import Posting
from inventory.models.sku import Sku


class CountState(models.TextChoices):
    OPEN = "open", _("Open")
    COUNTING = "counting", _("Being counted")
    SUBMITTED = "submitted", _("To be approved")
    POSTED = "posted", _("Posted")
    CANCELLED = "cancelled", _("Cancelled")


class CountScope(models.TextChoices):
    ALL = "all", _("Everything")
    DUE = "due", _("Due for counting")
    CLASS = "class", _("Class")
    AISLE = "aisle", _("Aisle")
    CATEGORY = "category", _("Category")
    SEARCH = "search", _("Search")
    LIST = "list", _("Chosen SKUs")


class StockCount(models.Model):
    """A count of some SKUs at one location, which sells on meanwhile."""

    number = models.CharField(max_length=30, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_counts")
    state = models.CharField(max_length=10, choices=CountState.choices, default=CountState.OPEN)
    scope = models.CharField(max_length=10, choices=CountScope.choices)
    # Which class, aisle, category or words, as they are read on the page.
    scope_text = models.CharField(max_length=120, blank=True, default="")
    # What the ledger expects is neither shown nor sent to those who count.
    is_blind = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CountState.values), name="inventory_count_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "posted"]) | Q(submitted_at__isnull=False),
                name="inventory_count_was_submitted",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CountLineState(models.TextChoices):
    OPEN = "open", _("To count")
    PENDING = "pending", _("To be approved")
    POSTED = "posted", _("Posted")
    DISMISSED = "dismissed", _("Left as it was")
    SUPERSEDED = "superseded", _("Counted again since")
    SKIPPED = "skipped", _("Not counted")


class CountHold(models.TextChoices):
    """Why a difference waits for approval."""

    NONE = "", _("No reason")
    LIMIT = "limit", _("Above the limit")
    UNPLANNED = "unplanned", _("Not on the list of this count")
    PLACES = "places", _("Counted at some of its places only")
    CLOCK = "clock", _("The clock of the phone was wrong")
    SHORT = "short", _("Less would be left than is reserved or sold since")


class StockCountLine(models.Model):
    """One SKU of a count. The result is written when the count is handed in; a recount is a new round."""

    stock_count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CountLineState.choices, default=CountLineState.OPEN)
    round = models.PositiveSmallIntegerField(default=1)
    is_planned = models.BooleanField(default=True)
    counted = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    expected = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    variance = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    # Cost of one unit when the result was written.
    unit_cost = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    hold = models.CharField(max_length=10, choices=CountHold.choices, blank=True, default="")
    # Of the last entry.
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    posting = models.ForeignKey(
        Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock_count", "sku"], name="inventory_count_line_once"),
            models.CheckConstraint(condition=Q(state__in=CountLineState.values), name="inventory_count_line_state"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "skipped"]) | Q(counted__isnull=False),
                name="inventory_count_line_was_counted",
            ),
            models.CheckConstraint(
                condition=Q(variance__isnull=True) | Q(variance=F("counted") - F("expected")),
                name="inventory_count_line_adds_up",
            ),
            models.CheckConstraint(condition=Q(counted__gte=0), name="inventory_count_line_not_negative"),
            # Four eyes: nobody decides on a difference that they counted themselves.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(counted_by__isnull=True) | ~Q(decided_by=F("counted_by")),
                name="inventory_count_line_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} on {self.stock_count_id}"


class CountEntry(models.Model):
    """What one person found at one place at one moment. Entries of a line add up; `voids` takes an earlier one back.

    `uid` is made on the phone, so that an entry that is sent again is known.
    """

    stock_count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="entries", db_index=False)
    line = models.ForeignKey(StockCountLine, on_delete=models.CASCADE, related_name="entries")
    uid = models.UUIDField()
    round = models.PositiveSmallIntegerField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    place = models.CharField(max_length=41, blank=True, default="")
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    # On our clock; `told_at` is what the device said.
    counted_at = models.DateTimeField()
    told_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # It came when its line was no longer being counted: kept, shown, and not added up.
    is_late = models.BooleanField(default=False)
    is_clock_doubtful = models.BooleanField(default=False)
    voids = models.OneToOneField("self", null=True, blank=True, on_delete=models.CASCADE, related_name="voided_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock_count", "uid"], name="inventory_count_entry_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="inventory_count_entry_not_negative"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True, voids__isnull=False) | Q(quantity__isnull=False, voids__isnull=True),
                name="inventory_count_entry_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} on {self.line_id}"
