"""A firm with two places, and people of each role who can sign in."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEvent, Role, User
from inventory.models import Location, LocationAccess

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PASSWORD = "a-long-test-password"


def make_user(name, role, *places):
    user = User.objects.create_user(
        name, f"{name}@example.com", PASSWORD, role=role, first_name=name.title(), sees_all_locations=not places
    )
    LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
    return user


def make_house():
    """`boss` and `chief` administer the whole firm, `mia` manages `north`, `sam` and `sue` are staff of one place each,
    and `pat` buys for the whole firm."""
    north, south = (Location.objects.create(code=code, name=code.title(), kind="store") for code in ("NORTH", "SOUTH"))
    return SimpleNamespace(
        north=north,
        south=south,
        boss=make_user("boss", Role.ADMINISTRATOR),
        chief=make_user("chief", Role.ADMINISTRATOR),
        mia=make_user("mia", Role.MANAGER, north),
        pat=make_user("pat", Role.PURCHASER),
        sam=make_user("sam", Role.STAFF, north),
        sue=make_user("sue", Role.STAFF, south),
    )


@pytest.fixture
def house(db, settings):
    """Without a mail server, unless a test says that there is one."""
    cache.clear()
    settings.HAS_MAIL_SERVER = False
    return make_house()


@pytest.fixture
def committed_house(transactional_db):
    return make_house()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def places_of(user):
    return sorted(user.location_access.values_list("location__code", flat=True))


def last_event():
    return AuditEvent.objects.order_by("-pk").first()
