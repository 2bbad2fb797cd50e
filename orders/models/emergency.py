"""What to do about a shelf that will be empty before the ordinary delivery comes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Sku, Transfer
from orders.models.purchase_order import PurchaseOrder
from suppliers.models import Supplier


class EmergencyState(models.TextChoices):
    OPEN = "open", _("Waiting for a decision")
    APPROVED = "approved", _("Decided")
    WAITED = "waited", _("Waits for the ordinary delivery")
    WITHDRAWN = "withdrawn", _("No longer needed")


class WayKind(models.TextChoices):
    EXPRESS = "express", _("Buy by express")
    TRANSFER = "transfer", _("Move from another place")
    WAIT = "wait", _("Wait for the ordinary delivery")


class Emergency(models.Model):
    """One need of one SKU at one location that the ordinary delivery comes too late for, with all ways to meet it. The
    columns from `kind` to `expected_on` are the cheapest way. At most one is open per need."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=EmergencyState.choices, default=EmergencyState.OPEN)
    runs_out_on = models.DateField()
    # When the ordinary delivery relieves the shelf.
    relief_on = models.DateField()
    kind = models.CharField(max_length=10, choices=WayKind.choices)
    supplier = models.ForeignKey(Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    expected_on = models.DateField()
    # In the firm's currency: what waiting is expected to cost, and how much of it the cheapest way saves after its own
    # cost.
    stockout_cost = models.DecimalField(max_digits=14, decimal_places=2)
    saving = models.DecimalField(max_digits=14, decimal_places=2)
    # Every way that was compared, the cheapest first; see orders.domain.emergency_ways.Way.
    ways = models.JSONField()
    # The lines of "why", as in a proposal.
    reason = models.JSONField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What was chosen, which need not be the cheapest.
    chosen = models.JSONField(null=True, blank=True)
    # A person who waits is not asked again before that day.
    quiet_until = models.DateField(null=True, blank=True)
    # A repeat of the same approval finds what it approved the first time.
    key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    purchase_order = models.ForeignKey(PurchaseOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    transfer = models.ForeignKey(Transfer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "emergencies"
        constraints = [
            models.UniqueConstraint(
                fields=["location", "sku"], condition=Q(state="open"), name="orders_emergency_one_open"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_emergency_quantity_positive"),
            models.CheckConstraint(condition=Q(state__in=EmergencyState.values), name="orders_emergency_state_known"),
            models.CheckConstraint(
                condition=Q(kind="express", supplier__isnull=False, source__isnull=True)
                | Q(kind="transfer", supplier__isnull=True, source__isnull=False),
                name="orders_emergency_one_source",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(purchase_order__isnull=False) | Q(transfer__isnull=False),
                name="orders_emergency_approved_has_document",
            ),
            models.CheckConstraint(
                condition=~Q(state="waited") | Q(quiet_until__isnull=False), name="orders_emergency_waited_has_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "sku"], condition=Q(quiet_until__isnull=False), name="orders_emergency_quiet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} at {self.location_id}"


class EmergencySettings(models.Model):
    """One row, in the firm's currency."""

    # What moving one SKU between two of our places costs in work and freight.
    transfer_cost = models.DecimalField(max_digits=10, decimal_places=2, default=5)
    # Nobody is called for less than this.
    least_saving = models.DecimalField(max_digits=10, decimal_places=2, default=5)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="orders_emergency_settings_one_row"),
            models.CheckConstraint(
                condition=Q(transfer_cost__gte=0) & Q(least_saving__gte=0),
                name="orders_emergency_settings_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_cost}, {self.least_saving}"
