"""Microsoft Teams. Source: "Create incoming webhooks with Workflows for Microsoft Teams" (support.microsoft.com),
"Create an Incoming Webhook" (learn.microsoft.com) and "Schema Explorer: RichTextBlock" (adaptivecards.io)."""

from datetime import datetime
from typing import Any

from outbox.domain.chat.message import ChatMessage, ChatRequest, Note, fitted
from outbox.domain.chat.verdict import Reason, Verdict, as_object, as_text, by_status, is_success

# "The message size limit is 28 KB"; Teams counts what it adds itself, and users report refusals from 21 KB on.
BODY_LIMIT = 20_000
_CARD = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


def format_teams(message: ChatMessage, secret: str, sent_at: datetime) -> ChatRequest:
    """An Adaptive Card as the only attachment. The address is the secret.

    Names stand in text runs, which know no Markdown.
    """
    return ChatRequest(fitted(message, BODY_LIMIT, _body))


def _body(message: ChatMessage) -> dict[str, Any]:
    title = {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "text": message.title, "wrap": True}
    rest = [_block([_run(message.rest)])] if message.rest else []
    card = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [title, *(_item(note) for note in message.notes), *rest],
        "actions": [{"type": "Action.OpenUrl", "title": message.act, "url": message.url}],
    }
    return {"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]}


def _item(note: Note) -> dict[str, Any]:
    runs = [_run(f"• {note.text}")]
    if note.url:
        act = {"type": "Action.OpenUrl", "url": note.url}
        runs += [_run(" "), {**_run(note.act), "underline": True, "selectAction": act}]
    return _block(runs)


def _block(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": runs}


def _run(text: str) -> dict[str, Any]:
    return {"type": "TextRun", "text": text}


def read_teams(status: int, body: bytes) -> Verdict:
    """A workflow answers 202 with nothing; an old connector 200, also where Teams refused, and then it says so:
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"."""
    said = as_text(body)
    if is_success(status):
        if "failed" not in said.lower():
            return Verdict(True, f"{status} {said}".strip())
        is_busy = "429" in said
        return Verdict(False, f"{status} {said}", Reason.BUSY if is_busy else Reason.UNKNOWN)
    error = as_object(body).get("error")
    told = f"{error.get('code', '')}: {error.get('message', '')}" if isinstance(error, dict) else said
    return Verdict(False, f"{status} {told}".strip(), by_status(status))
