"""What amounts are worth in the firm's currency."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet

from orders.domain.money import CENT
from orders.models import ExchangeRate


def rates_on(day: date, currencies: Collection[str]) -> Mapping[str, Decimal]:
    """Units of the firm's currency for one of each, as of that day; one that has no rate yet is missing. One statement
    at most."""
    home = settings.DEFAULT_CURRENCY
    foreign = set(currencies) - {home}
    rates = {home: Decimal(1)} if home in currencies else {}
    if foreign:
        known = ExchangeRate.objects.filter(currency__in=foreign, valid_from__lte=day)
        newest = known.order_by("currency", "-valid_from").distinct("currency")
        rates |= dict(newest.values_list("currency", "rate"))
    return rates


def home_amount(amount: Decimal, rate: Decimal | None) -> Decimal | None:
    """The amount in the firm's currency; None without a rate."""
    return None if rate is None else (amount * rate).quantize(CENT)


def listed_rates() -> QuerySet[ExchangeRate]:
    """Every rate, by currency, the newest first."""
    return ExchangeRate.objects.order_by("currency", "-valid_from")
