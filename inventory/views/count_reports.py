"""Shrinkage, the rules of counting of a place, and where SKUs lie."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_COUNTS, VIEW_DASHBOARDS, VIEW_STOCK, WRITE_STOCK, permissions_of
from inventory.domain.counting import share_right
from inventory.forms_counts import CountPolicyForm, PeriodForm, PositionForm
from inventory.models import Location, ShelfPosition
from inventory.selectors import shrinkage as report
from inventory.selectors.count_candidates import aisles_of
from inventory.selectors.count_policy import policy_of
from inventory.selectors.lookup import find_by_code
from inventory.selectors.scope import locations_for
from inventory.services.count_policies import set_count_policy
from inventory.services.shelf_positions import Place, add_position, remove_position

DAYS_SHOWN = 90
ROWS_A_PAGE = 50
MONTHS = 10_000


@require_safe
@requires(VIEW_DASHBOARDS)
def shrinkage(request: UserRequest) -> HttpResponse:
    """What counting found missing or too much, at cost, and how often the ledger was right."""
    today = timezone.localdate()
    form = PeriodForm(request.GET, user=request.user, first=today - timedelta(days=DAYS_SHOWN), last=today)
    since, until = form.period()
    places = form.places(request.user)
    by = request.GET.get("by", report.BY_SKU)
    by = by if by in report.GROUPS else report.BY_SKU
    accuracy = report.record_accuracy(location_ids=places, since=since, until=until)
    months = report.shrinkage(location_ids=places, since=since, until=until, by=report.BY_MONTH, limit=MONTHS)
    context = {
        "form": form,
        "rows": report.shrinkage(location_ids=places, since=since, until=until, by=by),
        # Months are few, so that none of them is cut off; SKUs may be.
        "total": report.shrinkage_total(months),
        "accuracy": accuracy,
        "all_right": share_right(sum(row.right for row in accuracy), sum(row.counted for row in accuracy)),
        "by": by,
        "tabs": _tabs(request, by),
        "since": since,
        "until": until,
    }
    return render(request, "inventory/counts/shrinkage.html", context)


def _tabs(request: UserRequest, by: str) -> list[dict[str, object]]:
    labels = {
        report.BY_SKU: _("SKU"),
        report.BY_CATEGORY: _("Category"),
        report.BY_LOCATION: _("Store"),
        report.BY_MONTH: _("Month"),
    }
    tabs = []
    for name, label in labels.items():
        query = request.GET.copy()
        query["by"] = name
        tabs.append({"label": label, "url": f"?{query.urlencode()}", "is_current": name == by, "count": None})
    return tabs


@require_http_methods(["GET", "HEAD", "POST"])
@requires(APPROVE_COUNTS)
def count_policy(request: UserRequest, pk: int) -> HttpResponse:
    """How a place counts, and from which difference on a second person must look."""
    place = get_object_or_404(locations_for(request.user), pk=pk)
    form = CountPolicyForm(request.POST or None, instance=policy_of(place))
    if request.method == "POST" and form.is_valid():
        set_count_policy(location=place, values=form.cleaned_data, user=request.user, now=timezone.now())
        messages.success(request, _("The rules of %(place)s are changed.") % {"place": place.name})
        return redirect("inventory:stock_counts")
    context = {"form": form, "place": place, "places": locations_for(request.user)}
    return render(request, "inventory/counts/policy.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW_STOCK)
def shelf_positions(request: UserRequest) -> HttpResponse:
    """Where SKUs lie in a store: aisles and positions, added and taken off one by one."""
    may_edit = WRITE_STOCK in permissions_of(request.user)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    places = list(locations_for(request.user))
    if not places:
        return render(request, "inventory/no_place.html", {"act": {"title": _("Where SKUs lie")}})
    wanted = request.POST.get("location") or request.GET.get("location") or request.session.get("location_id")
    place = next((place for place in places if str(place.pk) == str(wanted)), places[0])
    # The next SKU lies in the same aisle more often than not.
    along = {name: request.GET.get(name, "")[:20] for name in ("aisle", "position")}
    form = PositionForm(request.POST if request.POST.get("do") == "add" else None, initial=along)
    if request.method == "POST" and _change(request, place, form):
        here = {name: request.POST.get(name, "") for name in along if request.POST.get(name)}
        return redirect(f"{request.path}?{urlencode({'location': place.pk, **here})}")
    rows = ShelfPosition.objects.filter(location=place).select_related("sku").order_by("aisle", "position", "sku__name")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "places": places,
        "place": place,
        "form": form,
        "page": page,
        "may_edit": may_edit,
        "aisles": aisles_of(place),
    }
    return render(request, "inventory/counts/positions.html", context, status=422 if form.errors else 200)


def _change(request: UserRequest, place: Location, form: PositionForm) -> bool:
    """What the pressed button asks for. True when it was done."""
    wish, _colon, number = request.POST.get("do", "").partition(":")
    position_id = id_of(number)
    if wish == "remove" and position_id is not None:
        remove_position(position_id=position_id, location=place)
        return True
    if wish != "add" or not form.is_valid():
        return False
    values = form.cleaned_data
    found = find_by_code(values["code"].strip())
    if found is None:
        form.add_error(
            "code", _("No SKU has the code or barcode “%(text)s”. Look at the label again.") % {"text": values["code"]}
        )
        return False
    try:
        row, is_new = add_position(location=place, place=Place(found.sku.code, values["aisle"], values["position"]))
    except DomainError as refusal:
        form.add_error("aisle", refusal.message)
        return False
    words = _("%(name)s lies at %(label)s now.") if is_new else _("%(name)s was at %(label)s already.")
    messages.success(request, words % {"name": found.sku.name, "label": row.label})
    return True
