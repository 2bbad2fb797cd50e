"""Slack. Source: "Sending messages using incoming webhooks" and "Block Kit: rich text, header" (docs.slack.dev)."""

from datetime import datetime
from typing import Any

from outbox.domain.chat.message import ChatMessage, ChatRequest, Note, fitted
from outbox.domain.chat.verdict import Reason, Verdict, as_text, by_status, is_success

# The documentation names no limit of the whole body; a rich text holds less than 4,000 characters by our own count.
BODY_LIMIT = 12_000
_REASONS = {
    "invalid_payload": Reason.MESSAGE,
    "invalid_blocks": Reason.MESSAGE,
    "no_text": Reason.MESSAGE,
    "too_many_attachments": Reason.MESSAGE,
    "channel_not_found": Reason.ADDRESS,
    "invalid_token": Reason.ADDRESS,
    "no_active_hooks": Reason.ADDRESS,
    "no_service": Reason.ADDRESS,
    "no_service_id": Reason.ADDRESS,
    "no_team": Reason.ADDRESS,
    "team_disabled": Reason.ADDRESS,
    "user_not_found": Reason.ADDRESS,
    "action_prohibited": Reason.CLOSED,
    "channel_is_archived": Reason.CLOSED,
    "posting_to_general_channel_denied": Reason.CLOSED,
    "rate_limited": Reason.BUSY,
}


def format_slack(message: ChatMessage, secret: str, sent_at: datetime) -> ChatRequest:
    """`text` is what a notification shows, the blocks are what the channel shows. The address is the secret.

    Names stand in rich text, where nothing in them can be a link or a mention.
    """
    return ChatRequest(fitted(message, BODY_LIMIT, _body))


def _body(message: ChatMessage) -> dict[str, Any]:
    items = [{"type": "rich_text_section", "elements": _item(note)} for note in message.notes]
    below = [*([_text(f"{message.rest}\n")] if message.rest else []), _link(message.url, message.act)]
    rich = [
        {"type": "rich_text_list", "style": "bullet", "elements": items},
        {"type": "rich_text_section", "elements": below},
    ]
    header = {"type": "header", "text": {"type": "plain_text", "text": message.title, "emoji": False}}
    return {"text": _escaped(message.title), "blocks": [header, {"type": "rich_text", "elements": rich}]}


def _item(note: Note) -> list[dict[str, str]]:
    return [_text(f"{note.text} "), _link(note.url, note.act)] if note.url else [_text(note.text)]


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def _link(url: str, text: str) -> dict[str, str]:
    return {"type": "link", "url": url, "text": text}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_slack(status: int, body: bytes) -> Verdict:
    """200 with the text `ok`; else a word as the body."""
    said = as_text(body)
    if is_success(status) and said == "ok":
        return Verdict(True, said)
    return Verdict(False, f"{status} {said}".strip(), _REASONS.get(said) or by_status(status))
