from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.models import JobRun, JobState
from jobs.services.runs import create_due_runs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("schedule")]
# Clocks in Paris go forward on 2026-03-29; Shanghai knows no such thing.
STEPS_A_DAY = 6
FIRST = datetime(2026, 3, 14, 12, tzinfo=UTC)


def live(days, *, beats=1, asleep=range(0)):
    """Ticks every four hours for so many days, by so many beats; each run is done by the next tick."""
    for step in range(days * STEPS_A_DAY):
        now = FIRST + timedelta(hours=4 * step)
        if step // STEPS_A_DAY in asleep:
            continue
        for _beat in range(beats):
            create_due_runs(now=now)
        JobRun.objects.filter(state=JobState.DUE).update(state=JobState.DONE, finished_at=now)


def nights(zone):
    return list(
        JobRun.objects.filter(job="night", time_zone=zone)
        .order_by("business_date")
        .values_list("business_date", flat=True)
    )


def days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.mark.parametrize("beats", [1, 3])
def test_thirty_nights_are_thirty_runs_in_each_zone_however_many_beats_tick(beats):
    live(30, beats=beats)
    assert nights("Europe/Paris") == days(date(2026, 3, 13), date(2026, 4, 12))
    assert nights("Asia/Shanghai") == days(date(2026, 3, 13), date(2026, 4, 12))


def test_nights_that_were_slept_through_are_made_up_for_by_one_run():
    live(10, asleep=range(3, 7))
    # From the 17th to the 21st at noon nothing ticked; the first tick finds the night of the 20th.
    missed = days(date(2026, 3, 17), date(2026, 3, 19))
    assert nights("Europe/Paris") == [day for day in days(date(2026, 3, 13), date(2026, 3, 23)) if day not in missed]


def test_a_night_that_is_not_done_yet_holds_back_the_next_one_of_its_zone_only():
    create_due_runs(now=FIRST)
    JobRun.objects.filter(time_zone="Europe/Paris").update(state=JobState.DONE)
    create_due_runs(now=FIRST + timedelta(days=1))
    assert (len(nights("Europe/Paris")), len(nights("Asia/Shanghai"))) == (2, 1)
