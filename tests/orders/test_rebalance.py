"""Moving what one place has too much of to another, without making a need where it came from."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Listing, Location
from orders.domain.rebalance import choose_donor, spare_units
from orders.domain.sourcing import Spare
from orders.models import ProposalState, ReorderLevel, ReplenishmentProposal
from orders.selectors.spare import load_spare, look_again
from orders.services.decisions import approve_proposals
from orders.services.planning import plan_location
from tests.orders.conftest import AS_OF, NOW, add_stock, foresee, make_place

units = st.decimals(0, 500, places=3)


@given(units, units, units, units, st.booleans())
def test_nobody_gives_below_the_level_that_it_orders_up_to(free, up_to, promised, need, is_sold):
    spare = spare_units(free, up_to, promised)
    donor = choose_donor(need, [Spare(1, "", spare)], is_sold=is_sold)
    if donor is not None:
        given_away = min(need, donor.units)
        assert free - promised - given_away >= up_to
        assert not is_sold or given_away == need


@given(st.lists(units, min_size=1, max_size=5), units)
def test_the_place_with_the_most_to_spare_gives(spares, need):
    donor = choose_donor(need, [Spare(i, "", spare) for i, spare in enumerate(spares)], is_sold=False)
    assert donor is None or donor.units == max(spares)


@pytest.fixture
def two_shops(firm):
    """Tea sells 2 a day in both shops; OTHER stands at 40 and orders up to 24, so that 16 are spare."""
    Listing.objects.create(sku=firm.tea, location=firm.other, listed_on=date(2026, 1, 1))
    foresee(firm.run, firm.tea, firm.other, 2.0)
    add_stock(firm.tea, firm.other, 40)
    add_stock(firm.tea, firm.shop, 10)
    plan_at(firm, firm.other)
    return firm


def plan_at(firm, place):
    return plan_location(location_id=place.pk, run_id=firm.run.pk, as_of=AS_OF, now=NOW)


def tea(firm, place):
    return ReplenishmentProposal.objects.filter(sku=firm.tea, location=place, state=ProposalState.OPEN).first()


@pytest.mark.django_db
def test_a_need_is_met_from_what_another_shop_has_too_much_of(two_shops):
    plan_at(two_shops, two_shops.shop)
    proposal = tea(two_shops, two_shops.shop)
    assert (proposal.source, proposal.supplier, proposal.quantity) == (two_shops.other, None, 14)
    lines = {row[0]: row[1] for row in proposal.reason["lines"]}
    assert (lines["source"], lines["free_there"]) == ("Other", "16.000")
    assert ReorderLevel.objects.get(sku=two_shops.tea, location=two_shops.shop).source == two_shops.other
    again = plan_at(two_shops, two_shops.shop)
    assert (again.created, again.changed) == (0, 0)


@pytest.mark.django_db
def test_the_giver_has_no_need_afterwards(two_shops):
    plan_at(two_shops, two_shops.shop)
    approve_proposals(proposal_ids=[tea(two_shops, two_shops.shop).pk], user=two_shops.buyer, now=NOW)
    plan_at(two_shops, two_shops.other)
    assert tea(two_shops, two_shops.other) is None


@pytest.mark.django_db
def test_two_shops_are_not_promised_the_same_units(two_shops):
    third = make_place("THIRD")
    Listing.objects.create(sku=two_shops.tea, location=third, listed_on=date(2026, 1, 1))
    foresee(two_shops.run, two_shops.tea, third, 2.0)
    add_stock(two_shops.tea, third, 9)
    plan_at(two_shops, two_shops.shop)
    plan_at(two_shops, third)
    assert tea(two_shops, two_shops.shop).source == two_shops.other
    assert tea(two_shops, third).supplier == two_shops.acme


@pytest.mark.django_db
def test_less_than_the_need_is_bought_whole_unless_nobody_sells_it(two_shops):
    Location.objects.filter(pk=two_shops.other.pk).update(name="Other")
    ReorderLevel.objects.filter(location=two_shops.other).update(order_up_to_level=30)
    plan_at(two_shops, two_shops.shop)
    assert tea(two_shops, two_shops.shop).supplier == two_shops.acme
    two_shops.acme.terms.update(is_active=False)
    plan_at(two_shops, two_shops.shop)
    assert (tea(two_shops, two_shops.shop).source, tea(two_shops, two_shops.shop).quantity) == (two_shops.other, 10)


@pytest.mark.django_db
def test_a_second_look_finds_what_the_first_did_while_nobody_promised_more(two_shops, django_assert_num_queries):
    seen = load_spare(two_shops.shop, [two_shops.tea.pk])
    assert [spare.units for spare in seen[two_shops.tea.pk]] == [16]
    with django_assert_num_queries(1):
        assert look_again(two_shops.shop, seen) == seen


@pytest.mark.django_db
@pytest.mark.parametrize(("on_hand", "promised", "left"), [(10, 14, [2]), (8, 16, [])])
def test_a_second_look_finds_what_another_shop_has_left(two_shops, on_hand, promised, left):
    third = make_place("THIRD")
    Listing.objects.create(sku=two_shops.tea, location=third, listed_on=date(2026, 1, 1))
    foresee(two_shops.run, two_shops.tea, third, 2.0)
    add_stock(two_shops.tea, third, on_hand)
    seen = load_spare(two_shops.shop, [two_shops.tea.pk])
    plan_at(two_shops, third)
    assert (tea(two_shops, third).source, tea(two_shops, third).quantity) == (two_shops.other, promised)
    assert [spare.units for spare in look_again(two_shops.shop, seen)[two_shops.tea.pk]] == left
