"""Every refusal under /api/ has one shape, whoever made it; a page for people is a page."""

import pytest

from accounts.models import Role, User

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True))
    client.raise_request_exception = False
    return client


REFUSALS = {
    "no such address": lambda c: c.get("/api/v1/nothing/"),
    "no such object": lambda c: c.get("/api/v1/skus/999/"),
    "an id beyond all numbers": lambda c: c.get(f"/api/v1/skus/{'9' * 40}/"),
    "a NUL in the address": lambda c: c.get("/api/v1/skus/?search=%00"),
    "a filter that makes no sense": lambda c: c.get("/api/v1/movements/?since=never"),
    "a method that there is not": lambda c: c.delete("/api/v1/skus/"),
    "no JSON": lambda c: c.post("/api/v1/sales/", "{", JSON, headers={"Idempotency-Key": "k"}),
    "another media type": lambda c: c.post("/api/v1/sales/", {"a": 1}, headers={"Idempotency-Key": "k"}),
    "an answer that we do not give": lambda c: c.get("/api/v1/skus/", headers={"Accept": "text/html"}),
    "no key": lambda c: c.post("/api/v1/sales/", {}, JSON),
    "fields": lambda c: c.post("/api/v1/sales/", {}, JSON, headers={"Idempotency-Key": "k"}),
    "no version": lambda c: c.patch("/api/v1/suppliers/1/", {}, JSON),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_refusal_is_a_problem_document(admin, what):
    answer = REFUSALS[what](admin)
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert 400 <= answer.status_code == body["status"] < 500
    assert body["type"].startswith("urn:youhuo:problem:")
    assert body["title"]
    assert set(body) <= {"type", "title", "status", "detail", "errors"}


def test_an_error_of_ours_too(admin, monkeypatch):
    monkeypatch.setattr("accounts.api.views.MeSerializer", None)
    answer = admin.get("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")


def test_a_page_for_people_is_a_page(admin):
    answer = admin.get("/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
