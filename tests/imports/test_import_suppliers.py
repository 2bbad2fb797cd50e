"""Suppliers by file: their week, trucks, closing days and express terms go out and come back as they were."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from imports.domain.columns import BadValue
from imports.domain.supplier_cells import cut_off, price_breaks, price_breaks_text, weekdays, weekdays_text
from inventory.models import Sku
from suppliers.models import Supplier, SupplierClosure, SupplierPrice, SupplierTerms

WEEK = "code,name,order_days,delivery_days,cut_off,time_zone,truck_policy,truck_kilograms,fill_days,is_active\n"
LEAF = 'LEAF,Leaf,"mon, wed",tue-thu,14:00,Asia/Shanghai,fill,1200.5,20,1\n'
EXPRESS = (
    "supplier,sku,price,supplier_code,price_breaks,share_percent,express_lead_time_days,express_premium_percent\n"
    "LEAF,A,3.20,GT-1,60 = 3; 120: 2.9,60,0,12.5\n"
)
CLOSED = "supplier,name,starts_on,ends_on\nLEAF,Chinese New Year,2027-02-05,2027-02-14\n"


@pytest.fixture
def firm(take_in):
    take_in("skus", "code,name,weight_kg,volume_l\nA,Apple,0.25,0.4\nB,Bread,,\n")
    take_in("suppliers", WEEK + LEAF + "PLAIN,Plain,,,,,,,,\n")
    take_in("terms", EXPRESS + "PLAIN,B,1,,,,,\n")
    take_in("closures", CLOSED)


@pytest.fixture
def boss(firm):
    client = Client()
    client.force_login(User.objects.create_user("boss", role="administrator", sees_all_locations=True))
    return client


def taken_away(client, name, ending="csv"):
    return b"".join(client.get(f"/export/{name}.{ending}").streaming_content)


def test_the_week_and_the_truck_of_a_supplier_are_taken_in(firm):
    leaf, plain = Supplier.objects.get(code="LEAF"), Supplier.objects.get(code="PLAIN")
    assert (leaf.order_days, leaf.delivery_days, leaf.cut_off) == (0b101, 0b1110, time(14))
    assert (leaf.truck_policy, leaf.truck_kilograms, leaf.fill_days) == ("fill", Decimal("1200.5"), 20)
    assert (plain.order_days, plain.cut_off, plain.truck_policy, plain.is_active) == (127, None, "none", True)


def test_express_and_price_breaks_are_taken_in(firm):
    terms = SupplierTerms.objects.get(sku__code="A")
    assert (terms.express_lead_time_days, terms.express_premium_percent) == (0, Decimal("12.5"))
    assert terms.price_breaks == [["60.000", "3.0000"], ["120.000", "2.9000"]]
    assert (terms.share_percent, terms.supplier_code) == (60, "GT-1")


def test_closing_days_are_taken_in_and_a_new_last_day_changes_them(firm, take_in):
    assert take_in("closures", CLOSED.replace("02-14", "02-20")).changed_count == 1
    assert SupplierClosure.objects.get().ends_on == date(2027, 2, 20)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["skus", "suppliers", "terms", "closures"])
def test_an_export_taken_in_again_changes_nothing(boss, take_in, kind, ending):
    assert take_in(kind, taken_away(boss, kind, ending)).changed_count == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_makes_the_same_in_empty_books(boss, take_in, ending):
    Supplier.objects.filter(code="PLAIN").update(is_active=False)
    names = ("suppliers", "terms", "closures")
    files = {name: taken_away(boss, name, ending) for name in names}
    tables = (Supplier, SupplierTerms, SupplierClosure)
    before = [_facts(table) for table in tables]
    for table in reversed(tables):
        table.objects.all().delete()
    for name in names:
        take_in(name, files[name])
    assert [_facts(table) for table in tables] == before


def _facts(table):
    hidden = ("id", "supplier_id")
    return [
        {name: value for name, value in row.items() if name not in hidden}
        for row in table.objects.order_by("pk").values()
    ]


def test_an_empty_cell_keeps_what_is_there(firm, take_in):
    take_in("suppliers", "code,name,email\nLEAF,Leaves,a@example.com\n")
    leaf = Supplier.objects.get(code="LEAF")
    assert (leaf.name, leaf.order_days, leaf.cut_off, leaf.truck_policy) == ("Leaves", 0b101, time(14), "fill")
    Supplier.objects.update(language="zh-hans")
    assert take_in("suppliers", "code,name\nLEAF,Leaves\n").changed_count == 0
    assert take_in("terms", "supplier,sku,price\nLEAF,A,3.2\n").changed_count == 0


PERIOD = "supplier,name,starts_on,ends_on\n"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("suppliers", "code,name,order_days\nX,X,mon someday\n", (2, "order_days", "not_weekdays")),
        ("suppliers", "code,name,cut_off\nX,X,25:00\n", (2, "cut_off", "not_an_hour")),
        ("suppliers", "code,name,currency\nX,X,EURO\n", (2, "currency", "not_a_currency")),
        ("suppliers", "code,name,time_zone\nX,X,Mars/Base\n", (2, "time_zone", "unknown_time_zone")),
        ("suppliers", "code,name,truck_policy\nX,X,limit\n", (2, "truck_policy", "truck_without_size")),
        ("suppliers", "code,name,truck_kilograms\nX,X,0\n", (2, "truck_kilograms", "not_above")),
        ("suppliers", "code,name,fill_days\nX,X,181\n", (2, "fill_days", "not_whole")),
        ("suppliers", "code,name,is_active\nX,X,maybe\n", (2, "is_active", "not_one_of")),
        ("terms", "supplier,sku,price,price_breaks\nLEAF,B,2,many\n", (2, "price_breaks", "not_price_breaks")),
        ("terms", "supplier,sku,price,price_breaks\nLEAF,B,2,60=1;50=0.9\n", (2, "price_breaks", "breaks_not_falling")),
        ("terms", "supplier,sku,price,price_breaks\nLEAF,B,2,60=2\n", (2, "price_breaks", "break_above_price")),
        ("terms", "supplier,sku,price\nLEAF,A,2.5\n", (2, "price_breaks", "break_above_price")),
        ("terms", "supplier,sku,price,share_percent\nLEAF,B,2,101\n", (2, "share_percent", "not_whole")),
        ("closures", f"{PERIOD}X,Y,2027-01-01,2027-01-02\n", (2, "supplier", "unknown_supplier")),
        ("closures", f"{PERIOD}LEAF,Y,2027-01-02,2027-01-01\n", (2, "ends_on", "days_reversed")),
        ("closures", f"{PERIOD}LEAF,Y,2027-01-01,2027-06-30\n", (2, "ends_on", "closed_too_long")),
        ("skus", "code,name,weight_kg\nA,Apple,-1\n", (2, "weight_kg", "number_too_small")),
        ("skus", "code,name,volume_l\nA,Apple,100000000\n", (2, "volume_l", "number_too_large")),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_cell(firm, refusals, kind, text, expected):
    before = list(Supplier.objects.values()), list(SupplierTerms.objects.values())
    assert refusals(kind, text) == [expected]
    assert (list(Supplier.objects.values()), list(SupplierTerms.objects.values())) == before


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("mon wed fri", "mon wed fri"), ("Monday, FRI", "mon fri"), ("1 3 5", "mon wed fri"), ("周一、周三", "mon wed"),
        ("星期一至星期五", "mon tue wed thu fri"),
        ("fri-mon", "mon fri sat sun"), ("每天", "daily"), ("mon-sun", "daily"),
    ],
)  # fmt: skip
def test_weekdays_are_understood_as_people_write_them(said, written):
    assert weekdays_text(weekdays(said)) == written
    assert weekdays(written) == weekdays(said)


@pytest.mark.parametrize("said", ["", "8", "mon--fri", "mon-tue-wed", "montag", "0"])
def test_what_is_no_weekday_is_refused(said):
    with pytest.raises(BadValue):
        weekdays(said)


def test_an_hour_is_read_as_a_spreadsheet_writes_it():
    assert cut_off("9:05") == cut_off("09:05:00") == time(9, 5)


def test_price_breaks_are_written_as_they_are_read():
    breaks = price_breaks("60 = 1,80; 120: 1.7")
    assert price_breaks_text(breaks) == "60 = 1.8; 120 = 1.7"
    assert price_breaks(price_breaks_text(breaks)) == breaks


def test_exports_are_narrowed_by_supplier(boss):
    assert b"Chinese New Year" not in taken_away(boss, "closures", "csv?supplier=PLAIN")
    assert b"GT-1" in taken_away(boss, "terms", "csv?supplier=LEAF")
    assert b"GT-1" not in taken_away(boss, "terms", "csv?supplier=PLAIN")
    assert b"PLAIN" not in taken_away(boss, "suppliers", "csv?search=lea")


def test_weight_and_volume_of_a_sku_are_kept(firm):
    assert list(Sku.objects.order_by("code").values_list("weight_kg", "volume_l")) == [
        (Decimal("0.25"), Decimal("0.4")), (None, None),
    ]  # fmt: skip


def test_the_most_of_an_order_and_of_a_line_are_taken_in(firm, take_in):
    take_in("suppliers", "code,name,minimum_order_value,maximum_order_value\nLEAF,Leaf,100,2500.5\n")
    take_in("terms", "supplier,sku,price,pack_size,maximum_quantity\nLEAF,A,3.20,6,48\n")
    assert Supplier.objects.get(code="LEAF").maximum_order_value == Decimal("2500.5")
    assert SupplierTerms.objects.get(sku__code="A").maximum_quantity == 48


BELOW = "most_below_least"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("suppliers", "code,name,maximum_order_value\nLEAF,Leaf,99\n", (2, "maximum_order_value", BELOW)),
        ("suppliers", "code,name,maximum_order_value\nLEAF,Leaf,0\n", (2, "maximum_order_value", "not_above")),
        ("terms", "supplier,sku,price,maximum_quantity\nLEAF,A,3.20,11\n", (2, "maximum_quantity", BELOW)),
        (
            "terms", "supplier,sku,price,minimum_quantity,maximum_quantity\nLEAF,A,3.20,13,20\n",
            (2, "maximum_quantity", BELOW),
        ),
    ],
)  # fmt: skip
def test_a_most_below_what_is_delivered_at_all_is_refused_in_its_cell(firm, refusals, kind, text, expected):
    Supplier.objects.filter(code="LEAF").update(minimum_order_value=100)
    SupplierTerms.objects.filter(sku__code="A").update(pack_size=12)
    assert refusals(kind, text) == [expected]


@pytest.mark.parametrize("word", ["none", "None", "无"])
def test_a_word_for_none_empties_what_an_empty_cell_keeps(firm, take_in, word):
    take_in("terms", "supplier,sku,price,lead_time_days,maximum_quantity\nLEAF,A,3.20,4,48\n")
    Supplier.objects.filter(code="LEAF").update(maximum_order_value=500)
    take_in("suppliers", f"code,name,cut_off,maximum_order_value\nLEAF,Leaf,{word},{word}\n")
    leaf = Supplier.objects.get(code="LEAF")
    assert (leaf.cut_off, leaf.maximum_order_value, leaf.order_days) == (None, None, 0b101)
    columns = "price_breaks,share_percent,express_lead_time_days,lead_time_days,maximum_quantity"
    text = f"supplier,sku,price,{columns}\nLEAF,A,2.50{f',{word}' * 5}\n"
    assert take_in("terms", text).changed_count == 1
    terms = SupplierTerms.objects.get(sku__code="A")
    assert (terms.price_breaks, terms.price) == ([], Decimal("2.5"))
    assert terms.share_percent is terms.express_lead_time_days is terms.promised_lead_time_days is None
    assert terms.maximum_quantity is None
    assert take_in("terms", text).changed_count == 0


def test_none_in_a_new_row_is_none(firm, take_in):
    take_in("suppliers", "code,name,cut_off\nNEW,New,none\n")
    take_in("terms", "supplier,sku,price,price_breaks\nNEW,B,1,none\n")
    assert Supplier.objects.get(code="NEW").cut_off is None
    assert SupplierTerms.objects.get(supplier__code="NEW").price_breaks == []


def test_where_a_value_is_needed_none_is_no_value(firm, refusals):
    assert refusals("terms", "supplier,sku,price\nLEAF,A,none\n") == [(2, "price", "not_a_number")]


def test_another_currency_by_file_stands_in_the_history_of_prices(firm, take_in):
    before = list(SupplierPrice.objects.filter(terms__sku__code="A").values_list("price", "currency"))
    take_in("suppliers", "code,name,currency\nLEAF,Leaf,CNY\n")
    after = list(SupplierPrice.objects.filter(terms__sku__code="A").order_by("pk").values_list("price", "currency"))
    assert after == [*before, (Decimal("3.2"), "CNY")]
    assert SupplierPrice.objects.filter(terms__supplier__code="PLAIN").count() == 1
    take_in("suppliers", "code,name,currency\nLEAF,Leaf,CNY\nPLAIN,Plain,\n")
    assert SupplierPrice.objects.filter(terms__sku__code="A").count() == len(after)


def test_pallets_are_taken_in_emptied_and_checked(firm, take_in, refusals):
    head = "supplier,sku,price,pack_size,pallet_size,pallet_percent\nLEAF,A,3.20,"
    take_in("terms", f"{head}6,30,20\n")
    terms = SupplierTerms.objects.get(sku__code="A")
    assert (terms.pallet_size, terms.pallet_percent) == (30, 20)
    assert refusals("terms", f"{head}7,,\n") == [(2, "pallet_size", "pallet_of_packs")]
    assert refusals("terms", f"{head}6,none,\n") == [(2, "pallet_percent", "pallet_without_size")]
    take_in("terms", f"{head}6,none,0\n")
    terms.refresh_from_db()
    assert (terms.pallet_size, terms.pallet_percent) == (None, 0)


def test_a_pack_larger_than_the_most_of_a_line_is_refused_in_a_list_of_products(firm, take_in, refusals):
    text = "code,name,supplier,pack_size\nA,Apple,LEAF,{}\n"
    SupplierTerms.objects.filter(sku__code="A").update(maximum_quantity=24)
    assert refusals("products", text.format(25)) == [(2, "pack_size", "pack_above_most")]
    take_in("products", text.format(24))
    assert SupplierTerms.objects.get(sku__code="A").pack_size == 24
