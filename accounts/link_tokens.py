"""Links that work without an account: who holds the address may do one thing until it ends.

A token is a random name with our signature. Only the SHA-256 of the whole is kept with what it opens, and mails wait
in the outbox with the name alone, so that nobody who reads the database can use a link. A token that we did not sign
is turned away before the database is asked.
"""

import hashlib
import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer

_SALT = "youhuo.link"
_LONGEST = 200


def new_name() -> str:
    """22 random characters, 128 bits."""
    return secrets.token_urlsafe(16)


def token_of(name: str) -> str:
    """The same for every call, so that a mail that is sent again carries the same link."""
    return _signer().sign(name)


def fingerprint_of(name: str) -> str:
    """What is kept of the token of a name."""
    return _sha256(token_of(name))


def fingerprint(token: str) -> str | None:
    """What is kept of a token; None for one that we did not sign."""
    if len(token) > _LONGEST:
        return None
    try:
        _signer().unsign(token)
    except BadSignature:
        return None
    return _sha256(token)


def address_of(path: str, name: str) -> str:
    """The whole address; `path` begins and ends with a slash."""
    return f"{settings.SITE_URL}{path}{token_of(name)}/"


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _signer() -> Signer:
    return Signer(sep=".", salt=_SALT)
