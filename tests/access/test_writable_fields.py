"""S3: what may be written stands on a frozen list; every other field is refused by name, or is one of an
answer and changes nothing; nor does an object of another store."""

import json
import os
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from tests.access.bodies import bodies
from tests.access.world import MARK, NOW, client_of, make_world
from tests.house.sources import APPS

FREEZE = bool(os.environ.get("FREEZE"))
FROZEN = Path(__file__).with_name("writable.json")
# Random, or derived from what was sent.
NOISE = {
    "secret",
    "secret_sha256",
    "prefix",
    "event_id",
    "number",
    "uid",
    "request_sha256",
    "recorded_in",
    "last_login",
}
PLACES = {"location", "source", "destination", "place"}


def fields_of(schema, shapes, path=""):
    """Every name that a body may hold, with its path."""
    if "$ref" in schema:
        schema = shapes[schema["$ref"].rpartition("/")[2]]
    for part in schema.get("allOf", []):
        yield from fields_of(part, shapes, path)
    if schema.get("type") == "array":
        yield from fields_of(schema["items"], shapes, f"{path}[]")
    for name, inner in schema.get("properties", {}).items():
        if not inner.get("readOnly"):
            yield f"{path}.{name}".lstrip(".")
            yield from fields_of(inner, shapes, f"{path}.{name}")


def writable():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes, found = schema["components"]["schemas"], {}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json") if method else None
            if content:
                found[f"{method.upper()} {address}"] = sorted(set(fields_of(content["schema"], shapes)))
    return found


def test_what_may_be_written_is_on_the_frozen_list():
    """A new field is a decision: write it down with `FREEZE=1 pytest tests/access/test_writable_fields.py`."""
    text = json.dumps(writable(), indent=1, sort_keys=True) + "\n"
    if FREEZE:
        FROZEN.write_text(text)
    assert text == FROZEN.read_text()


# What these write holds everywhere, so that nobody may whose stores are counted.
FOR_ALL_PLACES = {"api:promotion-load-pack"}


@pytest.fixture
def world(db):
    world = make_world()
    apple = world.sku
    world.objects["other_sku"] = {"pk": type(apple).objects.create(code="PEAR", name="Pear", created_at=NOW).pk}
    return world


def contents():
    """Every row of every table of ours, as text."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in APPS:
                table = model._meta.db_table
                cursor.execute(f"SELECT to_jsonb(row)::text FROM {table} AS row")
                rows[table] = [json.loads(text) for (text,) in cursor.fetchall()]
    return rows


def next_ids():
    """A number above every id there was: where the ids of two runs that do the same begin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_value) + 1000 FROM pg_sequences")
        return cursor.fetchone()[0]


def without_noise(value):
    """The history of an act tells of random values too; that there is no password is written as `!` and noise."""
    if isinstance(value, str) and value.startswith("!"):
        return "!"
    return {key: part for key, part in value.items() if key not in NOISE} if isinstance(value, dict) else value


def effect(world, name, method, of, body, user, first_id):
    """Status of the call, the rows that it made or changed, and the fields that it refused."""
    type(user).objects.filter(pk=user.pk).update(sees_all_locations=name in FOR_ALL_PLACES)
    client = client_of(world, user)
    before = contents()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(oid::regclass, %s) FROM pg_class WHERE relkind = 'S' AND relname NOT LIKE 'axes%%'",
            [first_id],
        )
    with transaction.atomic():
        address = reverse(name, kwargs=world.objects.get(of, {}))
        headers = {"Idempotency-Key": "once", "If-Match": "*"}
        answer = getattr(client, method)(address, body, content_type="application/json", headers=headers)
        after = contents()
        transaction.set_rollback(True)
    changed = [
        (table, sorted((key, str(without_noise(value))) for key, value in row.items() if key not in NOISE))
        for table, rows in after.items()
        for row in rows
        if row not in before[table]
    ]
    refused = answer.json().get("errors", []) if answer.status_code == 400 else []
    return answer.status_code, sorted(changed, key=str), {row["field"] for row in refused}


def all_names():
    """Every column and relation of every table of ours."""
    fields = [
        field for model in apps.get_models() if model._meta.app_label in APPS for field in model._meta.get_fields()
    ]
    return {name for field in fields for name in (field.name, getattr(field, "attname", field.name))} | {"pk"}


def with_extras(body, allowed, path=""):
    """The body with everything else in it, at every depth."""
    if isinstance(body, list):
        return [with_extras(item, allowed, f"{path}[]") for item in body]
    if not isinstance(body, dict):
        return body
    extras = {name: 1 for name in all_names() if f"{path}.{name}".lstrip(".") not in allowed}
    return extras | {name: with_extras(value, allowed, f"{path}.{name}") for name, value in body.items()}


def key_of(name, method, world, of):
    address = reverse(name, kwargs=world.objects.get(of, {}))
    for word, value in world.objects.get(of, {}).items():
        address = address.replace(f"/{value}/", "/{id}/" if word == "pk" else f"/{{{word}}}/")
    return f"{method.upper()} {address}"


def without(body, refused, path=""):
    """The body without the fields that a refusal names."""
    if isinstance(body, list):
        return [without(item, refused, f"{path}[{at}]") for at, item in enumerate(body)]
    if not isinstance(body, dict):
        return body
    paths = {name: f"{path}.{name}".lstrip(".") for name in body}
    return {name: without(body[name], refused, below) for name, below in paths.items() if below not in refused}


def test_other_fields_are_refused_by_name_or_change_nothing(world):
    """Those that only answers have may be sent back; all others are refused, and nothing is written."""
    allowed, user = json.loads(FROZEN.read_text()), world.users[MARK]["A"]
    with time_machine.travel(NOW, tick=False):
        for (name, method, of), body in bodies(world).items():
            fields = allowed[key_of(name, method, world, of)]
            first_id = next_ids()
            status, expected, _refused = effect(world, name, method, of, body, user, first_id)
            assert status in (200, 201), (name, status)
            assert expected, name
            extras = with_extras(body, set(fields))
            assert len(extras) > len(body) + 20
            done, changed, refused = effect(world, name, method, of, extras, user, first_id)
            assert (done, changed) == (400, []), name
            assert len(refused) > 20 and refused.isdisjoint(fields), name
            kept = without(extras, refused)
            assert effect(world, name, method, of, kept, user, first_id)[:2] == (status, expected), name
