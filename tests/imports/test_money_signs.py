"""Amounts with the sign of the firm's currency, as Chinese shops write them."""

from decimal import Decimal

import pytest

from imports.domain.errors import FileRefused
from inventory.domain.money_signs import without_sign
from inventory.models import Sku


@pytest.mark.parametrize(
    "said", ["5.00", "￥5.00", "¥ 5.00", "5.00元", "５．００元", "人民币5.00", "RMB 5.00", "5.00 CNY", "￥5.00元"]
)
def test_the_sign_of_the_currency_is_taken_off(said):
    assert without_sign(said, "CNY") == "5.00"


@pytest.mark.parametrize("said", ["$5.00", "5.00 USD", "5.00€", "5元/件", "about 5"])
def test_what_means_something_else_stays_and_is_refused_later(said):
    assert without_sign(said, "CNY") == said


def test_a_sheet_with_signs_is_taken_in(take_in, settings):
    settings.DEFAULT_CURRENCY = "CNY"
    take_in("skus", "货号,品名,进价,售价\nA,苹果,￥3.5,5.00元\n")
    assert Sku.objects.values_list("cost", "price").get() == (Decimal("3.5"), Decimal(5))


@pytest.mark.parametrize(("currency", "said"), [("CNY", "$5"), ("USD", "￥5"), ("USD", "5元")])
def test_another_currency_is_refused_where_it_stands(take_in, settings, currency, said):
    settings.DEFAULT_CURRENCY = currency
    with pytest.raises(FileRefused) as refused:
        take_in("skus", f"code,name,cost\nA,Apple,{said}\n")
    (error,) = refused.value.errors
    assert (error.row, error.column, error.code) == (2, "cost", "not_a_number")
