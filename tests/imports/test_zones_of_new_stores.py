"""The time zone of stores that a file makes: one that both Python and PostgreSQL know, and mean the same by."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from imports.models import FileImport
from inventory.domain.days import known_zones
from inventory.models import Location
from tests.imports.test_import_api import bring, caller

pytestmark = pytest.mark.django_db
STORES = "code,name\nMARS,Olympus\n"
# Long past, so that both have learned of every change of the law.
MOMENTS = [datetime(year, month, 15, 12, tzinfo=UTC) for year in (2012, 2018, 2022) for month in (1, 4, 7, 10)]


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "CET", "localtime", "x" * 40])
def test_a_program_cannot_bring_stores_of_a_zone_that_is_none(zone):
    answer = bring(caller("manager"), STORES, kind="locations", time_zone=zone)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["column"] == "time_zone" and "Write it as Asia/Shanghai" in fault["message"]
    assert not Location.objects.filter(code="MARS").exists() and not FileImport.objects.exists()


def test_nor_can_the_command(tmp_path):
    file = tmp_path / "stores.csv"
    file.write_text(STORES)
    with pytest.raises(CommandError, match="Mars/Base is not a time zone"):
        call_command("import_csv", "locations", str(file), time_zone="Mars/Base")


def test_the_cell_of_a_zone_that_says_two_things_is_refused(refusals):
    assert refusals("locations", "code,name,time_zone\nA,B,CET\n") == [(2, "time_zone", "unknown_time_zone")]


def test_python_and_postgresql_read_the_same_clock_in_every_zone():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT zone, moment, moment AT TIME ZONE zone"
            " FROM unnest(%s::text[]) zone, unnest(%s::timestamptz[]) moment",
            [sorted(known_zones()), MOMENTS],
        )
        rows = cursor.fetchall()
    assert len(rows) > 500 * len(MOMENTS)
    wrong = {zone for zone, moment, wall in rows if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall}
    assert wrong == set()
