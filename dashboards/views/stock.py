"""The stock list."""

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK
from dashboards.selectors.stock import SORTS, STATUSES, StockFilter, categories_in_use, list_stock, with_risk
from inventory.selectors.packs import packs_of
from inventory.selectors.scope import locations_for
from inventory.selectors.substitutes import short_offers

ROWS_SHOWN = 50


@requires(VIEW_STOCK)
def stock(request: UserRequest) -> HttpResponse:
    """What is on sale where and how it stands, with search, filters, order and pages."""
    wanted = read_filter(request.GET)
    page = Paginator(list_stock(request.user, wanted), ROWS_SHOWN).get_page(request.GET.get("page"))
    rows = with_risk(page.object_list, now=timezone.now())
    context = {
        "page": page,
        "rows": rows,
        "packs": packs_of(row.listing.sku_id for row in rows),
        "offers": short_offers([(row.listing.sku_id, row.listing.location_id) for row in rows if row.available <= 0]),
        "wanted": wanted,
        "headings": _headings(wanted.sort),
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "dashboards/_stock.html", context)
    context |= {"places": locations_for(request.user), "categories": categories_in_use(), "statuses": _statuses()}
    return render(request, "dashboards/stock.html", context)


def read_filter(query: QueryDict) -> StockFilter:
    """What the address asks for; a value that makes no sense asks for nothing."""
    status, sort = query.get("status", ""), query.get("sort", "")
    return StockFilter(
        location_id=id_of(query.get("location", "")),
        category_id=id_of(query.get("category", "")),
        status=status if status in STATUSES else "",
        search=query.get("q", "").strip()[:100],
        sort=sort if sort in SORTS else "urgency",
    )


def _statuses() -> list[tuple[str, str]]:
    return [("out", _("Out of stock")), ("low", _("Low")), ("ok", _("In stock"))]


def _headings(sort: str) -> list[dict[str, str]]:
    """Columns by which the list can be ordered; a second click turns the order round."""
    columns = [("name", _("SKU"), ""), ("urgency", _("Status"), ""), ("available", _("Available"), "cell--number")]
    return [_heading(name, label, style, sort) for name, label, style in columns]


def _heading(name: str, label: str, style: str, sort: str) -> dict[str, str]:
    is_up, is_down = sort == name, sort == f"-{name}"
    return {
        "name": name,
        "label": label,
        "style": style,
        "sort": f"-{name}" if is_up and f"-{name}" in SORTS else name,
        "aria": "ascending" if is_up else "descending" if is_down else "",
    }
