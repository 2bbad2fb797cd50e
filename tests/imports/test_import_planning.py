"""Promotions, holidays of one's own and predecessors from files: whole or not at all, and a repeat changes nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from forecasting.models import Predecessor, Promotion
from imports.domain.kinds import KINDS
from imports.domain.template import template_csv
from inventory.models import Location, LocationAccess, Sku

HEAD = "name,kind,starts_on,ends_on,location,category,sku,share,discount_percent\n"
SALE = "Sale,sale,2026-07-01,2026-07-14"


@pytest.fixture
def firm(take_in):
    take_in("locations", template_csv(KINDS["locations"]))
    take_in("skus", "code,name,category\nTEA-001,Green,Tea\nTEA-002,Black,Tea\nCUP,Cup,Ware\n")


def test_every_template_is_taken_in_and_a_repeat_changes_nothing(firm, take_in):
    assert [take_in(kind, template_csv(KINDS[kind])).changed_count for kind in ("promotions", "holidays")] == [2, 1]
    assert take_in("predecessors", template_csv(KINDS["predecessors"])).changed_count == 1
    for kind in ("promotions", "holidays", "predecessors"):
        assert take_in(kind, template_csv(KINDS[kind])).changed_count == 0
    row = Predecessor.objects.get()
    assert (row.sku.code, row.predecessor.code, row.share) == ("TEA-002", "TEA-001", Decimal("0.8"))


def test_rows_of_one_promotion_are_one_entry(firm, take_in):
    take_in("promotions", f"{HEAD}{SALE},MAIN,,TEA-001,,20\n{SALE},MAIN,,TEA-002,0.5,20\n{SALE},,Tea,,0.4,\n")
    skus, categories = Promotion.objects.order_by("scope").reverse()
    assert (skus.scope, skus.location.code, skus.share, skus.discount_percent) == ("skus", "MAIN", 1, 20)
    assert dict(skus.skus.values_list("sku__code", "share")) == {"TEA-001": 1, "TEA-002": Decimal("0.5")}
    assert (categories.location, categories.share) == (None, Decimal("0.4"))
    assert [part.category.name for part in categories.categories.all()] == ["Tea"]


def test_a_promotion_that_is_there_is_written_anew(firm, take_in):
    take_in("promotions", f"{HEAD}{SALE},MAIN,,TEA-001,,20\n{SALE},MAIN,,TEA-002,,20\n")
    assert take_in("promotions", f"{HEAD}{SALE},MAIN,,CUP,0.3,25\n").changed_count == 1
    row = Promotion.objects.get()
    assert row.discount_percent == 25
    assert list(row.skus.values_list("sku__code", "share")) == [("CUP", Decimal("0.3"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SALE},,,NONE,,\n", [(2, "sku", "unknown_sku")]),
        (f"{SALE},NONE,,,,\n", [(2, "location", "unknown_location")]),
        (f"{SALE},,NONE,,,\n", [(2, "category", "unknown_category")]),
        (f"{SALE},,Tea,TEA-001,,\n", [(2, "category", "sku_and_category")]),
        (f"{SALE},,Tea,,,\n{SALE},,,TEA-001,,\n", [(3, "sku", "other_scope")]),
        (f"{SALE},,,TEA-001,,20\n{SALE},,,TEA-002,,30\n", [(3, "discount_percent", "promotion_differs")]),
        (f"{SALE},,,TEA-001,,\n{SALE},,,TEA-001,,\n", [(3, "name", "doubled_row")]),
        ("Sale,,2026-07-14,2026-07-01,,,,,\n", [(2, "ends_on", "days_reversed")]),
        ("Sale,,2026-07-01,2026-10-01,,,,,\n", [(2, "ends_on", "too_many_days")]),
        ("Sale,,2026-02-30,soon,,,,,\n", [(2, "ends_on", "not_a_date"), (2, "starts_on", "not_a_date")]),
        (f"{SALE},,,,0,\n", [(2, "share", "not_above")]),
        (f"{SALE},,,,1.5,\n", [(2, "share", "number_too_large")]),
        (f"{SALE},,,,,101\n", [(2, "discount_percent", "number_too_large")]),
        (",,2026-07-01,2026-07-02,,,,,\n", [(2, "name", "empty_cell")]),
    ],
)
def test_each_mistake_in_a_promotion_is_named_with_its_cell(firm, refusals, text, expected):
    good = "Fair,,2026-01-01,2026-01-02,,,,,\n"
    assert refusals("promotions", HEAD + text + good) == expected
    assert not Promotion.objects.exists()


def test_days_that_follow_each_other_are_one_holiday(firm, take_in):
    days = "".join(f"2026-05-{day},Street festival,MAIN\n" for day in (17, 16, 18, 25))
    take_in("holidays", "date,name,location\n" + days + "2026-05-16,Street festival,\n")
    found = Promotion.objects.order_by("location", "starts_on").values_list("starts_on", "ends_on", "kind", "scope")
    assert list(found) == [
        (date(2026, 5, 16), date(2026, 5, 18), "Street festival", "all"),
        (date(2026, 5, 25), date(2026, 5, 25), "Street festival", "all"),
        (date(2026, 5, 16), date(2026, 5, 16), "Street festival", "all"),
    ]


def test_a_holiday_with_other_days_takes_the_place_of_the_old_one(firm, take_in):
    take_in("holidays", "date,name\n2026-05-16,Festival\n2026-05-17,Festival\n2027-05-15,Festival\n")
    take_in("holidays", "date,name\n2026-05-17,Festival\n2026-05-18,Festival\n")
    found = Promotion.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(found) == [(date(2026, 5, 17), date(2026, 5, 18)), (date(2027, 5, 15), date(2027, 5, 15))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TEA-001,TEA-001,1\n", [(2, "predecessor", "own_predecessor")]),
        (
            "TEA-001,CUP,1\nCUP,TEA-001,1\n",
            [(2, "predecessor", "own_predecessor"), (3, "predecessor", "own_predecessor")],
        ),
        ("TEA-001,NONE,1\n", [(2, "predecessor", "unknown_sku")]),
        ("TEA-001,CUP,1\nTEA-001,TEA-002,1\n", [(3, "sku", "doubled_row")]),
        ("TEA-001,CUP,11\n", [(2, "share", "number_too_large")]),
    ],
)
def test_each_mistake_in_a_predecessor_is_named_with_its_cell(firm, refusals, text, expected):
    assert refusals("predecessors", "sku,predecessor,share\n" + text) == expected
    assert not Predecessor.objects.exists()


def test_a_kit_has_no_predecessor(firm, refusals):
    Sku.objects.filter(code="CUP").update(is_kit=True)
    assert refusals("predecessors", "sku,predecessor\nCUP,TEA-001\n") == [(2, "predecessor", "predecessor_kit")]


def test_who_sees_one_store_plans_for_it_alone(firm, take_in, refusals):
    user = User.objects.create_user("max", role=Role.MANAGER)
    LocationAccess.objects.create(user=user, location=Location.objects.get(code="MAIN"))
    for kind, text in (("promotions", f"{HEAD}{SALE},,,,,\n"), ("holidays", "date,name\n2026-05-16,Fair\n")):
        assert refusals(kind, text, user) == [(2, "location", "name_a_store")]
    assert refusals("promotions", f"{HEAD}{SALE},DEPOT,,,,\n", user) == [(2, "location", "unknown_location")]
    assert take_in("promotions", f"{HEAD}{SALE},MAIN,,,,\n", user).changed_count == 1


def test_places_have_a_country_and_a_region(take_in, refusals):
    head = "code,name,time_zone,country,region\n"
    take_in("locations", f"{head}A,A,Europe/Berlin,de,BY\nB,B,Europe/Berlin,,BE\n")
    assert list(Location.objects.filter(code__in="AB").order_by("code").values_list("country", "region")) == [
        ("DE", "BY"), ("", "BE"),
    ]  # fmt: skip
    take_in("locations", "code,name\nA,Anna\n")
    assert Location.objects.get(code="A").country == "DE"
    wrong = f"{head}A,A,Europe/Berlin,XX,\nB,B,Europe/Berlin,Germany,\nC,C,Europe/Berlin,,Z9\n"
    assert refusals("locations", wrong) == [(3, "country", "not_a_country")]
    assert refusals("locations", wrong.replace("Germany", "")) == [
        (2, "country", "unknown_country"), (4, "region", "unknown_region"),
    ]  # fmt: skip


def test_the_number_of_statements_does_not_grow_with_the_promotions(firm, take_in):
    def statements(count):
        rows = "".join(f"P{count}-{i},,2026-0{1 + i % 9}-01,2026-0{1 + i % 9}-05,,,TEA-001,,\n" for i in range(count))
        with CaptureQueriesContext(connection) as queries:
            take_in("promotions", HEAD + rows)
        return len(queries)

    assert statements(400) <= statements(4)


def test_places_have_an_address_of_several_lines(take_in, refusals):
    head = "code,name,address,contact\n"
    take_in("locations", f'{head}A,A,"1 Main street\n\n Gate 3",Ana 030\n')
    assert Location.objects.get(code="A").delivery_text == "1 Main street\nGate 3\nAna 030"
    take_in("locations", "编码,名称,收货地址,收货人\nA,Anna,,Ben\n")
    assert Location.objects.get(code="A").delivery_text == "1 Main street\nGate 3\nBen"
    lines = "\n".join("123456789")
    assert refusals("locations", f'{head}A,A,"{lines}",{"x" * 121}\n') == [
        (2, "address", "too_many_lines"), (2, "contact", "text_too_long"),
    ]  # fmt: skip
