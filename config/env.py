"""Reads the settings that come from the environment, and refuses bad values with a sentence.

`.env` beside `manage.py` gives defaults for variables that the environment does not set.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SESSION_SETTINGS = (
    # A lost lock or a forgotten transaction must end in an error, never in a site that stands still.
    "lock_timeout=3s",
    "idle_in_transaction_session_timeout=60s",
    # Pages read few rows of big tables: compiling costs them more than it gives, and on solid state disks a row found
    # by an index costs hardly more than its neighbour.
    "jit=off",
    "random_page_cost=1.1",
    # A prepared statement keeps its plan. Those with arrays would be planned anew at every call, which took longer than
    # to run them; they walk by index whatever the length of the arrays.
    "plan_cache_mode=force_generic_plan",
)
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file; comments and blank lines are left out. A missing file is empty."""
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, separator, value = text.partition("=")
        if not separator or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path.name}, line {number}: write NAME=value, not {text!r}.")
        values[name.strip()] = value.strip().strip("'\"")
    return values


@dataclass(frozen=True)
class Environment:
    """Typed access to the variables; each error names the variable and what it takes."""

    values: Mapping[str, str]

    @classmethod
    def load(cls, env_file: Path) -> "Environment":
        return cls({**read_env_file(env_file), **os.environ})

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, "") or default

    def required(self, name: str, hint: str) -> str:
        value = self.text(name)
        if not value:
            raise ImproperlyConfigured(f"{name} is not set: {hint}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.values.get(name)
        if raw is None:
            return default
        if raw.lower() in TRUE_WORDS:
            return True
        if raw.lower() in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"{name} is {raw!r}: write 1 or 0.")

    def integer(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isdecimal() or not minimum <= int(raw) <= maximum:
            raise ImproperlyConfigured(f"{name} is {raw!r}: write a whole number from {minimum} to {maximum}.")
        return int(raw)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def url(self, name: str, *, schemes: set[str], default: str = "") -> SplitResult:
        raw = self.required(name, f"give an address that begins with {_schemes(schemes)}.") if not default else ""
        parts = urlsplit(raw or self.text(name, default))
        if parts.scheme not in schemes:
            raise ImproperlyConfigured(f"{name} must begin with {_schemes(schemes)}.")
        try:
            port = parts.port
        except ValueError:
            port = -1
        if port == -1 or port == 0:
            raise ImproperlyConfigured(f"{name} has a port that is not a number from 1 to 65535.")
        return parts

    def origin(self, name: str, default: str) -> str:
        """`https://shop.example:8443`: what browsers call the origin, so without a slash behind it."""
        parts = urlsplit(self.text(name, default))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ImproperlyConfigured(f"{name} must be like https://shop.example: http or https, a name, and no path.")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    def currency(self, name: str, default: str) -> str:
        """Three capital letters, as orders, suppliers and rates name it."""
        code = self.text(name, default).upper()
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise ImproperlyConfigured(f"{name} is {code!r}: write the three letters of a currency, for example EUR.")
        return code


def _schemes(schemes: set[str]) -> str:
    return " or ".join(f"{scheme}://" for scheme in sorted(schemes))


def database_settings(parts: SplitResult) -> dict[str, Any]:
    """Django's DATABASES entry for a `postgres://user:password@host:port/name?option=value` address."""
    if not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /name.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # A socket folder arrives as ?host=/path, since a URL host cannot hold slashes.
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            "options": " ".join(f"-c {setting}" for setting in SESSION_SETTINGS),
        },
    }


def email_settings(parts: SplitResult) -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp://`, `smtps://`, `smtp+tls://` or `console:` addresses."""
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 15,
    }
