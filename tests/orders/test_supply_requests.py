"""A need is sent to all suppliers of the SKU at once; the first to confirm gets the order and the others are told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from inventory.models import Location
from orders.domain.whole_packs import in_whole_packs
from orders.errors import AlreadyTaken, LinkEnded
from orders.models import PurchaseOrder, SupplierLink, SupplyOffer, SupplyRequest
from orders.selectors.positions import load_positions
from orders.services.approvals import refuse_order
from orders.services.decisions import approve_proposals
from orders.services.expiry import expire_orders
from orders.services.purchase_orders import cancel_order
from orders.services.supply_requests import Need, ask_suppliers, decline_request, take_request, withdraw_request
from outbox.models import Message
from suppliers.models import Supplier
from tests.orders.conftest import NOW, TODAY, ask_for, make_supplier, make_terms, set_limits

pytestmark = pytest.mark.django_db
DAY = TODAY + timedelta(days=2)


@pytest.fixture
def asked(firm):
    """40 of tea at the shop, asked of Acme (packs of 6 at 2.00) and Best (packs of 10 at 3.00), not of the deaf."""
    make_terms(firm.best, firm.tea, price=Decimal("3.00"), pack_size=Decimal(10))
    make_terms(make_supplier("DEAF", email=""), firm.tea)
    make_terms(make_supplier("GONE", is_active=False), firm.tea)
    return ask(firm)


def ask(firm, quantity="40", wanted_by=DAY, now=NOW, **more):
    need = Need(firm.tea, firm.shop, Decimal(quantity), wanted_by, **more)
    return ask_suppliers(need=need, user=firm.buyer, now=now)


def link_of(supplier):
    return SupplierLink.objects.get(supplier=supplier, offer__isnull=False).pk


def take(supplier, day=DAY, now=NOW):
    return take_request(link_id=link_of(supplier), promised_on=day, now=now)


def mails(event):
    return sorted(Message.objects.filter(channel="email", event_type=event).values_list("target", flat=True))


def test_it_is_open_until_the_day_on_which_it_is_needed_is_over_there(firm, asked):
    """NOW is a morning; a minute after the midnight no day could be chosen any more."""
    Location.objects.filter(pk=firm.shop.pk).update(time_zone="Asia/Shanghai")
    firm.shop.refresh_from_db()
    withdraw_request(request_id=asked.pk, user=firm.buyer, now=NOW)
    row = ask(firm)
    assert row.closes_at.isoformat() == f"{DAY}T16:00:00+00:00"


def test_everybody_with_an_address_is_asked_in_their_own_packs(firm, asked):
    offers = list(asked.offers.order_by("supplier__code").values_list("supplier__code", "quantity", "unit_price"))
    assert offers == [("ACME", 42, 2), ("BEST", 40, 3)]
    assert mails("supply_request.asked") == ["acme@example.test", "best@example.test"]
    assert (firm.shop.pk, firm.tea.pk) not in load_positions([firm.shop.pk])


def test_the_price_is_that_of_so_many_units(firm):
    firm.acme.terms.filter(sku=firm.tea).update(price_breaks=[["24", "1.90"], ["42", "1.80"], ["48", "1.70"]])
    assert ask(firm).offers.get().unit_price == Decimal("1.80")


def test_the_first_to_confirm_gets_the_order_and_the_other_is_told(firm, asked):
    firm.buyer.email = "buyer@example.test"
    firm.buyer.save()
    order = take(firm.best).purchase_order
    assert (order.supplier, order.state, order.total, order.expected_on) == (firm.best, "confirmed", 120, DAY)
    line = order.lines.get()
    assert (line.quantity, line.confirmed_quantity, line.promised_on) == (40, 40, DAY)
    assert load_positions([firm.shop.pk])[firm.shop.pk, firm.tea.pk].on_order == 40
    assert mails("supply_request.closed") == ["acme@example.test"]
    assert mails("purchase_order.approved") == ["best@example.test"]
    assert mails("supply_request.taken") == ["buyer@example.test"]
    with pytest.raises(AlreadyTaken):
        take(firm.acme)
    with pytest.raises(AlreadyTaken):
        decline_request(link_id=link_of(firm.acme), now=NOW)
    assert PurchaseOrder.objects.count() == 1


def test_the_same_confirmation_again_changes_nothing(firm, asked):
    first = take(firm.acme)
    assert take(firm.acme, day=TODAY).purchase_order_id == first.purchase_order_id
    assert SupplyOffer.objects.get(state="confirmed").promised_on == DAY


def test_who_cannot_may_change_their_mind_and_hears_no_more(firm, asked):
    for _ in range(2):
        decline_request(link_id=link_of(firm.acme), now=NOW)
    take(firm.best)
    assert mails("supply_request.closed") == []


def test_above_the_limit_of_who_asked_a_second_person_decides_and_the_word_is_kept(firm):
    ask(firm, quantity="6000")
    order = take(firm.acme).purchase_order
    assert (order.state, order.total) == ("awaiting_approval", 12_000)
    assert order.lines.get().confirmed_quantity == 6000
    assert mails("purchase_order.approved") == []


@pytest.mark.parametrize(("limit", "is_waiting"), [(10, True), (None, False)])
def test_who_asked_hears_whether_the_order_still_waits(firm, limit, is_waiting):
    User.objects.filter(pk=firm.buyer.pk).update(email="buyer@example.test")
    set_limits(limit)
    ask(firm)
    take(firm.acme)
    mail = Message.objects.get(event_type="supply_request.taken").payload
    assert mail["subject"].startswith("To be approved") == is_waiting
    assert ("waits for a second person" in mail["text"]) == is_waiting


@pytest.mark.parametrize("day", [None, TODAY - timedelta(days=1), DAY + timedelta(days=1)])
def test_a_day_that_does_not_help_is_refused(firm, asked, day):
    with pytest.raises(InvalidInput):
        take(firm.acme, day=day)
    assert not PurchaseOrder.objects.exists()


def test_withdrawn_tells_those_who_still_hope_and_takes_nothing_more(firm, asked):
    decline_request(link_id=link_of(firm.best), now=NOW)
    for _ in range(2):
        withdraw_request(request_id=asked.pk, user=firm.buyer, now=NOW)
    assert mails("supply_request.closed") == ["acme@example.test"]
    with pytest.raises(AlreadyTaken):
        take(firm.acme)


def test_what_is_taken_is_not_withdrawn(firm, asked):
    take(firm.acme)
    with pytest.raises(IllegalStateChange):
        withdraw_request(request_id=asked.pk, user=firm.buyer, now=NOW)


def test_after_its_day_it_is_over_and_may_be_asked_anew(firm, asked):
    later = NOW + timedelta(days=4)
    with pytest.raises(AlreadyTaken):
        take(firm.acme, day=DAY, now=later)
    assert ask(firm, wanted_by=DAY + timedelta(days=9), now=later).pk != asked.pk
    with pytest.raises(LinkEnded):
        SupplierLink.objects.update(revoked_at=NOW)
        take_request(link_id=SupplierLink.objects.first().pk, promised_on=DAY, now=NOW)


def test_one_need_is_asked_once_at_a_time(firm, asked):
    with pytest.raises(IllegalStateChange):
        ask(firm, quantity="5")
    assert len(mails("supply_request.asked")) == 2


@pytest.mark.parametrize(
    "odd", [{"quantity": "0"}, {"quantity": "1.5"}, {"wanted_by": TODAY - timedelta(days=1)}, {"note": "x" * 301}]
)
def test_odd_needs_are_refused(firm, odd):
    with pytest.raises(InvalidInput):
        ask(firm, **odd)
    assert not SupplyRequest.objects.exists()


def test_nobody_to_ask_is_said(firm):
    firm.acme.email = ""
    firm.acme.save()
    with pytest.raises(InvalidInput, match="e-mail"):
        ask(firm)


@pytest.mark.parametrize(
    ("need", "minimum", "pack", "found"),
    [("40", "0", "6", "42"), ("40", "0", "10", "40"), ("1", "24", "6", "24"), ("0.3", "0", "0.25", "0.5")],
)
def test_needs_in_whole_packs(need, minimum, pack, found):
    assert in_whole_packs(Decimal(need), Decimal(minimum), Decimal(pack)) == Decimal(found)


def test_the_database_lets_only_one_win(firm, asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplyOffer.objects.update(state="confirmed")


def test_who_is_bought_of_no_more_gets_no_order_and_the_others_still_may(firm, asked):
    Supplier.objects.filter(pk=firm.acme.pk).update(is_active=False)
    with pytest.raises(AlreadyTaken):
        take(firm.acme)
    assert take(firm.best).purchase_order.supplier == firm.best


@pytest.mark.parametrize("given_up", ["tea", "shop"])
def test_what_is_sold_no_more_is_not_ordered_by_an_old_request(firm, asked, given_up):
    row = getattr(firm, given_up)
    row.is_active = False
    row.save()
    with pytest.raises(AlreadyTaken):
        take(firm.acme)
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "staff"}])
def test_the_word_of_who_may_buy_no_more_needs_a_second_person(firm, asked, change):
    User.objects.filter(pk=firm.buyer.pk).update(**change)
    order = take(firm.acme).purchase_order
    assert (order.state, order.needs_second, order.approved_by) == ("awaiting_approval", True, None)
    assert not mails("purchase_order.approved")


def test_who_asked_and_has_left_gets_no_mail(firm, asked):
    User.objects.filter(pk=firm.buyer.pk).update(is_active=False, email="buyer@example.test")
    take(firm.acme)
    assert not mails("supply_request.taken")


def refuse(firm, order):
    refuse_order(order_id=order.pk, note="too dear", user=firm.buyer, now=NOW)


def cancel(firm, order):
    cancel_order(order_id=order.pk, user=firm.buyer, now=NOW)


def expire(firm, order):
    assert expire_orders(now=NOW + timedelta(days=30)) == 1


@pytest.mark.parametrize("end", [refuse, cancel, expire])
def test_who_gave_their_word_is_told_when_the_second_person_does_not_give_theirs(firm, asked, end):
    set_limits(10)
    order = take(firm.acme).purchase_order
    assert order.state == "awaiting_approval"
    end(firm, order)
    order.refresh_from_db()
    assert (order.state, mails("purchase_order.cancelled")) == ("cancelled", ["acme@example.test"])


def test_an_order_of_which_no_supplier_heard_ends_without_a_word(firm):
    set_limits(10)
    proposal = ask_for(firm, firm.tea, 60)
    (order,) = approve_proposals(proposal_ids=[proposal.pk], user=firm.buyer, now=NOW).orders
    refuse(firm, order)
    assert mails("purchase_order.cancelled") == []
