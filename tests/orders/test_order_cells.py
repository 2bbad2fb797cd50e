"""Every cell of (state, act, role, amount band, maker?): what the API lets happen, and nothing else."""

from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.models import Role, User
from accounts.roles import APPROVE_ORDERS, DECIDE_PROPOSALS, RECEIVE_ORDERS, is_permitted
from orders.domain.approval import Limit, release_fault
from orders.domain.order_states import is_possible
from orders.models import OrderState, PurchaseOrder
from tests.orders.conftest import NOW, TODAY, add_stock, make_person, set_limits

pytestmark = pytest.mark.django_db
EXPECTED = ("approved", "sent", "confirmed", "partly_received")
# Act -> from which states, by which roles (S staff, M manager, P purchaser, A administrator), and its body.
ACTS = {
    "approve": (("awaiting_approval",), "MPA", None),
    "refuse": (("awaiting_approval",), "MPA", {"note": "too dear"}),
    "cancel": (("draft", "awaiting_approval", "approved", "sent", "confirmed"), "PA", None),
    "close": (("partly_received",), "PA", None),
    "mark-sent": (("approved",), "PA", None),
    "receive": (EXPECTED, "SMPA", {}),
    "return": (("partly_received", "received", "closed"), "SMPA", {"reason": "broken"}),
    "revise": (EXPECTED, "PA", {"lines": [{"line": 0, "quantity": "12"}]}),
}
PERMISSIONS = dict.fromkeys(ACTS, DECIDE_PROPOSALS) | {
    "approve": APPROVE_ORDERS,
    "refuse": APPROVE_ORDERS,
    "receive": RECEIVE_ORDERS,
    "return": RECEIVE_ORDERS,
}
# A repeat is answered like the first time.
REPEATS = {"cancel": "cancelled", "close": "closed", "mark-sent": "sent"}
ROLES = {"S": Role.STAFF, "M": Role.MANAGER, "P": Role.PURCHASER, "A": Role.ADMINISTRATOR}
# Amount -> who may be the second person for so much.
BANDS = {100: "MPA", 101: "MA", 1001: "A"}


def expected(state, act, role, band, is_maker):
    states, roles, _body = ACTS[act]
    if role not in roles:
        return 403
    if state not in states:
        return 200 if REPEATS.get(act) == state else 409
    if act == "approve" and (is_maker or role not in BANDS[band]):
        return 403
    return 200


def make_order(firm, state, band, maker, boss):
    is_void = state == OrderState.CANCELLED
    approver = None if state in ("draft", "awaiting_approval") else boss
    order = PurchaseOrder.objects.create(
        number=f"PO-{state}", supplier=firm.acme, location=firm.shop, state=state, currency="EUR", total=band,
        home_total=band, counted_total=band, needs_second=True, created_by=maker, submitted_at=NOW,
        approved_by=approver, ordered_on=TODAY, expected_on=TODAY, created_at=NOW,
        cancelled_at=NOW if is_void else None,
    )  # fmt: skip
    came = {"partly_received": 6, "received": 18, "closed": 6}.get(state, 0)
    order.lines.create(sku=firm.tea, quantity=18, received=came, unit_price=1, is_closed=state == "closed")
    return order


def attempt(order, act, person):
    client = APIClient()
    client.force_authenticate(person)
    body = ACTS[act][2]
    if act in ("revise", "return"):
        quantity = "12" if act == "revise" else "1"
        body = {**body, "lines": [{"line": order.lines.get().pk, "quantity": quantity}]}
    with transaction.atomic():
        answer = client.post(
            f"/api/v1/purchase-orders/{order.pk}/{act}/", body, format="json", headers={"Idempotency-Key": "k"}
        )
        transaction.set_rollback(True)
    return answer.status_code


def cells(state):
    """(act, band, role, maker?): the amount and the maker are asked for where they can count, everywhere else once."""
    for act, letter in product(ACTS, ROLES):
        counts = act == "approve" and state == OrderState.AWAITING_APPROVAL
        for band, is_maker in product(BANDS if counts else (100,), (False, True) if counts else (letter == "P",)):
            yield act, band, letter, is_maker


@pytest.mark.parametrize("state", OrderState.values)
def test_what_the_api_lets_happen(firm, state):
    set_limits(50, 100)
    set_limits(50, 1000, role=Role.MANAGER)
    add_stock(firm.tea, firm.shop, 10)
    boss, maker = make_person("boss", Role.ADMINISTRATOR), make_person("maker")
    people = {letter: make_person(f"a-{letter}", role) for letter, role in ROLES.items()}
    wrong = []
    for act, band, letter, is_maker in cells(state):
        with transaction.atomic():
            order = make_order(firm, state, band, people[letter] if is_maker else maker, boss)
            got, wanted = attempt(order, act, people[letter]), expected(state, act, letter, band, is_maker)
            transaction.set_rollback(True)
        if got != wanted:
            wrong.append((act, letter, band, is_maker, got, wanted))
    assert wrong == []


def ruled(state, act, letter, band, is_maker):
    """The same by the pure rules that pages, API and services ask."""
    if not is_permitted(User(role=ROLES[letter]), PERMISSIONS[act]):
        return 403
    if not is_possible({"return": "give_back"}.get(act, act.replace("-", "_")), state):
        return 200 if REPEATS.get(act) == state else 409
    limit = Limit(Decimal(50), {"P": Decimal(100), "M": Decimal(1000)}.get(letter))
    fault = release_fault(Decimal(band), limit, has_made=is_maker, has_changed=False)
    return 403 if act == "approve" and fault else 200


def test_every_cell_of_the_rules():
    every = product(OrderState.values, ACTS, ROLES, BANDS, (False, True))
    assert [cell for cell in every if ruled(*cell) != expected(*cell)] == []
