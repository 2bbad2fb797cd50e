"""The transfer pages: stock on its way between our own places."""

from collections.abc import Sequence
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import RECEIVE_ORDERS, VIEW_STOCK, WRITE_STOCK, permissions_of
from inventory.domain.bars import code128
from inventory.domain.goods import LotName
from inventory.errors import KeyAlreadyUsed, OutOfStock
from inventory.models import Reason, Transfer, TransferState
from inventory.selectors.scope import locations_for
from inventory.selectors.substitutes import Shortage, shortages_of
from inventory.services.transfers import Arrival, cancel_transfer, receive_transfer, ship_transfer
from orders.forms import TransferFilterForm
from orders.selectors.transfer_pages import (
    is_overdue,
    list_transfers,
    lots_of,
    overdue,
    transfer_differences,
    transfer_history,
    transfer_lines,
    transfers_for,
)
from orders.views.entries import Entry, nothing_received, prefilled, typed
from orders.views.history_words import history_rows
from orders.views.transfer_differences import DifferenceEntry, difference_entries, differences_of, mark_more_than_open

ROWS_A_PAGE = 50


@require_safe
@requires(VIEW_STOCK)
def transfers(request: UserRequest) -> HttpResponse:
    """Transfers that leave or reach the user's places."""
    form = TransferFilterForm(request.GET, user=request.user)
    now = timezone.now()
    found = list_transfers(
        request.user,
        now=now,
        state=form.chosen("state") or "open",
        location_id=form.chosen_id("location"),
        search=form.chosen("search") or "",
    )
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    is_fragment = request.htmx and not request.htmx.boosted
    name = "orders/_transfers.html" if is_fragment else "orders/transfers.html"
    rows = [(row, is_overdue(row, now)) for row in page]
    overdue_count = overdue(transfers_for(request.user), now).count()
    return render(request, name, {"form": form, "page": page, "rows": rows, "overdue_count": overdue_count})


@require_safe
@requires(VIEW_STOCK)
def transfer(request: UserRequest, pk: int) -> HttpResponse:
    """One transfer: what it carries, and what may be done with it here."""
    return _page(request, _find(request, pk))


def _page(request: UserRequest, row: Transfer, shortages: Sequence[Shortage] = ()) -> HttpResponse:
    permissions = permissions_of(request.user)
    own = set(locations_for(request.user).values_list("pk", flat=True))
    is_draft, is_shipped = row.state == TransferState.DRAFT, row.state == TransferState.SHIPPED
    may_ship = is_draft and WRITE_STOCK in permissions and row.source_id in own
    context = {
        "transfer": row,
        "lines": transfer_lines(row),
        "differences": transfer_differences(row),
        "is_overdue": is_overdue(row, timezone.now()),
        "history": history_rows(transfer_history(row)),
        "shortages": shortages,
        "may_ship": may_ship,
        "may_receive": is_shipped and RECEIVE_ORDERS in permissions and row.destination_id in own,
    }
    return render(request, "orders/transfer.html", context, status=422 if shortages else 200)


@require_POST
@requires(WRITE_STOCK)
def ship(request: UserRequest, pk: int) -> HttpResponse:
    """Sends the goods off; they leave the shelf now."""
    row = _find(request, pk)
    _require_own(request, row.source_id)
    try:
        ship_transfer(transfer_id=pk, user=request.user, now=timezone.now())
    except OutOfStock as refusal:
        return _page(request, row, shortages_of(refusal.details))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(number)s is on its way.") % {"number": row.number})
    return redirect("orders:transfer", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RECEIVE_ORDERS)
def receive(request: UserRequest, pk: int) -> HttpResponse:
    """Takes in what came."""
    row = _find(request, pk)
    _require_own(request, row.destination_id)
    lines = list(transfer_lines(row))
    key = request.POST.get("key", "") or uuid4().hex
    entries = typed(lines, request.POST) if request.method == "POST" else prefilled(lines)
    differences = difference_entries(lines, request.POST)
    problem: DomainError | None = None
    if request.method == "POST":
        problem = _receive(request, row, entries, differences, key)
        if problem is None:
            messages.success(request, _taken_in(row))
            return redirect("orders:transfer", pk)
    context = {
        "transfer": row,
        "entries": entries,
        "key": uuid4().hex if isinstance(problem, KeyAlreadyUsed) else key,
        "problem": problem,
        "differences": differences,
        "has_differences": any(entry.value for entry in differences),
        "is_final": request.POST.get("is_final") == "1",
        **_reasons(),
        "reason_code": request.POST.get("reason", ""),
        "is_reason_missing": _is_about_reason(problem),
    }
    return render(request, "orders/receive_transfer.html", context, status=422 if problem else 200)


def _reasons() -> dict[str, list[Reason]]:
    """Those for which units are gone, and the others, which fit only what came in addition."""
    active = list(Reason.objects.filter(is_active=True).order_by("name"))
    return {
        "reasons": [reason for reason in active if reason.takes_away],
        "surplus_reasons": [reason for reason in active if not reason.takes_away],
    }


def _taken_in(row: Transfer) -> str:
    """Says whether something is still on its way; who received a part must not believe it done."""
    row.refresh_from_db(fields=["state"])
    if row.state == TransferState.SHIPPED:
        return _("What came of %(number)s is on the shelf; the rest is still on its way.") % {"number": row.number}
    return _("%(number)s is taken in.") % {"number": row.number}


def _receive(
    request: UserRequest, row: Transfer, entries: list[Entry], differences: list[DifferenceEntry], key: str
) -> DomainError | None:
    mark_more_than_open(entries, differences)
    if any(entry.error for entry in entries) or any(entry.error for entry in differences):
        return nothing_received()
    try:
        receive_transfer(
            transfer_id=row.pk,
            key=f"transfer/{row.pk}/{key}"[:200],
            user=request.user,
            now=timezone.now(),
            received=[Arrival(entry.line.sku_id, entry.quantity, _lot_of(entry), entry.line.pk) for entry in entries],
            is_final=request.POST.get("is_final") == "1",
            reason_code=request.POST.get("reason", ""),
            differences=differences_of(differences),
        )
    except DomainError as error:
        return _without_reason() if _is_about_reason(error) else error
    return None


def _is_about_reason(problem: DomainError | None) -> bool:
    return problem is not None and any(detail.get("field") == "reason" for detail in problem.details)


def _without_reason() -> DomainError:
    """For a reader of a page, who chooses words and not the codes of programs."""
    said = _("Nothing was received yet. Choose below why what is missing will not come.")
    return InvalidInput(said, details=[{"field": "reason"}])


def _lot_of(entry: Entry) -> LotName | None:
    """The lot that the line names was sent; of another line, the one that was typed, if any."""
    return None if getattr(entry.line, "lot_id", None) else entry.lot_name


@require_safe
@requires(VIEW_STOCK)
def slip(request: UserRequest, pk: int) -> HttpResponse:
    """The packing slip, to be printed and put into the box."""
    row = _find(request, pk)
    lines = list(transfer_lines(row))
    context = {"transfer": row, "lines": lines, "lots": lots_of(row, lines), "bars": code128(row.number)}
    return render(request, "orders/transfer_slip.html", context)


@require_POST
@requires(WRITE_STOCK)
def cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Drops a transfer that has not been shipped."""
    row = _find(request, pk)
    _require_own(request, row.source_id)
    try:
        cancel_transfer(transfer_id=pk, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(number)s is cancelled.") % {"number": row.number})
    return redirect("orders:transfer", pk)


def _find(request: UserRequest, pk: int) -> Transfer:
    """The transfer when it leaves or reaches one of the user's places; else it is not there."""
    return get_object_or_404(transfers_for(request.user).select_related("source", "destination"), pk=pk)


def _require_own(request: UserRequest, location_id: int) -> None:
    """Goods are moved by the people of the place they are at."""
    if not locations_for(request.user).filter(pk=location_id).exists():
        raise Http404
