"""One try to tell a chat what waits for it, folded into one message in the chat's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.text import format_money
from outbox.domain.chat.message import ChatMessage, Note, costliest_first
from outbox.domain.chat.services import SERVICES
from outbox.domain.chat.verdict import Reason
from outbox.models import Message, WebhookEndpoint
from outbox.services.send_webhook import GONE, Rejected, asked_wait, is_about_message, post_to


def send_chat(messages: Sequence[Message], endpoint: WebhookEndpoint, *, now: datetime) -> str:
    """Sends and returns a line for the log. Raises `NotDelivered`, or `Rejected` with what the service answered, also
    where it did so with status 200."""
    service = SERVICES[endpoint.format]
    with translation.override(endpoint.language):
        request = service.format(_folded(messages), endpoint.secret, now)
        answer = post_to(_with_query(endpoint.url, request.query), headers=request.headers, body=request.body)
        verdict = service.read(answer.status, answer.body)
        if verdict.is_taken:
            return _("answered: %(said)s") % {"said": verdict.said}
        said = f"{verdict.said} - {advice(verdict.reason)}" if advice(verdict.reason) else verdict.said
    unknown = verdict.reason == Reason.UNKNOWN
    pause = service.pause if verdict.reason == Reason.BUSY else timedelta(0)
    raise Rejected(
        said,
        is_gone=answer.status == GONE,
        is_about_message=is_about_message(answer.status) if unknown else verdict.reason == Reason.MESSAGE,
        retry_after=asked_wait(answer, now) or pause,
    )


def _folded(messages: Sequence[Message]) -> ChatMessage:
    notes = costliest_first([_note(message) for message in messages])
    return ChatMessage(
        title=_title(notes),
        notes=notes,
        more=_("... and %(count)d more."),
        url=f"{settings.SITE_URL}/alerts/",
        act=_("Open Youhuo"),
    )


def _note(message: Message) -> Note:
    """As it was written; a message from before the endpoint was a chat has only its type."""
    return Note(**message.payload.get("note", {"text": message.event_type}))


def _title(notes: Sequence[Note]) -> str:
    """The name stands first, so that it can be the keyword that some services ask for."""
    warnings = [note for note in notes if note.is_warning]
    if not warnings:
        return _("Youhuo: what happened")
    count = len(warnings)
    said = ngettext("%(count)d thing needs you", "%(count)d things need you", count) % {"count": count}
    at_stake = sum((Decimal(note.value) for note in warnings), Decimal(0))
    if not at_stake:
        return _("Youhuo: %(said)s") % {"said": said}
    return _("Youhuo: %(said)s, %(money)s at stake") % {"said": said, "money": format_money(at_stake)}


def _with_query(url: str, query: Mapping[str, str]) -> str:
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def advice(reason: Reason) -> str:
    """What a person can do about a refusal; empty where the service's own words are all there is."""
    words = {
        Reason.SIGN: _("The signature was not accepted: paste the robot's secret again, whole, and check the clock."),
        Reason.KEYWORD: _("The robot takes only messages with its keyword: make Youhuo that keyword."),
        Reason.SENDER: _("The robot takes messages only from addresses on its list: add that of this server."),
        Reason.ADDRESS: _("The service does not know this address: copy it again from the robot or workflow."),
        Reason.CLOSED: _("The chat is closed to us: check that it still exists and the robot may write there."),
        Reason.BUSY: _("We were too fast for the service: it is tried again after a pause."),
        Reason.MESSAGE: _("The service refuses this message for its content."),
    }
    return words.get(reason, "")
