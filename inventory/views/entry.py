"""The pages at the shelf: one frame for selling, receiving, adjusting and counting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.errors import DomainError, KeyReused
from accounts.requests import UserRequest
from inventory.errors import KeyAlreadyUsed, OutOfStock
from inventory.forms_entry import Entry, check_entry, fill_lines, new_entry, read_entry, show_refusal
from inventory.forms_entry_grid import close_grid, open_style, read_grids, show_grids
from inventory.forms_entry_lines import add_code, offer_substitutes, remove_line, take_instead
from inventory.models import Location, LocationKind, Reason
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.scope import locations_for
from inventory.views.entry_attach import attach_code

PLACE_IN_SESSION = "location_id"
# What was received last, for which the next page offers labels, once.
RECEIPT_IN_SESSION = "receipt_id"


@dataclass(frozen=True)
class Act:
    """One kind of entry. `post` calls the service with the checked entry and answers with the sentence of success."""

    route: str
    template: str
    title: str | Promise
    verb: str | Promise
    icon: str
    post: Callable[[UserRequest, Entry], str]
    details_template: str = "inventory/_details_none.html"
    advice: str | Promise = ""
    may_be_zero: bool = False
    # How a line of a tracked SKU speaks of lots: "pick" shows which are taken, "choose" lets one be named that stands
    # there, "bring" one that may be new.
    lots: str = "pick"
    # Fills a new entry from what the address names, a draft for example.
    prefill: Callable[[UserRequest, Entry], None] | None = None


def entry_page(request: UserRequest, act: Act) -> HttpResponse:
    """Shows the entry, adds and removes lines, and posts it. Without JavaScript each of these is a page of its own."""
    places = list(locations_for(request.user))
    if not places:
        return render(request, "inventory/no_place.html", {"act": act})
    entry = _entry(request, places)
    if act.prefill is not None and request.method != "POST":
        act.prefill(request, entry)
    if request.method == "POST":
        request.session[PLACE_IN_SESSION] = entry.location.pk
        if _apply(request, act, entry):
            return redirect(act.route)
    show_grids(entry)
    template = "inventory/_entry.html" if request.htmx else act.template
    context = {
        "act": act,
        "entry": entry,
        "places": places,
        "receipt_id": request.session.pop(RECEIPT_IN_SESSION, None),
        # Both are asked for only by the acts that show them.
        "reasons": Reason.objects.filter(is_active=True).order_by("name"),
        "destinations": Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True).order_by("name"),
    }
    return render(request, template, context, status=422 if entry.has_errors else 200)


def _entry(request: UserRequest, places: Sequence[Location]) -> Entry:
    wanted = request.POST.get("location") or request.GET.get("location") or request.session.get(PLACE_IN_SESSION)
    at_first = next((place for place in places if place.kind == LocationKind.STORE), places[0])
    place = next((place for place in places if str(place.pk) == str(wanted)), at_first)
    if request.method == "POST":
        entry = read_entry(request.POST, place)
        read_grids(entry, request.POST)
        if wanted and str(place.pk) != str(wanted):
            # Posting it at another place than the one that stood on the page would falsify both.
            entry.problem = _("The place you chose is not yours any more. Check that %(place)s is right.") % {
                "place": place.name
            }
        return entry
    entry = new_entry(place)
    code = request.GET.get("code", "").strip()
    if code:
        add_code(entry, code[:100])
    if request.GET.get("style"):
        open_style(entry, request.GET["style"])
    return entry


def _apply(request: UserRequest, act: Act, entry: Entry) -> bool:
    """What the pressed button asks for. True when the entry was posted."""
    wish, _colon, code = request.POST.get("do", "").partition(":")
    if wish in ("post", "cut") or (wish == "keep" and act.prefill is not None):
        return _post(request, act, entry)
    # Enter in one of the fields of attaching presses the first button of the form, which is the one to add.
    is_old = entry.typed_code in ("", entry.unknown_code)
    is_attaching = wish == "add" and is_old and bool(entry.unknown_code and entry.attach_sku)
    if wish == "attach" or is_attaching:
        attach_code(request, entry, code)
        return False
    entry.unknown_code = ""
    if wish in CHANGES:
        CHANGES[wish](entry, code)
    elif entry.typed_code:
        add_code(entry, entry.typed_code)
    return False


# Buttons that change the entry; each is told what stands after the colon of its value.
CHANGES: dict[str, Callable[[Entry, str], None]] = {
    "take": add_code,
    "remove": remove_line,
    "open": open_style,
    "close": close_grid,
    "instead": take_instead,
}


def _post(request: UserRequest, act: Act, entry: Entry) -> bool:
    if not check_entry(entry, may_be_zero=act.may_be_zero):
        return False
    try:
        messages.success(request, act.post(request, entry))
    except (KeyAlreadyUsed, KeyReused):
        # It was sent, changed and sent once more: by the way back of the browser, or after an answer that was lost.
        entry.key = uuid4().hex
        fill_lines(entry)
        entry.problem = _("Sent before with other entries, and that stands. If this comes on top, send it once more.")
        return False
    except DomainError as refusal:
        fill_lines(entry)
        show_refusal(entry, refusal, advice=str(act.advice))
        entry.is_short = isinstance(refusal, OutOfStock)
        if entry.is_short:
            offer_substitutes(entry)
        return False
    return True
