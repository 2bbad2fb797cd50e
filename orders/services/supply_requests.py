"""A need that is sent to every supplier of the SKU at once: the first who confirms gets the order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.days import day_bounds, local_date
from inventory.domain.movements import plain
from inventory.models import Location, Sku
from inventory.services.posting_checks import quantity_message
from orders.domain.whole_packs import in_whole_packs, price_of
from orders.errors import AlreadyTaken, LinkEnded
from orders.locks import lock_request
from orders.models import (
    OfferState,
    OrderState,
    PurchaseOrder,
    RequestState,
    SupplierLink,
    SupplyOffer,
    SupplyRequest,
)
from orders.selectors.supplier_links import is_usable
from orders.services.purchase_orders import NewOrder, OrderLine, create_orders
from orders.services.request_mail import mail_asked, mail_closed, mail_taken
from orders.services.supplier_links import make_offer_links
from suppliers.models import Supplier
from suppliers.selectors.terms import Offer, load_offers

MAX_NOTE = 300
FURTHEST = timedelta(days=365)


@dataclass(frozen=True)
class Need:
    """So many units of a SKU at a place by a day, asked of these suppliers, or of all."""

    sku: Sku
    location: Location
    quantity: Decimal
    wanted_by: date
    note: str = ""
    supplier_ids: Collection[int] | None = None


def ask_suppliers(*, need: Need, user: User, now: datetime) -> SupplyRequest:
    """Asks the active suppliers of the SKU who have an e-mail address; the caller has checked role and place.

    Nothing is on order until one confirms. Raises InvalidInput, IllegalStateChange where the same is being asked.
    """
    _check(need, local_date(now, need.location.time_zone))
    offers, suppliers = _who(need)
    if not offers:
        raise InvalidInput(_("No active supplier of %(sku)s has an e-mail address.") % {"sku": need.sku.name})
    try:
        with transaction.atomic():
            return _ask(need, offers, suppliers, user, now)
    except IntegrityError as error:
        if "orders_supply_request_one_open" not in str(error):
            raise
        raise IllegalStateChange(
            _("The suppliers of %(sku)s are being asked for %(place)s already. Withdraw that request first.")
            % {"sku": need.sku.name, "place": need.location.name}
        ) from error


def take_request(*, link_id: int, promised_on: date | None, now: datetime) -> SupplyRequest:
    """A supplier confirms all of it for a day: they get the order, and the others are told, in one transaction.

    A repeat by the one who got it changes nothing. Raises AlreadyTaken, LinkEnded, InvalidInput,
    SupplierLink.DoesNotExist.
    """
    with transaction.atomic():
        request, offer = _locked(link_id, now)
        if request.state == RequestState.TAKEN and offer.state == OfferState.CONFIRMED:
            return request
        require_open(request, now)
        if not (request.sku.is_active and request.location.is_active and offer.supplier.is_active):
            raise _no_longer_needed()
        today = local_date(now, request.location.time_zone)
        if promised_on is None or not today <= promised_on <= request.wanted_by:
            raise InvalidInput(_("Choose a day from today until the day on which it is needed."))
        offer.state, offer.promised_on, offer.answered_at = OfferState.CONFIRMED, promised_on, now
        offer.save(update_fields=["state", "promised_on", "answered_at"])
        order = _order(request, offer, promised_on, today, now)
        request.state, request.purchase_order, request.closed_at = RequestState.TAKEN, order, now
        request.save(update_fields=["state", "purchase_order", "closed_at"])
        mail_closed(request=request, offers=_others(request, offer), now=now)
        mail_taken(request=request, offer=offer, now=now)
        _audit(request, "supply_request.taken", None, now, who=offer.supplier.name, order=order.number)
    return request


def decline_request(*, link_id: int, now: datetime) -> SupplyOffer:
    """A supplier cannot; as long as it is open they may change their mind. Raises AlreadyTaken, LinkEnded."""
    with transaction.atomic():
        request, offer = _locked(link_id, now)
        require_open(request, now)
        if offer.state != OfferState.DECLINED:
            offer.state, offer.answered_at = OfferState.DECLINED, now
            offer.save(update_fields=["state", "answered_at"])
            _audit(request, "supply_request.declined", None, now, who=offer.supplier.name)
    return offer


def withdraw_request(*, request_id: int, user: User, now: datetime) -> SupplyRequest:
    """It is not needed any more; those who did not decline are told. A repeat changes nothing. Raises
    IllegalStateChange once somebody has it, SupplyRequest.DoesNotExist."""
    with transaction.atomic():
        request = lock_request(request_id)
        if request.state == RequestState.WITHDRAWN:
            return request
        if request.state != RequestState.OPEN:
            raise IllegalStateChange(_("A supplier has confirmed it already. Cancel the order instead."))
        request.state, request.closed_at = RequestState.WITHDRAWN, now
        request.save(update_fields=["state", "closed_at"])
        mail_closed(request=request, offers=_others(request, None), now=now)
        _audit(request, "supply_request.withdrawn", user, now)
    return request


def require_open(request: SupplyRequest, now: datetime) -> None:
    if request.state == RequestState.TAKEN:
        raise AlreadyTaken(_("Another supplier was faster. Thank you all the same."))
    if request.state != RequestState.OPEN or request.closes_at <= now:
        raise _no_longer_needed()


def _no_longer_needed() -> AlreadyTaken:
    return AlreadyTaken(_("This is no longer needed. Thank you all the same."))


def _check(need: Need, today: date) -> None:
    odd = quantity_message(need.quantity, need.sku.unit)
    if odd:
        raise wrong_field("quantity", odd)
    if not today <= need.wanted_by <= today + FURTHEST:
        raise InvalidInput(_("Choose a day from today on, within a year."))
    if len(need.note) > MAX_NOTE:
        raise InvalidInput(_("The note has at most %(most)d characters.") % {"most": MAX_NOTE})


def _who(need: Need) -> tuple[list[Offer], dict[int, Supplier]]:
    """The terms of those who can be asked, and the suppliers by id."""
    offers = load_offers([need.sku.pk]).get(need.sku.pk, [])
    if need.supplier_ids is not None:
        offers = [offer for offer in offers if offer.supplier_id in need.supplier_ids]
    found = Supplier.objects.filter(pk__in=[offer.supplier_id for offer in offers]).exclude(email="")
    suppliers = {supplier.pk: supplier for supplier in found}
    return [offer for offer in offers if offer.supplier_id in suppliers], suppliers


def _ask(
    need: Need, offers: Sequence[Offer], suppliers: dict[int, Supplier], user: User, now: datetime
) -> SupplyRequest:
    # Until the end of the day on which it is needed, at the place: later no day is left for which to confirm.
    _begins, closes_at = day_bounds(need.wanted_by, need.location.time_zone)
    SupplyRequest.objects.filter(
        sku=need.sku, location=need.location, state=RequestState.OPEN, closes_at__lte=now
    ).update(state=RequestState.WITHDRAWN, closed_at=now)
    request = SupplyRequest.objects.create(
        sku=need.sku, location=need.location, quantity=need.quantity, wanted_by=need.wanted_by, note=need.note,
        created_at=now, created_by=user, closes_at=closes_at,
    )  # fmt: skip
    asked = SupplyOffer.objects.bulk_create(_offer(request, offer, suppliers[offer.supplier_id]) for offer in offers)
    # The page stays open a while longer, so that it can say who was faster.
    links = make_offer_links(offers=asked, expires_at=closes_at + timedelta(days=14), user=user, now=now)
    mail_asked(request=request, offers=asked, links=links, now=now)
    _audit(request, "supply_request.asked", user, now, suppliers=[offer.supplier.code for offer in asked])
    return request


def _offer(request: SupplyRequest, terms: Offer, supplier: Supplier) -> SupplyOffer:
    """In whole packs of the supplier, at the price of so many."""
    quantity = in_whole_packs(request.quantity, terms.minimum_quantity, terms.pack_size)
    unit_price = price_of(quantity, terms.price, terms.breaks)
    return SupplyOffer(request=request, supplier=supplier, quantity=quantity, unit_price=unit_price)


def _locked(link_id: int, now: datetime) -> tuple[SupplyRequest, SupplyOffer]:
    """The request, locked, and the offer of the link's own supplier."""
    link = SupplierLink.objects.select_related("offer__supplier").get(pk=link_id, offer__isnull=False)
    offer = link.offer
    if offer is None or not is_usable(link, now):
        raise LinkEnded(_("This link is over. Ask the shop for a new one."))
    request = lock_request(offer.request_id)
    # What a rival did while we waited for the lock.
    offer.refresh_from_db(fields=["state", "promised_on", "answered_at"])
    return request, offer


def _order(request: SupplyRequest, offer: SupplyOffer, promised_on: date, today: date, now: datetime) -> PurchaseOrder:
    """The purchase order, confirmed as it is born where its maker may buy so much alone."""
    new = NewOrder(
        supplier=offer.supplier,
        location=request.location,
        lines=[OrderLine(request.sku_id, offer.quantity, offer.unit_price)],
        ordered_on=today,
        expected_on=promised_on,
        key=f"supply-request/{request.pk}",
        is_promised=True,
    )
    (order,) = create_orders(new=[new], user=request.created_by, now=now)
    order.lines.update(confirmed_quantity=offer.quantity, promised_on=promised_on)
    if order.state == OrderState.APPROVED:
        order.state, order.sent_at = OrderState.CONFIRMED, now
        order.save(update_fields=["state", "sent_at"])
    return order


def _others(request: SupplyRequest, winner: SupplyOffer | None) -> list[SupplyOffer]:
    """Those who were asked, have not declined, and did not get it."""
    offers = request.offers.exclude(state=OfferState.DECLINED).select_related("supplier").order_by("pk")
    return [offer for offer in offers if winner is None or offer.pk != winner.pk]


def _audit(request: SupplyRequest, action: str, user: User | None, now: datetime, **data: object) -> None:
    record_audit(
        actor=user, action=action, object_type="supply_request", object_id=request.pk, now=now,
        data={"sku": request.sku.code, "location": request.location.code, "quantity": plain(request.quantity), **data},
    )  # fmt: skip
