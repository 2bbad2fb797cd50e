"""Movements from a file: kinds, moments, references, scope; whole or not at all, and once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from imports.models import FileImport
from inventory.models import (
    ClosedDay,
    DemandBlock,
    Listing,
    Location,
    Movement,
    Posting,
    Sku,
    StockLevel,
    StockoutEvent,
)
from inventory.selectors.demand import load_demand
from inventory.selectors.prices import load_prices
from inventory.services.demand import close_days
from inventory.services.prices import write_prices
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer, receive_transfer, ship_transfer
from tests.imports.conftest import NOW

HEAD = "date,kind,sku,location,counterpart,quantity,unit_price,reason,reference\n"


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\nSIDE,Side,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nA,Apple,each\nR,Rice,kg\n")
    return Location.objects.get(code="MAIN")


def level(code, sku="A"):
    return StockLevel.objects.get(sku__code=sku, location__code=code).on_hand


ALL_KINDS = (
    "2026-02-01,opening,A,MAIN,,10,,,\n"
    "2026-02-02,receipt,A,MAIN,,5,1.20,,GRN-1\n"
    "2026-02-03,sale,A,MAIN,,4,2.50,,T-1\n"
    "2026-02-03,return,A,MAIN,,1,2.50,,T-2\n"
    "2026-02-04,transfer,A,MAIN,SIDE,3,,,\n"
    "2026-02-05,adjustment,A,MAIN,,-2,,damage,\n"
    "2026-02-06,adjustment,A,MAIN,,1,,found,\n"
    "2026-02-07,count,A,MAIN,,-1,,,\n"
)


def test_every_kind_goes_its_way(take_in, shop):
    report = take_in("movements", HEAD + ALL_KINDS)
    assert (report.row_count, report.changed_count) == (8, 8)
    rows = Movement.objects.order_by("id").values_list("kind", "source__kind", "destination__kind", "quantity")
    assert list(rows) == [
        ("opening", "supplier", "store", 10),
        ("receipt", "supplier", "store", 5),
        ("sale", "store", "customer", 4),
        ("return", "customer", "store", 1),
        ("transfer", "store", "store", 3),
        ("adjustment", "store", "loss", 2),
        ("adjustment", "loss", "store", 1),
        ("count", "store", "loss", 1),
    ]
    assert (level("MAIN"), level("SIDE")) == (7, 3)
    assert list(Movement.objects.exclude(reason=None).values_list("reason__code", flat=True)) == ["damage", "found"]
    assert Posting.objects.values_list("source_type", "source_id").distinct().get() == (
        "import",
        FileImport.objects.get(kind="movements").pk,
    )


@pytest.mark.parametrize(
    ("written", "instant", "day"),
    [
        ("2026-02-01 23:30", datetime(2026, 2, 1, 15, 30, tzinfo=UTC), date(2026, 2, 1)),
        ("2026-02-01T23:30:15+01:00", datetime(2026, 2, 1, 22, 30, 15, tzinfo=UTC), date(2026, 2, 2)),
        ("2026-02-01T18:00:00.5Z", datetime(2026, 2, 1, 18, 0, 0, 500_000, tzinfo=UTC), date(2026, 2, 2)),
        ("2026/2/1", datetime(2026, 2, 1, 4, tzinfo=UTC), date(2026, 2, 1)),
        ("2026-03-10", datetime(2026, 3, 10, 4, tzinfo=UTC), date(2026, 3, 10)),
    ],
)
def test_moments_are_those_of_the_wall_of_the_place(take_in, shop, written, instant, day):
    take_in("movements", HEAD + f"{written},receipt,A,MAIN,,5,,,\n")
    moved = Movement.objects.get()
    assert (moved.occurred_at, moved.business_date) == (instant, day)


def test_today_without_a_time_is_now_before_noon(take_in, shop):
    Location.objects.filter(code="MAIN").update(time_zone="America/New_York")
    take_in("movements", HEAD + "2026-03-10,receipt,A,MAIN,,5,,,\n")
    assert Movement.objects.get().occurred_at == NOW


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2026-02-01,receipt,NO,MAIN,,5,,,", "sku", "unknown_sku"),
        ("2026-02-01,receipt,A,NOWHERE,,5,,,", "location", "unknown_location"),
        ("2026-02-01,receipt,A,CUSTOMERS,,5,,,", "location", "unknown_location"),
        ("2026-02-01,transfer,A,MAIN,NOWHERE,5,,,", "counterpart", "unknown_location"),
        ("2026-02-01,transfer,A,MAIN,CUSTOMERS,5,,,", "counterpart", "unknown_location"),
        ("2026-02-01,transfer,A,MAIN,MAIN,5,,,", "counterpart", "same_place"),
        ("2026-02-01,transfer,A,MAIN,,5,,,", "counterpart", "empty_cell"),
        ("2026-02-01,sale,A,MAIN,SIDE,5,,,", "counterpart", "counterpart_not_used"),
        ("2026-02-01,gift,A,MAIN,,5,,,", "kind", "not_one_of"),
        ("2026-02-01,reversal,A,MAIN,,5,,,", "kind", "kind_not_importable"),
        ("2026-02-01,receipt,A,MAIN,,0,,,", "quantity", "not_above_zero"),
        ("2026-02-01,receipt,A,MAIN,,-5,,,", "quantity", "not_above_zero"),
        ("2026-02-01,receipt,A,MAIN,,0.5,,,", "quantity", "not_whole_units"),
        ("2026-02-01,receipt,R,MAIN,,0.0005,,,", "quantity", "too_many_decimals"),
        ("2026-02-01,receipt,R,MAIN,,100000000000,,,", "quantity", "quantity_too_large"),
        ("2026-02-01,receipt,A,MAIN,,NaN,,,", "quantity", "not_a_number"),
        ('2026-02-01,receipt,R,MAIN,,"1,234",,,', "quantity", "ambiguous_number"),
        ("2026-02-01,receipt,A,MAIN,,5,-1,,", "unit_price", "number_too_small"),
        ("2026-02-01,adjustment,A,MAIN,,5,,bored,", "reason", "unknown_reason"),
        ("2026-03-11,receipt,A,MAIN,,5,,,", "date", "moment_in_future"),
        ("2026-02-30,receipt,A,MAIN,,5,,,", "date", "not_a_moment"),
        ("01/02/2026,receipt,A,MAIN,,5,,,", "date", "not_a_moment"),
        ("2026-02-01 25:00,receipt,A,MAIN,,5,,,", "date", "not_a_moment"),
        ("2026-02-01,sale,A,MAIN,,6,,,", "quantity", "below_zero"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_written(take_in, refusals, shop, row, column, code):
    good = "2026-01-05,receipt,A,MAIN,,5,,,\n"
    assert refusals("movements", HEAD + good + row + "\n") == [(3, column, code)]
    assert not Movement.objects.exists()
    assert not StockLevel.objects.exclude(on_hand=0).exists()
    assert not Listing.objects.exists()


def test_all_faults_of_a_file_are_told_at_once(refusals, shop):
    rows = "gift,receipt,A,MAIN,,5,,,\n2026-02-01,receipt,NO,NOWHERE,,x,,,\n2026-02-01,sale,A,MAIN,,0,,,\n"
    assert refusals("movements", HEAD + rows) == [
        (2, "date", "not_a_moment"),
        (3, "location", "unknown_location"),
        (3, "quantity", "not_a_number"),
        (3, "sku", "unknown_sku"),
        (4, "quantity", "not_above_zero"),
    ]


def test_the_same_file_again_changes_nothing(take_in, shop):
    take_in("movements", HEAD + ALL_KINDS)
    assert take_in("movements", HEAD + ALL_KINDS).changed_count == 0
    assert Movement.objects.count() == 8


def test_a_reference_is_taken_in_once_whatever_file_it_stands_in(take_in, shop):
    take_in("movements", HEAD + "2026-02-01,receipt,A,MAIN,,5,1.2,,GRN-1\n2026-02-01,receipt,R,MAIN,,1.5,,,GRN-1\n")
    again = "2026-02-01,receipt,R,MAIN,,1.500,,,GRN-1\n2026-02-01,receipt,A,MAIN,,5,1.20,,GRN-1\n"
    report = take_in("movements", HEAD + again + "2026-02-02,receipt,A,MAIN,,2,,,GRN-2\n")
    assert report.changed_count == 1
    assert level("MAIN") == 7


def test_a_reference_that_says_something_else_is_refused(take_in, refusals, shop):
    take_in("movements", HEAD + "2026-02-01,receipt,A,MAIN,,5,,,GRN-1\n")
    rows = "2026-02-02,receipt,A,MAIN,,1,,,GRN-2\n2026-02-01,receipt,A,MAIN,,6,,,GRN-1\n"
    assert refusals("movements", HEAD + rows) == [(3, "reference", "reference_differs")]
    assert level("MAIN") == 5


def test_a_manager_names_only_places_of_their_own(take_in, refusals, shop):
    manager = User.objects.create_user("m", role="manager")
    manager.location_access.create(location=shop)
    rows = "2026-02-01,receipt,A,SIDE,,5,,,\n2026-02-01,transfer,A,MAIN,SIDE,1,,,\n"
    assert refusals("movements", HEAD + rows, manager) == [
        (2, "location", "unknown_location"),
        (3, "counterpart", "unknown_location"),
    ]
    assert take_in("movements", HEAD + "2026-02-01,receipt,A,MAIN,,5,,,\n", manager).changed_count == 1


def test_stockouts_and_listings_follow_from_the_first_movement_on(take_in, shop):
    rows = "2026-02-01 09:00,receipt,A,MAIN,,5,,,\n2026-02-03 10:00,sale,A,MAIN,,5,,,\n"
    take_in("movements", HEAD + rows + "2026-02-04 08:00,receipt,A,MAIN,,1,,,\n")
    assert Listing.objects.get().listed_on == date(2026, 2, 1)
    spells = list(StockoutEvent.objects.order_by("started_at").values_list("started_at", "ended_at"))
    assert spells[-1] == (datetime(2026, 2, 3, 2, tzinfo=UTC), datetime(2026, 2, 4, tzinfo=UTC))


def test_days_that_were_closed_are_told_anew(take_in, shop):
    take_in("movements", HEAD + "2026-01-20,receipt,A,MAIN,,50,,,\n")
    close_days(location_id=shop.pk, through=date(2026, 3, 9), now=NOW)
    take_in("movements", HEAD + "2026-01-25,sale,A,MAIN,,4,,,\n2026-03-01,sale,A,MAIN,,2,,,\n")
    found = load_demand([shop.pk], date(2026, 3, 9), 60)
    assert found.sold.sum() == 6
    assert ClosedDay.objects.get().closed_through == date(2026, 3, 9)
    assert DemandBlock.objects.exists()


def test_prices_of_imported_sales_are_what_customers_paid(take_in, shop):
    take_in("movements", HEAD + "2026-01-20,receipt,A,MAIN,,50,1,,\n2026-01-21,sale,A,MAIN,,1,2.50,,\n")
    close_days(location_id=shop.pk, through=date(2026, 3, 9), now=NOW)
    write_prices()
    take_in("movements", HEAD + "2026-01-25,sale,A,MAIN,,1,3.5,,\n2026-01-25,sale,A,MAIN,,1,,,\n")
    write_prices()
    found = load_prices([Sku.objects.get(code="A").pk], date(2026, 1, 20), 6)
    assert found[0].tolist() == [0, 2.5, 0, 0, 0, 3.5]


def test_a_level_may_be_short_on_the_way_but_not_in_the_end(take_in, refusals, shop):
    sale_first = "2026-02-01,sale,A,MAIN,,5,,,\n2026-02-02,receipt,A,MAIN,,5,,,\n"
    assert take_in("movements", HEAD + sale_first).changed_count == 2
    assert level("MAIN") == 0
    Location.objects.filter(pk=shop.pk).update(may_go_negative=True)
    StockLevel.objects.update(may_go_negative=True)
    take_in("movements", HEAD + "2026-02-03,sale,A,MAIN,,2,,,\n")
    assert level("MAIN") == -2


def test_a_decimal_comma_and_semicolons_are_read(take_in, shop):
    text = HEAD.replace(",", ";") + "2026-02-01;receipt;R;MAIN;;1,25;3,5;;\n"
    take_in("movements", text)
    moved = Movement.objects.get()
    assert (moved.quantity, moved.unit_price) == (Decimal("1.25"), Decimal("3.5"))


def test_chinese_headings_and_words_are_understood(take_in, shop):
    rows = "2026/2/1 9:05,入库,A,MAIN,12,1.5,RK-1\n2026/2/1 10:00,销售,A,MAIN,2,3,\n"
    text = "日期,类型,商品编码,门店,数量,单价,单号\n" + rows
    assert take_in("movements", text.encode("gb18030")).changed_count == 2
    assert level("MAIN") == 10


def test_slack_of_a_clock_that_runs_ahead(take_in, refusals, shop):
    soon = (NOW + timedelta(minutes=4)).isoformat()
    late = (NOW + timedelta(minutes=6)).isoformat()
    take_in("movements", HEAD + f"{soon},receipt,A,MAIN,,5,,,\n")
    assert refusals("movements", HEAD + f"{late},receipt,A,MAIN,,5,,,\n") == [(2, "date", "moment_in_future")]


@pytest.fixture
def on_the_way(take_in, shop):
    """Four apples that left MAIN for SIDE with a transfer."""
    take_in("movements", HEAD + "2026-02-01,receipt,A,MAIN,,10,,,GRN-1\n")
    apple, side = Sku.objects.get(code="A"), Location.objects.get(code="SIDE")
    lines = [GoodsLine(apple.pk, Decimal(4))]
    transfer = create_transfer(source=shop, destination=side, lines=lines, user=None, now=NOW)
    return ship_transfer(transfer_id=transfer.pk, user=None, now=NOW)


def in_transit():
    return Location.objects.get(kind="in_transit").code


def test_no_file_takes_what_a_transfer_has_on_the_way(take_in, refusals, on_the_way):
    text = HEAD + f"2026-02-20,transfer,A,{in_transit()},SIDE,1,,,\n"
    assert refusals("movements", text) == [(2, "quantity", "in_transit_of_transfers")]
    receive_transfer(transfer_id=on_the_way.pk, key=None, user=None, now=NOW)
    assert level("SIDE") == 4


def test_what_files_brought_on_the_way_files_take_off_again(take_in, refusals, on_the_way):
    way = in_transit()
    take_in("movements", HEAD + f"2026-02-20,transfer,A,MAIN,{way},3,,,\n")
    both = f"2026-02-21,transfer,A,MAIN,{way},1,,,\n2026-02-21,transfer,A,{way},SIDE,4,,,\n"
    take_in("movements", HEAD + both)
    assert (level("SIDE"), level(way)) == (4, 4)
    text = HEAD + f"2026-02-21,transfer,A,{way},SIDE,1,,,X\n"
    assert refusals("movements", text) == [(2, "quantity", "in_transit_of_transfers")]
