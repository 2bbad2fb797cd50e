"""Ticks and "approve all" buy what stood on the page: who delivers, how much, and at which price."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import PurchaseOrder, ReplenishmentProposal
from tests.orders.conftest import make_terms
from tests.pages.buying import planned_firm, text_of

INBOX, APPROVE = reverse("orders:proposals"), reverse("orders:approve")
HTMX = {"HX-Request": "true"}
SEEN = re.compile(r'<input type="hidden" name="(seen-\d+)" value="([^"]+)" form="approve">')
GROUP = re.compile(
    r'<input type="hidden" name="proposal" value="(\d+)"><input type="hidden" name="seen-\1" value="([^"]+)">'
)


@pytest.fixture
def world(db):
    return planned_firm()


def change(proposal, **values):
    """As a plan of this minute would."""
    ReplenishmentProposal.objects.filter(pk=proposal.pk).update(**values)


def tick(world, *proposals):
    """What the form of the ticks sends: what was seen of each line, and those ticked."""
    seen = dict(SEEN.findall(text_of(world.buyer.get(INBOX))))
    assert len(seen) == 2
    return {"proposal": [row.pk for row in proposals], "key": "k", **seen}


def all_of_them(world):
    found = GROUP.findall(text_of(world.buyer.get(INBOX)))
    assert len(found) == 2
    return {"proposal": [pk for pk, _ in found], "key": "k", **{f"seen-{pk}": seen for pk, seen in found}}


def test_what_did_not_change_is_bought(world):
    assert world.buyer.post(APPROVE, tick(world, world.tea), headers=HTMX).status_code == 200
    assert PurchaseOrder.objects.get().lines.get().sku == world.tea.sku


def test_all_that_did_not_change_is_bought(world):
    assert world.buyer.post(APPROVE, all_of_them(world), headers=HTMX).status_code == 200
    assert PurchaseOrder.objects.get().lines.count() == 2


@pytest.mark.parametrize("form", [tick, all_of_them])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"quantity": Decimal(90)}, "tea: 90 instead of"),
        ({"unit_price": Decimal(7)}, "tea: now from Acme at 7 a unit"),
    ],
)
def test_another_quantity_or_price_is_refused_by_name_and_nothing_is_bought(world, form, values, said):
    sent = form(world, world.tea) if form is tick else form(world)
    change(world.tea, **values)
    answer = world.buyer.post(APPROVE, sent, headers=HTMX)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not PurchaseOrder.objects.exists()
    world.tea.refresh_from_db()
    assert world.tea.state == "open"


def test_another_supplier_at_the_same_price_is_refused_too(world):
    sent = tick(world, world.tea)
    make_terms(world.firm.best, world.firm.tea, priority=0)
    change(world.tea, supplier=world.firm.best)
    answer = world.buyer.post(APPROVE, sent, headers=HTMX)
    assert answer.status_code == 422
    assert "tea: now from Best at" in text_of(answer)


def test_a_change_of_a_line_that_is_not_ticked_stops_nobody(world):
    sent = tick(world, world.tea)
    change(world.salt, unit_price=Decimal(7))
    assert world.buyer.post(APPROVE, sent, headers=HTMX).status_code == 200


def test_looking_again_shows_what_is_there_now_and_buys_it(world):
    sent = tick(world, world.tea)
    change(world.tea, quantity=Decimal(90), unit_price=Decimal(7))
    answer = text_of(world.buyer.post(APPROVE, sent, headers=HTMX))
    assert "tea: 90 instead of" in answer and "tea: now from Acme at 7 a unit" in answer
    assert world.buyer.post(APPROVE, tick(world, world.tea), headers=HTMX).status_code == 200
    line = PurchaseOrder.objects.get().lines.get()
    assert (line.quantity, line.unit_price) == (90, 7)


def test_the_line_opened_alone_carries_its_terms_too(world):
    panel = text_of(world.buyer.get(reverse("orders:proposal", args=[world.tea.pk]), headers=HTMX))
    (value,) = re.findall(rf'name="seen-{world.tea.pk}" value="([^"]+)">', panel)
    change(world.tea, unit_price=Decimal(7))
    answer = world.buyer.post(APPROVE, {"proposal": [world.tea.pk], f"seen-{world.tea.pk}": value, "key": "k"})
    assert answer.status_code == 422
