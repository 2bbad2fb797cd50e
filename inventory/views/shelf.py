"""Sell, receive, adjust and count."""

from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.errors import InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import WRITE_STOCK
from accounts.text import format_quantity
from inventory.forms_entry import Entry
from inventory.models import FOUND, ONLY_GONE
from inventory.selectors.lookup import suggest
from inventory.selectors.scope import locations_for
from inventory.selectors.styles import suggest_styles
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.counts import Counted, correct_count
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine, Sale, sell
from inventory.views.entry import RECEIPT_IN_SESSION, Act, entry_page

LEAST_LETTERS = 2
LONGEST_CUSTOMER = 120


@requires(WRITE_STOCK)
def sell_goods(request: UserRequest) -> HttpResponse:
    """A sale over the counter."""
    return entry_page(request, SELL)


@requires(WRITE_STOCK)
def receive(request: UserRequest) -> HttpResponse:
    """Goods that arrived without an order."""
    return entry_page(request, RECEIVE)


@requires(WRITE_STOCK)
def adjust(request: UserRequest) -> HttpResponse:
    """Stock that broke, vanished or turned up."""
    return entry_page(request, ADJUST)


@requires(WRITE_STOCK)
def count(request: UserRequest) -> HttpResponse:
    """What is really on the shelf."""
    return entry_page(request, COUNT)


@requires(WRITE_STOCK)
def suggestions(request: UserRequest) -> HttpResponse:
    """SKUs that the typed letters may mean, with what is there of each."""
    text = request.GET.get("code", "").strip()[:100]
    wanted = request.GET.get("location", "")
    place = next((place for place in locations_for(request.user) if str(place.pk) == wanted), None)
    if place is None:
        raise Http404
    is_long = len(text) >= LEAST_LETTERS
    context = {
        "suggestions": suggest(text, place) if is_long else [],
        "styles": suggest_styles(text) if is_long else [],
    }
    return render(request, "inventory/_suggestions.html", context)


def _sell(request: UserRequest, entry: Entry) -> str:
    is_cut = request.POST.get("do") == "cut"
    sale = sell(
        location=entry.location,
        lines=_goods(entry),
        key=entry.key,
        user=request.user,
        now=timezone.now(),
        allow_cut=is_cut,
        customer=entry.texts["customer"][:LONGEST_CUSTOMER],
    )
    return _sold_text(sale, entry)


def _sold_text(sale: Sale, entry: Entry) -> str:
    lost = sum((row.quantity for row in sale.unserved), Decimal(0))
    sold = sum((line.quantity or Decimal(0) for line in entry.lines), Decimal(0)) - lost
    text = _("Sold %(sold)s at %(place)s.") % {"sold": format_quantity(sold), "place": entry.location.name}
    if lost:
        text += " " + _("%(lost)s that were asked for in vain are noted as lost sales.") % {
            "lost": format_quantity(lost)
        }
    return text


def _receive(request: UserRequest, entry: Entry) -> str:
    posting = receive_goods(
        location=entry.location,
        lines=_goods(entry),
        key=entry.key,
        user=request.user,
        now=timezone.now(),
        note=entry.texts["note"],
    )
    request.session[RECEIPT_IN_SESSION] = posting.pk
    return _lines_text(entry, _("received"))


def _adjust(request: UserRequest, entry: Entry) -> str:
    sign = {"off": -1, "on": 1}.get(entry.texts["direction"])
    if sign is None:
        raise InvalidInput(_("Say whether the stock comes off or is put on."))
    _check_reason(entry.texts["reason"], sign)
    adjust_stock(
        location=entry.location,
        changes=[
            Change(line.sku.pk, sign * line.quantity, line.lot_name)
            for line in entry.lines
            if line.quantity is not None
        ],
        reason_code=entry.texts["reason"],
        key=entry.key,
        user=request.user,
        now=timezone.now(),
        note=entry.texts["note"],
    )
    return _lines_text(entry, _("adjusted"))


def _check_reason(code: str, sign: int) -> None:
    """In the words of the page, where the service speaks of codes. What was taken off in error is put back by undoing
    its posting, so that no reason of a loss is needed for it."""
    if not code:
        raise InvalidInput(_("Choose the reason."))
    if sign < 0 and code == FOUND:
        raise InvalidInput(_("Choose a reason for which units are gone, or say that they turned up."))
    if sign > 0 and code in ONLY_GONE:
        raise InvalidInput(_("Choose a reason for which units turn up, or say that they are gone."))


def _count(request: UserRequest, entry: Entry) -> str:
    posting = correct_count(
        location=entry.location,
        counts=[
            Counted(line.sku.pk, line.quantity, lot=line.lot_name) for line in entry.lines if line.quantity is not None
        ],
        key=entry.key,
        user=request.user,
        now=timezone.now(),
        note=entry.texts["note"],
    )
    if posting is None:
        return _("Counted at %(place)s: everything was as the ledger says.") % {"place": entry.location.name}
    return _lines_text(entry, _("counted and corrected"))


def _goods(entry: Entry) -> list[GoodsLine]:
    return [
        GoodsLine(line.sku.pk, line.quantity, lot=line.lot_name) for line in entry.lines if line.quantity is not None
    ]


def _lines_text(entry: Entry, done: str) -> str:
    lines = len(entry.lines)
    figures = {"lines": lines, "done": done, "place": entry.location.name}
    return ngettext("%(lines)s SKU %(done)s at %(place)s.", "%(lines)s SKUs %(done)s at %(place)s.", lines) % figures


SELL = Act(
    route="inventory:sell",
    template="inventory/sell.html",
    title=gettext_lazy("Sell"),
    verb=gettext_lazy("Sell"),
    icon="cart",
    post=_sell,
    lots="choose",
    details_template="inventory/_details_sell.html",
)
RECEIVE = Act(
    route="inventory:receive",
    template="inventory/receive.html",
    title=gettext_lazy("Receive"),
    verb=gettext_lazy("Put on stock"),
    icon="receive",
    post=_receive,
    lots="bring",
    details_template="inventory/_details_note.html",
)
ADJUST = Act(
    route="inventory:adjust",
    template="inventory/adjust.html",
    title=gettext_lazy("Adjust"),
    verb=gettext_lazy("Adjust the stock"),
    icon="adjust",
    post=_adjust,
    lots="bring",
    details_template="inventory/_details_adjust.html",
    advice=gettext_lazy("Count the shelf, or write a smaller number."),
)
COUNT = Act(
    route="inventory:count",
    template="inventory/count.html",
    title=gettext_lazy("Count"),
    verb=gettext_lazy("Correct the stock"),
    icon="count",
    post=_count,
    lots="bring",
    details_template="inventory/_details_note.html",
    may_be_zero=True,
)
