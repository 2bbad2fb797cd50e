"""The forms of chats, without a server: what names of goods can do in them, and that they stay below the limits."""

import json
from datetime import UTC, datetime

import pytest

from outbox.domain.chat.dingtalk import sign as dingtalk_sign
from outbox.domain.chat.feishu import sign as feishu_sign
from outbox.domain.chat.message import ChatMessage, Note, fold_until
from outbox.domain.chat.services import SERVICES, service_of_address, without_secrets
from tests.outbox.chat_services import hmac_base64, text_of

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMITS = {"slack": 12_000, "teams": 28 * 1024, "wecom": 4096, "dingtalk": 20_000, "feishu": 20 * 1024}


def message(*notes, title="Youhuo: 2 things need you"):
    return ChatMessage(title, notes, "... and %(count)d more.", "https://shop.example/alerts/", "Open")


def body_of(name, *notes, **fields):
    return SERVICES[name].format(message(*notes, **fields), "", AT).body


@pytest.mark.parametrize("name", SERVICES)
def test_however_many_and_long_the_notes_the_body_stays_below_the_limit(name):
    notes = [Note("牛奶" * 400, "https://shop.example/emergencies/1/", "去决定", "1.00", True)] * 5_000
    body = body_of(name, *notes, title="题" * 500)
    assert len(body) <= LIMITS[name]
    shown = text_of(name, json.loads(body)).count("去决定")
    assert shown >= 1 and f"... and {5_000 - shown} more." in text_of(name, json.loads(body))


@pytest.mark.parametrize("name", ["wecom", "dingtalk"])
def test_a_name_cannot_make_a_mention_a_link_or_a_heading(name):
    said = text_of(name, json.loads(body_of(name, Note("<@all> [x](http://evil.example) `c`\n# *b*"))))
    assert "<@" not in said and "[x]" not in said and "`" not in said and "\n# " not in said and "*b" not in said


@pytest.mark.parametrize(("name", "kinds"), [("slack", {"text", "link", "plain_text"}), ("feishu", {"text", "a"})])
def test_a_name_stands_where_nothing_is_interpreted(name, kinds):
    found = []

    def walk(value):
        if isinstance(value, dict):
            if "<!channel>" in str(value.get("text", "")) or "<!channel>" in str(value.get("content", "")):
                found.append(value.get("type") or value.get("tag"))
            value = list(value.values())
        for inner in value if isinstance(value, list) else []:
            walk(inner)

    walk(json.loads(body_of(name, Note("<!channel>"), title="<!channel>"))["blocks" if name == "slack" else "content"])
    assert set(found) - {None, "header"} <= kinds


def test_the_notification_of_slack_is_escaped():
    assert json.loads(body_of("slack", Note("a"), title="<!here> & co"))["text"] == "&lt;!here&gt; &amp; co"


def test_a_name_in_a_card_of_teams_is_no_markdown():
    card = json.loads(body_of("teams", Note("[x](http://evil.example)")))["attachments"][0]["content"]
    assert [block["type"] for block in card["body"]] == ["TextBlock", "RichTextBlock"]


def test_signs_are_those_of_the_documentation():
    assert dingtalk_sign("1577262236757", "this is secret") == hmac_base64(
        "this is secret", "1577262236757\nthis is secret"
    )
    assert feishu_sign("1599360473", "demo") == hmac_base64("1599360473\ndemo", "")
    assert dingtalk_sign("1", "a") != feishu_sign("1", "a")


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
def test_without_a_secret_nothing_is_signed(name):
    request = SERVICES[name].format(message(Note("a")), "", AT)
    assert request.query == {} and "sign" not in json.loads(request.body)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack"),
        ("https://prod-1.westeurope.logic.azure.com:443/workflows/1", "teams"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "wecom"),
        ("https://oapi.dingtalk.com/robot/send?access_token=1", "dingtalk"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/1", "feishu"),
        ("https://hooks.slack.com.evil.example/x", ""),
        ("https://example.com/hooks.slack.com", ""),
    ],
)
def test_an_address_tells_its_service(url, name):
    assert service_of_address(url) == name


def test_what_people_see_of_an_address_holds_no_secret():
    assert without_secrets("https://oapi.dingtalk.com/robot/send?access_token=1") == "https://oapi.dingtalk.com/…"


def test_folding_ends_at_the_next_half_minute():
    assert fold_until(AT) == AT.replace(second=30)
    assert fold_until(AT.replace(second=29, microsecond=900_000)) == AT.replace(second=30)
    assert fold_until(AT.replace(second=30)) == AT.replace(minute=1)
