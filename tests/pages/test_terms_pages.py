"""A purchaser says on what terms a supplier delivers a SKU: priority, share, express."""

from decimal import Decimal

import pytest
from django.urls import reverse

from suppliers.models import SupplierTerms
from tests.orders.conftest import firm, make_terms
from tests.pages.buying import text_of
from tests.pages.conftest import make_user, signed_in

__all__ = ["firm"]


@pytest.fixture
def world(firm):
    firm.row = SupplierTerms.objects.get(supplier=firm.acme, sku=firm.tea)
    firm.row.price_breaks = [["60", "1.80"]]
    firm.row.save()
    firm.url = reverse("suppliers:terms", args=[firm.row.pk])
    firm.client = signed_in(firm.buyer)
    return firm


def typed(**more):
    return {
        "price": "2.00", "pack_size": "6", "minimum_quantity": "0", "priority": "1", "share_percent": "70",
        "express_lead_time_days": "1", "express_premium_percent": "25", **more,
    }  # fmt: skip


def test_share_and_express_are_kept_and_price_breaks_stay(world):
    assert world.client.post(world.url, typed()).status_code == 302

    row = SupplierTerms.objects.get(pk=world.row.pk)
    assert (row.share_percent, row.express_lead_time_days, row.express_premium_percent) == (70, 1, 25)
    assert row.price_breaks == [["60", "1.80"]]
    text = text_of(world.client.get(reverse("dashboards:sku", args=[world.tea.pk])))
    assert "gets 70 %" in text and "for 25 % more" in text and world.url in text
    opened = text_of(world.client.get(world.url))
    assert 'value="70"' in opened and 'value="25"' in opened and 'value="6"' in opened


def test_empty_fields_are_no_share_and_no_express(world):
    world.client.post(world.url, typed(share_percent="", express_lead_time_days="", express_premium_percent="0"))

    row = SupplierTerms.objects.get(pk=world.row.pk)
    assert (row.share_percent, row.express_lead_time_days) == (None, None)


@pytest.mark.parametrize("wrong", [{"share_percent": "101"}, {"express_premium_percent": "1001"}, {"price": "cheap"}])
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(world, wrong):
    answer = world.client.post(world.url, typed(**wrong))

    assert answer.status_code == 422 and "field__error" in text_of(answer)
    assert SupplierTerms.objects.get(pk=world.row.pk).share_percent is None


def test_price_breaks_are_opened_edited_and_taken_away(world):
    assert "60: 1.8</textarea>" in text_of(world.client.get(world.url))
    # As a Chinese keyboard writes a colon in the second line.
    assert world.client.post(world.url, typed(price_breaks="60: 1.9\n\n120：1.75")).status_code == 302
    kept = SupplierTerms.objects.get(pk=world.row.pk).price_breaks
    assert [(Decimal(units), Decimal(price)) for units, price in kept] == [
        (60, Decimal("1.9")), (120, Decimal("1.75"))
    ]  # fmt: skip
    page = text_of(world.client.get(reverse("dashboards:supplier", args=[world.acme.pk])))
    assert world.url in page and "120+" in page
    assert world.client.post(world.url, typed(price_breaks="")).status_code == 302
    assert SupplierTerms.objects.get(pk=world.row.pk).price_breaks == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("60: 1.8\nmany", "Line 2: type the units"), ("60 1 2", "Line 1: type"), ("60: NaN", "Line 1: type"),
        ("60: 1.8\n50: 1.7", "“50: 1.7” needs more units"), ("60: 2.5", "“60: 2.5” needs more units"),
        ("9e99: 1", "Line 1: type"),
    ],
)  # fmt: skip
def test_odd_price_breaks_are_refused_with_their_line(world, text, told):
    answer = world.client.post(world.url, typed(price_breaks=text))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert SupplierTerms.objects.get(pk=world.row.pk).price_breaks == [["60", "1.80"]]


def test_a_price_below_a_price_break_is_refused(world):
    assert "“60: 1.8” needs more units" in text_of(world.client.post(world.url, typed(price="1.50")))


def test_who_saw_other_terms_is_told(world):
    version = world.client.get(world.url).context["version"]
    world.client.post(world.url, typed(version=version))

    assert world.client.post(world.url, typed(version=version, price="3")).status_code == 422
    assert SupplierTerms.objects.get(pk=world.row.pk).price == 2


def test_a_supplier_is_added_and_ended(world):
    url = reverse("suppliers:new_terms", args=[world.tea.pk])
    assert world.client.post(url, typed(supplier=world.best.pk, share_percent="30")).status_code == 302
    row = SupplierTerms.objects.get(supplier=world.best, sku=world.tea)
    assert (row.share_percent, row.price) == (30, Decimal(2))
    assert world.client.post(url, typed(supplier=world.best.pk)).status_code == 422

    world.client.post(reverse("suppliers:end_terms", args=[row.pk]))
    row.refresh_from_db()
    assert not row.is_active


def test_a_new_price_may_carry_the_sign_of_the_supplier_who_was_chosen(world):
    url = reverse("suppliers:new_terms", args=[world.tea.pk])
    world.best.currency = "EUR"
    world.best.save()
    assert world.client.post(url, typed(supplier=world.best.pk, price="$2")).status_code == 422
    assert world.client.post(url, typed(supplier=world.best.pk, price="€2")).status_code == 302
    assert SupplierTerms.objects.get(supplier=world.best, sku=world.tea).price == 2


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "none"])
def test_a_supplier_of_no_number_is_refused_at_its_field(world, number):
    answer = world.client.post(reverse("suppliers:new_terms", args=[world.tea.pk]), typed(supplier=number))
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {"supplier"}


def test_staff_may_not(world):
    staff = signed_in(make_user("sam", "staff", world.shop))

    assert staff.get(world.url).status_code == 403
    assert world.url not in text_of(staff.get(reverse("dashboards:sku", args=[world.tea.pk])))
    assert make_terms(world.best, world.tea).is_active
