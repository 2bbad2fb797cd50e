"""The page behind a supplier's link, filled in as on a phone without script, and what the purchaser sees of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import OrderState, PurchaseOrder, PurchaseOrderLine, SupplierLink
from orders.services.purchase_orders import cancel_order
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from orders.services.supplier_answers import answer_order
from orders.views import supplier_answer
from tests.pages.buying import ordered_firm, text_of


@pytest.fixture
def world(db):
    """The order is wanted in three days from now, and `link` opens it."""
    cache.clear()
    world = ordered_firm()
    world.wanted_on = timezone.localdate() + timedelta(days=3)
    PurchaseOrder.objects.update(expected_on=world.wanted_on)
    PurchaseOrderLine.objects.update(expected_on=world.wanted_on)
    page = world.buyer.post(reverse("orders:make_link", args=[world.order.pk]))
    world.link = "/s/" + page.context["address"].partition("/s/")[2]
    world.guest = Client()
    return world


def fill(world, note="", **said):
    """fill(world, tea=("part", "18", day)); lines that are not named are sent as they were shown."""
    body = {"note": note, "revision": world.order.revision}
    for row in world.guest.get(world.link).context["rows"]:
        if row.form is None:
            continue
        shown = {name: row.form[name].value() for name in ("how", "quantity", "day")}
        named = dict(zip(("how", "quantity", "day"), said.get(row.line.sku.code, ()), strict=False))
        body |= {row.form.add_prefix(name): value or "" for name, value in (shown | named).items()}
    return world.guest.post(world.link, body)


def word(world, code):
    line = world.order.lines.get(sku__code=code)
    return line.confirmed_quantity, line.promised_on


def test_one_tap_confirms_everything_on_the_day_it_was_wanted(world):
    assert fill(world).status_code == 302
    assert (word(world, "tea"), word(world, "salt")) == ((24, world.wanted_on), (18, world.wanted_on))
    assert PurchaseOrder.objects.get().state == OrderState.CONFIRMED


def test_less_and_none_are_said_shown_and_can_be_changed(world):
    later = world.wanted_on + timedelta(days=4)
    fill(world, note="Truck is full", tea=("part", "18", later.isoformat()), salt=("none",))
    assert (word(world, "tea"), word(world, "salt")) == ((18, later), (0, None))
    text = text_of(world.guest.get(world.link + "?sent=1"))
    assert "Thank you" in text and "short: 18 of 24" in text and "short: nothing comes" in text
    assert "“Truck is full”" in text
    shown = {row.line.sku.code: row.form["how"].value() for row in world.guest.get(world.link).context["rows"]}
    assert shown == {"tea": "part", "salt": "none"}
    fill(world, tea=("all",), salt=("all",))
    assert (word(world, "tea")[0], word(world, "salt")[0]) == (24, 18)


def test_a_changed_answer_keeps_their_note_until_they_write_another(world):
    fill(world, note="Truck is full", tea=("part", "18"))
    page = world.guest.get(world.link)
    assert page.context["note"] == "Truck is full" and "Truck is full</textarea>" in text_of(page)
    fill(world, note=page.context["note"], tea=("all",))
    assert "“Truck is full”" in text_of(world.buyer.get(reverse("orders:purchase_order", args=[world.order.pk])))
    fill(world, tea=("part", "12"))
    assert world.guest.get(world.link).context["note"] == ""


def just_before_it_is_kept(monkeypatch, act):
    """`act` happens between the look of the page at what was sent and the lock under which it is kept."""

    def keep(**sent):
        act()
        return answer_order(**sent)

    monkeypatch.setattr(supplier_answer, "answer_order", keep)


def test_an_order_cancelled_while_they_send_shows_that_it_is_and_no_form(world, monkeypatch):
    just_before_it_is_kept(monkeypatch, lambda: cancel_order(order_id=world.order.pk, user=None, now=timezone.now()))
    refused = fill(world)
    assert refused.status_code == 409
    text = text_of(refused)
    assert "Please do not deliver" in text and "there is nothing to confirm" in text
    assert "Send the answer" not in text


def test_goods_that_come_while_they_send_are_shown_before_they_are_asked_again(world, monkeypatch):
    tea = world.order.lines.get(sku__code="tea")
    now = timezone.now()
    just_before_it_is_kept(
        monkeypatch,
        lambda: receive_order(
            order_id=world.order.pk, key="came", user=None, now=now, quantities={tea.pk: Decimal(24)}
        ),
    )
    refused = fill(world, salt=("none",))
    assert (refused.status_code, word(world, "salt")) == (409, (None, None))
    assert "The order has changed since you opened this page" in text_of(refused)
    assert [row.line.sku.code for row in refused.context["rows"] if row.form is not None] == ["salt"]


@pytest.mark.parametrize(
    ("said", "units"), [(("all", "-1"), 24), (("all", "lots"), 24), (("none", "-1"), 0), (("none", "", "soon"), 0)]
)
def test_what_the_choice_hides_is_not_asked_about(world, said, units):
    assert fill(world, tea=said).status_code == 302
    assert word(world, "tea")[0] == units


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (("part", ""), "Say how many come, of 24."),
        (("part", "x"), "Type the quantity as a number"),
        (("part", "-1"), "cannot be negative"),
        (("part", "25"), "At most 24 were ordered."),
        (("all", "", ""), "Say on which day it comes."),
        (("all", "", "soon"), "Write the day like"),
        (("all", "", "2020-01-01"), "from today on"),
        (("most",), "This is not in the list"),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_nothing_is_kept(world, said, message):
    refused = fill(world, tea=said)
    assert refused.status_code == 422
    assert message in text_of(refused) and "Nothing was sent yet" in text_of(refused)
    assert word(world, "salt") == (None, None)


def test_all_that_is_wrong_is_said_at_once(world):
    """One line is no number, the other more than was ordered."""
    text = text_of(fill(world, note="Truck is full", tea=("part", "x"), salt=("part", "99")))
    assert "Type the quantity as a number" in text and "At most 18 were ordered." in text
    assert 'value="99"' in text and "Truck is full" in text


def test_an_order_that_is_cancelled_says_so_and_takes_no_answer(world):
    cancel_order(order_id=world.order.pk, user=None, now=timezone.now())
    assert "Please do not deliver" in text_of(world.guest.get(world.link))
    assert world.guest.post(world.link, {}).status_code == 200
    assert word(world, "tea") == (None, None)


def test_the_purchaser_sees_the_answer_and_takes_the_link_back(world):
    page = reverse("orders:purchase_order", args=[world.order.pk])
    assert "They have a link and have not answered yet." in text_of(world.buyer.get(page))
    fill(world, tea=("none",))
    text = text_of(world.buyer.get(page))
    assert "short: nothing comes" in text and "The supplier answered" in text and "opened" in text
    world.buyer.post(reverse("orders:end_links", args=[world.order.pk]))
    assert world.guest.get(world.link).status_code == 410
    assert "Make a link" not in text_of(world.staff.get(page))


def test_the_address_is_shown_once_and_never_stored(world):
    token = world.link.split("/")[2]
    stored = SupplierLink.objects.values_list("token_sha256", flat=True)
    assert len(stored) == 2 and token not in stored
    assert token not in text_of(world.buyer.get(reverse("orders:purchase_order", args=[world.order.pk])))


def test_a_page_that_was_open_while_the_order_changed_confirms_nothing_of_the_new_one(world):
    line = world.order.lines.get(sku__code="tea")
    revise_order(order_id=world.order.pk, changes={line.pk: LineChange(Decimal(240))}, user=None, now=timezone.now())
    late = fill(world)
    assert (late.status_code, word(world, "tea")) == (409, (None, None))
    assert "has changed since you opened this page" in text_of(late) and "240" in text_of(late)
    world.order.refresh_from_db()
    assert fill(world).status_code == 302
    assert word(world, "tea") == (240, world.wanted_on)
