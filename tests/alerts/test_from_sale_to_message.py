from decimal import Decimal
from email import message_from_bytes

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from alerts.models import Alert, AlertState
from inventory.domain.movements import MovementLine
from inventory.models import Location, LocationKind
from inventory.services.posting import post_movements
from outbox.models import WebhookEndpoint
from tests.jobs.conftest import start_worker  # noqa: F401  # a fixture of other tests
from tests.jobs.workers import tick
from tests.outbox.conftest import mailbox  # noqa: F401  # a fixture of other tests
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def schedule(settings):
    settings.JOB_SCHEDULE = "tests.alerts.schedule"


def move(sku, source, destination, kind):
    line = MovementLine(sku_id=sku.pk, source_id=source.pk, destination_id=destination.pk, quantity=Decimal(1))
    post_movements(lines=[line], kind=kind, key=None, now=timezone.now())


def test_a_sale_becomes_an_alert_a_mail_and_a_signed_webhook_within_seconds(
    shop, mailbox, httpserver, start_worker  # noqa: F811  # fixtures by their names
):  # fmt: skip
    httpserver.expect_request("/hook").respond_with_data("")
    hook = WebhookEndpoint.objects.create(
        url=httpserver.url_for("/hook"), secret="whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=", created_at=timezone.now()
    )
    shop.user("mia")
    sku = shop.stock("a", 1)
    customer = Location.objects.get(kind=LocationKind.CUSTOMER)
    start_worker()
    move(sku, shop.location, customer, "sale")
    wait_until(lambda: mailbox.mails and httpserver.log, while_waiting=tick)
    mail = message_from_bytes(mailbox.mails[0].content)
    text, page = (part.get_payload(decode=True).decode() for part in mail.get_payload())
    assert "Name of a" in text and "Name of a" in page
    request = httpserver.log[0][0]
    told = Webhook(hook.secret).verify(request.get_data(), dict(request.headers))
    assert (told["type"], told["data"]["sku"], told["data"]["severity"]) == ("alert.opened", "a", "out")
    move(sku, customer, shop.location, "return")
    wait_until(lambda: len(httpserver.log) == 2, while_waiting=tick)
    assert Alert.objects.get().state == AlertState.CLOSED
