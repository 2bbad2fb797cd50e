"""The second person approves several orders at once: all of them or none, and each refusal is named."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import IllegalStateChange, NotAllowed
from accounts.models import AuditEvent, Role
from inventory.models import LocationAccess
from orders.errors import ChangedMeanwhile, NotApproved, OverBudget
from orders.models import Budget, OrderState, PurchaseOrder
from orders.services.approvals import approve_orders
from orders.services.decisions import approve_proposals
from orders.services.delegations import delegate
from outbox.models import Message
from tests.orders.conftest import NOW, TODAY, ask_for, make_person, make_sku, make_terms, set_limits
from tests.pages.conftest import signed_in

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=1)
LIST, TICKED = reverse("orders:purchase_orders") + "?state=awaiting_approval", reverse("orders:approve_orders")


@pytest.fixture
def mia(firm):
    """May release up to 1,000."""
    set_limits(0, 0)
    set_limits(0, 1000, role=Role.MANAGER)
    return make_person("mia", Role.MANAGER)


def waiting(firm, *units, maker=None):
    """An order of Acme for each, of that many dollars."""
    orders = []
    for number in units:
        sku = make_sku(f"s{PurchaseOrder.objects.count()}", category=firm.category)
        make_terms(firm.acme, sku, price=1)
        asked = ask_for(firm, sku, number)
        orders += approve_proposals(proposal_ids=[asked.pk], user=maker or firm.buyer, now=NOW).orders
    return orders


def ids(orders):
    return [order.pk for order in orders]


def states():
    return set(PurchaseOrder.objects.values_list("state", flat=True))


def test_all_of_them_go_to_their_suppliers(firm, mia):
    orders = waiting(firm, 100, 200, 300)
    found = approve_orders(order_ids=ids(orders), user=mia, now=SOON)

    assert {(row.state, row.approved_by_id, row.approved_at) for row in found} == {(OrderState.APPROVED, mia.pk, SOON)}
    # They go out a day later than they were made, so they come a day later.
    assert {row.ordered_on for row in found} == {TODAY + timedelta(days=1)}
    assert Message.objects.filter(channel="email").count() == 3
    assert AuditEvent.objects.filter(action="purchase_order.approved", actor=mia).count() == 3


def test_one_that_may_not_be_approved_stops_all_and_is_named(firm, mia):
    small, large, own = waiting(firm, 100, 2000) + waiting(firm, 50, maker=mia)
    PurchaseOrder.objects.filter(pk=own.pk).update(state=OrderState.AWAITING_APPROVAL, needs_second=True)
    with pytest.raises(NotApproved) as refused:
        approve_orders(order_ids=ids([small, large, own]), user=mia, now=SOON)

    told = {row["order"]: row["message"] for row in refused.value.details}
    assert set(told) == {large.pk, own.pk}
    assert told[large.pk].startswith(f"{large.number}: This order is above") and "You made" in told[own.pk]
    assert states() == {OrderState.AWAITING_APPROVAL}
    assert not Message.objects.filter(channel="email").exists()


def test_one_alone_is_refused_in_its_own_words(firm, mia):
    (order,) = waiting(firm, 2000)
    with pytest.raises(NotAllowed, match="above what you may approve"):
        approve_orders(order_ids=[order.pk], user=mia, now=SOON)


def test_a_total_that_changed_since_it_was_seen_is_refused(firm, mia):
    first, second = waiting(firm, 100, 200)
    with pytest.raises(NotApproved, match="None of them") as refused:
        approve_orders(order_ids=ids([first, second]), user=mia, now=SOON, seen={second.pk: Decimal(150)})
    assert [row["order"] for row in refused.value.details] == [second.pk]
    with pytest.raises(ChangedMeanwhile):
        approve_orders(order_ids=[second.pk], user=mia, now=SOON, seen={second.pk: Decimal(150)})
    assert len(approve_orders(order_ids=ids([first, second]), user=mia, now=SOON, seen={second.pk: Decimal(200)})) == 2


def test_what_the_budget_does_not_reach_for_together_is_refused(firm, mia):
    """Each of 100 goes from the week of today into the next one, of which the budget has 150."""
    orders = waiting(firm, 100, 100)
    Budget.objects.create(name="Food", amount=150, period="day", author=firm.buyer, created_at=NOW, starts_on=TODAY)
    with pytest.raises(OverBudget):
        approve_orders(order_ids=ids(orders), user=mia, now=SOON)
    assert states() == {OrderState.AWAITING_APPROVAL}
    assert approve_orders(order_ids=ids(orders[:1]), user=mia, now=SOON)


def test_a_repeat_changes_nothing_and_somebody_else_is_told(firm, mia):
    orders = waiting(firm, 100, 200)
    approve_orders(order_ids=ids(orders), user=mia, now=SOON)
    again = approve_orders(order_ids=ids(orders), user=mia, now=SOON + timedelta(days=1))
    assert {row.approved_at for row in again} == {SOON}
    assert Message.objects.filter(channel="email").count() == 2
    with pytest.raises(NotApproved):
        approve_orders(order_ids=ids(orders), user=make_person("ben", Role.MANAGER), now=SOON)


def test_one_that_was_approved_meanwhile_by_somebody_else_is_named(firm, mia):
    orders = waiting(firm, 100, 200)
    approve_orders(order_ids=[orders[0].pk], user=make_person("ben", Role.MANAGER), now=SOON)
    with pytest.raises(NotApproved) as refused:
        approve_orders(order_ids=ids(orders), user=mia, now=SOON)
    (told,) = refused.value.details
    assert told["order"] == orders[0].pk and told["message"].count(orders[0].number) == 1
    with pytest.raises(IllegalStateChange):
        approve_orders(order_ids=[orders[0].pk], user=mia, now=SOON)


def test_standing_in_counts_for_each(firm, mia):
    orders = waiting(firm, 100, 200)
    paula = make_person("paula")
    day = SOON.date()
    delegate(giver=mia, taker=paula, starts_on=day, ends_on=day, actor=mia, now=NOW, today=TODAY)
    found = approve_orders(order_ids=ids(orders), user=paula, now=SOON)
    assert {row.approved_for_id for row in found} == {mia.pk}


def test_an_order_that_is_not_there(firm, mia):
    with pytest.raises(PurchaseOrder.DoesNotExist):
        approve_orders(order_ids=[*ids(waiting(firm, 100)), 10**9], user=mia, now=SOON)


def test_what_is_asked_before_does_not_grow_with_the_orders(firm, mia):
    counts = []
    for units in ((100, 100), (100, 100, 100, 100)):
        orders = waiting(firm, *units)
        with CaptureQueriesContext(connection) as queries:
            approve_orders(order_ids=ids(orders), user=mia, now=SOON)
        counts.append(sum(query["sql"].startswith(("SELECT", "UPDATE")) for query in queries))
    assert counts[1] == counts[0]


def send(client, orders, key="k", **more):
    seen = {f"seen-{order.pk}": str(order.total) for order in orders}
    return client.post(TICKED, {"order": ids(orders), "key": key, "query": "state=awaiting_approval", **seen, **more})


def test_the_page_ticks_what_may_be_approved_and_says_why_not(firm, mia):
    small, large = waiting(firm, 100, 2000)
    page = signed_in(mia).get(LIST).content.decode()
    assert page.count('name="order"') == 1 and f'value="{small.pk}" form="approve-orders"' in page
    assert "This order is above what you may approve" in page and large.number in page
    assert 'name="order"' not in signed_in(firm.buyer).get(LIST).content.decode()
    assert 'name="order"' not in signed_in(make_person("sam", Role.STAFF)).get(LIST).content.decode()


def test_ticked_orders_are_approved_from_the_page(firm, mia):
    client, orders = signed_in(mia), waiting(firm, 100, 200)
    answer = send(client, orders)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert "2 orders are approved" in client.get(LIST).content.decode()
    assert states() == {OrderState.APPROVED}
    assert send(client, orders)["Location"] == LIST


def test_a_refusal_stands_on_the_page_line_by_line_and_the_ticks_stay(firm, mia):
    small, large = waiting(firm, 100, 2000)
    answer = send(signed_in(mia), [small, large])
    page = answer.content.decode()
    assert answer.status_code == 422 and "None of them is approved" in page
    assert f"{large.number}: This order is above" in page
    assert f'value="{small.pk}" form="approve-orders" checked' in page
    assert states() == {OrderState.AWAITING_APPROVAL}


@pytest.mark.parametrize("typed", [[], ["x"], ["9" * 30], ["999999999"]])
def test_nothing_that_is_there_is_said_so(firm, mia, typed):
    waiting(firm, 100)
    answer = signed_in(mia).post(TICKED, {"order": typed, "key": "k"})
    assert answer.status_code == 422 and "Tick the orders" in answer.content.decode()


def test_orders_of_another_store_are_not_there(firm, mia):
    orders = waiting(firm, 100)
    stranger = make_person("stan", Role.MANAGER)
    stranger.sees_all_locations = False
    stranger.save()
    LocationAccess.objects.create(user=stranger, location=firm.other)
    assert send(signed_in(stranger), orders).status_code == 422
    assert signed_in(make_person("sam", Role.STAFF)).post(TICKED, {"order": ids(orders)}).status_code == 403


def test_programs_approve_several_too(firm, mia):
    client, (small, large) = signed_in(mia), waiting(firm, 100, 2000)
    url = reverse("api:purchase-order-approve-many")

    def post(key, **body):
        return client.post(url, body, "application/json", headers={"Idempotency-Key": key})

    refused = post("a", ids=[small.pk, large.pk])
    assert refused.status_code == 409
    assert [row["order"] for row in refused.json()["errors"]] == [large.pk]
    done = post("b", ids=[small.pk], seen={str(small.pk): "100.00"})
    assert [row["state"] for row in done.json()] == ["approved"]
    assert post("c", ids=[10**9]).status_code == 404
    assert post("d", ids=[small.pk], seen={"x": "1"}).status_code == 400
