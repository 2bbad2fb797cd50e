"""A form that is sent again with its key gets its first answer, whatever became of what it names."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import IdempotencyRecord, Role, User
from forecasting.models import ForecastOverride
from inventory.models import Location, Posting, Sku, StockCount
from tests.orders.conftest import foresee, make_run

SELL = reverse("inventory:sell")
KEY = "0" * 32


def sale(shop, quantity="3", **fields):
    return {
        "location": shop.here.pk, "key": KEY, "do": "post", "line_code": ["B1"], "line_quantity": [quantity], **fields
    }  # fmt: skip


def retire(shop):
    Sku.objects.filter(pk=shop.bread.pk).update(code="GONE", is_active=False)


@pytest.fixture
def first(staff, shop):
    answer = staff.post(SELL, sale(shop))
    assert answer.status_code == 302
    return answer


def test_a_sale_of_what_is_retired_since_is_said_again_and_not_done_again(staff, shop, first):
    assert staff.get(first["Location"]).content.decode().count("Sold 3 at Here.") == 1
    retire(shop)
    again = staff.post(SELL, sale(shop))

    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert staff.get(again["Location"]).content.decode().count("Sold 3 at Here.") == 1
    assert Posting.objects.filter(kind="sale").count() == 1


def test_other_entries_with_the_key_are_refused_as_before(staff, shop, first):
    assert staff.post(SELL, sale(shop, "4")).status_code == 422


def test_what_was_refused_is_tried_anew(staff, shop):
    assert staff.post(SELL, sale(shop, "99")).status_code == 422
    assert not IdempotencyRecord.objects.exists()
    assert staff.post(SELL, sale(shop)).status_code == 302


def test_buttons_that_only_change_the_entry_are_no_acts(staff, shop):
    for _ in range(2):
        assert staff.post(SELL, sale(shop, do="remove:B1")).status_code == 200
    assert not IdempotencyRecord.objects.exists()


def test_somebody_elses_key_answers_nobody(shop, first, as_role):
    retire(shop)
    assert as_role("staff").post(SELL, sale(shop)).status_code == 422


def test_who_may_not_sell_any_more_gets_no_answer(staff, shop, first):
    User.objects.filter(pk=staff.user.pk).update(role=Role.PURCHASER)
    assert staff.post(SELL, sale(shop)).status_code == 403


def test_a_key_that_cannot_be_kept_is_none(staff, shop):
    for key in ("k" * 256, "a\nb"):
        assert staff.post(SELL, sale(shop, "1", key=key)).status_code == 302
    assert not IdempotencyRecord.objects.exists()


def test_links_in_the_words_stay_links_and_markup_stays_text(staff, shop):
    Location.objects.filter(pk=shop.there.pk).update(name="<b>There")
    data = sale(shop, "2", destination=shop.there.pk)
    send = reverse("inventory:send")
    staff.post(send, data)
    page = staff.get(staff.post(send, data)["Location"]).content.decode()
    assert page.count("Open the transfer</a>") == 2 and "&lt;b&gt;There" in page and "<b>There" not in page


def test_a_count_whose_place_was_closed_since(staff, shop):
    data = {"location": shop.here.pk, "scope": "all", "key": "k1"}
    url = reverse("inventory:count_new")
    first = staff.post(url, data)
    assert first.status_code == 302, first.content
    Location.objects.filter(pk=shop.here.pk).update(is_active=False)

    assert staff.post(url, data)["Location"] == first["Location"]
    assert StockCount.objects.count() == 1


def test_an_override_of_a_sku_that_is_gone_since(as_role, shop):
    run = make_run(as_of=timezone.localdate() - timedelta(days=1))
    foresee(run, shop.bread, shop.here, 2.0)
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    data = {"sku": "B1", "kind": "percent", "amount": "30", "first": day, "last": day, "reason": "fair", "key": "k1"}
    client = as_role(Role.MANAGER)
    first = client.post(reverse("forecasting:new_override"), data)
    assert first.status_code == 302
    retire(shop)

    assert client.post(reverse("forecasting:new_override"), data)["Location"] == first["Location"]
    assert ForecastOverride.objects.count() == 1
