from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from alerts.models import Alert
from alerts.services.evaluate import evaluate_location
from tests.alerts.conftest import NOW, Shop

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def alert(shop):
    shop.stock("a", 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    return Alert.objects.get()


def sign_in(client, shop, role=Role.MANAGER):
    client.force_login(shop.user("mia", role))
    return client


def test_a_manager_reads_and_acknowledges_the_alerts_of_the_store(client, shop, alert):
    sign_in(client, shop)
    found = client.get("/api/v1/alerts/?state=open&kind=stock_risk").json()["results"]
    assert [(row["sku_code"], row["location_code"], row["severity"]) for row in found] == [("a", "north", "out")]
    for _time in range(2):
        answer = client.post(f"/api/v1/alerts/{alert.pk}/acknowledge/")
        assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")


def test_snoozing_needs_a_time_to_come(client, shop, alert):
    sign_in(client, shop)
    address = f"/api/v1/alerts/{alert.pk}/snooze/"
    later = timezone.now() + timedelta(hours=1)
    assert client.post(address, {"until": "2020-01-01T00:00:00Z"}, JSON).status_code == 422
    assert client.post(address, {}, JSON).status_code == 400
    assert client.post(address, {"until": later.isoformat()}, JSON).status_code == 200
    assert Alert.objects.get().snoozed_until == later


def test_a_closed_alert_cannot_be_acknowledged(client, shop, alert):
    sign_in(client, shop)
    shop.stock("a", 9)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    answer = client.post(f"/api/v1/alerts/{alert.pk}/acknowledge/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:youhuo:problem:illegal_state_change")


def test_staff_may_read_and_not_handle(client, shop, alert):
    sign_in(client, shop, Role.STAFF)
    assert client.get("/api/v1/alerts/").json()["count"] == 1
    assert client.post(f"/api/v1/alerts/{alert.pk}/acknowledge/").status_code == 403


def test_alerts_of_another_store_are_not_there(client, shop, alert):
    sign_in(client, Shop("south"))
    assert client.get("/api/v1/alerts/").json()["count"] == 0
    for method, path in (("get", ""), ("post", "acknowledge/"), ("post", "snooze/")):
        assert getattr(client, method)(f"/api/v1/alerts/{alert.pk}/{path}").status_code == 404


def test_nobody_reads_alerts_without_signing_in(client, alert):
    assert client.get("/api/v1/alerts/").status_code in (401, 403)


def test_a_late_job_is_for_those_who_see_all_places(client, shop):
    Alert.objects.create(
        kind="late_job", severity="warning", subject="night", opened_at=NOW, updated_at=NOW, turned_at=NOW
    )
    sign_in(client, shop)
    assert client.get("/api/v1/alerts/").json()["count"] == 0
    client.force_login(User.objects.create_user("all", role=Role.ADMINISTRATOR, sees_all_locations=True))
    assert client.get("/api/v1/alerts/").json()["results"][0]["subject"] == "night"
