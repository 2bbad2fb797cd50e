"""A purchaser splits one need over suppliers on a page of its own: what it would do first, then one decision."""

import pytest
from django.urls import reverse

from orders.models import PurchaseOrder
from tests.orders.conftest import make_terms
from tests.pages.buying import planned_firm, text_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(db):
    """24 of tea are proposed of Acme, in packs of 6 at 2; Best delivers packs of 4, at least 8, at 3."""
    world = planned_firm()
    make_terms(world.firm.best, world.firm.tea, pack_size=4, minimum_quantity=8, price=3, priority=2)
    world.page = reverse("orders:split", args=[world.tea.pk])
    return world


def fields(world, best, acme="", **more):
    firm = world.firm
    return {f"units-{firm.acme.pk}": acme, f"units-{firm.best.pk}": best, f"seen-{world.tea.pk}": "24.000", **more}


def said(answer):
    return " ".join(text_of(answer).split())


def test_only_what_several_deliver_leads_to_the_page(world):
    link = f'href="{world.page}"'
    assert link in text_of(world.buyer.get(reverse("orders:proposal", args=[world.tea.pk]), headers=HTMX))
    other = text_of(world.buyer.get(reverse("orders:proposal", args=[world.salt.pk]), headers=HTMX))
    assert reverse("orders:split", args=[world.salt.pk]) not in other


def test_the_page_opens_with_everything_at_the_proposed_supplier(world):
    answer = world.buyer.get(world.page)
    assert [(part.offer.supplier_name, part.quantity) for part in answer.context["split"].parts] == [
        ("Acme", 24),
        ("Best", 0),
    ]
    assert "24 are proposed for Shop." in said(answer)


def test_what_it_would_do_is_shown_while_typing_and_nothing_is_bought(world):
    answer = world.buyer.get(world.page, fields(world, "8"), headers=HTMX)
    text = said(answer)
    assert "<html" not in text and "lasts <b>13 days</b>" in text
    assert f'name="price-{world.firm.best.pk}" value="3.0000"' in text
    assert not PurchaseOrder.objects.exists()


def test_without_script_a_button_shows_it(world):
    answer = world.buyer.post(world.page, fields(world, "8", do="look"))
    assert answer.status_code == 200 and answer.context["split"].quantity == 26
    assert not PurchaseOrder.objects.exists()


def test_one_decision_makes_both_orders_and_a_double_click_no_more(world):
    for _click in range(2):
        answer = world.buyer.post(world.page, fields(world, "8", key="k"))
        assert answer["Location"] == reverse("orders:proposals")
    assert PurchaseOrder.objects.count() == 2
    assert "PO-" in said(world.buyer.get(reverse("orders:proposals")))


@pytest.mark.parametrize(
    ("best", "text"),
    [("9", "packs of 4: order 8 / 12"), ("4", "At least 8"), ("x", "Type the quantity as a number"), ("-1", "Type 0")],
)
def test_a_refusal_says_what_is_wrong_and_keeps_what_was_typed(world, best, text):
    answer = world.buyer.post(world.page, fields(world, best))
    assert answer.status_code == 422
    assert text in said(answer) and f'value="{best}"' in said(answer)
    acme, best_line = answer.context["lines"]
    assert not acme[2] and any(text in str(error) for error in best_line[2]), "at its line"
    assert not PurchaseOrder.objects.exists()


def test_another_price_than_the_one_shown_is_refused(world):
    price = {f"price-{world.firm.best.pk}": "2.5000"}
    answer = world.buyer.post(world.page, fields(world, "8", **price))
    assert answer.status_code == 422 and "Another price holds" in said(answer)


def test_what_was_decided_meanwhile_says_so(world):
    world.admin.post(reverse("orders:approve"), {"proposal": [world.tea.pk], "key": "a"})
    answer = world.buyer.post(world.page, fields(world, "8"))
    assert answer.status_code == 422 and "no longer waiting" in said(answer)
    assert PurchaseOrder.objects.count() == 1
    assert "Approve these orders" not in said(world.buyer.get(world.page))


def test_staff_may_not_and_a_stranger_finds_nothing(world):
    assert world.staff.post(world.page, fields(world, "8")).status_code == 403
    assert world.stranger.get(world.page).status_code == 404
    assert world.stranger.post(world.page, fields(world, "8")).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_suppliers(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        world.buyer.get(world.page, fields(world, "8"), headers=HTMX)
