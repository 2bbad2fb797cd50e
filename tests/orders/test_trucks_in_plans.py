"""A plan fills the truck of a supplier or keeps to it, says how much of a line that was, and what waits.

Tea needs 24 and salt 12 (packs of 6); a unit of each weighs 1 kg, so the order is 36 kg or so.
"""

from decimal import Decimal

import pytest

from accounts.errors import InvalidInput
from orders.domain.reasons import unpack_lines
from orders.models import Outcome, ReorderLevel, ReplenishmentProposal
from orders.services.planning import check_reorder
from suppliers.services.suppliers import update_supplier
from tests.orders.conftest import NOW, add_stock, take_stock

pytestmark = pytest.mark.django_db


def truck(firm, **changes):
    for sku in (firm.tea, firm.salt):
        sku.weight_kg, sku.volume_l = 1, 10
        sku.save()
    update_supplier(supplier_id=firm.acme.pk, changes=changes, actor=None, now=NOW)


def quantities(firm):
    rows = ReplenishmentProposal.objects.filter(state="open")
    found = {proposal.sku_id: proposal.quantity for proposal in rows}
    return found.get(firm.tea.pk, 0), found.get(firm.salt.pk, 0)


def reasons(sku):
    return {line.code: line for line in unpack_lines(ReplenishmentProposal.objects.get(sku=sku).reason["lines"])}


def test_a_truck_is_filled_with_what_runs_out_first_and_each_added_unit_is_explained(firm, plan):
    plan()
    tea, salt = quantities(firm)
    truck(firm, truck_policy="fill", truck_kilograms=60)
    plan()
    more = [after - before for after, before in zip(quantities(firm), (tea, salt), strict=True)]
    assert sum(quantities(firm)) == 60
    assert all(units >= 0 and units % 6 == 0 for units in more)
    for sku, units, daily in ((firm.tea, more[0], 2), (firm.salt, more[1], 1)):
        if units:
            assert reasons(sku)["truck_fill"].value == units
            assert reasons(sku)["truck_days"].value == units / daily


def test_it_is_not_filled_beyond_the_days(firm, plan):
    """30 of tea are 15 days; one more pack of salt than 12 would be 18 days."""
    plan()
    salt = quantities(firm)[1]
    assert salt >= 12
    truck(firm, truck_policy="fill", truck_kilograms=1000, fill_days=15)
    plan()
    assert quantities(firm) == (30, salt)
    for sku in (firm.tea, firm.salt):
        assert (reasons(sku)["truck_held"].value, reasons(sku)["truck_held"].kind) == (15, "days")


def test_of_a_truck_that_is_full_or_not_to_be_filled_nothing_is_held_back(firm, plan):
    for changes in (
        {"truck_policy": "fill", "truck_kilograms": 60},
        {"truck_policy": "limit", "truck_kilograms": 1000},
    ):
        truck(firm, **changes)
        plan()
        assert "truck_held" not in reasons(firm.tea)


def test_space_counts_in_cubic_metres(firm, plan):
    truck(firm, truck_policy="fill", truck_cubic_metres=Decimal("0.6"))
    plan()
    assert sum(quantities(firm)) == 60


def test_what_does_not_fit_waits_and_says_so(firm, plan):
    truck(firm, truck_policy="limit", truck_kilograms=24)
    plan()
    assert sum(quantities(firm)) <= 24
    assert "truck_cut" in {code for proposal in ReplenishmentProposal.objects.all() for code in reasons(proposal.sku)}
    update_supplier(supplier_id=firm.acme.pk, changes={"truck_kilograms": 6}, actor=None, now=NOW)
    plan()
    assert sorted(quantities(firm)) == [0, 6]
    assert ReorderLevel.objects.filter(outcome=Outcome.DELAYED).count() == 1


def test_without_a_need_no_truck_is_sent(firm, plan):
    truck(firm, truck_policy="fill", truck_kilograms=60)
    for sku in (firm.tea, firm.salt):
        add_stock(sku, firm.shop, 50)
    plan()
    assert not ReplenishmentProposal.objects.exists()


def test_a_check_plans_the_whole_order_again_and_agrees_with_the_night(firm, plan):
    truck(firm, truck_policy="fill", truck_kilograms=60)
    add_stock(firm.tea, firm.shop, 12)
    plan()
    take_stock(firm.tea, firm.shop, 6)
    check_reorder(location_id=firm.shop.pk, sku_ids=[firm.tea.pk], now=NOW)
    checked = quantities(firm)
    plan()
    assert quantities(firm) == checked
    again = plan()
    assert (again.created, again.changed, again.withdrawn) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"truck_policy": "fill"}, "truck_policy"),
        ({"truck_kilograms": 0}, "truck_kilograms"),
        ({"truck_policy": "often"}, "truck_policy"),
        ({"fill_days": 0}, "fill_days"),
    ],
)
def test_a_truck_that_cannot_be_is_refused(firm, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        update_supplier(supplier_id=firm.acme.pk, changes=changes, actor=None, now=NOW)
    assert field in {row["field"] for row in refusal.value.details}


def test_what_is_cut_for_a_truck_is_still_delivered_or_waits(firm, plan):
    """At least 7 of tea in packs of 6 are 12: where 9 kg fit, one pack would not be delivered."""
    firm.acme.terms.filter(sku=firm.tea).update(minimum_quantity=7)
    add_stock(firm.salt, firm.shop, 100)
    truck(firm, truck_policy="limit", truck_kilograms=9)
    plan()
    assert quantities(firm) == (0, 0)
    truck(firm, truck_kilograms=13)
    plan()
    assert quantities(firm) == (12, 0)
