"""A need that is asked of every supplier of the SKU at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Sku
from orders.models.purchase_order import PurchaseOrder
from suppliers.models import Supplier


class RequestState(models.TextChoices):
    OPEN = "open", _("Open")
    TAKEN = "taken", _("Taken")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SupplyRequest(models.Model):
    """So much of a SKU at a place by a day. The first supplier who confirms gets the order. At most one is open for a
    SKU and a place."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    wanted_by = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Until when suppliers may confirm.
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # What came of it.
    purchase_order = models.OneToOneField(
        PurchaseOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "location"], condition=Q(state="open"), name="orders_supply_request_one_open"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_supply_request_positive"),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="orders_supply_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="taken", purchase_order__isnull=False)
                | ~Q(state="taken") & Q(purchase_order__isnull=True),
                name="orders_supply_request_taken_has_order",
            ),
        ]
        indexes = [models.Index(fields=["location", "-created_at"], name="orders_supply_request_list")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id} for {self.location_id}"


class OfferState(models.TextChoices):
    ASKED = "asked", _("Asked")
    DECLINED = "declined", _("Cannot")
    CONFIRMED = "confirmed", _("Confirmed")


class SupplyOffer(models.Model):
    """What one supplier was asked for: the need in their packs, at the price of their terms of that moment."""

    request = models.ForeignKey(SupplyRequest, on_delete=models.CASCADE, related_name="offers", db_index=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.ASKED)
    promised_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "supplier"], name="orders_supply_offer_once"),
            # The database itself lets nobody but one win.
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="confirmed"), name="orders_supply_offer_one_winner"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_supply_offer_positive"),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="orders_supply_offer_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} for {self.request_id}"
