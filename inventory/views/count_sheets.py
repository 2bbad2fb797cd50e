"""The count sheet of a phone, its worker, and the entries of one line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK, WRITE_STOCK
from accounts.static_source import worker_script
from inventory.models import StockCountLine
from inventory.selectors.stock_counts import counts_for, entries_of

WORKER = "js/count-worker.js"


@require_safe
@requires(WRITE_STOCK)
def count_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """The page that counts; its lines come from the API, so that the phone can keep both.

    It opens for a count that is over too: a phone may still hold entries, and has to say what becomes of them.
    """
    count = get_object_or_404(counts_for(request.user), pk=pk)
    scope = reverse("inventory:count_worker").rpartition("/")[0] + "/"
    return render(request, "inventory/counts/sheet.html", {"count": count, "scope": scope})


@require_safe
@cache_control(no_cache=True)
def count_worker(request: HttpRequest) -> HttpResponse:
    """The worker's script. It stands among the sheets, since a worker serves what lies beside and below it."""
    return worker_script(WORKER)


@require_safe
@requires(VIEW_STOCK)
def count_line(request: UserRequest, pk: int) -> HttpResponse:
    """Who found how many of one SKU where and when."""
    own = StockCountLine.objects.filter(stock_count__in=counts_for(request.user).order_by().values("pk"))
    line = get_object_or_404(own.select_related("sku", "stock_count__location"), pk=pk)
    context = {"line": line, "count": line.stock_count, "entries": entries_of(line)}
    return render(request, "inventory/counts/line.html", context)
