"""The ledger as a list: what moved, where, why and by whom."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK
from inventory.domain.days import instant
from inventory.forms_movements import MovementFilterForm
from inventory.models import Location, Sku
from inventory.selectors.ledger import LedgerPage, ledger_rows, level_as_of
from inventory.selectors.lookup import sku_by_code
from inventory.selectors.scope import locations_for

ROWS_SHOWN = 50
INSTANT = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)


@require_safe
@requires(VIEW_STOCK)
def movements(request: UserRequest) -> HttpResponse:
    """Movements, newest first, narrowed by SKU, kind, reason, place and days; never counted, however many there are."""
    form = MovementFilterForm(request.GET, user=request.user)
    typed, place = form.chosen("sku"), form.chosen("location") or _only_place(request)
    sku = sku_by_code(typed) if typed else None
    is_known = sku is not None or not typed
    found = _rows(request, form, sku, place) if is_known else LedgerPage([], None)
    context = {
        "form": form,
        "ledger": found,
        "typed": typed,
        "is_known": is_known,
        "query": _export_query(form, sku, place),
        "sku": sku,
        "place": place,
        "until": form.chosen("until"),
        "on_hand": _on_hand(sku, place, form.chosen("until"), timezone.now()),
    }
    is_fragment = request.htmx and not request.htmx.boosted
    return render(
        request, "inventory/movements/_list.html" if is_fragment else "inventory/movements/list.html", context
    )


def _only_place(request: UserRequest) -> Location | None:
    """Whoever works at one place asks about it; its movements are found by an index of their own."""
    places = [] if request.user.sees_all_locations else list(locations_for(request.user)[:2])
    return places[0] if len(places) == 1 else None


def _rows(request: UserRequest, form: MovementFilterForm, sku: Sku | None, place: Location | None) -> LedgerPage:
    return ledger_rows(
        request.user,
        sku_id=sku.pk if sku else None,
        location_id=place.pk if place else None,
        kind=form.chosen("kind") or "",
        reason=form.chosen("reason") or "",
        since=form.chosen("since"),
        until=form.chosen("until"),
        before=id_of(request.GET.get("before", "")),
        limit=ROWS_SHOWN,
    )


def _export_query(form: MovementFilterForm, sku: Sku | None, place: Location | None) -> str:
    """The same question in the words of the export."""
    words = {name: form.chosen(name) for name in ("kind", "reason", "since", "until")}
    words |= {"sku": sku.pk if sku else None, "location": place.pk if place else None}
    return urlencode({name: value for name, value in words.items() if value})


def _on_hand(sku: Sku | None, place: Location | None, until: date | None, now: datetime) -> Decimal | None:
    """What was on hand when the last day that is asked for was over; only for one SKU at one place."""
    if sku is None or place is None or sku.is_kit:
        return None
    # The beginning of the day is not asked for: the first one of the calendar has none that can be told in UTC.
    ended = instant(until + ONE_DAY, 0, place.time_zone) - INSTANT if until and until < date.max else now
    return level_as_of(sku_id=sku.pk, location_id=place.pk, at=ended)
