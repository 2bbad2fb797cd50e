"""What the first page shows, by what a person may do."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forecasting.models import PublishedForecast
from inventory.models import Location, Movement, Sku
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.scope import location_scope
from orders.models import PurchaseOrder
from orders.models.purchase_order import EXPECTED_ORDER_STATES
from orders.selectors.order_pages import due_day
from suppliers.models import SupplierTerms

ORDERS_SHOWN = 6


@dataclass(frozen=True)
class Step:
    """One step of setting the shop up."""

    label: str | Promise
    hint: str | Promise
    url: str
    is_done: bool


def arriving_orders(user: User) -> QuerySet[PurchaseOrder]:
    """Open orders for the user's places, the longest due first."""
    orders = PurchaseOrder.objects.filter(location_scope(user), state__in=EXPECTED_ORDER_STATES)
    return (
        orders.annotate(due_on=due_day()).select_related("supplier", "location").order_by("due_on", "pk")[:ORDERS_SHOWN]
    )


def late_order_count(user: User, today: date) -> int:
    """Open orders that should have come before today."""
    orders = PurchaseOrder.objects.filter(location_scope(user), state__in=EXPECTED_ORDER_STATES)
    return orders.annotate(due_on=due_day()).filter(due_on__lt=today).count()


def set_up_steps() -> list[Step]:
    """The way from an empty installation to the first list of what is at risk, and how far it has been gone."""
    done = {
        "stores": Location.objects.filter(kind__in=STOCKING_KINDS).exists(),
        "skus": Sku.objects.exists(),
        "stock": Movement.objects.exists(),
        "terms": SupplierTerms.objects.exists(),
        "night": PublishedForecast.objects.exists(),
    }
    texts = {
        "stores": (_("Stores and warehouses"), _("Import the file of locations.")),
        "skus": (_("SKUs"), _("Import codes, names, prices and barcodes.")),
        "stock": (_("Opening stock and sales"), _("Import what is there, and what was sold.")),
        "terms": (_("Suppliers and terms"), _("Import who delivers what, and when.")),
        "night": (_("The first forecast"), _("“Forecast now” under Import makes it at once, or the night does.")),
    }
    return [Step(label, hint, reverse("imports:upload"), done[name]) for name, (label, hint) in texts.items()]
