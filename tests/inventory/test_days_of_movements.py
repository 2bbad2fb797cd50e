"""Movements by day: the day is that of the place where it happened, however many hours it has."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from inventory.models import Location, Movement


@pytest.fixture
def ask(client, firm):
    client.force_login(User.objects.create_user("boss", role="manager", sees_all_locations=True))

    def run(path):
        answer = client.get(path)
        assert answer.status_code == 200, answer.content.decode()[:500]
        return answer

    return run


@pytest.mark.parametrize(
    ("first_hour", "day", "hours"),
    [
        # 23 hours in spring, 25 in autumn; Paris is an hour ahead of UTC in winter.
        (datetime(2025, 3, 29, 23, tzinfo=UTC), "2025-03-30", 23),
        (datetime(2025, 10, 25, 22, tzinfo=UTC), "2025-10-26", 25),
        (datetime(2026, 2, 9, 23, tzinfo=UTC), "2026-02-10", 24),
    ],
)
def test_each_hour_of_a_day_is_listed_and_no_other(ask, firm, stock, first_hour, day, hours):
    for number in range(-1, hours + 1):
        stock(firm.apple, firm.shop, 1, occurred_at=first_hour + timedelta(hours=number))
    stock(firm.apple, firm.shop, 1, occurred_at=first_hour + timedelta(hours=hours, microseconds=-1))
    rows = ask(f"/api/v1/movements/?since={day}&until={day}").json()["results"]
    assert len(rows) == hours + 1
    page = ask(f"/movements/?sku=apple&location={firm.shop.pk}&since={day}&until={day}")
    assert len(page.context["ledger"].rows) == hours + 1
    # With the one of the day before.
    assert page.context["on_hand"] == hours + 2


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date(9999, 12, 30), date.max])
def test_days_at_the_ends_of_the_calendar_are_asked_for_in_any_zone(ask, firm, stock, zone, day):
    stock(firm.apple, firm.shop, 3)
    Location.objects.filter(pk=firm.shop.pk).update(time_zone=zone)
    said = f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    page = ask(f"/movements/?sku=apple&location={firm.shop.pk}&until={said}")
    assert page.context["on_hand"] == (3 if day.year > 2026 else 0)
    for side in ("since", "until"):
        count = len(ask(f"/api/v1/movements/?{side}={said}").json()["results"])
        assert count == (1 if (side == "since") == (day.year < 2026) else 0)


def test_a_movement_is_of_the_day_where_it_left_or_came_from_outside(ask, firm, stock, tools):
    """At half past eleven in the evening of London it is the next day in Paris."""
    Location.objects.filter(pk=firm.other.pk).update(time_zone="Europe/London")
    at = datetime(2026, 2, 9, 23, 30, tzinfo=UTC)
    for place in (firm.shop, firm.other):
        stock(firm.apple, place, 1, occurred_at=at)
    assert sorted(Movement.objects.values_list("business_date", flat=True)) == [date(2026, 2, 9), date(2026, 2, 10)]
    for day, code in (("2026-02-09", "OTHER"), ("2026-02-10", "SHOP")):
        rows = ask(f"/api/v1/movements/?since={day}&until={day}").json()["results"]
        assert [row["destination"] for row in rows] == [code]
