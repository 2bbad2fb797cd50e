"""Changing an order in the browser, and the order on paper."""

import pytest
from django.urls import reverse

from orders.models import OrderRevision
from tests.pages.buying import ordered_firm, text_of


@pytest.fixture
def world(db):
    return ordered_firm()


def page(world, name="revise"):
    return reverse(f"orders:{name}", args=[world.order.pk])


def typed(world, **quantities):
    return {f"quantity-{world.lines[code].pk}": value for code, value in quantities.items()}


def test_the_form_shows_what_is_ordered_and_changes_it(world):
    assert 'value="24"' in text_of(world.buyer.get(page(world)))
    answer = world.buyer.post(page(world), {**typed(world, tea="18"), "note": "Less"}, follow=True)
    assert "24 → 18" in text_of(answer)
    assert OrderRevision.objects.get().note == "Less"


def test_the_buttons_go_by_the_packs_of_the_supplier(world):
    shown = text_of(world.buyer.get(page(world)))
    assert "packs of 6" in shown
    assert 'data-step="6' in shown and 'data-step="-6' in shown


@pytest.mark.parametrize("value", ["x", "-1", "0.5"])
def test_a_fault_stands_beside_its_line_with_the_entry_kept(world, value):
    answer = world.buyer.post(page(world), typed(world, tea=value))
    assert answer.status_code == 422
    assert f'value="{value}"' in text_of(answer)
    assert not OrderRevision.objects.exists()


def test_all_that_is_wrong_is_told_at_once(world):
    """One line is no number, of the other no whole packs are asked for."""
    text = text_of(world.buyer.post(page(world), typed(world, tea="x", salt="7")))
    assert "“x” is no number" in text and "packs of 6: order 6 / 12" in text


def test_below_nothing_is_said_in_its_own_words(world):
    assert "cannot be negative. Type 0 to take the line out" in text_of(
        world.buyer.post(page(world), typed(world, tea="-1"))
    )


@pytest.mark.parametrize(("language", "days"), [("en", "Mar 12 → Dec 31"), ("zh-hans", "3月12日 → 12月31日")])
def test_a_revision_is_read_in_the_days_of_the_reader(world, language, days):
    world.buyer.cookies["django_language"] = language
    fields = {f"day-{world.lines['tea'].pk}": "2026-12-31"}
    answer = world.buyer.post(page(world), fields, follow=True)
    assert days in text_of(answer) and "2026-12-31" not in text_of(answer)


def test_two_who_change_it_at_once_do_not_undo_each_other(world):
    for quantity, status in (("18", 302), ("12", 422)):
        answer = world.buyer.post(page(world), {**typed(world, tea=quantity), "revision": "0"})
        assert answer.status_code == status


def test_only_a_purchaser_of_the_place_changes_it(world):
    assert world.staff.get(page(world)).status_code == 403
    assert world.stranger.get(page(world)).status_code == 404


def test_the_paper_is_a_pdf_of_the_own_places(world):
    answer = world.staff.get(page(world, "order_paper"))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert world.stranger.get(page(world, "order_paper")).status_code == 404


def test_the_same_lines_are_a_table(world):
    address = page(world, "order_paper") + "?as=csv"
    answer = world.staff.get(address)
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert (answer["Content-Type"], len(rows)) == ("text/csv; charset=utf-8", 3)
    assert rows[0].startswith("SKU,Your code") and rows[2].startswith("tea,,Name of tea,each,24,2,48,")
    assert address in text_of(world.staff.get(page(world, "purchase_order")))
    assert world.stranger.get(address).status_code == 404


def test_what_the_supplier_confirmed_stands_beside_what_was_ordered(world):
    page_of_order = page(world, "purchase_order")
    assert "confirmed" not in text_of(world.buyer.get(page_of_order)).lower()
    world.order.lines.filter(sku__code="tea").update(confirmed_quantity=18)
    assert "18 confirmed" in text_of(world.buyer.get(page_of_order))
