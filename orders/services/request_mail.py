"""What suppliers and the purchaser are told about a request to deliver: rows in the outbox, in the caller's
transaction and each in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.text import format_date, format_money, format_quantity
from orders.models import OrderState, SupplyOffer, SupplyRequest
from orders.services.order_address import order_address
from orders.services.order_papers import signature
from outbox.services.enqueue import Email, SignedLink, enqueue_emails

ASKED = "supply_request.asked"
CLOSED = "supply_request.closed"
TAKEN = "supply_request.taken"


def mail_asked(
    *, request: SupplyRequest, offers: Iterable[SupplyOffer], links: Mapping[int, SignedLink], now: datetime
) -> None:
    """To every supplier at once: what is needed, and the link by which the first to confirm gets the order."""
    enqueue_emails(emails=[_asked(request, offer, links[offer.pk]) for offer in offers], now=now)


def mail_closed(*, request: SupplyRequest, offers: Iterable[SupplyOffer], now: datetime) -> None:
    """To those who were asked and did not get it: it is no longer needed."""
    enqueue_emails(emails=[_closed(request, offer) for offer in offers], now=now)


def mail_taken(*, request: SupplyRequest, offer: SupplyOffer, now: datetime) -> None:
    """To the purchaser who asked, where they have an address and are not switched off."""
    if request.created_by.email and request.created_by.is_active:
        enqueue_emails(emails=[_taken(request, offer)], now=now)


def _values(request: SupplyRequest, offer: SupplyOffer) -> dict[str, str]:
    return {
        "quantity": format_quantity(offer.quantity),
        "sku": request.sku.name,
        "place": request.location.name,
        "day": format_date(request.wanted_by),
        "price": format_money(offer.unit_price, offer.supplier.currency),
        "supplier": offer.supplier.name,
    }


def _asked(request: SupplyRequest, offer: SupplyOffer, link: SignedLink) -> Email:
    with override(offer.supplier.language):
        values, where = _values(request, offer), request.location.delivery_text
        subject = _("Can you bring %(quantity)s × %(sku)s to %(place)s by %(day)s?") % values
        lines = [
            _("We need %(quantity)s × %(sku)s at %(place)s by %(day)s, at the agreed %(price)s each.") % values,
            _("We ask all suppliers of it at the same time: the first who confirms here gets the order."),
            link.mark,
            *(["", _("Deliver to:"), request.location.name, *where.splitlines()] if where else []),
        ]
        text = "\n".join([*lines, *(["", request.note] if request.note else []), *signature()])
    return Email(_event_id(offer, ASKED), ASKED, offer.supplier.email, subject, text, links=(link,))


def _closed(request: SupplyRequest, offer: SupplyOffer) -> Email:
    with override(offer.supplier.language):
        values = _values(request, offer)
        subject = _("No longer needed: %(quantity)s × %(sku)s for %(place)s") % values
        told = _("Thank you. The need of %(quantity)s × %(sku)s is covered, please do not deliver it.") % values
        text = "\n".join([told, *signature()])
    return Email(
        _event_id(offer, CLOSED), CLOSED, offer.supplier.email, subject, text, after=_event_id(offer, ASKED)
    )  # fmt: skip


def _taken(request: SupplyRequest, offer: SupplyOffer) -> Email:
    user, order_id = request.created_by, request.purchase_order_id
    with override(user.language or settings.LANGUAGE_CODE):
        values = {**_values(request, offer), "on": format_date(offer.promised_on) if offer.promised_on else ""}
        subject = _("%(supplier)s brings %(quantity)s × %(sku)s to %(place)s on %(on)s") % values
        if request.purchase_order and request.purchase_order.state == OrderState.AWAITING_APPROVAL:
            subject = _("To be approved: %(said)s") % {"said": subject}
            told = _("The order is above your limit and waits for a second person. The supplier was told.")
            lines = [subject, "", told]
        else:
            lines = [subject]
        text = "\n".join([*lines, "", *([order_address(order_id)] if order_id else []), ""])
    return Email(_event_id(offer, TAKEN), TAKEN, user.email, subject, text)


def _event_id(offer: SupplyOffer, event: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:youhuo:supply_offer:{offer.pk}:{event}")
