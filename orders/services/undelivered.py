"""An order whose e-mail was given up has reached nobody: whoever answers for it hears of it, once, or the
administrators where that person has left."""

from collections.abc import Collection
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import AuditEvent, Role, User
from orders.domain.order_events import APPROVED
from orders.locks import lock_handed_over
from orders.models import PurchaseOrder
from orders.services.order_address import order_address
from orders.services.purchase_orders import audit_order
from outbox.models import Channel, Message, MessageState
from outbox.services.enqueue import Email, enqueue_emails

UNDELIVERED = "purchase_order.undelivered"


def tell_undelivered(*, now: datetime) -> int:
    """Notes in the history of each such order what the mail server said, and mails it to who approved the order; a job
    calls this. Returns how many are new."""
    given_up = Message.objects.filter(channel=Channel.EMAIL, event_type=APPROVED, state=MessageState.FAILED)
    with transaction.atomic():
        orders = {order.event_id: order for order in lock_handed_over(given_up) if order.event_id is not None}
        told = _told(orders.values())
        fresh = [
            (orders[message.event_id], message)
            for message in given_up.filter(event_id__in=orders).order_by("pk")
            if str(orders[message.event_id].pk) not in told
        ]
        for order, message in fresh:
            audit_order(order, UNDELIVERED, None, now, address=message.target, reason=message.last_error)
        others = _administrators() if fresh else []
        mails = [_mail(order, message, person) for order, message in fresh for person in _told_of(order, others)]
        enqueue_emails(emails=mails, now=now)
    return len(fresh)


def _told(orders: Collection[PurchaseOrder]) -> set[str]:
    events = AuditEvent.objects.filter(
        object_type="purchase_order", object_id__in=[str(order.pk) for order in orders], action=UNDELIVERED
    )
    return set(events.values_list("object_id", flat=True))


def _told_of(order: PurchaseOrder, administrators: Collection[User]) -> Collection[User]:
    """Who approved it, else who made it; administrators where both are switched off or have no address."""
    people = [person for person in (order.approved_by, order.created_by) if person is not None]
    reached = [person for person in people if person.is_active and person.email]
    return reached[:1] or administrators


def _administrators() -> list[User]:
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, sees_all_locations=True)
    return list(people.exclude(email="").order_by("pk"))


def _mail(order: PurchaseOrder, message: Message, person: User) -> Email:
    with override(person.language or settings.LANGUAGE_CODE):
        subject = _("%(number)s did not reach %(supplier)s") % {"number": order.number, "supplier": order.supplier.name}
        said = _("The e-mail to %(address)s was given up: %(reason)s") % {
            "address": message.target, "reason": message.last_error
        }  # fmt: skip
        act = _("Tell the supplier yourself, note that on the page of the order, and mend the address:")
        text = f"{said}\n\n{act}\n{order_address(order.pk)}\n"
    event_id = uuid5(NAMESPACE_URL, f"urn:youhuo:purchase_order:{order.pk}:{UNDELIVERED}")
    return Email(event_id, UNDELIVERED, person.email, subject, text)
