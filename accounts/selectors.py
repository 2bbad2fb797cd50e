"""Reads about people and their keys."""

from django.db.models import Model

from accounts.link_tokens import fingerprint
from accounts.models import ApiKey, PasswordLink, User
from accounts.statements import Statement


def _columns(alias: str, model: type[Model]) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


KEY_FIELDS = [field.attname for field in ApiKey._meta.concrete_fields]
USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
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
    width = len(KEY_FIELDS)
    key: ApiKey = ApiKey.from_db("default", KEY_FIELDS, rows[0][:width])
    key.user = User.from_db("default", USER_FIELDS, rows[0][width:])
    return key


def find_password_link(token: str) -> PasswordLink | None:
    """The link of this token, over or not, with its person. A token that is not signed by us costs no query."""
    hashed = fingerprint(token)
    if hashed is None:
        return None
    return PasswordLink.objects.select_related("user").filter(token_sha256=hashed).first()
