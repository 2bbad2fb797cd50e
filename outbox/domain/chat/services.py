"""The chat services that are known, by the format that a webhook is set up with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from outbox.domain.chat.dingtalk import format_dingtalk, read_dingtalk
from outbox.domain.chat.feishu import format_feishu, read_feishu
from outbox.domain.chat.message import Formatter
from outbox.domain.chat.slack import format_slack, read_slack
from outbox.domain.chat.teams import format_teams, read_teams
from outbox.domain.chat.verdict import Reader
from outbox.domain.chat.wecom import format_wecom, read_wecom


@dataclass(frozen=True)
class ChatService:
    """`hosts`: how the names of its servers end. `pause`: how long it is left alone when it says that we are too fast,
    unless it says so itself."""

    format: Formatter
    read: Reader
    hosts: tuple[str, ...]
    takes_secret: bool = False
    pause: timedelta = timedelta(minutes=1)


SERVICES: Mapping[str, ChatService] = {
    "slack": ChatService(format_slack, read_slack, ("hooks.slack.com", "hooks.slack-gov.com")),
    "teams": ChatService(
        format_teams, read_teams, (".logic.azure.com", ".api.powerplatform.com", ".webhook.office.com")
    ),
    "wecom": ChatService(format_wecom, read_wecom, ("qyapi.weixin.qq.com",)),
    # Who sends more than 20 in a minute is shut out for ten.
    "dingtalk": ChatService(
        format_dingtalk, read_dingtalk, ("oapi.dingtalk.com",), takes_secret=True, pause=timedelta(minutes=10)
    ),
    "feishu": ChatService(format_feishu, read_feishu, ("open.feishu.cn", "open.larksuite.com"), takes_secret=True),
}


def service_of_address(url: str) -> str:
    """The format of the service whose address this is; empty for any other host."""
    host = (urlsplit(url).hostname or "").lower()
    return next((name for name, service in SERVICES.items() if host.endswith(service.hosts)), "")


def without_secrets(url: str) -> str:
    """The address of a chat is a secret by itself: whoever has it can write there. Its host tells people enough."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"
