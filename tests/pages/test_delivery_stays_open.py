"""Who reads what a webhook was sent keeps it open while the list of deliveries looks for news."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from outbox.models import Message, MessageState, WebhookEndpoint
from tests.pages.late_answers import Held, signed_in_page

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_opened_delivery_stays_open_when_the_list_comes_anew(page, live_server, as_role):
    now = timezone.now()
    hook = WebhookEndpoint.objects.create(url="http://127.0.0.1:9/", secret="whsec_c2VjcmV0", created_at=now)
    admin = as_role("administrator")
    admin.post(reverse("outbox:test_webhook", args=[hook.pk]))
    address = f"{live_server.url}/settings/webhooks/{hook.pk}/"
    signed_in_page(page, live_server, admin).goto(address)
    held = Held(page, address)
    page.locator("#deliveries summary").click()
    expect(page.locator(".trace")).to_be_visible()
    held.wait_for(1)
    Message.objects.update(state=MessageState.SENT, sent_at=now)
    held.let_go()
    expect(page.locator("#deliveries .status--ok")).to_be_visible()
    expect(page.locator(".trace")).to_be_visible()
