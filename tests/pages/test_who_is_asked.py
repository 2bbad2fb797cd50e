"""Which suppliers of a SKU are asked about a shortage, and for how much: in whole packs, not who just said short."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import SupplierLink, SupplyRequest
from orders.services.supplier_answers import LineAnswer, answer_order
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, TODAY, make_terms
from tests.pages.buying import ordered_firm, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Of tea, in packs of 6 at Acme as at Best, Acme has said of its order that 10 less come than were ordered."""
    world = ordered_firm()
    make_terms(world.firm.best, world.firm.tea, price=3, pack_size=6)
    line = world.lines[world.firm.tea.code]
    day = TODAY + timedelta(days=3)
    answers = {each.pk: LineAnswer(each.quantity - 10 * (each == line), day) for each in world.lines.values()}
    answer_order(link_id=SupplierLink.objects.get(order=world.order).pk, answers=answers, now=NOW)
    line.refresh_from_db()
    ask = reverse("orders:ask_suppliers", args=[world.firm.tea.pk])
    url = f"{ask}?location={world.firm.shop.pk}&quantity=10.000&line={line.pk}"
    return SimpleNamespace(firm=world.firm, buyer=world.buyer, order=world.order, line=line, url=url)


def ticked(world, url=""):
    page = world.buyer.get(url or world.url)
    return {row.supplier.code for row, is_ticked, _units in page.context["rows"] if is_ticked}


def send(world, *suppliers):
    day = timezone.localdate() + timedelta(days=3)
    body = {"location": world.firm.shop.pk, "quantity": "12", "wanted_by": day.isoformat(), "note": ""}
    return world.buyer.post(world.url, {**body, "suppliers": [supplier.pk for supplier in suppliers]})


def test_the_order_leads_there_with_its_line(world):
    page = text_of(world.buyer.get(reverse("orders:purchase_order", args=[world.order.pk])))
    assert world.url.replace("&", "&amp;") in page


def test_who_just_said_short_is_left_out_and_the_page_says_why(world):
    text = text_of(world.buyer.get(world.url))
    assert ticked(world) == {"BEST"}
    said = f"has said of order {world.order.number} that {int(world.line.confirmed_quantity)}"
    assert said in text and "Only Best would be asked" in text


def test_where_nobody_else_supplies_it_the_page_says_so_and_leads_on(world):
    world.firm.best.terms.all().delete()
    text = text_of(world.buyer.get(world.url))
    assert ticked(world) == set()
    assert "Only Acme supplies it, who has just said that less comes" in text
    assert reverse("suppliers:new_terms", args=[world.firm.tea.pk]) in text
    assert send(world, world.firm.acme).status_code == 302


def test_what_nobody_supplies_leads_to_a_supplier(world):
    SupplierTerms.objects.filter(sku=world.firm.tea).delete()
    assert reverse("suppliers:new_terms", args=[world.firm.tea.pk]) in text_of(world.buyer.get(world.url))


def test_of_any_other_line_nobody_is_left_out(world):
    assert ticked(world, world.url.partition("&line")[0]) == {"ACME", "BEST"}
    salt = world.order.lines.exclude(pk=world.line.pk).get()
    for odd in (salt.pk, "9" * 30, "x", 0):
        assert ticked(world, f"{world.url.partition('&line')[0]}&line={odd}") == {"ACME", "BEST"}


def test_the_need_is_proposed_in_whole_packs_of_those_asked(world):
    assert world.buyer.get(world.url).context["form"]["quantity"].value() == "12"


def test_where_packs_differ_the_need_stays_and_each_is_shown_theirs(world):
    world.firm.best.terms.update(pack_size=8)
    page = world.buyer.get(world.url.partition("&line")[0])
    assert page.context["form"]["quantity"].value() == "10"
    assert {row.supplier.code: units for row, _ticked, units in page.context["rows"]} == {"ACME": 12, "BEST": 16}
    assert "16 are asked for where 10 are needed" in text_of(page).replace("\xa0", " ")


def test_a_quantity_that_is_none_in_the_address_is_left_to_the_form(world):
    page = world.buyer.get(world.url.replace("10.000", "many"))
    assert (page.status_code, page.context["units"]) == (200, None)


def test_only_those_ticked_are_asked(world):
    assert send(world, world.firm.best).status_code == 302
    assert [offer.supplier for offer in SupplyRequest.objects.get().offers.all()] == [world.firm.best]


def test_nobody_ticked_is_refused(world):
    refused = send(world)
    assert (refused.status_code, "Tick at least one supplier." in text_of(refused)) == (422, True)


def test_who_has_no_address_or_supplies_it_not_cannot_be_ticked(world):
    world.firm.best.email = ""
    world.firm.best.save()
    refused = send(world, world.firm.acme, world.firm.best)
    assert (refused.status_code, "can no longer be asked" in text_of(refused)) == (422, True)
    assert not SupplyRequest.objects.exists()
