"""Sending goods to another place of ours."""

import hashlib

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import WRITE_STOCK
from accounts.services.idempotency import Answer, answer_once
from inventory.forms_entry import Entry
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.services.sales import GoodsLine
from inventory.services.sending import send_goods
from inventory.views.entry import Act, entry_page


@requires(WRITE_STOCK)
def send(request: UserRequest) -> HttpResponse:
    """A transfer that leaves at once."""
    return entry_page(request, SEND)


def _send(request: UserRequest, entry: Entry) -> str:
    destination = _destination(entry)
    lines = [GoodsLine(line.sku.pk, line.quantity) for line in entry.lines if line.quantity is not None]
    now = timezone.now()

    def act() -> Answer:
        sent = send_goods(source=entry.location, destination=destination, lines=lines, user=request.user, now=now)
        return Answer(201, {"number": sent.number})

    content = repr((entry.location.pk, destination.pk, lines))
    answer = answer_once(
        principal=request.user,
        route=SEND.route,
        key=entry.key,
        request_sha256=hashlib.sha256(content.encode()).hexdigest(),
        now=now,
        act=act,
    )
    return _("Transfer %(number)s is on its way to %(place)s.") % {
        "number": answer.body["number"],
        "place": destination.name,
    }


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
)
