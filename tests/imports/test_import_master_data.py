"""SKUs, locations, stock, suppliers and terms: written in sets, checked against each other."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports.domain.kinds import KINDS
from imports.domain.template import template_csv
from inventory.models import Location, Sku
from suppliers.models import SupplierTerms

ORDER = ("skus", "locations", "stock", "suppliers", "terms")


@pytest.fixture
def firm_of_templates(take_in):
    take_in("skus", "code,name\nTEA-001,Green\nTEA-002,Black\n")
    for kind in ("locations", "suppliers"):
        take_in(kind, template_csv(KINDS[kind]))


def test_every_template_is_taken_in_and_a_repeat_changes_nothing(firm_of_templates, take_in):
    for kind in ORDER:
        take_in(kind, template_csv(KINDS[kind]))
    assert [take_in(kind, template_csv(KINDS[kind])).changed_count for kind in ORDER] == [0] * 5
    assert Location.objects.get(code="MAIN").supplied_by.code == "DEPOT"


def test_an_empty_cell_keeps_what_is_there(take_in):
    take_in("skus", "code,name,price\nA,Apple,2.50\n")
    assert take_in("skus", "code,name,price\nA,Red apple,\n").changed_count == 1
    sku = Sku.objects.get()
    assert (sku.name, sku.price) == ("Red apple", Decimal("2.5"))


def test_chinese_headings_and_encoding_are_understood(take_in):
    take_in("skus", "商品编码,商品名称,售价\nA,茶叶,2.50\n".encode("gb18030"))
    assert Sku.objects.get().name == "茶叶"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("skus", "code\nA\n", [(1, "name", "missing_column")]),
        ("skus", "code,name,colour\nA,B,red\n", [(1, "colour", "unknown_column")]),
        ("skus", "code,name\nA,B\nA,C\n", [(3, "code", "doubled_row")]),
        ("skus", "code,name,price\nA,B,-1\n", [(2, "price", "number_too_small")]),
        ("skus", "code,name,unit\nA,B,dozen\n", [(2, "unit", "not_one_of")]),
        ("locations", "code,name,time_zone\nA,B,Mars/Base\n", [(2, "time_zone", "unknown_time_zone")]),
        ("locations", "code,name,supplied_by\nA,B,A\n", [(2, "supplied_by", "supplies_itself")]),
        ("stock", "sku,location,quantity\nX,MAIN,1\n", [(2, "sku", "unknown_sku")]),
        ("stock", "sku,location,quantity\nTEA-001,X,1\n", [(2, "location", "unknown_location")]),
        ("terms", "supplier,sku,price\nX,TEA-001,1\n", [(2, "supplier", "unknown_supplier")]),
        (
            "terms",
            "supplier,sku,price,pack_size,minimum_quantity\nLEAF,TEA-001,99999999999,100000001,999999999999\n",
            [
                (2, "minimum_quantity", "number_too_large"),
                (2, "pack_size", "number_too_large"),
                (2, "price", "number_too_large"),
            ],
        ),
        ("suppliers", "code,name,email\nA,B,nobody\n", [(2, "email", "not_an_email")]),
        ("skus", "code,name\n", [(1, "", "no_rows")]),
    ],
)
def test_each_mistake_is_named_with_its_cell(firm_of_templates, refusals, kind, text, expected):
    assert refusals(kind, text) == expected
    assert not SupplierTerms.objects.exists()


def test_a_barcode_of_another_sku_is_refused(take_in, refusals):
    take_in("skus", "code,name,barcode\nA,Apple,123\n")
    assert refusals("skus", "code,name,barcode\nB,Bread,123\n") == [(2, "barcode", "barcode_taken")]


def test_a_thousand_rows_cost_as_many_statements_as_ten(take_in):
    take_in("skus", "code,name,category\nZ,Name,Food\n")
    counts = []
    for size in (10, 1000):
        text = "code,name,category\n" + "".join(f"{size}-{i},Name,Food\n" for i in range(size))
        with CaptureQueriesContext(connection) as queries:
            take_in("skus", text)
        counts.append(len(queries))
    assert counts[0] == counts[1]
