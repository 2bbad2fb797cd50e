"""Sending goods to another store: once, from one's own store, and whole or not at all."""

import pytest
from django.urls import reverse

from inventory.models import StockLevel, Transfer

SEND = reverse("inventory:send")


def send(client, shop, quantity, to, **fields):
    data = {"location": shop.here.pk, "key": "0" * 32, "do": "post", "line_code": "B1", "line_quantity": quantity}
    return client.post(SEND, {**data, "destination": to, **fields})


def on_hand(shop):
    return StockLevel.objects.get(sku=shop.bread, location=shop.here).on_hand


def test_goods_are_on_their_way_at_once(staff, shop):
    assert send(staff, shop, "4", shop.there.pk).status_code == 302
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.destination, on_hand(shop)) == ("shipped", shop.there, 6)


@pytest.mark.parametrize(("do", "words"), [("keep", "Open the draft"), ("post", "Open the transfer")])
def test_what_was_kept_or_sent_is_one_tap_away(staff, shop, do, words):
    shop.there.name = "There <b>"
    shop.there.save(update_fields=["name"])
    send(staff, shop, "4", shop.there.pk, do=do)
    page = staff.get(SEND).content.decode()
    transfer = Transfer.objects.get()
    assert f'<a href="{reverse("orders:transfer", args=[transfer.pk])}">{words}</a>' in page
    assert "There &lt;b&gt;" in page


@pytest.mark.parametrize("do", ["keep", "post"])
@pytest.mark.parametrize(("day", "words"), [("1800-01-01", "Jan 1, 1800 is over."), ("2026-13-45", "is no date")])
def test_a_day_that_is_over_or_none_is_refused_and_kept_as_typed(staff, shop, do, day, words):
    page = send(staff, shop, "4", shop.there.pk, do=do, expected=day)
    assert page.status_code == 422
    assert words in page.context["entry"].problem
    assert page.context["entry"].texts["expected"] == day
    assert not Transfer.objects.exists()


def test_a_draft_says_what_is_to_be_sent_and_not_that_it_was(staff, shop):
    send(staff, shop, "4", shop.there.pk, do="keep")
    draft = staff.get(reverse("orders:transfer", args=[Transfer.objects.get().pk])).content.decode()
    assert "To send" in draft
    assert "Arrived" not in draft


def test_a_double_tap_sends_once(staff, shop):
    send(staff, shop, "4", shop.there.pk)
    assert send(staff, shop, "4", shop.there.pk).status_code == 302
    assert (Transfer.objects.count(), on_hand(shop)) == (1, 6)


def test_another_transfer_under_the_same_key_is_sent_once_more_on_demand(staff, shop):
    send(staff, shop, "4", shop.there.pk)
    page = send(staff, shop, "3", shop.there.pk)
    assert (page.status_code, Transfer.objects.count()) == (422, 1)
    assert send(staff, shop, "3", shop.there.pk, key=page.context["entry"].key).status_code == 302
    assert (Transfer.objects.count(), on_hand(shop)) == (2, 3)


def test_too_many_leave_no_draft_behind(staff, shop):
    page = send(staff, shop, "11", shop.there.pk)
    assert page.status_code == 422
    assert "Only 10" in page.context["entry"].lines[0].error
    assert (Transfer.objects.count(), on_hand(shop)) == (0, 10)


@pytest.mark.parametrize("to", ["", "x", "here"])
def test_it_must_go_somewhere_else(staff, shop, to):
    page = send(staff, shop, "1", shop.here.pk if to == "here" else to)
    assert page.status_code == 422
    assert page.context["entry"].problem
    assert on_hand(shop) == 10


def test_nothing_leaves_another_store(staff, shop):
    send(staff, shop, "1", shop.here.pk, location=shop.there.pk)
    assert not Transfer.objects.filter(source=shop.there).exists()
