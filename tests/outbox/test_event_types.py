"""An endpoint asks only for events that there are, and all that are told can be asked for."""

import pytest

from accounts.errors import InvalidInput
from accounts.models import User
from alerts.services import tell
from orders.domain.order_events import APPROVED, CANCELLED, RECEIVED, RETURNED, REVISED
from orders.selectors.supplier_links import ANSWERED
from outbox.domain.events import EVENT_TYPES
from outbox.models import WebhookEndpoint
from outbox.services.endpoints import create_endpoint, update_endpoint
from tests.outbox.conftest import NOW, make_endpoint

TOLD_OF_ORDERS = {APPROVED, REVISED, RECEIVED, RETURNED, CANCELLED}


def test_every_event_that_is_told_can_be_asked_for():
    assert set(EVENT_TYPES) == {tell.OPENED, tell.CLOSED, ANSWERED, *TOLD_OF_ORDERS}


@pytest.mark.django_db
def test_an_event_that_there_is_not_is_refused_with_those_that_there_are(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    actor = User.objects.create_user("ada", role="administrator")
    asked = ["alert.opened", "alert.exploded"]
    with pytest.raises(InvalidInput, match=r"no event alert\.exploded\. Choose some of: alert\.opened, "):
        create_endpoint(url="http://127.0.0.1/hook", event_types=asked, actor=actor, now=NOW)
    assert not WebhookEndpoint.objects.exists()
    kept = make_endpoint("http://127.0.0.1/hook", event_types=["alert.opened"])
    with pytest.raises(InvalidInput, match="exploded"):
        update_endpoint(endpoint_id=kept.pk, event_types=asked, actor=actor, now=NOW)
    kept.refresh_from_db()
    assert kept.event_types == ["alert.opened"]
