"""The second person: approves what others made, within their own limit or that of somebody they stand in for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.errors import IllegalStateChange, InvalidInput, NotAllowed
from accounts.models import AuditEvent, Role
from orders.models import ExchangeRate, OrderState, PurchaseOrder, ReplenishmentProposal
from orders.services.approvals import approve_order, refuse_order
from orders.services.decisions import approve_proposals
from orders.services.delegations import delegate, end_delegation
from orders.services.expiry import expire_orders, expire_proposals
from orders.services.limits import change_settings
from orders.services.purchase_orders import cancel_order
from outbox.models import Message
from tests.orders.conftest import AS_OF, NOW, TODAY, ask_for, make_person, set_limits
from tests.pages.conftest import signed_in

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=1)


@pytest.fixture
def order(firm):
    set_limits(100, 100)
    set_limits(0, 1000, role=Role.MANAGER)
    asked = ask_for(firm, firm.tea, 500)
    return approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW).orders[0]


@pytest.fixture
def mia(db):
    return make_person("mia", Role.MANAGER)


@pytest.fixture
def paula(db):
    return make_person("paula")


def approve(order, user, now=SOON):
    return approve_order(order_id=order.pk, user=user, now=now)


def lend(giver, taker, first=0, last=3):
    days = [TODAY + timedelta(days=number) for number in (first, last)]
    return delegate(giver=giver, taker=taker, starts_on=days[0], ends_on=days[1], actor=giver, now=NOW, today=TODAY)


def test_the_yes_sends_it_and_days_count_from_then(order, mia):
    approved = approve(order, mia)
    assert (approved.state, approved.approved_by, approved.approved_at) == (OrderState.APPROVED, mia, SOON)
    assert (approved.ordered_on, approved.expected_on) == (
        TODAY + timedelta(days=1),
        order.expected_on + timedelta(days=1),
    )
    assert Message.objects.get(channel="email").target == "acme@example.test"
    assert AuditEvent.objects.filter(action="purchase_order.approved", actor=mia).exists()


def test_a_second_tap_changes_nothing(order, mia):
    for _tap in range(2):
        approve(order, mia)
    assert Message.objects.count() == 1


def test_who_made_it_never_approves_it_whatever_their_limit(firm, order):
    firm.buyer.role = Role.ADMINISTRATOR
    firm.buyer.save()
    with pytest.raises(NotAllowed, match="You made this"):
        approve(order, firm.buyer)


def test_who_changed_it_last_never_approves_it(order, mia):
    PurchaseOrder.objects.update(changed_by=mia)
    with pytest.raises(NotAllowed, match="You changed this"):
        approve(order, mia)


def test_above_the_limit_of_the_second_person(order, paula, mia):
    with pytest.raises(NotAllowed, match="higher limit"):
        approve(order, paula)
    set_limits(0, 499, role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        approve(order, mia)


def test_a_currency_without_a_rate_is_for_those_without_a_limit(firm, order, mia):
    PurchaseOrder.objects.update(home_total=None, counted_total=None)
    with pytest.raises(NotAllowed, match="exchange rate"):
        approve(order, mia)
    assert approve(order, make_person("root", Role.ADMINISTRATOR)).state == OrderState.APPROVED


def test_standing_in_lends_the_limit_for_the_days_named(order, paula, mia):
    lend(mia, paula, first=1)
    with pytest.raises(NotAllowed):
        approve(order, paula, now=NOW)
    approved = approve(order, paula)
    assert (approved.approved_by, approved.approved_for) == (paula, mia)


@pytest.mark.parametrize(("first", "last"), [(2, 3), (0, 0)])
def test_outside_the_days_it_lends_nothing(order, paula, mia, first, last):
    lend(mia, paula, first, last)
    with pytest.raises(NotAllowed):
        approve(order, paula)


def test_what_was_ended_lends_nothing(order, paula, mia):
    row = lend(mia, paula)
    with pytest.raises(NotAllowed):
        end_delegation(delegation_id=row.pk, actor=make_person("other"), now=NOW)
    end_delegation(delegation_id=row.pk, actor=mia, now=NOW)
    with pytest.raises(NotAllowed):
        approve(order, paula)


def test_standing_in_does_not_hand_an_order_back_to_its_maker(firm, order, paula):
    firm.buyer.role = Role.ADMINISTRATOR
    firm.buyer.save()
    lend(firm.buyer, paula)
    with pytest.raises(NotAllowed):
        approve(order, paula)


@pytest.mark.parametrize("case", ["self", "staff takes", "staff gives", "backwards", "over", "too long", "not yours"])
def test_delegations_that_are_refused(firm, mia, paula, case):
    staff = make_person("sam", Role.STAFF)
    days = {"backwards": (3, 1), "over": (-5, -1), "too long": (0, 366)}.get(case, (0, 1))
    giver, taker = {"self": (mia, mia), "staff takes": (mia, staff), "staff gives": (staff, mia)}.get(
        case, (mia, paula)
    )
    first, last = (TODAY + timedelta(days=number) for number in days)
    actor = paula if case == "not yours" else giver
    with pytest.raises((InvalidInput, NotAllowed)):
        delegate(giver=giver, taker=taker, starts_on=first, ends_on=last, actor=actor, now=NOW, today=TODAY)


def test_the_same_two_have_one_delegation_for_a_day(mia, paula):
    first = lend(mia, paula, 0, 3)
    with pytest.raises(InvalidInput, match=r"stands in for mia from .* already"):
        lend(mia, paula, 3, 5)
    lend(mia, paula, 4, 5)
    lend(mia, make_person("otto"), 0, 3)
    end_delegation(delegation_id=first.pk, actor=mia, now=NOW)
    lend(mia, paula, 0, 3)


def test_who_made_it_cancels_it_and_is_offered_no_refusal(firm, order, mia):
    page = reverse("orders:purchase_order", args=[order.pk])
    refuse, cancel = (reverse(f"orders:{name}", args=[order.pk]) for name in ("refuse_order", "cancel"))
    own, others = (signed_in(user).get(page).content.decode() for user in (firm.buyer, mia))
    assert cancel in own and refuse not in own and refuse in others


def test_the_page_says_when_it_is_void(firm, order):
    """It was given up at one o'clock on 10 March, and there are seven days to approve."""
    page = signed_in(firm.buyer).get(reverse("orders:purchase_order", args=[order.pk])).content.decode()
    assert "If nobody has approved it by Mar 17 01:00, it is void" in page


def test_the_no_needs_a_reason_and_brings_the_need_back(firm, order, mia, plan):
    with pytest.raises(InvalidInput):
        refuse_order(order_id=order.pk, note=" ", user=mia, now=NOW)
    refused = refuse_order(order_id=order.pk, note="Too dear", user=mia, now=NOW)
    assert (refused.state, refused.decision_note) == (OrderState.CANCELLED, "Too dear")
    assert not Message.objects.exists()
    plan(now=SOON)
    assert ReplenishmentProposal.objects.filter(sku=firm.tea, state="open").exists()


def test_who_made_it_takes_it_back_without_telling_the_supplier(firm, order):
    assert cancel_order(order_id=order.pk, user=firm.buyer, now=NOW).state == OrderState.CANCELLED
    assert not Message.objects.exists()
    with pytest.raises(IllegalStateChange):
        approve(order, make_person("root", Role.ADMINISTRATOR))


def test_what_waits_too_long_is_void(order, mia):
    assert expire_orders(now=NOW + timedelta(days=6, hours=23)) == 0
    assert expire_orders(now=NOW + timedelta(days=7)) == 1
    assert expire_orders(now=NOW + timedelta(days=8)) == 0
    with pytest.raises(IllegalStateChange):
        approve(order, mia)


def test_proposals_that_no_plan_looks_at_any_more_are_withdrawn(firm, plan):
    plan()
    change_settings(changes={"proposal_days": 5}, actor=None, now=NOW)
    assert expire_proposals(now=NOW + timedelta(days=4)) == 0
    assert expire_proposals(now=NOW + timedelta(days=5)) == 2
    assert set(ReplenishmentProposal.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert plan(as_of=AS_OF + timedelta(days=5), now=NOW + timedelta(days=5)).created == 2


def test_a_rate_of_the_future_does_not_count_yet(firm):
    ExchangeRate.objects.create(currency="EUR", valid_from=TODAY + timedelta(days=1), rate=1000)
    set_limits(100, 100)
    asked = ask_for(firm, firm.salt, 100)
    assert approve_proposals(proposal_ids=[asked.pk], user=firm.buyer, now=NOW).orders[0].home_total == 100


@pytest.mark.parametrize("given_up", ["acme", "shop"])
def test_what_was_given_up_while_it_waited_is_not_sent(firm, order, mia, given_up):
    row = getattr(firm, given_up)
    row.is_active = False
    row.save()
    with pytest.raises(IllegalStateChange, match=row.name):
        approve(order, mia)
    assert not Message.objects.exists()
    assert refuse_order(order_id=order.pk, note="given up", user=mia, now=SOON).state == OrderState.CANCELLED
