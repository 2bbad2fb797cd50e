"""What was bought."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Sku
from suppliers.models import Supplier


class OrderState(models.TextChoices):
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    PARTLY_RECEIVED = "partly_received", _("Partly received")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_ORDER_STATES = ("approved", "sent", "partly_received")


class PurchaseOrder(models.Model):
    """An order to one supplier for one location. It is sent through the outbox, in the transaction of its approval."""

    number = models.CharField(max_length=30, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="purchase_orders")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="purchase_orders")
    state = models.CharField(max_length=16, choices=OrderState.choices)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    ordered_on = models.DateField()
    expected_on = models.DateField()
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The event under which the outbox keeps the e-mail to the supplier; empty when they have no address.
    event_id = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
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
        ]
        indexes = [
            models.Index(
                fields=["location", "expected_on"],
                condition=Q(state__in=["approved", "sent", "partly_received"]),
                name="orders_purchase_order_open",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    received = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    # Shut by a person: what has not come by then is no longer on order.
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sku"], name="orders_line_sku_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("quantity")),
                name="orders_line_received_within_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"
