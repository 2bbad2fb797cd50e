"""What a unit costs when a person wants another quantity than the proposed one."""

from decimal import Decimal

from orders.domain.whole_packs import price_of
from orders.models import ReplenishmentProposal
from suppliers.models import SupplierTerms
from suppliers.selectors.terms import breaks_of


def price_for(proposal: ReplenishmentProposal, quantity: Decimal, terms: SupplierTerms | None) -> Decimal:
    """The price of the proposal, unless its supplier asks for another one of another quantity."""
    if terms is None or not terms.price_breaks:
        return proposal.unit_price
    return price_of(quantity, terms.price, breaks_of(terms.price_breaks))
