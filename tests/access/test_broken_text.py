"""Text that no person types and no table holds is refused everywhere, and is never an error of ours."""

import pytest

from accounts.models import Role, User

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def admin(client):
    user = User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True)
    client.force_login(user)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("address", ["/stock/?q=%00", "/proposals/?q=a%00b", "/stock/suggestions/?code=%00", "/%00"])
def test_an_address_with_nul_is_refused(admin, address):
    assert admin.get(address).status_code == 400


@pytest.mark.parametrize(
    "form", [{"code": "\x00"}, {"line_code": "a\x00"}, {"\x00": "1"}, {"key": "\x00", "do": "post"}]
)
def test_a_form_with_nul_is_refused(admin, form):
    assert admin.post("/stock/sell/", form).status_code == 400


def test_a_refused_sign_in_with_nul_is_no_error(client):
    client.raise_request_exception = False
    assert client.post("/sign-in/", {"username": "\x00", "password": "x"}).status_code == 400


@pytest.mark.parametrize("length", [151, 256, 5000])
def test_a_sign_in_by_a_name_longer_than_any_is_refused_in_the_same_words(client, length):
    client.raise_request_exception = False
    answer = client.post("/sign-in/", {"username": "9" * length, "password": "x"})
    assert answer.status_code == 422 and "do not go together" in answer.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        '{"location": "\\u0000"}',
        '{"\\u0000": 1}',
        '{"lines": [{"sku": "a\\u0000"}]}',
        '{"location": "\\ud800"}',
        '{"location": 1e400}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 500 + "]" * 500,
    ],
)
def test_a_body_that_cannot_be_kept_or_walked_is_a_problem_document(admin, body):
    answer = admin.post("/api/v1/sales/", body, JSON, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_backslash_before_u0000_is_ordinary_text(admin):
    body = '{"code": "APPLE", "name": "back\\\\u0000slash"}'
    answer = admin.post("/api/v1/skus/", body, JSON, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.content
