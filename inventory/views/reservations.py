"""Reservations: the list, one of them with what may become of it, and reserving at the shelf."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK, WRITE_STOCK, permissions_of
from accounts.text import format_quantity
from inventory.domain.movements import plain
from inventory.errors import OutOfStock
from inventory.forms_entry import Entry
from inventory.forms_reservations import KEPT, USUAL, ReservationFilterForm, read_share, read_until
from inventory.models import Reservation, ReservationState
from inventory.selectors.reservations import (
    PENDING,
    history_of,
    reservation_page,
    reservations_for,
    siblings_of,
)
from inventory.selectors.scope import locations_for
from inventory.selectors.substitutes import shortages_of
from inventory.services.issuing import IssueLine, issue_reservations
from inventory.services.reservations import (
    extend_reservation,
    reassign_reservation,
    release_reservation,
    reserve_stock,
)
from inventory.services.sales import GoodsLine
from inventory.views.entry import Act, entry_page


@require_safe
@requires(VIEW_STOCK)
def reservations(request: UserRequest) -> HttpResponse:
    """What is reserved at the places of the user, and what became of it."""
    form = ReservationFilterForm(request.GET, user=request.user)
    place, before = form.chosen("location"), id_of(request.GET.get("before", ""))
    page = reservation_page(
        request.user,
        now=timezone.now(),
        state=form.chosen("state") or PENDING,
        location_id=place.pk if place else None,
        search=form.chosen("search") or "",
        before=before,
    )
    is_fragment = request.htmx and not request.htmx.boosted
    name = "inventory/reservations/_list.html" if is_fragment else "inventory/reservations/list.html"
    return render(request, name, {"form": form, "page": page})


@require_safe
@requires(VIEW_STOCK)
def reservation(request: UserRequest, pk: int) -> HttpResponse:
    """One of them, its history, and what may be done with it."""
    return _page(request, _find(request, pk))


def _find(request: UserRequest, pk: int) -> Reservation:
    return get_object_or_404(reservations_for(request.user, now=timezone.now()), pk=pk)


def _page(request: UserRequest, row: Reservation, problem: DomainError | None = None) -> HttpResponse:
    now = timezone.now()
    is_open = row.state_now == ReservationState.PENDING  # type: ignore[attr-defined]  # annotated by reservations_for
    context = {
        "reservation": row,
        "left": row.quantity - row.issued,
        "quantity": request.POST.get("quantity") or plain(row.quantity - row.issued),
        "is_open": is_open,
        "may_act": is_open and WRITE_STOCK in permissions_of(request.user),
        "history": history_of(row),
        "siblings": siblings_of(row, now=now) if is_open else [],
        "places": [place for place in locations_for(request.user) if place.pk != row.location_id],
        "kept": KEPT,
        "typed": request.POST,
        "problem": problem,
        "shortages": shortages_of(problem.details) if isinstance(problem, OutOfStock) else [],
        "key": uuid4().hex,
    }
    return render(request, "inventory/reservations/reservation.html", context, status=422 if problem else 200)


def _act(request: UserRequest, pk: int, act: Callable[[Reservation], str]) -> HttpResponse:
    """Does it and shows the page anew; a refusal stands on the page, the entry kept."""
    row = _find(request, pk)
    try:
        messages.success(request, act(row))
    except DomainError as refusal:
        return _page(request, _find(request, pk), refusal)
    return redirect("inventory:reservation", pk)


@require_POST
@requires(WRITE_STOCK)
def issue(request: UserRequest, pk: int) -> HttpResponse:
    """Hands it over: so much of it, or with everything else that is reserved for the same."""

    def act(row: Reservation) -> str:
        now = timezone.now()
        lines = [IssueLine(row.pk, read_share(request.POST.get("quantity", "")))]
        if request.POST.get("together"):
            lines = [IssueLine(found.pk) for found in (row, *siblings_of(row, now=now))]
        key = f"reservation/{row.pk}/{request.POST.get('key', '') or uuid4().hex}"[:200]
        issued = issue_reservations(lines=lines, key=key, user=request.user, now=now)
        count = len(issued.reservations)
        return ngettext("Handed over.", "%(count)d reservations are handed over.", count) % {"count": count}

    return _act(request, pk, act)


@require_POST
@requires(WRITE_STOCK)
def release(request: UserRequest, pk: int) -> HttpResponse:
    """Lets go of what is left."""

    def act(row: Reservation) -> str:
        release_reservation(reservation_id=row.pk, user=request.user, now=timezone.now())
        return _("Released. It is available to others again.")

    return _act(request, pk, act)


@require_POST
@requires(WRITE_STOCK)
def extend(request: UserRequest, pk: int) -> HttpResponse:
    """Keeps it longer."""

    def act(row: Reservation) -> str:
        now = timezone.now()
        until = read_until(request.POST.get("until", ""), row.location, now)
        extend_reservation(reservation_id=row.pk, expires_at=until, user=request.user, now=now)
        return _("It is kept until then.") if until else _("It is kept until somebody lets go of it.")

    return _act(request, pk, act)


@require_POST
@requires(WRITE_STOCK)
def reassign(request: UserRequest, pk: int) -> HttpResponse:
    """Reserves it at another place of the user, or for somebody else."""

    def act(row: Reservation) -> str:
        wanted, reference = request.POST.get("location", ""), request.POST.get("reference", "").strip()
        place = next((place for place in locations_for(request.user) if str(place.pk) == wanted), None)
        if wanted and place is None:
            raise InvalidInput(_("Choose one of your stores."))
        new_reference = reference if reference != row.reference else None
        reassign_reservation(
            reservation_id=row.pk, user=request.user, now=timezone.now(), location=place, reference=new_reference
        )
        return _("The reservation is changed.")

    return _act(request, pk, act)


@requires(WRITE_STOCK)
def reserve(request: UserRequest) -> HttpResponse:
    """Holds stock for somebody."""
    return entry_page(request, RESERVE)


def _reserve(request: UserRequest, entry: Entry) -> str:
    now, reference = timezone.now(), entry.texts["reference"].strip()
    if not reference:
        raise InvalidInput(_("Say for whom it is: a name, an order number."))
    made = reserve_stock(
        location=entry.location,
        lines=[GoodsLine(line.sku.pk, line.quantity) for line in entry.lines if line.quantity is not None],
        reference=reference,
        key=entry.key,
        user=request.user,
        now=now,
        expires_at=read_until(entry.texts["until"] or USUAL, entry.location, now),
    )
    figures = {
        "units": format_quantity(sum(row.quantity for row in made)),
        "place": entry.location.name,
        "reference": reference,
    }
    return _("%(units)s reserved at %(place)s for %(reference)s.") % figures


RESERVE = Act(
    route="inventory:reserve",
    template="inventory/reserve.html",
    title=gettext_lazy("Reserve"),
    verb=gettext_lazy("Reserve"),
    icon="lock",
    post=_reserve,
    details_template="inventory/_details_reserve.html",
    advice=gettext_lazy("The rest is gone or promised to others."),
)
