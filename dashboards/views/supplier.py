"""One supplier: what they promise and do, what they ask, what they owe, and what hangs on them alone."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_SUPPLIERS, VIEW_ORDERS, permissions_of
from dashboards.selectors.supplier import ORDERS_SHOWN, dependence, open_orders
from inventory.domain.days import local_date
from orders.selectors.delivery_record import delivery_record
from orders.selectors.order_pages import is_late
from orders.selectors.shared_outlook import is_shared
from suppliers.forms import weekday_names
from suppliers.models import Supplier
from suppliers.selectors.calendars import closures_of
from suppliers.selectors.prices import price_changes
from suppliers.selectors.supplier_pages import LOOK_BACK_DAYS, lead_time_report, supplier_terms

ROWS_A_PAGE = 50
CLOSURES_SHOWN = 4


@require_safe
@requires(VIEW_ORDERS)
def supplier(request: UserRequest, pk: int) -> HttpResponse:
    """The page. The search narrows terms and prices."""
    found = get_object_or_404(Supplier, pk=pk)
    search = request.GET.get("search", "").strip()
    now = timezone.now()
    today = timezone.localdate()
    coming = list(open_orders(request.user, found)[: ORDERS_SHOWN + 1])
    context = {
        "supplier": found,
        "report": lead_time_report(found, today=today),
        "record": delivery_record(found.pk, since=today - timedelta(days=LOOK_BACK_DAYS), today=today),
        "orders": [
            (order, is_late(order, local_date(now, order.location.time_zone))) for order in coming[:ORDERS_SHOWN]
        ],
        "has_more_orders": len(coming) > ORDERS_SHOWN,
        "dependence": dependence(request.user, found),
        "prices": price_changes(found, search=search),
        "page": Paginator(supplier_terms(found, search=search), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "week": {"orders": weekday_names(found.order_days), "deliveries": weekday_names(found.delivery_days)},
        "closures": closures_of(found).filter(ends_on__gte=today)[:CLOSURES_SHOWN],
        "is_shared": is_shared(found.pk),
        "may_edit": EDIT_SUPPLIERS in permissions_of(request.user),
    }
    return render(request, "dashboards/supplier.html", context)
