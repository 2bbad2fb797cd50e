"""An act with an `Idempotency-Key` is done once; every repeat gets the first answer.

Follows draft-ietf-httpapi-idempotency-key-header. The record is written in the transaction of the act, so that there is
either both or none.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.collisions import again_when_collided, sql_state
from accounts.errors import DomainError, KeyReused, StillInProgress
from accounts.models import IdempotencyRecord, User
from accounts.statements import Statement

# A record lives only with the answer of its act, in one transaction, so no reader ever sees the null.
CLAIM = Statement("""
INSERT INTO accounts_idempotencyrecord (
    principal_id, route, key, request_sha256, response_status, response_body, created_at
) VALUES ($1::bigint, $2::text, $3::text, $4::text, 0, 'null', $5::timestamptz)
ON CONFLICT (principal_id, route, key) DO NOTHING
RETURNING id
""")
KEEP = Statement(
    "UPDATE accounts_idempotencyrecord SET response_status = $2::int, response_body = $3::jsonb WHERE id = $1::bigint"
)
FORGET = Statement("DELETE FROM accounts_idempotencyrecord WHERE id = $1::bigint")
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
    refuses (a lost sale) is committed; every service undoes the rest of its own work. A collision with another
    transaction undoes all of it, and it is tried again.
    """
    return again_when_collided(lambda: _answer(principal, route, key, request_sha256, now, act))


def _answer(
    principal: User, route: str, key: str, request_sha256: str, now: datetime, act: Callable[[], Answer]
) -> Answer:
    refusal: DomainError | None = None
    with transaction.atomic():
        record_id = _claim(principal, route, key, request_sha256, now)
        if record_id is None:
            return _first_answer(principal, route, key, request_sha256)
        try:
            answer = act()
        except DomainError as error:
            refusal = error
            FORGET.rows(record_id)
        else:
            KEEP.commit(record_id, answer.status, json.dumps(answer.body))
    if refusal is not None:
        raise refusal
    return answer


def answer_given(*, principal: User, route: str, key: str, request_sha256: str) -> Answer | None:
    """What the same request with this key was answered; None when it was not, or asked for something else."""
    record = IdempotencyRecord.objects.filter(
        principal=principal, route=route, key=key, request_sha256=request_sha256
    ).first()
    return None if record is None else Answer(record.response_status, record.response_body)


def keep_answer(*, principal: User, route: str, key: str, request_sha256: str, now: datetime, answer: Answer) -> None:
    """Notes the answer of an act that is over; the first one stays. For acts whose service knows the key itself, so
    that a loss between the two costs the words of the answer and never does the act twice."""
    record = IdempotencyRecord(
        principal=principal, route=route, key=key, request_sha256=request_sha256, response_status=answer.status,
        response_body=answer.body, created_at=now,
    )  # fmt: skip
    IdempotencyRecord.objects.bulk_create([record], ignore_conflicts=True)


def _claim(principal: User, route: str, key: str, request_sha256: str, now: datetime) -> int | None:
    """The id of our new record; None when there is one. Waits for a twin that is at work."""
    try:
        rows = CLAIM.rows(principal.pk, route, key, request_sha256, now)
    except OperationalError as error:
        if sql_state(error) != LOCK_NOT_AVAILABLE:
            raise
        raise StillInProgress(_("The first call with this key is still at work. Ask again in a moment.")) from error
    return int(rows[0][0]) if rows else None


def _first_answer(principal: User, route: str, key: str, request_sha256: str) -> Answer:
    record = IdempotencyRecord.objects.get(principal=principal, route=route, key=key)
    if record.request_sha256 != request_sha256:
        raise KeyReused(_("This key was used for another request. Send each new act with a new key."))
    return Answer(record.response_status, record.response_body)
