"""Handing over what is reserved: whole or in part, as a sale or a transfer, never more than is reserved."""

from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.errors import KeyAlreadyUsed
from inventory.models import Movement, Reservation, ReservationEvent, StockLevel, Transfer
from inventory.services.issuing import IssueLine, issue_reservation, issue_reservations
from inventory.services.reservations import release_reservation
from inventory.services.sales import GoodsLine, sell
from tests.inventory.holding import hold, reserved_of, state_of


@pytest.fixture
def held(firm, stock, tools):
    """Six of the ten apples of the shop, for order 7."""
    stock(firm.apple, firm.shop, 10)
    return hold(firm.shop, (firm.apple, 6), now=tools.NOW, reference="order 7")[0]


def issue(held, tools, quantity=None, **given):
    amount = None if quantity is None else Decimal(str(quantity))
    given = {"key": None, "user": None, "now": tools.NOW, **given}
    return issue_reservation(reservation_id=held.pk, quantity=amount, **given)


def test_all_of_it_leaves_as_a_sale(held, firm, tools):
    issued = issue(held, tools)
    assert state_of(held) == "issued"
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (4, 0)
    (sale,) = Movement.objects.filter(kind="sale")
    assert (sale.quantity, sale.unit_price, sale.posting_id) == (6, Decimal("2.50"), issued.posting.pk)
    assert (issued.posting.source_type, issued.posting.source_id, issued.posting.note) == (
        "reservation", held.pk, "order 7",
    )  # fmt: skip
    kinds = list(ReservationEvent.objects.order_by("pk").values_list("kind", "change", "posting"))
    assert kinds == [("reserved", 6, None), ("issued", -6, issued.posting.pk)]


def test_a_part_leaves_and_the_rest_stays_reserved(held, firm, tools):
    issue(held, tools, 2)
    row = Reservation.objects.get()
    assert (row.state, row.issued) == ("pending", 2)
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (8, 4)
    issue(held, tools, 4)
    assert state_of(held) == "issued"
    assert reserved_of(firm.apple, firm.shop) == 0


def test_what_was_handed_over_stays_so_when_the_rest_is_released(held, firm, tools):
    issue(held, tools, 2)
    release_reservation(reservation_id=held.pk, user=None, now=tools.NOW)
    row = Reservation.objects.get()
    assert (row.state, row.issued) == ("released", 2)
    assert reserved_of(firm.apple, firm.shop) == 0


@pytest.mark.parametrize("quantity", ["7", "0", "-1", "0.5"])
def test_more_than_is_reserved_or_no_quantity_is_refused(held, firm, tools, quantity):
    with pytest.raises(InvalidInput, match="of apple cannot be handed over: 6 are reserved"):
        issue(held, tools, quantity)
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (10, 6)


def test_a_closed_one_is_not_handed_over(held, firm, tools):
    release_reservation(reservation_id=held.pk, user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match="Released"):
        issue(held, tools)
    assert tools.level_of(firm.apple, firm.shop) == 10


def test_a_repeat_of_the_key_hands_over_once(held, firm, tools):
    first, again = (issue(held, tools, key="till/1") for _time in range(2))
    assert first.posting.pk == again.posting.pk
    assert tools.level_of(firm.apple, firm.shop) == 4


def test_several_at_once_are_repeated_by_one_of_them(held, firm, tools):
    (other,) = hold(firm.shop, (firm.apple, 2), now=tools.NOW)
    lines = [IssueLine(held.pk), IssueLine(other.pk)]
    first = issue_reservations(lines=lines, key="till/1", user=None, now=tools.NOW)
    # The page asks for all that is still open, which is less by then.
    assert issue(held, tools, 6, key="till/1").posting.pk == first.posting.pk
    assert tools.level_of(firm.apple, firm.shop) == 2


def test_the_key_of_another_quantity_is_refused_and_nothing_leaves(held, firm, tools):
    issue(held, tools, 2, key="till/1")
    with pytest.raises(KeyAlreadyUsed, match="See what is left"):
        issue(held, tools, 3, key="till/1")
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (8, 4)


def test_the_key_of_another_act_is_refused(held, firm, tools):
    (other,) = hold(firm.shop, (firm.apple, 2), now=tools.NOW)
    issue(held, tools, 2, key="till/1")
    sell(location=firm.shop, lines=[GoodsLine(firm.apple.pk, Decimal(2))], key="till/2", user=None, now=tools.NOW)
    for row, key in ((other, "till/1"), (held, "till/2")):
        with pytest.raises(KeyAlreadyUsed):
            issue(row, tools, 2, key=key)
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (6, 6)


def test_it_is_handed_over_although_nothing_else_is_left(held, firm, tools):
    here = {"location": firm.shop, "key": None, "user": None, "now": tools.NOW}
    sell(**here, lines=[GoodsLine(firm.apple.pk, Decimal(4))])
    issue(held, tools)
    assert tools.level_of(firm.apple, firm.shop) == 0


def test_it_may_leave_for_another_place(held, firm, tools):
    issued = issue(held, tools, 2, destination=firm.other)
    assert issued.transfer.state == "shipped"
    assert Transfer.objects.get().lines.get().quantity == 2
    assert tools.level_of(firm.apple, firm.in_transit) == 2
    assert (tools.level_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.shop)) == (8, 4)


def test_several_leave_in_one_posting_or_none(held, firm, stock, tools):
    stock(firm.bread, firm.shop, 3)
    (bread,) = hold(firm.shop, (firm.bread, 3), now=tools.NOW)
    lines = [IssueLine(held.pk), IssueLine(bread.pk, Decimal(4))]
    given = {"key": None, "user": None, "now": tools.NOW}
    with pytest.raises(InvalidInput, match="Line 2"):
        issue_reservations(lines=lines, **given)
    assert not StockLevel.objects.filter(sku=firm.apple, reserved=0, location=firm.shop).exists()
    issued = issue_reservations(lines=[IssueLine(held.pk), IssueLine(bread.pk)], **given)
    assert issued.posting.movements.count() == 2


def test_two_places_at_once_are_refused(held, firm, stock, tools):
    stock(firm.apple, firm.other, 1)
    (there,) = hold(firm.other, (firm.apple, 1), now=tools.NOW)
    with pytest.raises(InvalidInput, match="one place"):
        issue_reservations(lines=[IssueLine(held.pk), IssueLine(there.pk)], key=None, user=None, now=tools.NOW)
