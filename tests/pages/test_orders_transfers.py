"""Transfers in the browser: sent off by the people of one place, taken in by those of the other."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from inventory.models import Reason, StockLevel, TransferState
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer
from tests.pages.conftest import make_user, signed_in


@pytest.fixture
def transfer(shop):
    """A draft of 8 bread from `here` to `there`."""
    lines = [GoodsLine(shop.bread.pk, Decimal(8))]
    return create_transfer(source=shop.here, destination=shop.there, lines=lines, user=None, now=timezone.now())


@pytest.fixture
def there(shop):
    """Signed in as store staff of `there` only."""
    return signed_in(make_user("tom", Role.STAFF, shop.there))


def post(client, name, transfer, **data):
    return client.post(reverse(f"orders:{name}_transfer", args=[transfer.pk]), data)


def on_hand(shop, place):
    level = StockLevel.objects.filter(sku=shop.bread, location=place).first()
    return level.on_hand if level else Decimal(0)


def test_goods_leave_when_sent_and_arrive_when_received(shop, staff, there, transfer):
    assert post(staff, "ship", transfer).status_code == 302
    assert (on_hand(shop, shop.here), on_hand(shop, shop.there)) == (2, 0)
    assert post(there, "receive", transfer, key="k", **{f"line-{transfer.lines.get().pk}": "8"}).status_code == 302
    transfer.refresh_from_db()
    assert (transfer.state, on_hand(shop, shop.there)) == (TransferState.RECEIVED, 8)


def test_who_receives_a_part_is_told_that_the_rest_is_still_on_its_way(shop, staff, there, transfer):
    post(staff, "ship", transfer)
    line, receive = f"line-{transfer.lines.get().pk}", reverse("orders:receive_transfer", args=[transfer.pk])
    said = [
        there.post(receive, {"key": key, line: number}, follow=True).content.decode()
        for key, number in (("k", "3"), ("l", "5"))
    ]
    assert ["the rest is still on its way" in page for page in said] == [True, False]
    assert f"{transfer.number} is taken in." in said[1]


def test_another_quantity_on_the_same_page_is_not_said_to_have_come(shop, staff, there, transfer):
    post(staff, "ship", transfer)
    line = f"line-{transfer.lines.get().pk}"
    post(there, "receive", transfer, key="k", **{line: "3"})
    refused = post(there, "receive", transfer, key="k", **{line: "2"})
    assert (refused.status_code, on_hand(shop, shop.there)) == (422, 3)
    assert "See what is open" in refused.content.decode()
    assert post(there, "receive", transfer, key=refused.context["key"], **{line: "2"}).status_code == 302
    assert on_hand(shop, shop.there) == 5


def test_only_the_people_of_a_place_move_its_goods(shop, staff, there, transfer):
    assert post(there, "ship", transfer).status_code == 404
    post(staff, "ship", transfer)
    assert post(staff, "receive", transfer, key="k").status_code == 404


def test_more_than_was_sent_is_refused_beside_the_line(shop, staff, there, transfer):
    post(staff, "ship", transfer)
    answer = post(there, "receive", transfer, key="k", **{f"line-{transfer.lines.get().pk}": "9"})
    assert answer.status_code == 422
    assert answer.context["entries"][0].error.startswith("At most 8 can still arrive")
    assert on_hand(shop, shop.there) == 0


def test_without_a_reason_the_words_of_the_page_say_what_is_missing(shop, staff, there, transfer):
    post(staff, "ship", transfer)
    fields = {f"line-{transfer.lines.get().pk}": "5", "is_final": "1"}
    answer = post(there, "receive", transfer, key="k", **fields)
    text = answer.content.decode()
    assert answer.status_code == 422 and 'aria-describedby="reason-error"' in text
    assert "Choose below why what is missing will not come" in text and "One of: " not in text
    assert answer.context["is_final"] and on_hand(shop, shop.there) == 0
    assert post(there, "receive", transfer, key="k", **fields, reason="theft").status_code == 302


def test_what_is_missing_is_lost_for_a_reason_when_nothing_more_comes(shop, staff, there, transfer):
    post(staff, "ship", transfer)
    reason = Reason.objects.filter(is_active=True).first()
    fields = {f"line-{transfer.lines.get().pk}": "5", "is_final": "1", "reason": reason.code}
    assert post(there, "receive", transfer, key="k", **fields).status_code == 302
    transfer.refresh_from_db()
    assert (transfer.state, on_hand(shop, shop.there)) == (TransferState.RECEIVED, 5)


def test_a_transfer_between_other_places_does_not_exist(shop, transfer):
    elsewhere = type(shop.here).objects.create(code="ELSE", name="Else", kind="store")
    stranger = signed_in(make_user("ivy", Role.STAFF, elsewhere))
    assert stranger.get(reverse("orders:transfer", args=[transfer.pk])).status_code == 404
    assert transfer.number not in stranger.get(reverse("orders:transfers")).content.decode()
