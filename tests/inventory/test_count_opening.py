"""What a count is about, and what is due for counting."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from inventory.domain.counting import Limits, expected_level, is_above
from inventory.models import Category, CountCycle, DemandBlock, StockCount
from inventory.selectors.count_candidates import aisles_of, due_skus
from inventory.selectors.count_policy import policy_of
from inventory.services.count_classes import classify_location
from inventory.services.count_policies import set_count_policy
from inventory.services.counts import Counted, correct_count
from inventory.services.shelf_positions import Place, set_positions
from inventory.services.stock_counts import Wanted, create_count
from tests.inventory.conftest import NOW, make_sku

TODAY = date(2026, 3, 10)


@pytest.fixture
def opened(firm):
    """opened("aisle", aisle="1") opens a count at the shop and gives the codes on it."""

    def run(scope, **fields):
        count = create_count(location=firm.shop, wanted=Wanted(scope, **fields), user=None, now=NOW)
        return sorted(count.lines.values_list("sku__code", flat=True))

    return run


@pytest.fixture
def asked(firm):
    """asked(sku, 5) means five a day since the first of January, of which one in vain."""

    def run(sku, units, starts_on=date(2026, 1, 1)):
        days = 60
        rows = {"sold": [units - 1.0] * days, "lost": [1.0] * days, "in_stock": [1.0] * days}
        DemandBlock.objects.create(sku=sku, location=firm.shop, starts_on=starts_on, **rows)

    return run


def codes_due(firm, limit=10, now=NOW):
    return [row.code for row in due_skus(firm.shop, policy_of(firm.shop), now=now, limit=limit).rows]


def test_everything_is_what_is_on_sale_there_and_what_lies_there(firm, stock, opened):
    stock(make_sku("stray"), firm.shop, 1)
    make_sku("elsewhere")
    assert opened("all") == ["apple", "bread", "rice", "stray"]
    assert StockCount.objects.get().number.startswith("SC-2026-")


def test_an_aisle_a_category_a_search_a_list_and_a_class(firm, opened):
    set_positions(location=firm.shop, places=[Place("apple", "1", "3"), Place("apple", "2"), Place("rice", "2")])
    dry = Category.objects.create(code="dry", name="Dry goods", parent=firm.category)
    type(firm.rice).objects.filter(pk=firm.rice.pk).update(category=dry)
    CountCycle.objects.create(location=firm.shop, sku=firm.bread, count_class="A")
    assert aisles_of(firm.shop) == ["1", "2"]
    assert opened("aisle", aisle="2") == ["apple", "rice"]
    assert opened("category", category_id=firm.category.pk) == ["apple", "bread", "rice"]
    assert opened("category", category_id=dry.pk) == ["rice"]
    assert opened("search", search="of bre") == ["bread"]
    assert opened("list", sku_codes=("apple",)) == ["apple"]
    assert (opened("class", count_class="A"), opened("class", count_class="C")) == (["bread"], ["apple", "rice"])


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "aisle", "aisle": "9"},
        {"scope": "aisle"},
        {"scope": "class", "count_class": "D"},
        {"scope": "category"},
        {"scope": "search", "search": " "},
        {"scope": "search", "search": "no such thing"},
        {"scope": "list", "sku_codes": ("gone",)},
        {"scope": "everything"},
    ],
)
def test_a_choice_that_holds_nothing_is_refused(opened, fields):
    with pytest.raises(InvalidInput):
        opened(**fields)
    assert not StockCount.objects.exists()


def test_a_count_is_opened_where_stock_lies(firm):
    with pytest.raises(InvalidInput, match="store or a warehouse"):
        create_count(location=firm.customer, wanted=Wanted("all"), user=None, now=NOW)


def test_classes_follow_the_value_of_demand(firm, asked):
    """Apples for 78 of 100, bread for 18, rice for 4: the first 80 % are A, the next 15 % B."""
    pear = make_sku("pear")
    firm_skus = ((firm.apple, 78), (firm.bread, 18), (firm.rice, 4))
    for sku, units in firm_skus:
        asked(sku, units)
    assert classify_location(location=firm.shop, today=TODAY) == 3
    found = dict(CountCycle.objects.values_list("sku__code", "count_class"))
    assert found == {"apple": "A", "bread": "A", "rice": "C"}
    assert CountCycle.objects.get(sku=firm.apple).demand_value == Decimal("5616.00")  # 78 x 60 days x 1.20
    assert not CountCycle.objects.filter(sku=pear).exists()


def test_demand_of_more_than_a_year_ago_does_not_count(firm, asked):
    asked(firm.apple, 5, starts_on=date(2025, 1, 20))
    classify_location(location=firm.shop, today=TODAY)
    assert CountCycle.objects.get(sku=firm.apple).demand_value == 5 * 11 * Decimal("1.20")  # 10 to 20 March 2025


def test_what_was_never_counted_is_due_and_the_important_first(firm, asked):
    asked(firm.bread, 9)
    classify_location(location=firm.shop, today=TODAY)
    assert codes_due(firm)[0] == "bread"
    assert due_skus(firm.shop, policy_of(firm.shop), now=NOW, limit=1).total == 3


def test_what_was_counted_is_due_again_after_the_days_of_its_class(firm):
    set_count_policy(location=firm.shop, values={"c_days": 7}, user=None, now=NOW)
    counts = [Counted(sku.pk, Decimal(0)) for sku in (firm.apple, firm.bread, firm.rice)]
    correct_count(location=firm.shop, counts=counts, key=None, user=None, now=NOW)
    assert codes_due(firm, now=NOW + timedelta(days=6)) == []
    assert len(codes_due(firm, now=NOW + timedelta(days=7))) == 3


def test_what_stands_on_an_open_count_is_not_due_once_more(firm, opened):
    assert opened("list", sku_codes=("apple",)) == ["apple"]
    assert "apple" not in codes_due(firm)
    assert opened("due", limit=1) == ["bread"]


def test_a_day_of_due_counting_has_the_size_that_the_place_set(firm, opened):
    set_count_policy(location=firm.shop, values={"lines_a_day": 2}, user=None, now=NOW)
    assert len(opened("due")) == 2


def test_positions_that_make_no_sense_are_named_and_nothing_is_written(firm):
    places = [Place("apple", "1"), Place("gone", "1"), Place("rice", "x" * 21)]
    with pytest.raises(InvalidInput) as refusal:
        set_positions(location=firm.shop, places=places)
    assert [row["line"] for row in refusal.value.details] == [2, 3]
    assert aisles_of(firm.shop) == []


@pytest.mark.parametrize(
    ("limits", "variance", "expected", "above"),
    [
        (Limits(), -999, 1, False),
        (Limits(units=Decimal(5)), -5, 100, False),
        (Limits(units=Decimal(5)), 6, 100, True),
        (Limits(money=Decimal(10)), -5, 100, False),
        (Limits(money=Decimal(10)), -6, 100, True),
        (Limits(percent=Decimal(10)), 10, 100, False),
        (Limits(percent=Decimal(10)), 11, 100, True),
        (Limits(percent=Decimal(10)), 1, 0, True),
        (Limits(units=Decimal(0), percent=Decimal(0), money=Decimal(0)), 0, 0, False),
    ],
)
def test_limits_are_units_percent_or_money(limits, variance, expected, above):
    """A unit costs two."""
    values = {"variance": Decimal(variance), "expected": Decimal(expected), "unit_cost": Decimal(2)}
    assert is_above(limits, **values) is above


def test_the_level_to_compare_with_is_the_nearest_possible():
    assert [expected_level(Decimal(n), Decimal(8), Decimal(5)) for n in (9, 7, 4)] == [8, 7, 5]
