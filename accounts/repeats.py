"""A form that is sent again with its key gets its first answer: the same words, and the same page after it.

Asked before the page looks at anything, since what the form names may be closed or gone by now. The act itself is kept
from happening twice by the service, which knows the key too.
"""

import hashlib
import json
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from accounts.models import User
from accounts.services.idempotency import Answer, answer_given, keep_answer

LONGEST = 255
FIRST_REDIRECT, FIRST_ERROR = 300, 400


def once_by_key(request: HttpRequest, page: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `page`, or the one that this form got the first time. Only what led on to another page was done;
    what was refused is asked anew."""
    key = request.POST.get("key", "") if request.method == "POST" else ""
    if not key or len(key) > LONGEST or not key.isprintable():
        return page()
    principal, route, content = cast(User, request.user), f"FORM {request.path}"[:120], _digest(request)
    given = answer_given(principal=principal, route=route, key=key, request_sha256=content)
    if given is not None:
        return _again(request, given)
    response = page()
    if FIRST_REDIRECT <= response.status_code < FIRST_ERROR:
        said = _said(request)
        if not any(row.level >= messages.ERROR for row in said):
            # In Django's own form of messages, which keeps what is HTML apart from what is text.
            answer = Answer(response.status_code, {"to": response["Location"], "said": MessageEncoder().encode(said)})
            keep_answer(
                principal=principal, route=route, key=key, request_sha256=content, now=timezone.now(), answer=answer
            )
    return response


def _again(request: HttpRequest, given: Answer) -> HttpResponse:
    for row in json.loads(given.body["said"], cls=MessageDecoder):
        messages.add_message(request, row.level, row.message, extra_tags=row.extra_tags)
    return HttpResponseRedirect(given.body["to"])


def _said(request: HttpRequest) -> list[Message]:
    """What the next page will say. Reading takes it away, so it is said again."""
    found = list(messages.get_messages(request))
    for row in found:
        messages.add_message(request, row.level, row.message, extra_tags=row.extra_tags)
    return found


def _digest(request: HttpRequest) -> str:
    sent = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return hashlib.sha256(repr((request.GET.urlencode(), sent)).encode()).hexdigest()
