"""One short replay in the database for all tests of a module; rolled back at its end.

The tests themselves carry the mark django_db, so that what each of them writes is undone as well.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from demo.services.loading import load_demo

LAST_DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"
PASSWORD = "six-shops-and-a-van"


def load(**changes):
    values = {
        "last_day": LAST_DAY, "days": 28, "time_zone": ZONE, "currency": "USD", "seed": 1, "password": PASSWORD,
        "now": NOW, "say": lambda line: None,
    }  # fmt: skip
    return load_demo(**{**values, **changes})


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)
