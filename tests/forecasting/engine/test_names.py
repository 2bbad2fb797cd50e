"""Items and locations are read from the names of series."""

import pytest

from forecasting.engine.names import Kinship, kinship

ITEMS = [f"FOODS_{department}_{number:03}" for department in (1, 2) for number in range(5)]
STORES = ("CA_1", "CA_2", "TX_1")


def test_items_and_stores_of_a_cross_product():
    names = [f"{item}_{store}" for item in ITEMS for store in STORES]
    found = kinship(names)
    assert found.item.tolist() == [i for i in range(10) for _ in STORES]
    assert found.location.tolist() == [0, 1, 2] * 10
    assert found.category.tolist() == [0] * 15 + [1] * 15


@pytest.mark.parametrize("separator", ["-", "/", " | ", ":"])
def test_whichever_side_the_item_stands_on(separator):
    names = [f"s{store}{separator}p{item}" for store in range(3) for item in range(6)]
    found = kinship(names)
    assert found.item.max() == 5 and found.location.max() == 2 and found.category is None


@pytest.mark.parametrize("names", [[], ["a"], ["a", "b", "c"], ["a-1", "b-2", "c-3"], ["a-1", "b", "c-1"]])
def test_names_that_say_nothing(names):
    assert kinship(names) == Kinship()
