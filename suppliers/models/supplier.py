"""Who delivers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from suppliers.domain.calendar import EVERY_DAY


class TruckPolicy(models.TextChoices):
    NONE = "none", _("Trucks do not matter")
    FILL = "fill", _("Fill the truck")
    LIMIT = "limit", _("Never more than one truck")


class Supplier(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3)
    promised_lead_time_days = models.PositiveSmallIntegerField(default=7)
    minimum_order_value = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # They deliver no more in one order; empty: as much as is asked for.
    maximum_order_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # Weekdays as bits, Monday the lowest (suppliers.domain.calendar). Orders of a day are taken until the cut-off, in
    # this time zone or, where it is empty, in that of the place that orders.
    order_days = models.PositiveSmallIntegerField(default=EVERY_DAY, db_default=EVERY_DAY)
    delivery_days = models.PositiveSmallIntegerField(default=EVERY_DAY, db_default=EVERY_DAY)
    cut_off = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, blank=True, default="", db_default="")
    # What one truck or container holds; empty does not matter. The value is in the supplier's currency.
    truck_policy = models.CharField(
        max_length=5, choices=TruckPolicy.choices, default=TruckPolicy.NONE, db_default=TruckPolicy.NONE
    )
    truck_kilograms = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    truck_cubic_metres = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    truck_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # It is not filled with goods that last longer than this.
    fill_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_order_value__gte=0), name="suppliers_minimum_order_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(maximum_order_value__isnull=True)
                | Q(maximum_order_value__gt=0) & Q(maximum_order_value__gte=F("minimum_order_value")),
                name="suppliers_maximum_order_above_minimum",
            ),
            models.CheckConstraint(
                condition=Q(order_days__range=(1, EVERY_DAY)) & Q(delivery_days__range=(1, EVERY_DAY)),
                name="suppliers_some_day_each_week",
            ),
            models.CheckConstraint(
                condition=Q(truck_policy="none")
                | Q(truck_kilograms__gt=0)
                | Q(truck_cubic_metres__gt=0)
                | Q(truck_value__gt=0),
                name="suppliers_truck_holds_something",
            ),
            models.CheckConstraint(condition=Q(truck_policy__in=TruckPolicy.values), name="suppliers_truck_known"),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierClosure(models.Model):
    """Days on which the supplier neither takes orders, works nor delivers, both ends included."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="closures", db_index=False)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "starts_on", "name"], name="suppliers_closure_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="suppliers_closure_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.starts_on} to {self.ends_on}"
