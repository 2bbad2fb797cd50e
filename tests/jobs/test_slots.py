from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.domain.slots import clock_slot, night_slot, night_slots

ZONES = [
    "UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo",
    "America/Santiago", "Pacific/Kiritimati", "Etc/GMT+12",
]  # fmt: skip


def dates_seen(zone, hour, first, last, step=timedelta(minutes=15)):
    """The business dates that a scheduler looking every quarter of an hour sees, without repeats next to each other."""
    seen, now = [], first
    while now < last:
        found = night_slot(now, zone, hour).business_date
        if not seen or seen[-1] != found:
            seen.append(found)
        now += step
    return seen


@pytest.mark.parametrize("hour", [0, 1, 2, 3])
@pytest.mark.parametrize("zone", ZONES)
def test_each_local_date_of_a_year_has_exactly_one_night(zone, hour):
    seen = dates_seen(zone, hour, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert seen == [seen[0] + timedelta(days=day) for day in range(len(seen))]
    assert 365 <= len(seen) <= 366


def test_the_day_that_samoa_left_out_has_no_night():
    seen = dates_seen("Pacific/Apia", 1, datetime(2011, 12, 28, 12, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC))
    assert [day.isoformat() for day in seen] == ["2011-12-27", "2011-12-28", "2011-12-29", "2011-12-31"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 27)),  # 00:59 in Paris
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), date(2026, 3, 28)),  # 01:00
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), date(2026, 10, 23)),  # 00:59
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 24)),  # 01:00
    ],
)
def test_the_night_begins_at_the_hour_of_the_local_clock(now, expected):
    assert night_slot(now, "Europe/Paris", 1).business_date == expected


def test_an_hour_that_does_not_exist_is_the_first_moment_after_the_gap():
    gap = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert night_slot(gap - timedelta(seconds=1), "Europe/Paris", 2).business_date == date(2026, 3, 27)
    assert night_slot(gap, "Europe/Paris", 2).business_date == date(2026, 3, 28)


def test_an_hour_that_exists_twice_counts_the_first_time():
    twice = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert night_slot(twice, "Europe/Paris", 2).key == night_slot(twice + timedelta(hours=1), "Europe/Paris", 2).key
    assert night_slot(twice, "Europe/Paris", 2).business_date == date(2026, 10, 24)


def test_each_zone_has_its_own_slot_once():
    now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    slots = night_slots(now, ["Europe/Paris", "Asia/Shanghai", "Europe/Paris"], 1)
    assert [slot.key for slot in slots] == ["2026-03-02 Asia/Shanghai", "2026-03-01 Europe/Paris"]


def test_a_clock_slot_is_the_same_over_its_whole_length():
    keys = [clock_slot(datetime(2026, 3, 2, 12, 0, second, tzinfo=UTC), timedelta(seconds=20)).key for second in
            (0, 19, 20, 59)]  # fmt: skip
    assert keys == [f"2026-03-02T12:00:{second}+00:00" for second in ("00", "00", "20", "40")]
