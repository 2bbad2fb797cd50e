"""The list of suppliers: promised against observed lead times."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_ORDERS
from suppliers.selectors.supplier_pages import list_suppliers, supplier_rows

ROWS_A_PAGE = 50


@require_safe
@requires(VIEW_ORDERS)
def suppliers(request: UserRequest) -> HttpResponse:
    """All suppliers, with what they promise and what they did."""
    search = request.GET.get("search", "").strip()
    found = list_suppliers(search=search, today=timezone.localdate())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    name = "suppliers/_suppliers.html" if request.htmx and not request.htmx.boosted else "suppliers/suppliers.html"
    return render(request, name, {"page": page, "rows": supplier_rows(page), "search": search})
