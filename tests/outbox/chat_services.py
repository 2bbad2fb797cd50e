"""Chat services as they behave: each takes its own format only, checks its sign, and says in its own way what is wrong.

They are written from the documentation of the services, not from the formatters: a sign is computed anew here.
"""

import base64
import hashlib
import hmac
import json
import time

from werkzeug import Response

SECRET = "SEC0123456789abcdef"


def answer_json(body, status=200):
    return Response(json.dumps(body), status=status, content_type="application/json")


def hmac_base64(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def slack(request, body):
    """Answers in plain text."""
    if not body.get("text") or body["blocks"][0]["type"] != "header" or len(body["blocks"][0]["text"]["text"]) > 150:
        return Response("invalid_blocks", status=400)
    return Response("ok")


def teams(request, body):
    """A workflow answers 202 with nothing, and runs afterwards."""
    card = body["attachments"][0]
    if card["contentType"] != "application/vnd.microsoft.card.adaptive" or card["content"]["type"] != "AdaptiveCard":
        return answer_json({"error": {"code": "InvalidRequestContent", "message": "no card"}}, 400)
    return Response(status=202)


def wecom(request, body):
    if body.get("msgtype") != "markdown":
        return answer_json({"errcode": 40008, "errmsg": "invalid message type"})
    if len(body["markdown"]["content"].encode()) > 4096:
        return answer_json({"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"})
    return answer_json({"errcode": 0, "errmsg": "ok"})


def dingtalk(request, body):
    """The sign stands in the address."""
    moment = request.args.get("timestamp", "0")
    is_signed = request.args.get("sign") == hmac_base64(SECRET, f"{moment}\n{SECRET}")
    if not is_signed or abs(time.time() - int(moment) / 1000) > 3600:
        return answer_json({"errcode": 310000, "errmsg": "sign not match"})
    if "Youhuo" not in body["markdown"]["text"]:
        return answer_json({"errcode": 310000, "errmsg": "keywords not in content"})
    return answer_json({"errcode": 0, "errmsg": "ok"})


def feishu(request, body):
    """The sign stands in the body."""
    moment = body.get("timestamp", "0")
    is_signed = body.get("sign") == hmac_base64(f"{moment}\n{SECRET}", "")
    if not is_signed or abs(time.time() - int(moment)) > 3600:
        return answer_json({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
    if body["msg_type"] != "post":
        return answer_json({"code": 9499, "msg": "Bad Request"}, 400)
    return answer_json({"code": 0, "msg": "success", "data": {}})


SERVICES = {"slack": slack, "teams": teams, "wecom": wecom, "dingtalk": dingtalk, "feishu": feishu}
SIGNED = ("dingtalk", "feishu")


def text_of(name, body):
    """Everything that a reader sees of a message, whatever form it has."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            found.extend(str(value[key]) for key in ("text", "content", "title") if isinstance(value.get(key), str))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(body)
    return "\n".join(found)
