"""T1 and T2: each movement is on exactly one local day, whatever the zone does; clocks may jump."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from inventory.domain.days import local_date
from inventory.models import Movement, StockoutEvent
from inventory.selectors.ledger import level_as_of
from inventory.selectors.ledger_check import check_ledger
from inventory.services.batches import BatchLine, post_batch
from inventory.services.bulk_posting import copy_movements
from inventory.services.demand import close_days
from inventory.services.reservations import expire_due
from inventory.services.sales import sell
from tests.reliability.writers import goods, held, here, taken
from tests.sizes import report, seed, size

ZONES = {
    "Europe/Paris": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Asia/Kathmandu": [date(2026, 1, 1)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "America/Santiago": [date(2026, 9, 6), date(2026, 4, 5)],
    "Pacific/Apia": [date(2011, 12, 29), date(2011, 12, 31)],
    "Pacific/Kiritimati": [date(2026, 2, 28)],
    "Etc/GMT+12": [date(2026, 2, 28)],
}
# Hours of the day; a midnight that does not exist is the first instant after it.
LENGTHS = [
    ("Europe/Paris", date(2026, 3, 29), 23), ("Europe/Paris", date(2026, 10, 25), 25),
    ("America/New_York", date(2026, 3, 8), 23), ("America/New_York", date(2026, 11, 1), 25),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5), ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Africa/Cairo", date(2026, 4, 24), 23), ("America/Santiago", date(2026, 9, 6), 23),
    ("Pacific/Apia", date(2011, 12, 30), 0), ("Asia/Kathmandu", date(2026, 1, 1), 24),
    ("UTC", date(2024, 2, 29), 24), ("UTC", date(2026, 12, 31), 24),
]  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("zone", "day", "hours"), LENGTHS)
def test_a_day_holds_the_instants_between_its_midnights(zone, day, hours):
    """Counted instant by instant, half an hour apart, against the rules of the zone itself."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    instants = [start + timedelta(minutes=30 * step) for step in range(180)]
    assert sum(local_date(at, zone) == day for at in instants) / 2 == hours


def moments(dice, zone, count):
    """Around the days on which the zone does something, some of them to the microsecond at a midnight."""
    for _number in range(count):
        day = dice.choice(ZONES[zone])
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        offset = dice.choice([dice.uniform(-40, 40) * 3600, dice.choice([-1, 0, 1, 3600, 86400]), -1e-6])
        yield midnight + timedelta(seconds=offset)


@pytest.fixture
def shops(tools):
    return {zone: tools.make_place(f"Z{number}", time_zone=zone) for number, zone in enumerate(ZONES)}


def test_random_movements_are_each_in_one_local_day(house, shops):
    chosen = seed()
    print(f"DEEP_SEED={chosen}")
    dice, count = random.Random(chosen), size("day_movements")
    rows = [(zone, at) for zone in ZONES for at in moments(dice, zone, -(-count // len(ZONES)))]
    copy_movements(
        sku_id=[house.apple.pk] * len(rows), source_id=[house.supplier.pk] * len(rows), kind="receipt",
        destination_id=[shops[zone].pk for zone, _at in rows], quantity=[1] * len(rows),
        occurred_at=[at for _zone, at in rows], posting_key=[f"m{n}" for n in range(len(rows))],
        now=datetime(2026, 12, 31, tzinfo=UTC),
    )  # fmt: skip
    expected = Counter((shops[zone].pk, at.astimezone(ZoneInfo(zone)).date()) for zone, at in rows)
    found = Counter(Movement.objects.values_list("destination_id", "business_date"))
    assert found == expected
    assert sum(found.values()) == len(rows) >= count
    report("T1", "random movements over nine zones", len(rows), "each in one local day, sums equal", chosen)


@pytest.mark.parametrize("zone", ZONES)
def test_a_single_posting_agrees_with_the_load(house, shops, zone):
    day = ZONES[zone][0]
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    lines = [
        BatchLine("receipt", house.apple.pk, shops[zone], Decimal(1), occurred_at=midnight + timedelta(minutes=minutes))
        for minutes in (-61, -1, 0, 1, 61)
    ]
    post_batch(lines=lines, key=None, user=None, now=datetime(2027, 1, 1, tzinfo=UTC))
    for row in Movement.objects.all():
        assert row.business_date == row.occurred_at.astimezone(ZoneInfo(zone)).date()


def test_a_store_that_moves_keeps_the_days_it_had(house, tools):
    at = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    sell_at = {"kind": "receipt", "sku_id": house.apple.pk, "location": house.shop, "quantity": Decimal(1)}
    post_batch(lines=[BatchLine(**sell_at, occurred_at=at)], key=None, user=None, now=at)
    assert Movement.objects.get().business_date == date(2026, 3, 11)
    house.shop.time_zone = "America/New_York"
    house.shop.save()
    post_batch(lines=[BatchLine(**sell_at, occurred_at=at)], key=None, user=None, now=at)
    assert list(Movement.objects.order_by("pk").values_list("business_date", flat=True)) == [
        date(2026, 3, 11), date(2026, 3, 10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "now",
    [
        datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2021, 1, 3, 12, tzinfo=UTC),
        datetime(2020, 12, 31, 12, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
    ],
)
def test_odd_days_are_posted_and_closed(house, stock, now):
    """Leap day, turn of the year, ISO week 53."""
    post_batch(lines=[BatchLine("receipt", house.apple.pk, house.shop, Decimal(3))], key=None, user=None, now=now)
    sell(**here(house, now=now + timedelta(seconds=1)), lines=taken(house.apple))
    day = local_date(now, house.shop.time_zone)
    close_days(location_id=house.shop.pk, through=day, now=now + timedelta(days=2))
    assert Movement.objects.filter(business_date=local_date(now, "Europe/Paris")).exists()
    assert [result for result in check_ledger(now=now + timedelta(days=2)) if result.count] == []


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1), timedelta(milliseconds=-128)])
def test_a_clock_that_jumps_expires_nothing_early_and_loses_nothing(house, stock, jump):
    stock(house.apple, house.shop, 5)
    made = held(house, house.apple, 2, expires_at=house.now + timedelta(minutes=90))["reservation_id"]
    house.now += jump
    sell(**here(house), lines=goods(house.apple))
    expire_due(now=house.now)
    assert house.shop.reservations.get(pk=made).state == "pending"
    assert level_as_of(sku_id=house.apple.pk, location_id=house.shop.pk, at=house.now + timedelta(hours=2)) == 4
    later = house.now + timedelta(hours=3)
    assert [result for result in check_ledger(now=later) if result.count] == []
    assert list(Movement.objects.order_by("pk").values_list("kind", flat=True)) == ["receipt", "sale"]
    assert not StockoutEvent.objects.filter(sku=house.apple, ended_at=None).exists()
