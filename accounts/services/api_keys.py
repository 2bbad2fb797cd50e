"""API keys: made, used, revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from accounts.models import ApiKey, User

USE_IS_NOTED_EVERY = timedelta(minutes=5)


def create_api_key(
    *, user: User, name: str, now: datetime, is_read_only: bool = False, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its token, which can be seen this once only."""
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
    return key, f"{prefix}.{secret}"


def revoke_api_key(*, key_id: int, user: User, now: datetime) -> bool:
    """Revokes a key of this user; False when there is none that is still valid."""
    return ApiKey.objects.filter(pk=key_id, user=user, revoked_at=None).update(revoked_at=now) == 1


def note_key_use(*, key: ApiKey, now: datetime) -> None:
    """Remembers the last use, at most every five minutes, so that reading stays reading."""
    if key.last_used_at is None or now - key.last_used_at > USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
