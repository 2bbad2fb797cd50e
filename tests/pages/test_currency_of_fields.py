"""A field for an amount in the firm's own money names its currency, in the language of the page."""

from decimal import Decimal

import pytest
from django.test import override_settings
from django.urls import reverse

from inventory.models import Sku

pytestmark = pytest.mark.django_db

FIELDS = {
    "inventory:sku_new": ("Price (CNY)", "Cost (CNY)"),
    "inventory:new_style": ("Price (CNY)", "Cost (CNY)"),
    "orders:new_policy": ("A disappointed customer costs (CNY)", "An order line costs (CNY)"),
    "orders:emergencies": (
        "Moving one SKU between two places costs (CNY)",
        "Call somebody when it saves at least (CNY)",
    ),
    "orders:replays": ("Cost of an order line (CNY)",),
}


@pytest.mark.parametrize("name", FIELDS)
def test_the_label_says_in_which_currency_to_type(as_role, name):
    with override_settings(DEFAULT_CURRENCY="CNY"):
        page = as_role("administrator").get(reverse(name)).content.decode()
    assert [label for label in FIELDS[name] if label not in page] == []


def test_in_chinese_too(as_role):
    page = as_role("administrator").get(reverse("inventory:sku_new"), headers={"Accept-Language": "zh-hans"})
    assert "（USD）" in page.content.decode()


@pytest.mark.parametrize(("said", "status"), [("￥3.50", 302), ("3.5元", 302), ("$3.5", 422), ("3.5元/件", 422)])
def test_an_amount_may_carry_the_sign_of_its_currency_and_no_other(as_role, said, status):
    with override_settings(DEFAULT_CURRENCY="CNY"):
        typed = {"code": "N1", "name": "New", "unit": "each", "price": said, "cost": "1"}
        answer = as_role("administrator").post(reverse("inventory:sku_new"), typed)
    assert answer.status_code == status
    if status == 422:
        page = answer.content.decode()
        assert "Type the amount as a number" in page and f'value="{said}"' in page
    else:
        assert Sku.objects.get(code="N1").price == Decimal("3.5")
