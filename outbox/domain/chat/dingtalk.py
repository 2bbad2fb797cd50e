"""钉钉 (DingTalk). Source: 自定义机器人接入, 自定义机器人安全设置 and 自定义机器人发送消息的错误码
(open.dingtalk.com)."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from outbox.domain.chat.message import ChatMessage, ChatRequest, as_markdown, fitted
from outbox.domain.chat.verdict import Reason, Verdict, read_code

# "消息体不超过 20000 bytes".
BODY_LIMIT = 20_000
REFUSED_BY_SECURITY = 310_000
_REASONS = {
    -1: Reason.BUSY,
    40035: Reason.MESSAGE,
    130101: Reason.BUSY,
    300001: Reason.ADDRESS,
    400013: Reason.CLOSED,
    400101: Reason.ADDRESS,
    400102: Reason.CLOSED,
    400105: Reason.MESSAGE,
    400106: Reason.ADDRESS,
    410100: Reason.BUSY,
    430101: Reason.MESSAGE,
    430102: Reason.MESSAGE,
    430103: Reason.MESSAGE,
    430104: Reason.MESSAGE,
}
# One number stands for the three ways of protecting a robot; the text tells which.
_BY_WORD = (
    (("sign", "timestamp", "签名"), Reason.SIGN),
    (("keyword", "关键词"), Reason.KEYWORD),
    (("whitelist", "ip", "白名单"), Reason.SENDER),
)


def format_dingtalk(message: ChatMessage, secret: str, sent_at: datetime) -> ChatRequest:
    """Markdown; with a secret, the moment (milliseconds) and the sign stand in the address."""
    query = {}
    if secret:
        moment = str(int(sent_at.timestamp() * 1000))
        query = {"timestamp": moment, "sign": sign(moment, secret)}
    return ChatRequest(fitted(message, BODY_LIMIT, _body), query=query)


def sign(moment: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over "moment, new line, secret", with the secret as the key."""
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _body(message: ChatMessage) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": as_markdown(message)}}


def read_dingtalk(status: int, body: bytes) -> Verdict:
    """200 with `{"errcode": 0, "errmsg": "ok"}`; every other number is a refusal."""
    verdict = read_code(status, body, code="errcode", text="errmsg", reasons=_REASONS)
    if verdict.is_taken or str(REFUSED_BY_SECURITY) not in verdict.said:
        return verdict
    said = verdict.said.lower()
    found = (reason for words, reason in _BY_WORD if any(word in said for word in words))
    return Verdict(False, verdict.said, next(found, Reason.UNKNOWN))
