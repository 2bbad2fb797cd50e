"""A shop that has just been set up is told on each page what comes next, and never that all is well."""

import pytest
from django.urls import reverse

from accounts.models import Role, User
from tests.pages.buying import text_of
from tests.pages.conftest import make_user, signed_in


@pytest.fixture
def alone(db):
    """The administrator of an installation without places, SKUs and suppliers."""
    return signed_in(User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("dashboards:home", "Nothing is on sale yet"),
        ("dashboards:stock", "No SKUs yet"),
        ("orders:proposals", "Nothing can be proposed yet"),
        ("orders:purchase_orders", "No open order"),
        ("suppliers:list", "No supplier yet"),
        ("inventory:sell", "There is no store yet"),
        ("inventory:receive", "There is no store yet"),
        ("inventory:bins", "There is no store yet"),
    ],
)
def test_an_empty_page_says_what_is_missing(alone, page, said):
    text = text_of(alone.get(reverse(page)))
    assert said in text and "Every shelf is well filled" not in text


@pytest.mark.parametrize("page", ["dashboards:stock", "orders:proposals", "inventory:sell"])
def test_it_leads_to_the_import(alone, page):
    content = alone.get(reverse(page)).content.decode().split("empty__title", 1)[1]
    assert f'href="{reverse("imports:upload")}"' in content


def test_who_may_not_import_is_not_led_there(shop):
    staff = make_user("sim", Role.STAFF, shop.here)
    staff.location_access.all().delete()
    text = text_of(signed_in(staff).get(reverse("inventory:sell")))
    assert "Ask your administrator" in text and "There is no store yet" not in text


def test_a_search_without_a_hit_is_told_apart_from_an_empty_list(alone):
    assert "No supplier matches" in text_of(alone.get(reverse("suppliers:list") + "?search=acme"))
    assert "No order matches" in text_of(alone.get(reverse("orders:purchase_orders") + "?state=received"))


def test_home_names_the_quickest_way_until_the_shop_is_set_up(alone):
    page = alone.get(reverse("dashboards:home"))
    assert "The quickest way: one file of products, stock and suppliers" in text_of(page)
    assert [step.url for step in page.context["steps"]] == [reverse("imports:upload")] * 5
