"""Why this number where shelf, spoiling or the last day lowers the levels: nothing is called safety that is none."""

import pytest
from django.utils import translation

from orders.domain.reasons import Line
from orders.views.reason_rows import rows_of


def words(point, safety, *more):
    levels = [Line("reorder_point", point, "units", "forecast"), Line("safety_stock", safety, "units", "sum")]
    return {row.label: row.figure for row in rows_of([*levels, *more], "USD")}


ROOM = Line("capacity", 5, "units", "rule")
LAST_DAY = Line("phase_out", 3, "days", "rule")


def test_what_certainty_adds_to_the_demand_is_safety():
    assert words(10, 4) == {
        "Reorder point: demand that is not exceeded with that certainty": "10", "of which safety stock": "4",
    }  # fmt: skip


@pytest.mark.parametrize("bound", [ROOM, LAST_DAY])
def test_a_point_below_the_demand_says_by_how_much(bound):
    rows = words(5, "-12.345", bound)
    assert rows["Reorder point: demand that is not exceeded with that certainty, within the bounds below"] == "5"
    assert rows["which is less than that demand, by"] == "12.3"
    assert "of which safety stock" not in rows


def test_a_bound_that_leaves_some_safety_leaves_its_word():
    assert words(10, "0.04", ROOM)["of which safety stock"] == "0"


def test_it_is_said_in_chinese_too():
    with translation.override("zh-hans"):
        assert words(5, "-12.345", ROOM)["低于上述需求"] == "12.3"
