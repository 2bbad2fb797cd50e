"""Sending goods to another place of ours."""

import hashlib
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import InvalidInput
from accounts.ids import id_of
from accounts.requests import UserRequest, requires
from accounts.roles import WRITE_STOCK
from accounts.services.idempotency import Answer, answer_once
from accounts.text import format_date
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.forms_entry import Entry, Line, fill_lines, parse_day
from inventory.models import Location, Transfer, TransferState
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.transfers import transfers_from
from inventory.services.sales import GoodsLine
from inventory.services.sending import keep_draft, send_goods
from inventory.views.entry import Act, entry_page


@requires(WRITE_STOCK)
def send(request: UserRequest) -> HttpResponse:
    """A transfer that leaves at once, or is kept as a draft; `?transfer=` opens a draft, and what was a draft."""
    draft = _opened(request)
    # The address stays in the browser after the draft was sent: whoever loads it again looks for the transfer.
    if draft is not None and draft.state != TransferState.DRAFT:
        return redirect("orders:transfer", draft.pk)
    return entry_page(request, SEND)


def _opened(request: UserRequest) -> Transfer | None:
    """What the address names."""
    wanted = request.GET.get("transfer", "")
    return _draft(request, wanted) if wanted and request.method != "POST" else None


def _open_draft(request: UserRequest, entry: Entry) -> None:
    """Fills the entry with the draft that the address names."""
    draft = _opened(request)
    if draft is None:
        return
    entry.location = draft.source
    day = draft.expected_on.isoformat() if draft.expected_on else ""
    entry.texts = {"transfer": str(draft.pk), "destination": str(draft.destination_id), "expected": day}
    rows = draft.lines.select_related("sku", "lot").order_by("pk")
    entry.lines = [
        Line(row.sku.code, plain(row.quantity), row.sku, lot=row.lot.code if row.lot else "") for row in rows
    ]
    fill_lines(entry)


def _draft(request: UserRequest, wanted: str) -> Transfer:
    """A transfer that leaves one of the user's places. One that was shipped meanwhile is refused by the service."""
    return get_object_or_404(transfers_from(request.user).select_related("source"), pk=id_of(wanted))


def _send(request: UserRequest, entry: Entry) -> str:
    destination = _destination(entry)
    lines = [
        GoodsLine(line.sku.pk, line.quantity, lot=line.lot_name) for line in entry.lines if line.quantity is not None
    ]
    now = timezone.now()
    draft = _draft(request, entry.texts["transfer"]) if entry.texts["transfer"] else None
    is_kept = request.POST.get("do") == "keep"
    service = keep_draft if is_kept else send_goods
    day = _expected_on(entry)

    def act() -> Answer:
        sent = service(
            source=entry.location,
            destination=destination,
            lines=lines,
            user=request.user,
            now=now,
            expected_on=day,
            transfer_id=draft.pk if draft else None,
        )
        return Answer(201, {"number": sent.number, "id": sent.pk})

    content = repr((entry.location.pk, destination.pk, lines, is_kept, day, draft.pk if draft else None))
    answer = answer_once(
        principal=request.user,
        route=SEND.route,
        key=entry.key,
        request_sha256=hashlib.sha256(content.encode()).hexdigest(),
        now=now,
        act=act,
    )
    words = (
        _("Draft %(number)s to %(place)s is kept. Nothing has moved yet.")
        if is_kept
        else _("Transfer %(number)s is on its way to %(place)s.")
    )
    text = words % {"number": answer.body["number"], "place": destination.name}
    link = reverse("orders:transfer", args=[answer.body["id"]])
    return format_html('{} <a href="{}">{}</a>', text, link, _("Open the draft") if is_kept else _("Open the transfer"))


def _expected_on(entry: Entry) -> date | None:
    typed = entry.texts["expected"]
    day = parse_day(typed) if typed else None
    if typed and day is None:
        raise InvalidInput(_("“%(typed)s” is no date. Write it like 2027-03-31.") % {"typed": typed})
    if day is not None and day < local_date(timezone.now(), entry.location.time_zone):
        raise InvalidInput(_("%(day)s is over. Write the day on which it should be there.") % {"day": format_date(day)})
    return day


def _destination(entry: Entry) -> Location:
    """Any store or warehouse of the firm may be sent to, as those there receive it themselves."""
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True).exclude(pk=entry.location.pk)
    place = next((place for place in places if str(place.pk) == entry.texts["destination"]), None)
    if place is None:
        raise InvalidInput(_("Choose where it goes."))
    return place


SEND = Act(
    route="inventory:send",
    template="inventory/send.html",
    title=gettext_lazy("Transfer"),
    verb=gettext_lazy("Send"),
    icon="transfer",
    post=_send,
    details_template="inventory/_details_send.html",
    advice=gettext_lazy("Count the shelf, or write a smaller number."),
    lots="choose",
    prefill=_open_draft,
)
