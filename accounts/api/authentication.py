"""API keys: `Authorization: Api-Key <prefix>.<secret>`."""

import hashlib
import hmac

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.api.limits import note_wrong_key
from accounts.models import ApiKey, User
from accounts.selectors import api_key_by_prefix
from accounts.services.api_keys import note_key_use

SCHEME = "Api-Key"


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key by its prefix and compares the hash of the secret in constant time."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != SCHEME:
            return None
        key = _find_key(token.strip())
        if key is None:
            note_wrong_key(request)
            raise AuthenticationFailed(_("This API key is unknown, expired or revoked."))
        if key.is_read_only and request.method not in ("GET", "HEAD", "OPTIONS"):
            # We know who calls, and they may not: 401 would ask for another sign-in with the same key.
            raise PermissionDenied(_("This API key may only read."))
        note_key_use(key=key, now=timezone.now())
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def _find_key(token: str) -> ApiKey | None:
    prefix, _dot, secret = token.partition(".")
    key = api_key_by_prefix(prefix)
    presented = hashlib.sha256(secret.encode()).hexdigest()
    if key is None or not hmac.compare_digest(presented, key.secret_sha256):
        return None
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return None
    return key


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the package has no types here
    """How the OpenAPI document describes the keys; drf-spectacular finds it by being imported."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": f"{SCHEME} <prefix>.<secret>, made under API keys or by POST /api/v1/api-keys/.",
        }
