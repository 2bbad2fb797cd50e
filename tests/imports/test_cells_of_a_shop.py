"""A shop's own files: its headings, and its cells of units, days and amounts, also in Chinese."""

from datetime import date
from decimal import Decimal

import pytest

from imports.domain.columns import BadValue, day, guess_columns, moment, read_decimal
from imports.domain.kinds import KINDS, PLACES, UNITS


@pytest.mark.parametrize(
    ("said", "unit"),
    [("each", "each"), ("件", "each"), ("瓶", "each"), ("PCS", "each"), ("公斤", "kg"), ("升", "l"), ("米", "m")],
)
def test_a_unit_is_understood_in_the_words_of_the_shop(said, unit):
    assert UNITS(said) == unit


@pytest.mark.parametrize("said", ["箱", "斤", "dozen", "g"])
def test_a_unit_that_is_several_or_another_weight_is_not_guessed(said):
    with pytest.raises(BadValue, match="not_one_of"):
        UNITS(said)


def test_the_kind_of_a_place_is_understood_as_it_stands_on_the_screen():
    assert [PLACES(said) for said in ("门店", "仓库", "Store")] == ["store", "warehouse", "store"]


@pytest.mark.parametrize(
    "said",
    ["2026-03-05", "2026/3/5", "2026.3.5", "20260305", "2026年3月5日", "2026年03月05日", "2026-03-05 14:05",
     "2026-03-05T00:00:00", "2026年3月5日 14:05", "２０２６－０３－０５", "２０２６年３月５日"],
)  # fmt: skip
def test_a_day_with_the_year_first_is_read(said):
    assert day(said) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "said",
    ["05.03.2026", "3/5/2026", "26-3-5", "2026-02-30", "20260230", "2026年13月1日", "45903", "1999-03-05", "2026-3",
     "2026-03-05x"],
)  # fmt: skip
def test_another_day_is_refused(said):
    with pytest.raises(BadValue, match="not_a_date"):
        day(said)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("-1,234,567.8", "-1234567.8"),
        ("1,5", "1.5"),
        ("0,735", "0.735"),
        ("１．５", "1.5"),
        ("－１２", "-12"),
        ("１，２３４．５０", "1234.50"),
    ],
)
def test_two_different_signs_or_few_digits_mean_one_number(said, number):
    assert read_decimal(said) == Decimal(number)


@pytest.mark.parametrize(
    ("said", "code"),
    [("1,234", "ambiguous_number"), ("12,34.5", "not_a_number"), ("1,234.5.6", "not_a_number"), ("¥5", "not_a_number"),
     ("1.234.567", "not_a_number"), ("0,123.5", "not_a_number")],
)  # fmt: skip
def test_a_number_that_is_unclear_is_refused(said, code):
    with pytest.raises(BadValue, match=code):
        read_decimal(said)


@pytest.mark.parametrize(
    ("kind", "header", "names"),
    [
        ("locations", ["门店编码", "门店名称"], ["code", "name"]),
        ("suppliers", ["供应商编码", "供应商名称", "邮箱"], ["code", "name", "email"]),
        ("terms", ["供应商", "商品编号", "采购价"], ["supplier", "sku", "price"]),
        ("sales", ["日期", "商品代码", "门店", "销量"], ["date", "sku", "location", "quantity"]),
    ],
)
def test_chinese_headings_of_other_programs_are_understood(kind, header, names):
    places = {place: column.name for place, column in guess_columns(header, KINDS[kind].columns) if place is not None}
    assert [places[place] for place in range(len(header))] == names


@pytest.mark.parametrize(
    "said",
    ["2026-03-05 14:05", "2026/3/5 14:05", "2026年3月5日 14:05", "20260305 14:05", "２０２６－０３－０５　１４：０５"],
)
def test_a_moment_may_have_its_day_written_like_any_day(said):
    assert moment(said) == "2026-03-05T14:05:00"
    assert moment(said.split(" ")[0].split("\u3000")[0]) == "2026-03-05"


@pytest.mark.parametrize("said", ["5²", "①", "½"])
def test_other_signs_are_no_figures(said):
    with pytest.raises(BadValue, match="not_a_number"):
        read_decimal(said)


@pytest.mark.parametrize("heading", ["交期", "交期（天）", "交货天数", "Lead time (days)"])
def test_the_days_of_delivery_are_known_under_the_words_of_shops(heading):
    columns = KINDS["products"].columns
    layout = guess_columns(["货号", heading, "包装数"], columns)
    found = {column.name: place for place, column in layout if place is not None}
    assert found == {"code": 0, "lead_time_days": 1, "pack_size": 2}
