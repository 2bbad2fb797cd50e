"""Larger orders for a lower price, and orders filled up to what a supplier delivers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stockpyl.eoq import economic_order_quantity, economic_order_quantity_with_all_units_discounts

from accounts.errors import InvalidInput
from orders.domain.order_fill import Fillable, packs_to_fill
from orders.domain.price_breaks import Terms, best_deal, price_at, yearly_cost
from orders.models import ReplenishmentProposal
from orders.services.planning import check_reorder
from suppliers.services import terms as service
from tests.orders.conftest import NOW, add_stock

DAILY, ORDERING, HOLDING = 1300 / 365, 8.0, 0.3


def terms(breaks, pack=1.0, price=0.75):
    return Terms(price, breaks, pack, DAILY, ORDERING, HOLDING)


def test_the_textbook_example_of_all_units_discounts():
    """1,300 a year, 8 an order, 0.30 holding; 0.75, from 400 on 0.72, from 800 on 0.68 (Snyder and Shen, 3.4)."""
    deal_terms = terms([(400.0, 0.72), (800.0, 0.68)])
    quantity, _region, cost = economic_order_quantity_with_all_units_discounts(
        ORDERING, HOLDING, 1300, [0, 400, 800], [0.75, 0.72, 0.68]
    )
    needed, _cost = economic_order_quantity(ORDERING, HOLDING * 0.75, 1300)
    deal = best_deal(deal_terms, needed, 10_000)
    assert (deal.quantity, deal.price) == (pytest.approx(quantity), 0.68)
    assert yearly_cost(deal_terms, deal.quantity) == pytest.approx(cost, rel=1e-6)
    assert deal.saving > 0


def test_a_break_that_costs_more_to_hold_than_it_saves_is_left():
    assert best_deal(terms([(5000.0, 0.74)]), 300, 10_000).quantity == 300
    assert best_deal(terms([(400.0, 0.60)]), 300, 350).quantity == 300


def test_what_is_needed_may_reach_a_break_by_itself():
    deal = best_deal(terms([(200.0, 0.70)]), 300, 10_000)
    assert (deal.quantity, deal.price, deal.saving) == (300, 0.70, 0)
    assert price_at(terms([(200.0, 0.70)]), 199) == 0.75


def line(stock, daily=1.0, pack=6.0, price=2.0, most=1e9):
    return Fillable(stock, pack, daily, price, most)


def test_the_line_that_runs_out_first_gets_the_next_pack():
    assert packs_to_fill([line(10), line(20)], 24.0) == [2, 0]
    assert packs_to_fill([line(10), line(20)], 25.0) == [2, 1]
    assert packs_to_fill([line(10, most=15), line(20)], 24.0) == [0, 2]
    assert packs_to_fill([line(10)], 0.0) == [0]


def test_a_line_that_is_not_ordered_yet_joins_with_its_least_or_not_at_all():
    assert packs_to_fill([line(20), Fillable(10, 6.0, 1.0, 2.0, 1e9, first=3)], 24.0) == [0, 3]
    assert packs_to_fill([line(20), Fillable(10, 6.0, 1.0, 2.0, 20, first=3)], 24.0) == [2, 0]


def test_an_order_is_not_filled_with_what_lasts_for_ever():
    assert packs_to_fill([line(10)], 1000.0) is None
    assert packs_to_fill([line(0, daily=0.0)], 1.0) is None


@given(
    st.lists(st.builds(line, st.floats(0, 50), st.floats(0.1, 5), st.just(6.0), st.floats(0.5, 9)), max_size=5),
    st.floats(0, 400),
)
def test_filled_orders_reach_the_least_by_less_than_a_pack(lines, missing):
    packs = packs_to_fill(lines, missing)
    if packs is not None:
        worth = [line.pack * line.price for line in lines]
        total = sum(count * value for count, value in zip(packs, worth, strict=True))
        assert total >= missing - 1e-6
        assert not any(packs) or total - missing < max(worth)


def proposals():
    rows = ReplenishmentProposal.objects.filter(state="open").order_by("sku__code").values_list("sku__code", "quantity")
    return dict(rows)


@pytest.mark.django_db
def test_a_plan_buys_more_where_the_price_pays_for_it_and_says_so(firm, plan):
    firm.acme.terms.filter(sku=firm.tea).update(price_breaks=[["30", "1.80"]])
    plan()
    tea = ReplenishmentProposal.objects.get(sku=firm.tea, state="open")
    assert (tea.quantity, tea.unit_price) == (30, Decimal("1.80"))
    lines = {row[0]: row[1] for row in tea.reason["lines"]}
    assert (lines["need"], lines["price_break"]) == ("24.000", "6.000")
    assert Decimal(lines["saving"]) > 4


@pytest.mark.django_db
def test_a_small_order_is_filled_with_what_is_needed_soonest(firm, plan):
    add_stock(firm.salt, firm.shop, 12)
    plan()
    # 24 of tea at 2 each.
    assert proposals() == {"tea": 24}
    firm.acme.minimum_order_value = Decimal(70)
    firm.acme.save()
    plan()
    # 11 more: salt lasts 12 days and tea 12 days; a pack of each is 24.
    assert sum(proposals().values()) == 36
    assert proposals()["salt"] == 6


@pytest.mark.django_db
def test_what_fills_an_order_is_paid_at_the_price_that_it_reaches_and_still_reaches_the_least(firm, plan):
    """24 of tea and 12 of salt come to 72; the breaks that filling reaches make the order cheaper again."""
    firm.acme.terms.update(price_breaks=[["30", "1.50"]])
    firm.acme.minimum_order_value = 90
    firm.acme.save()
    plan()
    rows = ReplenishmentProposal.objects.filter(state="open")
    assert all(row.unit_price == (Decimal("1.50") if row.quantity >= 30 else 2) for row in rows)
    assert any(row.quantity >= 30 for row in rows)
    assert sum(row.quantity * row.unit_price for row in rows) >= 90


@pytest.mark.django_db
def test_a_check_of_one_line_leaves_the_filled_order_as_it_is(firm, plan):
    firm.acme.minimum_order_value = Decimal(130)
    firm.acme.save()
    plan()
    before = proposals()
    result = check_reorder(location_id=firm.shop.pk, sku_ids=[firm.salt.pk], now=NOW)
    assert (result.created, result.changed, result.withdrawn) == (0, 0, 0)
    assert proposals() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "breaks", [[("0", "1")], [("10", "3")], [("10", "1"), ("10", "0.5")], [("10", "1"), ("20", "1")], [("10", "-1")]]
)
def test_odd_breaks_are_refused(firm, breaks):
    new = service.Terms(
        price=Decimal(2), price_breaks=tuple((Decimal(least), Decimal(price)) for least, price in breaks)
    )
    with pytest.raises(InvalidInput) as refusal:
        service.set_terms(supplier_id=firm.acme.pk, sku_id=firm.tea.pk, terms=new, actor=None, now=NOW)
    assert refusal.value.details[0]["field"] == "price_breaks"
