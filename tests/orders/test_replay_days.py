"""Which days a replay lives through, and what it says where the ledger has seen too few: page and command alike."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.errors import InvalidInput
from inventory.models import ClosedDay, DemandBlock, Listing
from orders.domain.replay_settings import LEAST_DAYS, LEAST_PAST_DAYS
from orders.selectors.replay_inputs import KnownDays, days_to_replay
from tests.orders.conftest import AS_OF, NOW

LEAST = LEAST_PAST_DAYS + LEAST_DAYS


@pytest.fixture
def on_sale_for(firm):
    """on_sale_for(days): so many days are closed since anything was put on sale; their demand is known for longer."""

    def listed(days):
        Listing.objects.update(listed_on=AS_OF - timedelta(days=days - 1))
        DemandBlock.objects.create(
            sku=firm.tea,
            location=firm.shop,
            starts_on=AS_OF - timedelta(days=400),
            sold=[1.0],
            lost=[0.0],
            in_stock=[1.0],
        )
        ClosedDay.objects.create(location=firm.shop, closed_through=AS_OF, closed_at=NOW)
        return [firm.shop.pk]

    return listed


def test_the_days_end_with_the_last_closed_one_and_leave_a_past(on_sale_for):
    places = on_sale_for(LEAST)
    whole = KnownDays(AS_OF - timedelta(days=LEAST_DAYS - 1), AS_OF)
    assert days_to_replay(places, None, 365) == whole
    assert days_to_replay(places, None, 10) == KnownDays(AS_OF - timedelta(days=9), AS_OF)


@pytest.mark.parametrize(("days", "said"), [(LEAST - 1, LEAST - 1), (0, 0), (-5, 0)])
def test_too_few_are_refused_whatever_history_was_imported(on_sale_for, days, said):
    places = on_sale_for(days)
    with pytest.raises(InvalidInput, match=f" {said} days are closed; a replay needs at least {LEAST}. Imported"):
        days_to_replay(places, None, 365)


def test_the_command_says_the_same(on_sale_for):
    on_sale_for(LEAST - 1)
    with pytest.raises(CommandError, match=f"{LEAST - 1} days are closed"):
        call_command("replay")
