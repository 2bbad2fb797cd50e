"""The year in the number of a document is that on the calendar of its place, as on the orders beside it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from inventory.services.sales import GoodsLine
from inventory.services.stock_counts import Wanted, create_count
from inventory.services.transfers import create_transfer

# Midnight of the new year has passed on the Line Islands, and is far off in Samoa.
NEW_YEAR = datetime(2026, 12, 31, 12, tzinfo=UTC)
YEARS = [("Pacific/Kiritimati", "2027", NEW_YEAR), ("Pacific/Pago_Pago", "2026", datetime(2027, 1, 1, 6, tzinfo=UTC))]


@pytest.mark.parametrize(("zone", "year", "now"), YEARS)
def test_transfers_and_counts(firm, tools, zone, year, now):
    place = tools.make_place("ISLE", time_zone=zone)
    lines = [GoodsLine(firm.apple.pk, Decimal(1))]
    transfer = create_transfer(source=place, destination=firm.shop, lines=lines, user=None, now=now)
    wanted = Wanted("list", sku_codes=(firm.apple.code,))
    count = create_count(location=place, wanted=wanted, user=None, now=now)
    assert (transfer.number[3:7], count.number[3:7]) == (year, year)
