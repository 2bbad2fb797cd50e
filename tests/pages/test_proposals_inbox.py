"""The inbox shows what waits, with what is at stake; filters narrow it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Substitute
from inventory.services.listings import list_skus
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from orders.models import ReplenishmentProposal
from tests.orders.conftest import NOW, foresee, make_sku, make_terms
from tests.pages.buying import planned_firm, text_of

INBOX = reverse("orders:proposals")


@pytest.fixture
def world(db):
    return planned_firm()


def add_proposal(world, code):
    sku = make_sku(code, category=world.firm.category)
    make_terms(world.firm.acme, sku)
    foresee(world.firm.run, sku, world.firm.shop, 1.0)
    return ReplenishmentProposal.objects.create(
        sku=sku, location=world.firm.shop, supplier=world.firm.acme, quantity=5, suggested_quantity=5, unit_price=2,
        expected_on=NOW.date(), reason={}, value_at_risk=3, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_lines_stand_under_their_supplier_with_the_total(world):
    (group,) = world.buyer.get(INBOX).context["groups"]
    assert (group.name, group.count) == ("Acme", 2)
    assert group.total == world.tea.quantity * 2 + world.salt.quantity * 2
    assert [line.proposal.pk for line in group.lines] == sorted(
        [world.tea.pk, world.salt.pk], key=lambda pk: -ReplenishmentProposal.objects.get(pk=pk).value_at_risk
    )


def test_what_is_at_stake_is_explained_beside_the_figure_of_stockouts(world):
    assert "“At stake” is the margin" in text_of(world.buyer.get(INBOX))


def test_staff_see_their_own_store_but_no_buttons(world):
    text = text_of(world.staff.get(INBOX))
    assert "Name of tea" in text
    assert reverse("orders:approve") not in text


def test_who_decides_is_said_to_those_who_cannot(world):
    page, words = reverse("orders:proposal", args=[world.tea.pk]), "Purchasers decide this."
    assert words in text_of(world.staff.get(page)) and words not in text_of(world.buyer.get(page))


def test_a_purchaser_of_another_store_sees_nothing(world):
    assert world.stranger.get(INBOX).context["groups"] == []


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("?search=TEA", {"tea"}),
        ("?search=nothing", set()),
        ("?supplier=999999", {"tea", "salt"}),
        ("", {"tea", "salt"}),
    ],
)
def test_filters_narrow_and_an_old_bookmark_still_opens(world, query, seen):
    groups = world.buyer.get(INBOX + query).context["groups"]
    assert {line.proposal.sku.code for group in groups for line in group.lines} == seen


def test_htmx_gets_the_fragment_alone(world):
    text = text_of(world.buyer.get(INBOX, headers={"HX-Request": "true"}))
    assert "<html" not in text and 'id="inbox"' in text


def test_as_many_queries_for_many_lines_as_for_few(world):
    with CaptureQueriesContext(
        connection,
    ) as few:
        world.buyer.get(INBOX)
    for number in range(5):
        add_proposal(world, f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        assert "more-4" in text_of(world.buyer.get(INBOX))
    assert len(many) == len(few)


def test_approve_all_counts_the_lines_that_are_not_shown(world):
    for number in range(10):
        add_proposal(world, f"more-{number}")
    (group,) = world.buyer.get(INBOX).context["groups"]
    assert (len(group.lines), group.hidden, len(group.proposal_ids)) == (8, 4, 12)
    (whole,) = world.buyer.get(group.more_url).context["groups"]
    assert whole.hidden == 0


def offer_sugar(world, code):
    """The SKU is on sale and out; sugar, of which seven are there, may be had instead."""
    sugar = make_sku(f"sugar-{code}", category=world.firm.category)
    short = ReplenishmentProposal.objects.get(sku__code=code).sku
    list_skus(sku_ids=[short.pk], location_ids=[world.firm.shop.pk], listed_on=date(2026, 1, 1), now=NOW)
    goods = [GoodsLine(sugar.pk, Decimal(7))]
    receive_goods(location=world.firm.shop, lines=goods, key=None, user=None, now=NOW)
    Substitute.objects.create(sku=short, substitute=sugar, rank=1)


def test_what_is_out_names_what_may_be_had_instead_in_the_list_and_in_its_reason(world):
    add_proposal(world, "empty")
    offer_sugar(world, "empty")
    row = ReplenishmentProposal.objects.get(sku__code="empty")
    with CaptureQueriesContext(connection) as one:
        assert "Name of sugar-empty" in text_of(world.buyer.get(INBOX))
    assert "Name of sugar-empty" in text_of(world.buyer.get(reverse("orders:proposal", args=[row.pk])))
    for number in range(3):
        add_proposal(world, f"more-{number}")
        offer_sugar(world, f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        assert "Name of sugar-more-2" in text_of(world.buyer.get(INBOX))
    assert len(many) == len(one)
