"""A chat is set up over the API: format, address and secret have to fit, and the secret is never shown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Role, User
from outbox.models import Message, WebhookEndpoint
from outbox.services.deliver import deliver_one_webhook
from outbox.services.enqueue import Event, enqueue_events
from tests.outbox.chat_services import SECRET, answer_json, dingtalk
from tests.outbox.clock import event_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_allowed")]
JSON = "application/json"
ENDPOINTS = "/api/v1/webhook-endpoints/"
ROBOT = "http://127.0.0.1:9/robot?access_token=abc"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_user("admin", role=Role.ADMINISTRATOR, sees_all_locations=True))
    return client


def add(client, **fields):
    return client.post(ENDPOINTS, {"url": ROBOT, **fields}, JSON)


def test_a_chat_hears_of_warnings_unless_it_names_other_events(admin):
    made = add(admin, format="dingtalk", language="zh-hans", secret=SECRET).json()
    assert (made["format"], made["language"], made["secret"]) == ("dingtalk", "zh-hans", "")
    assert made["event_types"] == ["alert.opened"]
    assert WebhookEndpoint.objects.get().secret == SECRET
    named = add(admin, format="slack", event_types=["alert.closed"]).json()
    assert named["event_types"] == ["alert.closed"]


def test_without_a_format_it_is_json_with_a_secret_of_ours(admin):
    made = add(admin).json()
    assert made["format"] == "json" and made["secret"].startswith("whsec_") and made["event_types"] == []


@pytest.mark.parametrize(
    ("fields", "field", "word"),
    [
        ({"format": "irc"}, "format", "irc"),
        ({"format": "slack", "language": "fr"}, "language", "fr"),
        ({"format": "slack", "secret": "x"}, "secret", "signs nothing"),
        ({"secret": "x"}, "secret", "made here"),
        ({"format": "feishu", "secret": "x" * 101}, "secret", "100"),
        ({"format": "slack", "url": "https://oapi.dingtalk.com/robot/send?access_token=1"}, "format", "DingTalk"),
        ({"url": "https://hooks.slack.com/services/T/B/x"}, "format", "Slack"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(admin, fields, field, word):
    answer = add(admin, **fields)
    assert answer.status_code in (400, 422)
    error = answer.json()["errors"][0]
    assert error["field"] == field and word in error["message"]
    assert not WebhookEndpoint.objects.exists()


def test_an_address_inside_is_refused_for_a_chat(admin, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    assert add(admin, format="wecom", url="http://169.254.169.254/").status_code == 422


def test_secret_and_language_may_be_changed_and_the_format_may_not(admin):
    number = add(admin, format="feishu").json()["id"]
    address = f"{ENDPOINTS}{number}/"
    changed = admin.patch(address, {"secret": SECRET, "language": "zh-hans"}, JSON)
    assert changed.json()["language"] == "zh-hans" and SECRET not in changed.content.decode()
    assert admin.patch(address, {"format": "slack"}, JSON).status_code == 400
    assert admin.patch(address, {"format": "feishu"}, JSON).status_code == 200
    assert admin.patch(address, {"secret": ""}, JSON).status_code == 200
    assert WebhookEndpoint.objects.get().secret == ""


def test_a_program_keeps_the_secret_that_was_made_here(admin):
    made = add(admin).json()
    address = f"{ENDPOINTS}{made['id']}/"
    assert admin.patch(address, {"secret": "other"}, JSON).status_code == 422
    assert admin.patch(address, {"secret": ""}, JSON).status_code == 200
    assert WebhookEndpoint.objects.get().secret == made["secret"]


def test_a_chat_has_no_secret_to_make_anew(admin):
    number = add(admin, format="dingtalk", secret=SECRET).json()["id"]
    answer = admin.post(f"{ENDPOINTS}{number}/rotate-secret/")
    assert answer.status_code == 409 and "comes from its service" in answer.json()["title"]


def test_neither_list_nor_audit_tell_the_secrets(admin):
    add(admin, format="dingtalk", secret=SECRET)
    assert SECRET not in admin.get(ENDPOINTS).content.decode()
    assert "access_token" not in str(AuditEvent.objects.get().data)


@pytest.mark.parametrize(("secret", "state", "word"), [(SECRET, "sent", "errcode 0: ok"), ("no", "due", "signature")])
def test_a_test_message_tells_what_the_service_answered(admin, httpserver, secret, state, word):
    httpserver.expect_request("/robot").respond_with_handler(lambda request: dingtalk(request, request.json))
    number = add(admin, format="dingtalk", secret=secret, url=httpserver.url_for("/robot?access_token=1")).json()["id"]
    delivery = admin.post(f"{ENDPOINTS}{number}/test/").json()["id"]
    deliver_one_webhook(clock=lambda: Message.objects.get().created_at)
    told = admin.get(f"/api/v1/webhook-deliveries/{delivery}/").json()
    assert told["state"] == state and word in told["tries"][0]["detail"]


def test_a_test_message_goes_alone_and_does_not_wait(admin, httpserver):
    httpserver.expect_request("/robot").respond_with_handler(lambda request: answer_json({"errcode": 0}))
    number = add(admin, format="wecom", url=httpserver.url_for("/robot")).json()["id"]
    for _time in range(2):
        admin.post(f"{ENDPOINTS}{number}/test/")
    latest = Message.objects.latest("created_at").created_at
    assert [deliver_one_webhook(clock=lambda: latest) for _time in range(3)] == [True, True, False]
    assert len(httpserver.log) == 2


def test_after_failures_a_test_message_goes_first_and_at_once(admin, httpserver):
    texts = []
    httpserver.expect_request("/robot").respond_with_handler(
        lambda request: texts.append(request.json["markdown"]["text"]) or dingtalk(request, request.json)
    )
    number = add(admin, format="dingtalk", secret="no", url=httpserver.url_for("/robot?access_token=1")).json()["id"]
    now = timezone.now()
    enqueue_events(events=[Event(event_id(1), "alert.opened", {})], now=now - timedelta(hours=1))
    assert deliver_one_webhook(clock=lambda: now) and WebhookEndpoint.objects.get().paused_until > now
    admin.patch(f"{ENDPOINTS}{number}/", {"secret": SECRET}, JSON)
    admin.post(f"{ENDPOINTS}{number}/test/")
    assert deliver_one_webhook(clock=timezone.now) and "This is a test" in texts[1]
    assert Message.objects.get(event_type="webhook.test").state == "sent"
    assert WebhookEndpoint.objects.get().failures == 0
