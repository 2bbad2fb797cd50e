"""The description of the API is valid OpenAPI 3, without a doubt left, and its documentation needs no other site."""

from io import StringIO

import pytest
from django.core.management import call_command


def test_the_schema_is_generated_without_a_warning():
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue().startswith("openapi: 3.")


@pytest.mark.django_db
def test_schema_and_documentation_are_served(client):
    assert b"/api/v1/stock-levels/" in client.get("/api/schema/").content
    page = client.get("/api/docs/").content.decode()
    assert "swagger" in page
    assert "https://" not in page


@pytest.mark.django_db
def test_an_error_is_a_problem_document(client):
    answer = client.get("/api/v1/skus/")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == answer.json()["status"] in (401, 403)
    assert answer.json()["type"].startswith("urn:youhuo:problem:")
