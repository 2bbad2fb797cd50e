"""Links through which a supplier answers an order: made, taken back, noted as used."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.link_tokens import address_of, fingerprint_of, new_name
from accounts.models import User
from accounts.services.audit import record_audit
from orders.domain.order_states import is_possible
from orders.locks import lock_order
from orders.models import PurchaseOrder, SupplierLink, SupplyOffer
from outbox.services.enqueue import SignedLink

LINK_PATH = "/s/"
# A link lives this long after the day on which the goods are expected, or after it was made.
KEPT = timedelta(days=60)
USE_IS_NOTED_EVERY = timedelta(minutes=5)


def make_links(*, orders: Sequence[PurchaseOrder], user: User | None, now: datetime) -> Mapping[int, SignedLink]:
    """A new link for each order, by order id, in one statement and in the caller's transaction. Links made before go
    on."""
    made = {order.pk: SignedLink(LINK_PATH, new_name()) for order in orders}
    SupplierLink.objects.bulk_create(
        SupplierLink(
            supplier_id=order.supplier_id,
            order=order,
            token_sha256=fingerprint_of(made[order.pk].name),
            created_at=now,
            created_by=user,
            expires_at=max(now, _end_of(order)) + KEPT,
        )
        for order in orders
    )
    return made


def make_offer_links(
    *, offers: Sequence[SupplyOffer], expires_at: datetime, user: User, now: datetime
) -> Mapping[int, SignedLink]:
    """A link for each supplier who is asked, by offer id; in the caller's transaction."""
    made = {offer.pk: SignedLink(LINK_PATH, new_name()) for offer in offers}
    SupplierLink.objects.bulk_create(
        SupplierLink(
            supplier_id=offer.supplier_id,
            offer=offer,
            token_sha256=fingerprint_of(made[offer.pk].name),
            created_at=now,
            created_by=user,
            expires_at=expires_at,
        )
        for offer in offers
    )
    return made


def make_link_to_show(*, order_id: int, user: User, now: datetime) -> str:
    """A further link of an order, to hand over by telephone or chat. Returns the address, which can be seen this once
    only. Raises IllegalStateChange when nothing of the order may come any more, PurchaseOrder.DoesNotExist."""
    with transaction.atomic():
        order = lock_order(order_id)
        require_expected(order)
        link = make_links(orders=[order], user=user, now=now)[order.pk]
        _audit(order, "purchase_order.link_made", user, now)
    return address_of(link.path, link.name)


def revoke_links(*, order_id: int, user: User, now: datetime) -> int:
    """From now on no link of this order opens anything; returns how many were still good."""
    with transaction.atomic():
        order = lock_order(order_id)
        count = SupplierLink.objects.filter(order=order, revoked_at=None, expires_at__gt=now).update(revoked_at=now)
        if count:
            _audit(order, "purchase_order.links_revoked", user, now)
    return count


def note_link_use(*, link: SupplierLink, now: datetime) -> None:
    """Remembers the last use, at most every five minutes, so that reading stays reading."""
    if link.last_used_at is None or now - link.last_used_at > USE_IS_NOTED_EVERY:
        SupplierLink.objects.filter(pk=link.pk).update(last_used_at=now)


def require_expected(order: PurchaseOrder) -> None:
    """Raises IllegalStateChange where there is nothing for a supplier to answer."""
    if not is_possible("link", order.state):
        values = {"number": order.number, "state": order.get_state_display()}
        raise IllegalStateChange(_("%(number)s is “%(state)s”: there is nothing to confirm.") % values)


def _end_of(order: PurchaseOrder) -> datetime:
    day = order.expected_on
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _audit(order: PurchaseOrder, action: str, user: User, now: datetime) -> None:
    record_audit(
        actor=user, action=action, object_type="purchase_order", object_id=order.pk, now=now,
        data={"number": order.number, "supplier": order.supplier.code},
    )  # fmt: skip
