"""Arrays for PostgreSQL as text.

The driver adapts each element of a list by itself, which costs more than the statement when a posting has one line, and
half a second when it has ten thousand. Numbers, moments and words of ours need no quoting, so they are simply joined.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models.expressions import RawSQL

Plain = int | Decimal | date | str | None


def array(values: Iterable[Plain]) -> str:
    """`{1,2,NULL}`; the statement says the type (`%s::bigint[]`). Raises ValueError for text that needs quoting."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def numbers(values: Iterable[int | Decimal]) -> str:
    """The same for what is certainly a number in every place, several times as fast."""
    return "{" + ",".join(map(str, values)) + "}"


def among(ids: Iterable[int]) -> RawSQL:
    """For `filter(sku_id__in=among(ids))`: one parameter, however many ids. A parameter each costs the framework and
    the driver more than the statement takes from some thousands on."""
    return RawSQL("SELECT unnest(%s::bigint[])", [numbers(ids)])


def _element(value: Plain) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, str) and not value.isalpha():
        raise ValueError(f"{value!r} is no plain word.")
    return str(value)
