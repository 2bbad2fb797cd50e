"""Places that hold stock, real and virtual."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.domain.addresses import MOST_ADDRESS, MOST_CONTACT, delivery_text


class LocationKind(models.TextChoices):
    STORE = "store", _("Store")
    WAREHOUSE = "warehouse", _("Warehouse")
    BIN = "bin", _("Bin")
    IN_TRANSIT = "in_transit", _("In transit")
    SUPPLIER = "supplier", _("Suppliers")
    CUSTOMER = "customer", _("Customers")
    LOSS = "loss", _("Loss")
    PRODUCTION = "production", _("Production")


VIRTUAL_KINDS = ("supplier", "customer", "loss", "production")
# Places where goods wait for a buyer or a store: levels, forecasts and proposals exist for these.
STOCKING_KINDS = ("store", "warehouse")


class Location(models.Model):
    """A node of the tree of places.

    Virtual kinds are the other side of what enters and leaves the firm; they have no limit.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=LocationKind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    time_zone = models.CharField(max_length=40, default="UTC")
    # ISO 3166: whose public holidays are kept there, and those of which part of it. Empty: the time zone tells.
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    region = models.CharField(max_length=10, blank=True, default="", db_default="")
    # Where deliveries go, in a few lines, and who takes them in: a name, a telephone number.
    address = models.CharField(max_length=MOST_ADDRESS, blank=True, default="", db_default="")
    contact = models.CharField(max_length=MOST_CONTACT, blank=True, default="", db_default="")
    # The warehouse that supplies this store with the SKUs that no supplier delivers to it directly.
    supplied_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="supplies")
    may_go_negative = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LocationKind.values), name="inventory_location_kind_known"),
            # There is one counterpart of each virtual kind; a second one would split the books.
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind__in=VIRTUAL_KINDS), name="inventory_location_one_virtual_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def delivery_text(self) -> str:
        return delivery_text(self.address, self.contact)

    @property
    def is_virtual(self) -> bool:
        return self.kind in VIRTUAL_KINDS


class LocationAccess(models.Model):
    """A user may see and work at a location. Users with `sees_all_locations` need no rows here."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="location_access", db_index=False
    )
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="access")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "location"], name="inventory_access_once")]
        verbose_name_plural = "location access"

    def __str__(self) -> str:
        return f"{self.user_id} at {self.location_id}"
