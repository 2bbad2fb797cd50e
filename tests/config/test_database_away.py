"""While the database is away pages and programs are told to come again, which is not the same as being broken."""

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection

from accounts.collisions import is_away
from accounts.models import Role, User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True))
    client.raise_request_exception = False
    yield client
    connection.close()


@pytest.fixture
def away(admin, monkeypatch):
    """Nothing listens where the database should be."""
    with monkeypatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", "1")
        yield


def leave():
    """The server ends our connection under our feet, as it does when it stops."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    found = connection.get_connection_params()
    found = {name: found[name] for name in ("dbname", "user", "password", "host", "port") if name in found}
    with psycopg.connect(**found) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.parametrize("path", ["/", "/orders/", "/stock/sell/"])
def test_a_page_says_that_the_database_is_away(admin, away, path):
    answer = admin.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database is away" in answer.content.decode()


@pytest.mark.parametrize("signed", [{}, {"headers": {"Authorization": "Api-Key ABCDEFGH.secret"}}])
def test_a_program_is_told_when_to_come_again(admin, away, signed):
    answer = admin.get("/api/v1/skus/", **signed)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (answer["Content-Type"], answer.json()["type"]) == (
        "application/problem+json",
        "urn:youhuo:problem:database_away",
    )


@pytest.mark.parametrize("path", ["/orders/", "/api/v1/skus/"])
def test_a_server_that_stops_under_a_request_is_away_too(admin, path):
    leave()
    assert admin.get(path).status_code == 503
    connection.close()
    assert admin.get(path).status_code == 200


def test_a_connection_that_breaks_in_an_answer_has_an_error_of_no_kind():
    error = DatabaseError("server closed the connection unexpectedly")
    error.__cause__ = psycopg.DatabaseError("server closed the connection unexpectedly")
    assert is_away(error)


@pytest.mark.parametrize("ours", [ProgrammingError("no such column"), DatabaseError("did not affect any rows")])
def test_an_error_of_ours_stays_one(admin, monkeypatch, ours):
    def broken(*_arguments, **_named):
        raise ours

    monkeypatch.setattr("dashboards.context.navigation_for", broken)
    assert admin.get("/orders/").status_code == 500
