"""What of `reserved` has expired but is not settled yet: a reader must not wait for whoever settles it."""

from datetime import datetime
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Coalesce, Now

from inventory.models import Reservation, ReservationState

QUANTITY = DecimalField(max_digits=18, decimal_places=3)
# For statements written by hand, of a `level`: what may be sold of it at this moment.
AVAILABLE = """(level.on_hand - level.reserved - level.held + CASE WHEN level.reserved > 0 THEN (
    SELECT COALESCE(sum(lapsed.quantity - lapsed.issued), 0) FROM inventory_reservation lapsed
    WHERE lapsed.sku_id = level.sku_id AND lapsed.location_id = level.location_id
      AND lapsed.state = 'pending' AND lapsed.expires_at <= statement_timestamp()
) ELSE 0 END)"""


def expired_of_level(now: datetime | None = None) -> Case:
    """For a queryset of `StockLevel`: what of `reserved` has expired. `now` None is the clock of the database.

    A level that holds nothing is not looked up.
    """
    lapsed = Reservation.objects.filter(
        sku=OuterRef("sku"),
        location=OuterRef("location"),
        state=ReservationState.PENDING,
        expires_at__lte=now or Now(),
    )
    total = lapsed.order_by().values("sku").annotate(total=Sum(F("quantity") - F("issued"))).values("total")
    nothing = Value(0, output_field=QUANTITY)
    found = Coalesce(Subquery(total), nothing, output_field=QUANTITY)
    return Case(When(reserved__gt=0, then=found), default=nothing, output_field=QUANTITY)


def reserved_of_level(now: datetime | None = None) -> CombinedExpression:
    """What is held of a level at this moment."""
    return F("reserved") - _as_term(expired_of_level(now))


def available_of_level(now: datetime | None = None) -> CombinedExpression:
    """What may be sold at this moment: there, neither promised nor in a lot that is held back."""
    return F("on_hand") - F("reserved") - F("held") + _as_term(expired_of_level(now))


def _as_term(expression: Any) -> Combinable:
    return expression  # type: ignore[no-any-return]  # the stubs do not know that a Case can be reckoned with
