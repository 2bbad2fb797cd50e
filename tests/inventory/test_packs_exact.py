"""Boxes in and pieces out leave exactly nothing, whatever the size of the box."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.movements import quantity_fault
from inventory.domain.packs import PackSize, break_down, units_of

counts = st.integers(1, 10**6)
# Any size that can be written: 12, 0.5, 0.333, 480.
sizes = st.integers(1, 10**7).map(lambda thousandths: Decimal(thousandths) / 1000)


@given(counts, sizes)
def test_boxes_in_and_the_same_in_units_out_leave_exactly_zero(count, size):
    level = Decimal(0)
    for _box in range(3):
        level += units_of(Decimal(count), size)
    assert level - units_of(Decimal(3 * count), size) == 0


@given(counts, st.integers(1, 5000))
def test_boxes_in_and_single_pieces_out_leave_exactly_zero(count, size):
    assert units_of(Decimal(count), Decimal(size)) - Decimal(count * size) * units_of(Decimal(1), Decimal(1)) == 0


@given(sizes, sizes)
def test_no_digit_of_a_product_is_lost(count, size):
    exact = int(count * 1000) * int(size * 1000)
    assert units_of(count, size) * 10**6 == exact


@given(sizes, st.lists(sizes, max_size=5))
def test_breaking_down_adds_up_again(quantity, packs):
    pieces, rest = break_down(quantity, [PackSize(str(size), size) for size in packs])
    assert sum((units_of(piece.count, piece.pack.quantity) for piece in pieces), rest) == quantity
    assert all(piece.count >= 1 and piece.count == int(piece.count) for piece in pieces)
    assert rest >= 0


def test_the_largest_pack_goes_first():
    packs = [PackSize("case", Decimal(12)), PackSize("pallet", Decimal(480)), PackSize("piece", Decimal(1))]
    pieces, rest = break_down(Decimal(500), packs)
    assert [(piece.count, piece.pack.name) for piece in pieces] == [(1, "pallet"), (1, "case")]
    assert rest == 8


def test_nothing_is_in_packs_at_zero_or_below():
    assert break_down(Decimal(-24), [PackSize("case", Decimal(12))]) == ([], Decimal(-24))


def test_what_the_unit_does_not_allow_is_seen_after_the_multiplication():
    assert quantity_fault(units_of(Decimal("1.5"), Decimal(5)), "each") == "not_whole"
    assert quantity_fault(units_of(Decimal("1.5"), Decimal(4)), "each") is None
    assert quantity_fault(units_of(Decimal("0.001"), Decimal("0.5")), "kg") == "too_fine"
