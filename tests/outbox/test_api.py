import pytest
from standardwebhooks.webhooks import Webhook

from accounts.models import AuditEvent, Role, User
from outbox.models import Message, MessageState, WebhookEndpoint
from outbox.services.deliver import deliver_due
from outbox.services.enqueue import enqueue_email
from tests.outbox.clock import NOW, event_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("private_allowed")]
JSON = "application/json"
ENDPOINTS = "/api/v1/webhook-endpoints/"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_user("admin", role=Role.ADMINISTRATOR, sees_all_locations=True))
    return client


def add(client, url="http://127.0.0.1:9/hook", **fields):
    return client.post(ENDPOINTS, {"url": url, **fields}, JSON)


def test_the_secret_is_shown_once(admin):
    made = add(admin, event_types=["alert.opened"]).json()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in admin.get(f"{ENDPOINTS}{made['id']}/").json()
    assert "secret" not in admin.get(ENDPOINTS).json()["results"][0]
    assert AuditEvent.objects.get().action == "endpoint_created"


def test_a_test_event_takes_the_way_of_every_event_and_its_delivery_can_be_read(admin, httpserver):
    httpserver.expect_request("/hook").respond_with_data("", status=204)
    made = add(admin, url=httpserver.url_for("/hook")).json()
    fired = admin.post(f"{ENDPOINTS}{made['id']}/test/")
    assert fired.status_code == 202
    deliver_due(clock=lambda: Message.objects.get().created_at)
    request = httpserver.log[0][0]
    assert Webhook(made["secret"]).verify(request.get_data(), dict(request.headers), json_parse=False) is None
    log = admin.get(f"/api/v1/webhook-deliveries/?endpoint={made['id']}").json()["results"]
    assert [(row["state"], row["tries"][0]["detail"]) for row in log] == [("sent", "answered 204")]


def test_changing_switching_off_and_on_and_deleting(admin):
    number = add(admin).json()["id"]
    WebhookEndpoint.objects.update(disabled_at=NOW, failures=9)
    answer = admin.patch(f"{ENDPOINTS}{number}/", {"is_active": True, "description": "till"}, JSON)
    assert (answer.json()["disabled_at"], answer.json()["failures"], answer.json()["description"]) == (None, 0, "till")
    assert admin.patch(f"{ENDPOINTS}{number}/", {"is_active": False}, JSON).json()["is_active"] is False
    assert admin.post(f"{ENDPOINTS}{number}/test/").status_code == 409
    assert admin.delete(f"{ENDPOINTS}{number}/").status_code == 204
    assert admin.get(f"{ENDPOINTS}{number}/").status_code == 404


def test_a_new_secret_replaces_the_old_one(admin):
    made = add(admin).json()
    rotated = admin.post(f"{ENDPOINTS}{made['id']}/rotate-secret/").json()
    assert rotated["secret"] != made["secret"]
    assert WebhookEndpoint.objects.get().previous_secret == made["secret"]


@pytest.mark.parametrize("change", [{"url": "http://169.254.169.254/"}, {"url": "ftp://a/"}, {"event_types": ["a b"]}])
def test_a_bad_address_or_type_is_refused_when_added_and_when_changed(admin, change):
    assert add(admin, **change).status_code in (400, 422)
    number = add(admin).json()["id"]
    assert admin.patch(f"{ENDPOINTS}{number}/", change, JSON).status_code in (400, 422)
    assert WebhookEndpoint.objects.get().url == "http://127.0.0.1:9/hook"


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.PURCHASER])
def test_only_administrators_reach_integrations(client, role):
    client.force_login(User.objects.create_user("x", role=role))
    assert add(client).status_code == 403
    for path in (ENDPOINTS, f"{ENDPOINTS}1/", "/api/v1/webhook-deliveries/"):
        assert client.get(path).status_code == 403


def test_emails_are_not_in_the_delivery_log(admin):
    enqueue_email(event_id=event_id(1), event_type="t", to="a@example.com", subject="", text="", now=NOW)
    assert admin.get("/api/v1/webhook-deliveries/").json()["count"] == 0


def test_only_a_message_that_was_given_up_can_be_sent_again(admin):
    number = add(admin).json()["id"]
    delivery = admin.post(f"{ENDPOINTS}{number}/test/").json()["id"]
    assert admin.post(f"/api/v1/webhook-deliveries/{delivery}/resend/").status_code == 409
    Message.objects.update(state=MessageState.FAILED, attempts=9)
    assert admin.post(f"/api/v1/webhook-deliveries/{delivery}/resend/").json()["state"] == "due"
    assert Message.objects.get().attempts == 0
