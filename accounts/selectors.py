"""Reads about people and their keys."""

from typing import Any

from django.db.models import Model

from accounts.models import ApiKey, User
from accounts.statements import Statement


def _columns(alias: str, model: type[Model]) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


KEY_AND_USER = Statement(
    """
SELECT {key}, {person}
FROM accounts_apikey key
JOIN accounts_user person ON person.id = key.user_id
WHERE key.prefix = $1::text AND key.revoked_at IS NULL AND person.is_active
""".replace("{key}", _columns("key", ApiKey)).replace("{person}", _columns("person", User))
)


def api_key_by_prefix(prefix: str) -> ApiKey | None:
    """The key that is not revoked, with its active user; asked with every call, so that a revocation holds at once."""
    rows = KEY_AND_USER.rows(prefix)
    if not rows:
        return None
    width = len(ApiKey._meta.concrete_fields)
    key: ApiKey = _instance(ApiKey, rows[0][:width])
    key.user = _instance(User, rows[0][width:])
    return key


def _instance(model: Any, values: tuple[Any, ...]) -> Any:
    return model.from_db("default", [field.attname for field in model._meta.concrete_fields], values)
