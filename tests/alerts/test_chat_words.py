"""What a chat is told of alerts: all that opened in one message, in its language, with when, money and the decision."""

import json
from datetime import date, timedelta

import pytest

from alerts.models import Alert, AlertState
from alerts.services.evaluate import evaluate_location
from alerts.services.tell import tell
from outbox.models import Message, WebhookEndpoint
from outbox.services.deliver import deliver_one_webhook
from tests.alerts.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(httpserver, settings):
    """chat(language) is a WeCom group that takes everything; returns the list of texts that came."""
    settings.WEBHOOK_ALLOW_PRIVATE = True

    def make(language="en", *, types=("alert.opened",)):
        texts = []

        def receive(request):
            texts.append(json.loads(request.get_data())["markdown"]["content"])
            return '{"errcode": 0, "errmsg": "ok"}'

        httpserver.expect_request(f"/{language}").respond_with_handler(receive)
        WebhookEndpoint.objects.create(
            url=httpserver.url_for(f"/{language}"), format="wecom", language=language, event_types=list(types),
            created_at=NOW,
        )  # fmt: skip
        return texts

    return make


def deliver():
    while deliver_one_webhook(clock=lambda: NOW + timedelta(minutes=1)):
        pass


def test_all_that_opened_in_a_look_is_one_message(shop, chat):
    texts = chat()
    for code in "abc":
        shop.stock(code, 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    deliver()
    assert len(texts) == 1 and "Youhuo: 3 things need you" in texts[0] and "/alerts/" in texts[0]
    assert all(f"{code} Name of {code} - out of stock, 0 available" in texts[0] for code in "abc")


def test_two_chats_are_told_in_their_languages(shop, chat):
    english, chinese = chat("en"), chat("zh-hans")
    shop.stock("a", 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    deliver()
    assert "out of stock" in english[0] and "缺货" in chinese[0]


def risk(shop, **fields):
    given = {"kind": "stock_risk", "severity": "projected", "opened_at": NOW, "updated_at": NOW, "turned_at": NOW}
    return Alert.objects.create(sku=shop.stock("milk", 5), location=shop.location, **{**given, **fields})


def test_it_says_when_it_runs_out_what_comes_and_the_money(shop, chat):
    texts = chat()
    days = {"projected_out_on": date(2026, 3, 4).isoformat(), "next_delivery_on": date(2026, 3, 9).isoformat()}
    risk(shop, value_at_risk="42.50", facts={"available": "5", "is_ordered": True, **days})
    tell(location_ids=[shop.location.pk], now=NOW)
    deliver()
    assert "$42.50 at stake" in texts[0]
    assert "5 available, $42.50 at risk. Runs out on Mar 4. Next delivery on Mar 9." in texts[0]


def test_what_is_over_is_told_only_to_who_asked(shop, chat):
    warned, ended = chat("en"), chat("zh-hans", types=["alert.closed"])
    risk(shop, state=AlertState.CLOSED, closed_at=NOW, told="open")
    tell(location_ids=[shop.location.pk], now=NOW)
    deliver()
    assert warned == [] and "已解除：" in ended[0] and "milk Name of milk" in ended[0]


def test_a_repeat_of_the_look_tells_nothing_twice(shop, chat):
    texts = chat()
    shop.stock("a", 0)
    for _time in range(2):
        evaluate_location(location_id=shop.location.pk, now=NOW)
    deliver()
    assert len(texts) == 1 and Message.objects.filter(channel="webhook").count() == 1
