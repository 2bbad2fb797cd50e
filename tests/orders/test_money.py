"""What was reckoned in floats becomes money to the cent, whatever noise the arithmetic left behind."""

from decimal import Decimal

import numpy as np
import pytest

from orders.domain.money import to_money, worth


@pytest.mark.parametrize(
    ("amount", "money"),
    [(0.1 + 0.2, "0.30"), (2.345, "2.34"), (2.355, "2.36"), (0.005 + 1e-9, "0.00"), (-1.239, "-1.24")],
)
def test_a_float_is_money_to_the_cent_and_half_a_cent_goes_to_the_even_one(amount, money):
    assert str(to_money(amount)) == money


def test_noise_of_floats_does_not_decide_which_way_half_a_cent_goes():
    units = 0.1 + 0.2
    assert units > 0.3
    assert worth(units, Decimal("0.15")) == Decimal("0.04")


def test_the_floats_of_arrays_are_taken_too():
    assert to_money(np.float64(12.5)) == worth(np.float64(2.5), Decimal(5)) == Decimal("12.50")
