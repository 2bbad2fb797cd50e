"""Drafts that are written anew, and what of a transfer did not arrive as it was sent."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import AuditEvent
from inventory.errors import KeyAlreadyUsed
from inventory.models import TransferDifference, TransferLine
from inventory.services.sales import GoodsLine
from inventory.services.transfers import (
    Arrival,
    Difference,
    create_transfer,
    edit_transfer,
    receive_transfer,
    ship_transfer,
)


@pytest.fixture
def draft(firm, stock, tools):
    """Six apples and two kilograms of rice from the depot, which holds ten of each, to the shop."""
    stock(firm.apple, firm.depot, 10)
    stock(firm.rice, firm.depot, 10)
    lines = [GoodsLine(firm.apple.pk, Decimal(6)), GoodsLine(firm.rice.pk, Decimal(2))]
    return create_transfer(source=firm.depot, destination=firm.shop, lines=lines, user=None, now=tools.NOW)


@pytest.fixture
def arrive(draft, tools):
    """Ships the draft; arrive(received=...) takes in a part."""
    ship_transfer(transfer_id=draft.pk, user=None, now=tools.NOW)

    def run(**arguments):
        arguments.setdefault("key", None)
        return receive_transfer(transfer_id=draft.pk, user=None, now=tools.NOW, **arguments)

    return run


def apples(firm, tools):
    return [int(tools.level_of(firm.apple, place)) for place in (firm.depot, firm.in_transit, firm.shop)]


def line_of(firm):
    return TransferLine.objects.get(sku=firm.apple)


def test_a_draft_is_written_anew(firm, draft, tools):
    lines = [GoodsLine(firm.bread.pk, Decimal(3))]
    edit_transfer(
        transfer_id=draft.pk, source=firm.depot, destination=firm.other, lines=lines, user=None, now=tools.NOW,
        expected_on=date(2026, 3, 12),
    )  # fmt: skip
    draft.refresh_from_db()
    assert (draft.destination, draft.expected_on) == (firm.other, date(2026, 3, 12))
    assert list(draft.lines.values_list("sku__code", "quantity")) == [("bread", 3)]
    acts = AuditEvent.objects.filter(object_type="transfer").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["transfer.created", "transfer.edited"]


@pytest.mark.parametrize("case", ["shipped", "nowhere", "empty"])
def test_what_was_shipped_or_makes_no_sense_is_not_written(firm, draft, tools, case):
    if case == "shipped":
        ship_transfer(transfer_id=draft.pk, user=None, now=tools.NOW)
    destination = firm.depot if case == "nowhere" else firm.other
    lines = [] if case == "empty" else [GoodsLine(firm.bread.pk, Decimal(3))]
    with pytest.raises(IllegalStateChange if case == "shipped" else InvalidInput):
        edit_transfer(
            transfer_id=draft.pk, source=firm.depot, destination=destination, lines=lines, user=None, now=tools.NOW
        )
    assert draft.lines.count() == 2


def test_what_broke_on_the_way_is_taken_off_and_the_rest_still_expected(firm, arrive, tools):
    broken = Difference(firm.apple.pk, Decimal(1), "damage", note="box fell")
    transfer = arrive(received=[Arrival(firm.apple.pk, Decimal(3))], differences=[broken])
    assert (transfer.state, line_of(firm).missing, line_of(firm).open_quantity) == ("shipped", 1, 2)
    assert apples(firm, tools) == [4, 2, 3]
    row = TransferDifference.objects.get()
    assert (row.reason.code, row.quantity, row.is_surplus, row.note) == ("damage", 1, False, "box fell")
    assert arrive().state == "received"
    assert apples(firm, tools) == [4, 0, 5]


def test_what_came_in_addition_is_found(firm, arrive, tools):
    found = Difference(firm.apple.pk, Decimal(2), "found", is_surplus=True)
    assert arrive(differences=[found]).state == "received"
    assert apples(firm, tools) == [4, 0, 8]
    assert tools.ledger_sum(firm.apple, firm.loss) == -2
    assert line_of(firm).received == 6


@pytest.mark.parametrize("is_final", [True, False])
def test_what_is_gone_was_not_found(firm, arrive, is_final):
    one = [Arrival(firm.apple.pk, Decimal(1))]
    gone = {"is_final": True, "reason_code": "found"} if is_final else {
        "differences": [Difference(firm.apple.pk, Decimal(1), "found")]
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="“Found” does not say why units are gone"):
        arrive(received=one, **gone)
    assert not TransferDifference.objects.exists()


def test_what_is_missing_at_the_end_is_noted_line_by_line(firm, arrive, tools):
    arrive(received=[Arrival(firm.apple.pk, Decimal(5))], is_final=True, reason_code="theft")
    noted = TransferDifference.objects.order_by("line").values_list("line__sku__code", "quantity", "reason__code")
    assert list(noted) == [("apple", 1, "theft"), ("rice", 2, "theft")]
    assert (line_of(firm).missing, apples(firm, tools)) == (1, [4, 0, 5])


def test_a_repeat_notes_nothing_twice(firm, arrive):
    broken = Difference(firm.apple.pk, Decimal(1), "damage")
    for _attempt in range(2):
        arrive(received=[Arrival(firm.apple.pk, Decimal(1))], differences=[broken], key="dock-1")
    assert (TransferDifference.objects.count(), line_of(firm).open_quantity) == (1, 4)


def test_the_key_of_other_differences_is_refused(firm, arrive):
    came = [Arrival(firm.apple.pk, Decimal(1))]
    arrive(received=came, differences=[Difference(firm.apple.pk, Decimal(1), "damage")], key="dock-1")
    for quantity, is_surplus in ((2, False), (1, True)):
        other = Difference(firm.apple.pk, Decimal(quantity), "damage", is_surplus=is_surplus)
        with pytest.raises(KeyAlreadyUsed):
            arrive(received=came, differences=[other], key="dock-1")
    assert TransferDifference.objects.count() == 1


@pytest.mark.parametrize(("quantity", "reason"), [(7, "damage"), (1, "gremlins"), (0, "damage"), ("0.5", "damage")])
def test_differences_that_make_no_sense_change_nothing(firm, arrive, tools, quantity, reason):
    wrong = Difference(firm.apple.pk, Decimal(quantity), reason)
    with pytest.raises(InvalidInput):
        arrive(received=[Arrival(firm.apple.pk, Decimal(0))], differences=[wrong])
    assert (apples(firm, tools), TransferDifference.objects.count()) == ([4, 6, 0], 0)


def test_a_stranger_is_no_difference(firm, arrive):
    with pytest.raises(InvalidInput, match="does not carry"):
        arrive(differences=[Difference(firm.bread.pk, Decimal(1), "damage")])
