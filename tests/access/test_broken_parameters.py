"""Parameters of lists that nobody of good will sends: refused at once, never an error of ours."""

from base64 import b64encode

import pytest
from django.utils import timezone

from accounts.models import Role, User
from inventory.models import Location, StockCount

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True)
    client.force_login(user)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("position", ["abc", "0.5", "", "nan", "-1", "9" * 5000, "%D9%A3"])
@pytest.mark.parametrize("name", ["stock-levels", "movements", "transfers"])
def test_a_cursor_that_is_not_ours_is_not_found(admin, name, position):
    cursor = b64encode(f"p={position}".encode()).decode()
    answer = admin.get(f"/api/v1/{name}/", {"cursor": cursor})
    assert answer.status_code == 404


@pytest.mark.parametrize("number", ["-1e9999999", "1e9999999", "NaN", "-1", "0.5", "9" * 30])
def test_a_number_out_of_all_bounds_is_refused_at_once(admin, number):
    for address in ("movements/?posting", "webhook-deliveries/?endpoint"):
        assert admin.get(f"/api/v1/{address}={number}").status_code == 400


@pytest.mark.parametrize("number", ["-1e9999999", "1e9999999", "NaN", "0.0001"])
def test_a_quantity_out_of_all_bounds_is_refused_at_once(admin, number):
    assert admin.get(f"/api/v1/stock-levels/?available_below={number}").status_code == 400


def test_ordinary_numbers_still_filter(admin):
    for address in ("movements/?posting=1", "webhook-deliveries/?endpoint=1", "stock-levels/?available_below=-1.5"):
        assert admin.get(f"/api/v1/{address}").status_code == 200


@pytest.mark.parametrize("digits", ["9" * 30, "9" * 5000])
def test_an_id_of_thousands_of_digits_names_no_line_of_a_count(admin, digits):
    shop = Location.objects.create(code="SHOP", name="Shop", kind="store")
    count = StockCount.objects.create(number="SC-1", location=shop, scope="all", created_at=timezone.now())
    answer = admin.post(f"/counts/{count.pk}/decide/", {"do": "approve", "line": digits})
    assert answer.status_code == 302
    remove = {"location": shop.pk, "do": f"remove:{digits}"}
    assert admin.post("/counts/places/", remove).status_code == 200


def test_an_id_of_thousands_of_digits_names_no_proposal(admin):
    digits = "9" * 5000
    assert admin.post("/proposals/approve/", {"proposal": digits, "key": "k"}).status_code == 422
    body = {"ids": [1], "seen": {digits: "1"}}
    answer = admin.post("/api/v1/proposals/approve/", body, "application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400
