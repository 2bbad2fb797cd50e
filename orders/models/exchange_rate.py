"""What other currencies are worth."""

from django.db import models
from django.db.models import Q


class ExchangeRate(models.Model):
    """One unit of `currency` is worth `rate` units of the firm's currency, from that day until the next row's."""

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="orders_exchange_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="orders_exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}: {self.rate}"
