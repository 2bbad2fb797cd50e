"""企业微信 (WeCom). Source: 群机器人配置说明 and 全局错误码 (developer.work.weixin.qq.com)."""

from datetime import datetime
from typing import Any

from outbox.domain.chat.message import ChatMessage, ChatRequest, as_markdown, fitted
from outbox.domain.chat.verdict import Reason, Verdict, read_code

# "markdown内容，最长不超过4096个字节，必须是utf8编码": of the content; what stands around it is little.
CONTENT_LIMIT = 4096
_REASONS = {
    -1: Reason.BUSY,
    40008: Reason.MESSAGE,
    40058: Reason.MESSAGE,
    44004: Reason.MESSAGE,
    45009: Reason.BUSY,
    45033: Reason.BUSY,
    93000: Reason.ADDRESS,
}


def format_wecom(message: ChatMessage, secret: str, sent_at: datetime) -> ChatRequest:
    """Markdown; `<@id>` in it would be a mention, so names cannot hold one. The address is the secret."""
    return ChatRequest(fitted(message, CONTENT_LIMIT, _body))


def _body(message: ChatMessage) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": as_markdown(message)}}


def read_wecom(status: int, body: bytes) -> Verdict:
    """200 with `{"errcode": 0, "errmsg": "ok"}`; every other number is a refusal."""
    return read_code(status, body, code="errcode", text="errmsg", reasons=_REASONS)
