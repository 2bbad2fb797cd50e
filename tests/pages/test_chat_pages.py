"""Chats on the webhook pages: added, tested, mended, and never shown with their secrets."""

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import DeliveryAttempt, Message, WebhookEndpoint

HOOKS = reverse("outbox:webhooks")
ROBOT = "http://127.0.0.1:9/robot?access_token=abc"
SECRET = "SEC0123456789abcdef"


@pytest.fixture
def admin(as_role, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return as_role("administrator")


def add(admin, **fields):
    given = {"format": "dingtalk", "url": ROBOT, "secret": SECRET, "language": "en", "event_types": ""}
    return admin.post(HOOKS, {**given, **fields}, follow=True)


@pytest.fixture
def chat(admin):
    add(admin)
    return WebhookEndpoint.objects.get()


def page(name, row):
    return reverse(f"outbox:{name}", args=[row.pk])


def test_a_new_chat_leads_to_its_page_and_shows_neither_secret_nor_address(admin):
    answer = add(admin)
    assert answer.redirect_chain == [(page("webhook", WebhookEndpoint.objects.get()), 302)]
    for text in (answer.content.decode(), admin.get(HOOKS).content.decode()):
        assert "DingTalk" in text and "http://127.0.0.1:9/…" in text
        assert SECRET not in text and "access_token" not in text


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"format": "slack"}, "secret", "signs nothing"),
        ({"format": "slack", "secret": "", "url": "https://qyapi.weixin.qq.com/x"}, "format", "WeCom"),
        ({"url": "http://169.254.169.254/"}, "url", "private or reserved"),
        ({"format": "irc"}, "format", "not in the list"),
        ({"language": "fr"}, "language", "not in the list"),
    ],
)
def test_what_does_not_fit_is_explained_at_its_field(admin, fields, field, words):
    answer = add(admin, **fields)
    assert answer.status_code == 422 and words in str(answer.context["form"].errors[field])
    assert not WebhookEndpoint.objects.exists()


def test_the_page_waits_for_the_answer_to_a_test_and_shows_it(admin, chat):
    shown = page("webhook", chat)
    assert "every 2s" not in admin.get(shown).content.decode()
    admin.post(page("test_webhook", chat))
    assert "every 2s" in admin.get(shown, headers={"HX-Request": "true"}).content.decode()
    message = Message.objects.get()
    Message.objects.update(state="sent", attempts=1)
    DeliveryAttempt.objects.create(
        message=message, at=timezone.now(), duration_ms=9, is_success=True, detail="answered: errcode 0: ok"
    )
    text = admin.get(shown, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in text and text.count("answered: errcode 0: ok") == 2


def test_a_refusal_is_shown_in_the_words_of_the_service(admin, chat):
    admin.post(page("test_webhook", chat))
    Message.objects.update(attempts=1, last_error="errcode 310000: sign not match - The signature was not accepted")
    assert "sign not match" in admin.get(page("webhook", chat)).content.decode()


def test_what_is_left_empty_stays(admin, chat):
    admin.post(page("change_chat", chat), {"url": "", "secret": "SECnew", "language": "zh-hans"})
    chat.refresh_from_db()
    assert (chat.url, chat.secret, chat.language) == (ROBOT, "SECnew", "zh-hans")


def test_a_secret_is_asked_for_only_where_something_is_signed(admin, chat):
    add(admin, format="slack", secret="")
    slack = WebhookEndpoint.objects.get(format="slack")
    assert "secret" in admin.get(page("webhook", chat)).context["form"].fields
    assert "secret" not in admin.get(page("webhook", slack)).context["form"].fields
    assert admin.post(page("change_chat", slack), {"language": "zh-hans"}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"url": "no address"}, "no web address"), ({"url": "https://hooks.slack.com/x"}, "an address of Slack"),
     ({"url": "http://169.254.169.254/"}, "private or reserved"), ({"language": ""}, "required")],
)  # fmt: skip
def test_a_wrong_change_is_explained_and_changes_nothing(admin, chat, fields, words):
    answer = admin.post(page("change_chat", chat), {"language": "en", **fields})
    assert answer.status_code == 422 and words in str(answer.context["form"].errors)
    chat.refresh_from_db()
    assert chat.url == ROBOT


def test_only_a_chat_is_changed_there_and_only_a_program_gets_a_new_secret(admin, chat):
    add(admin, format="json", secret="")
    program = WebhookEndpoint.objects.get(format="json")
    assert admin.post(page("change_chat", program), {"language": "en"}).status_code == 404
    assert "comes from its service" in admin.post(page("rotate_secret", chat), follow=True).content.decode()
