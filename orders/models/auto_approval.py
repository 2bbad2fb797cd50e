"""Rules that approve proposals in the name of who made them, and what each has spent on a day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.models import Category, Location
from orders.models.policy import Steadiness, ValueClass
from suppliers.models import Supplier


class AutoApprovalRule(models.Model):
    """Approves what fits all its conditions; an empty one fits everything. Amounts are in the firm's currency.

    One that has ended stays, since orders name it.
    """

    name = models.CharField(max_length=80)
    # In whose name it approves: who made it, or changed it last. Their own limit holds for what it buys.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    value_class = models.CharField(max_length=1, choices=ValueClass.choices, blank=True, default="")
    steadiness = models.CharField(max_length=1, choices=Steadiness.choices, blank=True, default="")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order_up_to = models.DecimalField(max_digits=14, decimal_places=2)
    # How far a quantity may be from the mean of the last ones bought; empty for any.
    within_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    daily_cap = models.DecimalField(max_digits=14, decimal_places=2)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_at__isnull=True), name="orders_auto_rule_name_once"
            ),
            models.CheckConstraint(
                condition=Q(order_up_to__gt=0, daily_cap__gt=0) & ~Q(name=""), name="orders_auto_rule_amounts_positive"
            ),
            models.CheckConstraint(
                condition=Q(within_percent__isnull=True) | Q(within_percent__gte=0, within_percent__lte=500),
                name="orders_auto_rule_percent_range",
            ),
            models.CheckConstraint(
                condition=Q(value_class__in=["", *ValueClass.values], steadiness__in=["", *Steadiness.values]),
                name="orders_auto_rule_classes_known",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(ended_at__isnull=True), name="orders_auto_rule_ended_is_off"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AutoApprovalDay(models.Model):
    """What a rule has approved for a day. The row is added to under its lock, and can never exceed the cap that it was
    last spent under; what is cancelled later does not come back, so that a cap is what it says."""

    rule = models.ForeignKey(AutoApprovalRule, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    spent = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    cap = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "day"], name="orders_auto_day_once"),
            models.CheckConstraint(condition=Q(spent__gte=0, spent__lte=F("cap")), name="orders_auto_day_within_cap"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.day}: {self.spent} of {self.cap}"
