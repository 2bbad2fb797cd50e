"""飞书 (Feishu, Lark). Source: 自定义机器人使用指南, 富文本 post (open.feishu.cn)."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from outbox.domain.chat.message import ChatMessage, ChatRequest, Note, fitted
from outbox.domain.chat.verdict import Reason, Verdict, read_code

# "请求体大小不能超过 20 KB"; the sign and the moment take 100 bytes of it.
BODY_LIMIT = 20_000
_REASONS = {
    9499: Reason.MESSAGE,
    11232: Reason.BUSY,
    19001: Reason.ADDRESS,
    19002: Reason.MESSAGE,
    19021: Reason.SIGN,
    19022: Reason.SENDER,
    19024: Reason.KEYWORD,
}


def format_feishu(message: ChatMessage, secret: str, sent_at: datetime) -> ChatRequest:
    """A post, whose texts know no Markdown; with a secret, the moment (seconds) and the sign stand in the body."""
    signed = {}
    if secret:
        moment = str(int(sent_at.timestamp()))
        signed = {"timestamp": moment, "sign": sign(moment, secret)}
    return ChatRequest(fitted(message, BODY_LIMIT, lambda shown: {**signed, **_body(shown)}))


def sign(moment: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over nothing, with "moment, new line, secret" as the key: other than that of DingTalk."""
    digest = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _body(message: ChatMessage) -> dict[str, Any]:
    rows = [_item(note) for note in message.notes]
    rest = [[_text(message.rest)]] if message.rest else []
    content = [*rows, *rest, [_link(message.url, message.act)]]
    # A reader whose own language is not among those of a post sees the one that is there.
    return {"msg_type": "post", "content": {"post": {"zh_cn": {"title": message.title, "content": content}}}}


def _item(note: Note) -> list[dict[str, str]]:
    text = [_text(f"• {note.text}")]
    return [*text, _text(" "), _link(note.url, note.act)] if note.url else text


def _text(text: str) -> dict[str, str]:
    return {"tag": "text", "text": text}


def _link(url: str, text: str) -> dict[str, str]:
    return {"tag": "a", "text": text, "href": url}


def read_feishu(status: int, body: bytes) -> Verdict:
    """200 with `{"code": 0, "msg": "success"}`; every other number is a refusal, also with 400."""
    return read_code(status, body, code="code", text="msg", reasons=_REASONS)
