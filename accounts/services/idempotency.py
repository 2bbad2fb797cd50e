"""An act with an `Idempotency-Key` is done once; every repeat gets the first answer.

Follows draft-ietf-httpapi-idempotency-key-header. The record is written in the transaction of the act, so that there is
either both or none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import DomainError, KeyReused, StillInProgress
from accounts.models import IdempotencyRecord, User

CLAIM = """
INSERT INTO accounts_idempotencyrecord (
    principal_id, route, key, request_sha256, response_status, response_body, created_at
) VALUES (%s, %s, %s, %s, 0, 'null', %s)
ON CONFLICT (principal_id, route, key) DO NOTHING
RETURNING id
"""
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True)
class Answer:
    """Status and JSON body of a call."""

    status: int
    body: Any


def answer_once(
    *, principal: User, route: str, key: str, request_sha256: str, now: datetime, act: Callable[[], Answer]
) -> Answer:
    """Runs `act` unless this key did already. Raises `KeyReused` for another request, `StillInProgress`.

    A refusal (`DomainError`) is not remembered: the same call may succeed later. What a service keeps although it
    refuses (a lost sale) is committed; every service undoes the rest of its own work.
    """
    refusal: DomainError | None = None
    with transaction.atomic():
        record_id = _claim(principal, route, key, request_sha256, now)
        if record_id is None:
            return _first_answer(principal, route, key, request_sha256)
        record = IdempotencyRecord.objects.filter(pk=record_id)
        try:
            answer = act()
        except DomainError as error:
            refusal = error
            record.delete()
        else:
            record.update(response_status=answer.status, response_body=answer.body)
    if refusal is not None:
        raise refusal
    return answer


def _claim(principal: User, route: str, key: str, request_sha256: str, now: datetime) -> int | None:
    """The id of our new record; None when there is one. Waits for a twin that is at work."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [principal.pk, route, key, request_sha256, now])
            row = cursor.fetchone()
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        raise StillInProgress(_("The first call with this key is still at work. Ask again in a moment.")) from error
    return int(row[0]) if row else None


def _first_answer(principal: User, route: str, key: str, request_sha256: str) -> Answer:
    record = IdempotencyRecord.objects.get(principal=principal, route=route, key=key)
    if record.request_sha256 != request_sha256:
        raise KeyReused(_("This key was used for another request. Send each new act with a new key."))
    return Answer(record.response_status, record.response_body)
