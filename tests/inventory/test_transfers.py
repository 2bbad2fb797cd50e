"""Transfers: shipped into transit, received in parts, what is missing is lost with a reason."""

from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.domain.movements import ZERO
from inventory.errors import KeyAlreadyUsed, OutOfStock
from inventory.services.sales import GoodsLine, sell
from inventory.services.transfers import Arrival, cancel_transfer, create_transfer, receive_transfer, ship_transfer


@pytest.fixture
def transfer(firm, stock, tools):
    """Six apples and two breads, from the depot (which holds ten of each) to the shop."""
    stock(firm.apple, firm.depot, 10)
    stock(firm.bread, firm.depot, 10)
    lines = [GoodsLine(firm.apple.pk, Decimal(6)), GoodsLine(firm.bread.pk, Decimal(2))]
    return create_transfer(source=firm.depot, destination=firm.shop, lines=lines, user=None, now=tools.NOW)


@pytest.fixture
def act(transfer, tools):
    def run(service, **arguments):
        if service is receive_transfer:
            arguments.setdefault("key", None)
        return service(transfer_id=transfer.pk, user=None, now=tools.NOW, **arguments)

    return run


def where(firm, tools):
    return [int(tools.level_of(firm.apple, place)) for place in (firm.depot, firm.in_transit, firm.shop)]


def test_a_draft_has_a_number_and_moves_nothing(firm, transfer, tools):
    assert transfer.number.startswith("TR-2026-")
    assert where(firm, tools) == [10, 0, 0]


def test_goods_go_by_way_of_in_transit(firm, act, tools):
    assert act(ship_transfer).state == "shipped"
    assert where(firm, tools) == [4, 6, 0]
    assert act(receive_transfer).state == "received"
    assert where(firm, tools) == [4, 0, 6]


def test_parts_arrive_one_after_the_other(firm, act, tools):
    act(ship_transfer)
    assert act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(4))]).state == "shipped"
    assert where(firm, tools) == [4, 2, 4]
    assert act(receive_transfer).state == "received"
    assert where(firm, tools) == [4, 0, 6]


def test_what_never_came_is_lost_with_a_reason(firm, act, tools):
    act(ship_transfer)
    with pytest.raises(InvalidInput, match="Give a reason"):
        act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(5))], is_final=True)
    received = act(
        receive_transfer, received=[Arrival(firm.apple.pk, Decimal(5))], is_final=True, reason_code="theft", key="final"
    )
    assert received.state == "received"
    assert where(firm, tools) == [4, 0, 5]
    assert tools.ledger_sum(firm.apple, firm.loss) == 1
    assert tools.ledger_sum(firm.bread, firm.loss) == 2


def test_a_repeat_with_the_same_key_changes_nothing(firm, act, tools):
    act(ship_transfer)
    for _attempt in range(2):
        act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(2))], key="dock-1")
    assert where(firm, tools) == [4, 4, 2]


def test_the_key_of_another_arrival_is_refused_and_nothing_comes(firm, act, tools):
    act(ship_transfer)
    act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(2)), Arrival(firm.bread.pk, ZERO)], key="dock-1")
    act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(1))] * 2, key="dock-1")
    with pytest.raises(KeyAlreadyUsed, match="See what is open"):
        act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(3))], key="dock-1")
    assert where(firm, tools) == [4, 4, 2]


def test_the_key_of_another_act_is_refused(firm, act, stock, tools):
    act(ship_transfer)
    stock(firm.bread, firm.shop, 1)
    lines = [GoodsLine(firm.bread.pk, Decimal(1))]
    sell(location=firm.shop, lines=lines, key="till-1", user=None, now=tools.NOW)
    with pytest.raises(KeyAlreadyUsed):
        act(receive_transfer, key="till-1")
    assert where(firm, tools) == [4, 6, 0]


@pytest.mark.parametrize("quantity", [7, -1, "NaN"])
def test_more_than_was_sent_cannot_arrive(firm, act, tools, quantity):
    act(ship_transfer)
    with pytest.raises(InvalidInput, match=r"at most 6|above zero|must be a number"):
        act(receive_transfer, received=[Arrival(firm.apple.pk, Decimal(quantity))])
    assert where(firm, tools) == [4, 6, 0]


def test_a_stranger_cannot_arrive(firm, act):
    act(ship_transfer)
    with pytest.raises(InvalidInput, match="does not carry"):
        act(receive_transfer, received=[Arrival(firm.rice.pk, Decimal(1))])


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ([], receive_transfer),
        ([ship_transfer], ship_transfer),
        ([ship_transfer], cancel_transfer),
        ([cancel_transfer], ship_transfer),
        ([ship_transfer, receive_transfer], receive_transfer),
    ],
)
def test_states_are_kept(act, before, then):
    for service in before:
        act(service)
    with pytest.raises(IllegalStateChange, match="TR-2026"):
        act(then)


def test_what_is_not_there_cannot_be_shipped(firm, act, tools, stock):
    act(cancel_transfer)
    lines = [GoodsLine(firm.apple.pk, Decimal(11))]
    big = create_transfer(source=firm.depot, destination=firm.shop, lines=lines, user=None, now=tools.NOW)
    with pytest.raises(OutOfStock):
        ship_transfer(transfer_id=big.pk, user=None, now=tools.NOW)
    big.refresh_from_db()
    assert big.state == "draft"


@pytest.mark.parametrize("case", ["nowhere", "virtual", "empty", "twice", "half"])
def test_drafts_that_make_no_sense_are_refused(firm, tools, case):
    apple, half = GoodsLine(firm.apple.pk, Decimal(1)), GoodsLine(firm.apple.pk, Decimal("0.5"))
    lines = {"empty": [], "twice": [apple, apple], "half": [half]}.get(case, [apple])
    destination = {"nowhere": firm.depot, "virtual": firm.customer}.get(case, firm.shop)
    with pytest.raises(InvalidInput):
        create_transfer(source=firm.depot, destination=destination, lines=lines, user=None, now=tools.NOW)
