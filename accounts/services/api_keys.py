"""API keys: made, used, revoked."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from accounts.locks import lock_own_row
from accounts.models import ApiKey, User
from accounts.services.audit import record_audit
from accounts.services.profiles import require_active

USE_IS_NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def create_api_key(
    *, user: User, name: str, now: datetime, is_read_only: bool = False, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its token, which can be seen this once only. Raises NotAllowed for somebody switched off."""
    require_active(lock_own_row(user))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        is_read_only=is_read_only,
        created_at=now,
        expires_at=expires_at,
    )
    _audit(key.pk, "create", user, now, {"name": name, "prefix": prefix, "is_read_only": is_read_only})
    return key, f"{prefix}.{secret}"


@transaction.atomic
def revoke_api_key(*, key_id: int, user: User, now: datetime) -> bool:
    """Revokes a key of this user; False when there is none that is still valid."""
    is_revoked = ApiKey.objects.filter(pk=key_id, user=user, revoked_at=None).update(revoked_at=now) == 1
    if is_revoked:
        _audit(key_id, "revoke", user, now, {})
    return is_revoked


def note_key_use(*, key: ApiKey, now: datetime) -> None:
    """Remembers the last use, at most every five minutes, so that reading stays reading."""
    if key.last_used_at is None or now - key.last_used_at > USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _audit(key_id: int, action: str, user: User, now: datetime, data: Mapping[str, object]) -> None:
    record_audit(actor=user, action=action, object_type="api_key", object_id=key_id, now=now, data=data)
