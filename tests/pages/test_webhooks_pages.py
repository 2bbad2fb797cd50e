"""Webhooks and API keys: made, shown once, tried out, ended."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey
from outbox.models import DeliveryAttempt, Message, WebhookEndpoint

HOOKS, KEYS = reverse("outbox:webhooks"), reverse("accounts:api_keys")
NEW = {"format": "json", "language": "en"}


@pytest.fixture
def admin(as_role, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return as_role("administrator")


@pytest.fixture
def hook(admin):
    admin.post(
        HOOKS, {**NEW, "url": "http://127.0.0.1:9/stock", "event_types": "alert.opened\nalert.opened, alert.closed"}
    )
    return WebhookEndpoint.objects.get()


def page(name, row):
    return reverse(f"outbox:{name}", args=[row.pk])


def test_a_new_endpoint_shows_its_secret_once(admin):
    answer = admin.post(HOOKS, {**NEW, "url": "http://127.0.0.1:9/stock", "event_types": ""})
    hook = WebhookEndpoint.objects.get()
    assert hook.secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for address in (HOOKS, page("webhook", hook)):
        assert hook.secret not in admin.get(address).content.decode()


def test_event_types_are_kept_once_each(hook):
    assert hook.event_types == ["alert.opened", "alert.closed"]


@pytest.mark.parametrize("url", ["", "no address", "ftp://example.com/x", "http://169.254.169.254/latest"])
def test_a_wrong_or_forbidden_address_is_kept_and_explained(admin, settings, url):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    answer = admin.post(HOOKS, {**NEW, "url": url, "event_types": "alert.opened"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["url"]
    assert "alert.opened" in answer.content.decode()
    assert WebhookEndpoint.objects.count() == 0


def test_a_test_event_appears_in_the_delivery_log(admin, hook):
    assert admin.post(page("test_webhook", hook)).status_code == 302
    message = Message.objects.get()
    DeliveryAttempt.objects.create(
        message=message, at=timezone.now(), duration_ms=12, is_success=False, detail="500 from the till"
    )
    text = admin.get(page("webhook", hook)).content.decode()
    assert "webhook.test" in text and "500 from the till" in text


def test_a_given_up_delivery_is_sent_again_once(admin, hook):
    admin.post(page("test_webhook", hook))
    message = Message.objects.get()
    Message.objects.filter(pk=message.pk).update(state="failed")
    admin.post(page("resend", message))
    message.refresh_from_db()
    assert message.state == "due"
    assert "given up" in admin.post(page("resend", message), follow=True).content.decode()


def test_a_switched_off_endpoint_is_not_tried(admin, hook):
    admin.post(page("switch_webhook", hook), {"is_active": "0"})
    assert "switched off" in admin.post(page("test_webhook", hook), follow=True).content.decode()
    admin.post(page("delete_webhook", hook))
    assert WebhookEndpoint.objects.count() == 0


def test_a_new_secret_replaces_the_old_one(admin, hook):
    answer = admin.post(page("rotate_secret", hook))
    old, hook = hook.secret, WebhookEndpoint.objects.get()
    assert hook.secret != old and hook.secret in answer.content.decode()


@pytest.mark.parametrize("role", ["staff", "manager", "purchaser"])
def test_only_administrators_connect_programs(as_role, role):
    client = as_role(role)
    assert client.get(HOOKS).status_code == client.get(KEYS).status_code == 403


def test_a_key_is_shown_once_works_and_ends_when_revoked(admin):
    made = admin.post(KEYS, {"name": "till", "valid_days": "90", "is_read_only": "on"})
    token = re.search(r'tabindex="0">([0-9a-f]{12}\.[^<]+)</code>', made.content.decode()).group(1)
    assert token not in admin.get(KEYS).content.decode()
    headers = {"Authorization": f"Api-Key {token}"}
    ask = type(admin)().get
    assert ask("/api/v1/skus/", headers=headers).status_code == 200
    admin.post(reverse("accounts:revoke_api_key", args=[ApiKey.objects.get().pk]))
    assert ask("/api/v1/skus/", headers=headers).status_code == 401


def test_a_key_without_a_name_is_refused_with_the_reason(admin):
    answer = admin.post(KEYS, {"name": "", "valid_days": "90"})
    assert answer.status_code == 422
    assert "Give the key a name" in answer.content.decode()
    assert ApiKey.objects.count() == 0
