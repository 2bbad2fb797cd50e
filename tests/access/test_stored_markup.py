"""Markup that people typed into names, notes and codes is text on every page, print view and fragment."""

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import CharField, TextField
from django.db.utils import Error
from django.urls import reverse

from tests.access.addresses import ADDRESSES
from tests.access.world import MARK, client_of, make_world

EVIL = "\"'><img src=x onerror=alert(1)>"
OURS = ("inventory", "orders", "suppliers", "alerts", "forecasting")
# Links of suppliers are read by a token, in tests of their own.
PAGES = [
    address
    for address in ADDRESSES
    if "GET" in address.allowed
    and not address.name.startswith(("api:", "orders:supplier_link", "people:password_link"))
]


def write_everywhere(app):
    """Puts the markup into each free text of the app that the database lets be changed; returns into how many."""
    written = 0
    for model in apps.get_app_config(app).get_models():
        for field in model._meta.concrete_fields:
            is_free = isinstance(field, CharField | TextField) and not field.choices and not field.unique
            if not is_free or (field.max_length or 999) < len(EVIL) or field.name in ("time_zone", "key"):
                continue
            try:
                with transaction.atomic():
                    written += bool(model.objects.update(**{field.attname: EVIL}))
            except Error:
                continue
    return written


@pytest.fixture
def world(db):
    world = make_world()
    assert sum(write_everywhere(app) for app in OURS) > 10
    return world


def read(world, address, headers):
    ids = world.objects.get(address.object, {})
    if address.name == "dashboards:sku":
        ids = {"sku_id": ids["pk"]}
    answer = client_of(world, world.users[MARK]["A"]).get(reverse(address.name, kwargs=ids), headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, body.decode(errors="replace")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_no_page_takes_it_for_markup(world, headers):
    found, shown = [], 0
    for address in PAGES:
        answer, text = read(world, address, headers)
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        shown += "&lt;img src=x" in text
        if "<img src=x" in text:
            found.append(address.name)
    assert not found
    assert shown > 30
