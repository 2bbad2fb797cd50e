"""Changing the card of a SKU: by whom, with what kept, and on record."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role

CARD = {"name": "White bread", "unit": "each", "price": "3.10", "cost": "1.50", "is_active": "on"}


def address(sku):
    return reverse("inventory:sku_edit", args=[sku.pk])


def test_a_manager_changes_the_card_and_it_is_on_record(manager, shop):
    assert manager.post(address(shop.bread), CARD).url == reverse("dashboards:sku", args=[shop.bread.pk])
    shop.bread.refresh_from_db()
    assert (shop.bread.name, shop.bread.price, shop.bread.category) == ("White bread", Decimal("3.10"), None)
    assert AuditEvent.objects.get(action="update_sku").actor == manager.user
    assert shop.bread.barcodes.count() == 2


@pytest.mark.parametrize("wrong", [{"price": "-1"}, {"price": "much"}, {"name": ""}, {"unit": "dozen"}])
def test_a_wrong_entry_is_kept_and_changes_nothing(manager, shop, wrong):
    page = manager.post(address(shop.bread), {**CARD, **wrong})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)
    shop.bread.refresh_from_db()
    assert shop.bread.name == "Brown bread"


def test_the_unit_stays_once_stock_has_moved(manager, shop):
    page = manager.post(address(shop.bread), {**CARD, "unit": "kg"})
    assert page.status_code == 422
    assert "unit" in page.context["form"].errors


@pytest.mark.parametrize("role", [Role.STAFF, Role.PURCHASER])
def test_others_may_not(as_role, shop, role):
    client = as_role(role)
    assert client.get(address(shop.bread)).status_code == client.post(address(shop.bread), CARD).status_code == 403


def test_there_is_no_card_of_nothing(manager):
    assert manager.get(reverse("inventory:sku_edit", args=[0])).status_code == 404
