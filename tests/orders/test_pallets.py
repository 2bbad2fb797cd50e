"""A quantity that lacks little of a full pallet is rounded up to it, where that has room and keeps."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from orders.models import ReplenishmentProposal
from suppliers.models import SupplierTerms
from suppliers.services.terms import Terms, set_terms
from tests.orders.conftest import NOW
from tests.orders.test_policy_in_plans import rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(firm, plan):
    """tea(pallet_size=..., ...) plans tea, of which 24 are needed in packs of 6, on these terms."""

    def planned(**terms):
        SupplierTerms.objects.filter(supplier=firm.acme, sku=firm.tea).update(**terms)
        plan()
        return ReplenishmentProposal.objects.get(sku=firm.tea)

    return planned


def reasons(proposal):
    return {row[0]: row[1] for row in proposal.reason["lines"]}


def test_what_lacks_little_of_a_pallet_becomes_one_and_says_so(tea):
    found = tea(pallet_size=30, pallet_percent=20)
    assert (found.quantity, reasons(found)["pallet"], reasons(found)["need"]) == (30, "6.000", "24.000")


@pytest.mark.parametrize(
    ("size", "percent", "quantity"),
    [
        (30, 19, 24),  # 6 of 30 are 20 percent
        (30, 0, 24),
        (36, 33, 24),
        (36, 34, 36),
        (24, 99, 24),
        (18, 50, 24),  # a second pallet lacks 12 of 18
        (18, 67, 36),
    ],
)
def test_only_within_the_share_that_may_be_missing(tea, size, percent, quantity):
    assert tea(pallet_size=size, pallet_percent=percent).quantity == quantity


def test_never_beyond_the_shelf_the_most_of_a_line_or_what_keeps(firm, tea):
    assert tea(pallet_size=30, pallet_percent=50, maximum_quantity=24).quantity == 24
    rule(firm, {"capacity": Decimal(28)}, sku_id=firm.tea.pk)
    assert tea(pallet_size=30, pallet_percent=50, maximum_quantity=None).quantity == 24


def test_the_pallet_reaches_the_price_that_it_holds(tea):
    found = tea(pallet_size=30, pallet_percent=20, price_breaks=[["30", "1.9999"]])
    assert (found.quantity, found.unit_price) == (30, Decimal("1.9999"))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"pallet_size": Decimal(32)}, "whole packs of 6"),
        ({"pallet_size": Decimal(0)}, "whole packs of 6"),
        ({"pallet_percent": 20}, "known size"),
        ({"pallet_size": Decimal(30), "pallet_percent": 100}, "From 1 to 99"),
    ],
)
def test_terms_that_make_no_sense_are_refused(firm, terms, said):
    wrong = Terms(price=Decimal(2), pack_size=Decimal(6), **terms)
    with pytest.raises(InvalidInput, match=said):
        set_terms(supplier_id=firm.acme.pk, sku_id=firm.tea.pk, terms=wrong, actor=None, now=NOW)


@pytest.mark.parametrize("broken", [{"pallet_percent": 20}, {"pallet_size": 30, "pallet_percent": 100}])
def test_the_database_keeps_the_share_to_a_known_pallet(firm, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierTerms.objects.filter(supplier=firm.acme, sku=firm.tea).update(**broken)
