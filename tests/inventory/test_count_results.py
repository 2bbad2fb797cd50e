"""A count is compared with the ledger as of the moment of each line; large differences wait for a second person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.errors import OutOfStock, OwnCount
from inventory.models import Movement, ShelfPosition, StockCountLine, StockLevel
from inventory.selectors.count_findings import levels_at
from inventory.selectors.ledger import level_as_of
from inventory.services.count_results import approve_lines, dismiss_lines, request_recount, submit_count
from inventory.services.counts import Counted, correct_count
from inventory.services.sales import GoodsLine, sell
from inventory.services.stock_counts import cancel_count
from tests.inventory.conftest import NOW, level_of
from tests.inventory.counting import given


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def line_of(code):
    return StockCountLine.objects.get(sku__code=code)


def decide(service, counting, *codes, user=None):
    ids = [line_of(code).pk for code in codes]
    return service(count_id=counting.count.pk, line_ids=ids, user=user or counting.boss, now=NOW)


@pytest.fixture
def sold(firm):
    """sold(3, at) sells apples at that moment."""

    def run(quantity, at):
        sell(location=firm.shop, lines=[GoodsLine(firm.apple.pk, Decimal(quantity))], key=None, user=None, now=at)

    return run


def test_what_agrees_or_differs_little_is_posted_at_once(counting, firm):
    counting.limit(5)
    counting.send(given("apple", 8), given("bread", 0), given("rice", "2.5"))
    assert counting.submit().state == "posted"
    moved = Movement.objects.filter(kind="count").order_by("line").values_list("sku__code", "source__code", "quantity")
    assert list(moved) == [("apple", "SHOP", 2), ("rice", "LOSS", Decimal("2.5"))]
    assert [line_of(code).variance for code in ("apple", "bread", "rice")] == [-2, 0, Decimal("2.5")]
    assert level_of(firm.apple, firm.shop) == 8


def test_sales_before_and_after_counting_are_no_shrinkage(counting, firm, sold):
    sold(3, ago(40))
    sold(2, ago(20))
    counting.send(given("apple", 7, told_at=ago(30)))
    assert counting.submit().state == "posted"
    assert (line_of("apple").expected, line_of("apple").variance) == (7, 0)
    assert level_of(firm.apple, firm.shop) == 5


def test_the_correction_is_dated_when_it_was_counted(counting, firm, sold):
    counting.send(given("apple", 9, told_at=ago(30)))
    sold(2, ago(20))
    counting.submit()
    assert Movement.objects.get(kind="count").occurred_at == ago(30)
    assert level_as_of(sku_id=firm.apple.pk, location_id=firm.shop.pk, at=ago(30)) == 9
    assert level_of(firm.apple, firm.shop) == 7


def test_two_people_at_two_places_add_up(counting):
    counting.send(given("apple", 6, place="1"))
    counting.send(given("apple", 4, place="back"), user=counting.other)
    counting.submit()
    assert (line_of("apple").counted, line_of("apple").variance) == (10, 0)


@pytest.mark.parametrize(("found", "variance"), [(10, 0), (9, 0), (8, 0), (7, -1), (11, 1)])
def test_a_sale_between_two_entries_of_a_line_is_given_the_benefit_of_the_doubt(counting, sold, found, variance):
    """Two apples were sold between the two places: from which of them nobody knows."""
    counting.send(given("apple", 4, told_at=ago(40)), given("apple", found - 4, told_at=ago(10)))
    sold(2, ago(20))
    counting.submit()
    assert line_of("apple").variance == variance


def test_nobody_counted_means_nothing_is_changed(counting, firm):
    counting.send(given("bread", 0))
    counting.submit()
    assert (line_of("apple").state, line_of("apple").counted) == ("skipped", None)
    assert level_of(firm.apple, firm.shop) == 10


def test_a_large_difference_waits_while_the_others_are_posted(counting, firm):
    counting.limit(3)
    counting.send(given("apple", 6), given("bread", 3))
    assert counting.submit().state == "submitted"
    assert (line_of("apple").state, line_of("apple").hold, line_of("bread").state) == ("pending", "limit", "posted")
    assert [level_of(sku, firm.shop) for sku in (firm.apple, firm.bread)] == [10, 3]
    assert decide(approve_lines, counting, "apple").state == "posted"
    assert level_of(firm.apple, firm.shop) == 6
    assert (line_of("apple").decided_by, line_of("apple").posting.source_id) == (counting.boss, counting.count.pk)


def test_nobody_approves_what_they_counted(counting):
    counting.limit(0)
    counting.send(given("apple", 6), user=counting.boss)
    counting.send(given("apple", 1), user=counting.sam)
    counting.submit()
    for service in (approve_lines, dismiss_lines):
        with pytest.raises(OwnCount, match="apple"):
            decide(service, counting, "apple")
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        StockCountLine.objects.filter(sku__code="apple").update(decided_by=counting.sam)


def test_a_difference_may_be_left_as_it_is(counting, firm):
    counting.limit(0)
    counting.send(given("apple", 6))
    counting.submit()
    assert decide(dismiss_lines, counting, "apple").state == "posted"
    assert (line_of("apple").state, level_of(firm.apple, firm.shop)) == ("dismissed", 10)


def test_a_recount_begins_from_nothing_and_wants_another_person(counting, firm):
    counting.limit(2)
    counting.send(given("apple", 6))
    counting.submit()
    assert decide(request_recount, counting, "apple").state == "counting"
    with pytest.raises(InvalidInput, match="counted again first: apple"):
        counting.submit()
    (again,) = counting.send(given("apple", 9))
    assert (again.outcome, "Somebody else" in again.message) == ("refused", True)
    counting.send(given("apple", 9), user=counting.other)
    assert counting.submit().state == "posted"
    assert (line_of("apple").round, line_of("apple").variance, level_of(firm.apple, firm.shop)) == (2, -1, 9)


def test_the_same_person_may_recount_where_the_place_allows_it(counting, firm):
    policy = counting.limit(0)
    type(policy).objects.update(recount_by_other=False)
    counting.send(given("apple", 6))
    counting.submit()
    decide(request_recount, counting, "apple")
    assert counting.send(given("apple", 10))[0].outcome == "kept"


def test_a_later_count_is_not_spoilt_by_an_older_one(counting, firm):
    counting.send(given("apple", 8, told_at=ago(30)))
    newer = Counted(firm.apple.pk, Decimal(8), counted_at=ago(20))
    correct_count(location=firm.shop, counts=[newer], key=None, user=None, now=ago(10))
    counting.submit()
    assert line_of("apple").state == "superseded"
    assert level_of(firm.apple, firm.shop) == 8


def test_counting_after_a_correction_that_was_counted_earlier_finds_nothing_more(counting, firm):
    """Both saw eight of ten on the shelf, one after the other; the first was posted after the second had counted."""
    counting.send(given("apple", 8, told_at=ago(20)))
    older = Counted(firm.apple.pk, Decimal(8), counted_at=ago(30))
    correct_count(location=firm.shop, counts=[older], key=None, user=None, now=ago(10))
    counting.submit()
    assert (line_of("apple").variance, level_of(firm.apple, firm.shop)) == (0, 8)


def test_what_is_reserved_meanwhile_waits_and_cannot_be_approved_away(counting, firm):
    counting.limit(100)
    counting.send(given("apple", 6))
    StockLevel.objects.filter(sku=firm.apple, location=firm.shop).update(reserved=8)
    counting.submit()
    assert line_of("apple").hold == "short"
    with pytest.raises(OutOfStock):
        decide(approve_lines, counting, "apple")
    assert line_of("apple").state == "pending"


def test_a_sku_that_lies_at_two_places_but_was_counted_at_one_waits(counting, firm):
    for aisle in ("1", "2"):
        ShelfPosition.objects.create(location=firm.shop, sku=firm.apple, aisle=aisle)
    counting.send(given("apple", 9, place="1"))
    counting.submit()
    assert line_of("apple").hold == "places"


def test_a_stranger_on_the_count_waits(counting, stock, firm):
    stock(firm.pear, firm.shop, 5, occurred_at=ago(90))
    counting.send(given("pear", 4))
    counting.submit()
    assert line_of("pear").hold == "unplanned"


def test_a_wrong_clock_makes_a_difference_wait_and_agreement_not(counting):
    counting.send(given("apple", 9, told_at=NOW + timedelta(hours=3)), given("bread", 0, told_at=ago(600)))
    counting.submit()
    assert (line_of("apple").hold, line_of("bread").state) == ("clock", "posted")


@pytest.mark.parametrize("act", [approve_lines, dismiss_lines, request_recount])
def test_decisions_need_a_line_that_waits(counting, act):
    counting.send(given("bread", 0))
    counting.submit()
    with pytest.raises(IllegalStateChange):
        decide(act, counting, "bread")


def test_a_count_is_handed_in_once_and_not_empty(counting):
    with pytest.raises(InvalidInput, match="Nothing was counted"):
        counting.submit()
    counting.send(given("bread", 0))
    counting.submit()
    with pytest.raises(IllegalStateChange):
        submit_count(count_id=counting.count.pk, user=counting.sam, now=NOW)


def test_a_count_of_which_nothing_was_posted_can_be_dropped(counting):
    assert cancel_count(count_id=counting.count.pk, user=counting.sam, now=NOW).state == "cancelled"
    with pytest.raises(IllegalStateChange):
        counting.submit()


def test_a_count_of_which_a_part_was_posted_cannot_be_dropped(counting):
    counting.limit(0)
    counting.send(given("apple", 6), given("bread", 0))
    counting.submit()
    with pytest.raises(IllegalStateChange, match="part of"):
        cancel_count(count_id=counting.count.pk, user=counting.sam, now=NOW)


def test_the_level_rewound_is_the_level_of_the_ledger(counting, firm, sold):
    for minutes in (50, 30, 10):
        sold(1, ago(minutes))
    for at in (ago(300), ago(50), ago(20), ago(0)):
        rewound = levels_at(firm.shop.pk, [(firm.apple.pk, at)])[firm.apple.pk, at]
        assert rewound == level_as_of(sku_id=firm.apple.pk, location_id=firm.shop.pk, at=at)
