"""What was bought."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Sku
from orders.models.auto_approval import AutoApprovalRule
from suppliers.models import Supplier


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    CONFIRMED = "confirmed", _("Confirmed")
    PARTLY_RECEIVED = "partly_received", _("Partly received")
    RECEIVED = "received", _("Received")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


# Goods may come on these: somebody has approved them, and they are not at their end.
EXPECTED_ORDER_STATES = ("approved", "sent", "confirmed", "partly_received")
# What these are to bring counts as on order, so that no need is met twice.
OPEN_ORDER_STATES = ("draft", "awaiting_approval", *EXPECTED_ORDER_STATES)
# Of the others somebody has approved what they say.
NOT_APPROVED_STATES = ("draft", "awaiting_approval", "cancelled")


class PurchaseOrder(models.Model):
    """An order to one supplier for one location. It is sent through the outbox, in the transaction of its approval."""

    number = models.CharField(max_length=30, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="purchase_orders")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="purchase_orders")
    state = models.CharField(max_length=20, choices=OrderState.choices)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    ordered_on = models.DateField()
    expected_on = models.DateField()
    created_at = models.DateTimeField()
    # Empty when a job made it. Who has changed it last; and when it was given up for approval.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    # In the firm's currency: the order, and the order with what counts together with it for the limit. Empty when the
    # currency has no rate.
    home_total = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    counted_total = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    # Above its maker's limit: a second person has to approve it.
    needs_second = models.BooleanField(default=False, db_default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # For whom they approved it, when they stood in for somebody.
    approved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # The rule that approved it in the name of `created_by`; empty when a person did.
    approval_rule = models.ForeignKey(
        AutoApprovalRule, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Why it was refused or taken back.
    decision_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    # The event under which the outbox keeps the e-mail to the supplier; empty when they have no address.
    event_id = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # It is to come by express, at the premium that its prices hold.
    is_express = models.BooleanField(default=False, db_default=False)
    # Where it goes, as its supplier was told: a place that moves later does not change what they have in hand.
    deliver_to = models.CharField(max_length=600, blank=True, default="", db_default="")
    # How often it was changed after its supplier had it.
    revision = models.PositiveSmallIntegerField(default=0, db_default=0)
    # A repeat of the same approval finds the order that it made the first time.
    key = models.CharField(max_length=120, unique=True, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="orders_purchase_order_state_known"),
            models.CheckConstraint(condition=Q(total__gte=0), name="orders_purchase_order_total_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False),
                name="orders_purchase_order_cancelled_has_time",
            ),
            # Who made an order above their limit, or changed it last, is never the one who approves it.
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(state__in=NOT_APPROVED_STATES)
                | Q(approved_by__isnull=False) & ~Q(approved_by=F("created_by")) & ~Q(approved_by=F("changed_by")),
                name="orders_purchase_order_second_person",
            ),
            # A rule buys what its author may buy alone, and is never the second person.
            models.CheckConstraint(
                condition=Q(approval_rule__isnull=True) | Q(needs_second=False, created_by__isnull=False),
                name="orders_purchase_order_rule_is_alone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "expected_on"],
                condition=Q(state__in=OPEN_ORDER_STATES),
                name="orders_purchase_order_open",
            ),
            # Serves the sum of what one person bought of one supplier lately.
            models.Index(
                fields=["created_by", "supplier", "submitted_at"],
                condition=Q(created_by__isnull=False),
                name="orders_purchase_order_maker",
            ),
            # Serves the sum of what was bought in the period of a budget.
            models.Index(fields=["ordered_on"], name="orders_purchase_order_day"),
            # Serves the newest orders of a rule.
            models.Index(
                fields=["approval_rule", "-id"],
                condition=Q(approval_rule__isnull=False),
                name="orders_purchase_order_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def address(self) -> str:
        """Lines of where it goes: as it was sent, else where the place is today. Needs the location."""
        return self.deliver_to or self.location.delivery_text


class PurchaseOrderLine(models.Model):
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    received = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    # What came beyond `quantity` within the firm's tolerance is part of `received`; of that so much went back.
    over_allowed = models.DecimalField(max_digits=14, decimal_places=3, default=0, db_default=0)
    returned = models.DecimalField(max_digits=14, decimal_places=3, default=0, db_default=0)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    # When it is reckoned with; empty as long as that is the day of the whole order.
    expected_on = models.DateField(null=True, blank=True)
    # What the supplier says will come, 0 for nothing, and on which day; empty until they have answered. Their word
    # counts from then on.
    confirmed_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    # Shut by a person: what has not come by then is no longer on order.
    is_closed = models.BooleanField(default=False)
    # The day, at its place, of the last receipt that brought some of it. Kept by a trigger on the lines of receipts.
    arrived_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="orders_line_sku_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("quantity") + F("over_allowed")),
                name="orders_line_received_within_ordered",
            ),
            models.CheckConstraint(
                condition=Q(over_allowed__gte=0) & Q(over_allowed__lte=F("quantity")),
                name="orders_line_over_allowed_range",
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0) & Q(returned__lte=F("received")),
                name="orders_line_returned_within_received",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_quantity__isnull=True) | Q(confirmed_quantity__gte=0),
                name="orders_line_confirmed_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"

    @property
    def coming(self) -> Decimal:
        """Units that are still to arrive: by the supplier's word once they have given it, none of a closed line."""
        sure = self.quantity if self.confirmed_quantity is None else min(self.quantity, self.confirmed_quantity)
        return Decimal(0) if self.is_closed else max(sure - self.received, Decimal(0))
