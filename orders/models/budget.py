"""What may be spent on orders in a period, set by a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from suppliers.models import Supplier


class BudgetPeriod(models.TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


class Budget(models.Model):
    """In the firm's currency, for each period from `starts_on` on. Without suppliers it covers all of them, without a
    location every place. One that has ended stays, since proposals name it."""

    name = models.CharField(max_length=80)
    suppliers = models.ManyToManyField(Supplier, blank=True, related_name="+")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=5, choices=BudgetPeriod.choices)
    # The first day of the first period; the later ones begin on the same day of the week or of the month.
    starts_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    created_at = models.DateTimeField()
    # Who set it, or changed it last.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_at__isnull=True), name="orders_budget_name_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(name=""), name="orders_budget_amount_positive"),
            models.CheckConstraint(condition=Q(period__in=BudgetPeriod.values), name="orders_budget_period_known"),
        ]

    def __str__(self) -> str:
        return self.name
