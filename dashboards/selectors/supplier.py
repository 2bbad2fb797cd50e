"""A supplier's page: what they still owe us, and which SKUs hang on them alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from accounts.models import User
from alerts.models import Alert, AlertKind, AlertState
from inventory.selectors.scope import location_scope
from orders.models import PurchaseOrder
from orders.models.purchase_order import EXPECTED_ORDER_STATES
from orders.selectors.order_pages import due_day, orders_for
from suppliers.models import Supplier
from suppliers.selectors.supplier_pages import single_sourced

ORDERS_SHOWN = 10
AT_RISK_SHOWN = 10
_MONEY = DecimalField(max_digits=20, decimal_places=6)


@dataclass(frozen=True)
class Dependence:
    """SKUs that nobody else delivers: how many, and where the shop is short of them now, the most money first."""

    skus: int
    alert_count: int
    alerts: Sequence[Alert]


def open_orders(user: User, supplier: Supplier) -> QuerySet[PurchaseOrder]:
    """Orders of the user's places that are to come, soonest first, with `due_on`, `line_count` and `owed`, the value
    not yet here."""
    orders = orders_for(user).annotate(due_on=due_day()).filter(supplier=supplier, state__in=EXPECTED_ORDER_STATES)
    missing = Greatest(F("lines__quantity") - F("lines__received"), Decimal(0), output_field=_MONEY)
    # Of a closed line nothing more comes, however much of it is missing.
    owed = Sum(missing * F("lines__unit_price"), filter=Q(lines__is_closed=False), output_field=_MONEY)
    orders = orders.select_related("location").annotate(line_count=Count("lines"), owed=owed)
    return orders.order_by("due_on", "pk")


def dependence(user: User, supplier: Supplier) -> Dependence:
    """Three queries, however many SKUs there are."""
    alone = single_sourced(supplier)
    alerts = (
        Alert.objects.filter(location_scope(user), kind=AlertKind.STOCK_RISK, sku__in=alone.values("sku"))
        .exclude(state=AlertState.CLOSED)
        .select_related("sku", "location")
        .order_by("-value_at_risk", "pk")
    )
    return Dependence(alone.count(), alerts.count(), list(alerts[:AT_RISK_SHOWN]))
