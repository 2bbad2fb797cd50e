"""Counts from a file set levels to what was found, with what was sold since reckoned in."""

import pytest

from accounts.models import User
from inventory.models import Location, Movement, StockLevel

HEAD = "sku,location,quantity,counted_at\n"


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\nSIDE,Side,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nA,Apple,each\nB,Bread,each\n")
    head = "date,kind,sku,location,quantity\n"
    take_in("movements", head + "2026-02-01,receipt,A,MAIN,10\n2026-03-09 10:00,sale,A,MAIN,2\n")
    return Location.objects.get(code="MAIN")


def level(sku="A"):
    return StockLevel.objects.filter(sku__code=sku).values_list("on_hand", flat=True).first()


def test_a_count_of_now_sets_the_level(take_in, shop):
    assert take_in("counts", HEAD + "A,MAIN,7,\nB,MAIN,3,\n").changed_count == 2
    assert (level("A"), level("B")) == (7, 3)


@pytest.mark.parametrize(("moment", "expected"), [("2026-03-08", 7), ("2026-03-09 09:00", 7), ("2026-03-09 11:00", 9)])
def test_sales_after_the_count_are_reckoned_with(take_in, shop, moment, expected):
    take_in("counts", HEAD + f"A,MAIN,9,{moment}\n")
    assert level("A") == expected


def test_the_same_file_again_changes_nothing_even_after_sales(take_in, shop):
    take_in("counts", HEAD + "A,MAIN,7,\n")
    take_in("movements", "date,kind,sku,location,quantity\n2026-03-10 13:00,sale,A,MAIN,1\n")
    assert take_in("counts", HEAD + "A,MAIN,7,\n").changed_count == 0
    assert level("A") == 6


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("A,MAIN,-1,\n", [(2, "quantity", "number_too_small")]),
        ("A,MAIN,1.5,\n", [(2, "quantity", "not_whole_units")]),
        ("A,MAIN,1,\nA,MAIN,2,\n", [(3, "sku", "doubled_row")]),
        ("A,MAIN,1,2026-03-11\n", [(2, "counted_at", "moment_in_future")]),
        ("A,NOWHERE,1,\n", [(2, "location", "unknown_location")]),
    ],
)
def test_faults_are_named_and_nothing_is_written(refusals, shop, rows, found):
    before = Movement.objects.count()
    assert refusals("counts", HEAD + rows) == found
    assert Movement.objects.count() == before


def test_staff_count_in_their_own_store_only(take_in, refusals, shop):
    staff = User.objects.create_user("s", role="staff")
    staff.location_access.create(location=shop)
    assert refusals("counts", HEAD + "A,SIDE,1,\n", staff) == [(2, "location", "unknown_location")]
    assert take_in("counts", HEAD + "A,MAIN,5,\n", staff).changed_count == 1
    assert Movement.objects.filter(kind="count").get().posting.posted_by == staff


def test_an_export_of_levels_can_be_brought_back_as_a_count(take_in, shop):
    text = "sku,name,location,unit,on_hand,reserved,available\nA,Apple,MAIN,each,8,0,8\n"
    assert take_in("counts", text).changed_count == 0
    assert level("A") == 8
