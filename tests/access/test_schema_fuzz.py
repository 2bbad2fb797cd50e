"""S4: requests made up from the description of the API, right and wrong ones, by each role: never an error of ours, and
never an answer that the description does not have."""

import re
import warnings

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable

from accounts.services.api_keys import create_api_key
from tests.access.world import MARK, NOW, ROLES, make_world
from tests.sizes import report, seed, size

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# It sends to the outside.
LEFT_OUT = re.compile(r"/test/$")


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def api(world):
    """The application as a server calls it, without the signals that would close the connection of the test."""
    with connection.cursor() as cursor:
        # To make up requests takes longer than a transaction may stand idle in a shop.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations(api):
    return [found.ok() for found in api.get_all_operations() if not LEFT_OUT.search(found.ok().path)]


def try_out(operation, mode, headers, examples, chosen):
    """Sends `examples` requests, each undone."""
    options = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip

    @seeded(chosen)
    @options
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case):
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    one()


def told(error):
    return " / ".join(str(one)[:500] for one in getattr(error, "exceptions", [error]))


@pytest.mark.parametrize("letter", ROLES)
def test_every_operation_answers_as_described(world, api, letter):
    _key, token = create_api_key(user=world.users[MARK][letter], name="fuzz", now=NOW)
    headers, chosen = {"Authorization": f"Api-Key {token}"}, seed()
    print(f"DEEP_SEED={chosen}")
    found, faults = operations(api), []
    # The administrator comes furthest; the others are mostly refused.
    examples = size("schema_examples") if letter == "A" else -(-size("schema_examples") // 2)
    for operation in found:
        for mode in GenerationMode:
            try:
                try_out(operation, mode, headers, examples, chosen)
            except Unsatisfiable:
                # There is nothing to get wrong in a call without parameters.
                continue
            except (Exception, FailureGroup) as error:  # noqa: BLE001 (all that is wrong is shown, not only the first)
                faults.append((operation.label, str(mode), told(error)))
    assert not faults, "\n".join(" ".join(fault) for fault in faults)
    report("S4", f"operations fuzzed as {ROLES[letter]}", f"{len(found)} x {examples}", "0 faults", chosen)
