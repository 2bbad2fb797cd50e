"""Who delivers."""

from django.db import models
from django.db.models import Q


class Supplier(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3)
    promised_lead_time_days = models.PositiveSmallIntegerField(default=7)
    minimum_order_value = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minimum_order_value__gte=0), name="suppliers_minimum_order_not_negative")
        ]

    def __str__(self) -> str:
        return self.name
