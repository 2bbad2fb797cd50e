"""What an endpoint may be: format, address and secret have to fit together."""

import base64
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.errors import wrong_field
from outbox.domain.chat.services import SERVICES, service_of_address
from outbox.domain.events import EVENT_TYPES
from outbox.egress import check_address
from outbox.models import EndpointFormat


def check_url(url: str, endpoint_format: str) -> None:
    """Raises `ForbiddenAddress` when nothing may be sent there, `InvalidInput` when another service listens there."""
    actual = service_of_address(url)
    if actual and actual != endpoint_format:
        service = EndpointFormat(actual).label
        raise wrong_field(
            "format", _("This is an address of %(service)s. Choose that service for it.") % {"service": service}
        )
    check_address(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)


def check_event_types(event_types: Iterable[str]) -> None:
    """An endpoint asks for events that there are."""
    unknown = [name for name in event_types if name not in EVENT_TYPES]
    if unknown:
        told = {"unknown": ", ".join(unknown), "known": ", ".join(EVENT_TYPES)}
        raise wrong_field("event_types", _("There is no event %(unknown)s. Choose some of: %(known)s.") % told)


def check_secret(secret: str, endpoint_format: str) -> None:
    """A secret is pasted only where a chat service made it."""
    if not secret:
        return
    if endpoint_format == EndpointFormat.JSON:
        raise wrong_field(
            "secret", _("The secret of this endpoint is made here and shown once. Leave the field empty.")
        )
    if not SERVICES[endpoint_format].takes_secret:
        raise wrong_field("secret", _("This service signs nothing: its address is the secret. Leave the field empty."))


def first_secret(secret: str, endpoint_format: str) -> str:
    """What the endpoint signs with: the pasted one of a chat, else a new one."""
    return new_secret() if endpoint_format == EndpointFormat.JSON else secret


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
