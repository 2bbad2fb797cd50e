"""The address that a request came from, by which what is tried too often is slowed."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


def sender_of(request: HttpRequest | Request) -> str:
    """The address of the browser or program, "" when none is known.

    Behind proxies everybody would have the address of the nearest one, so that one who guesses passwords locks out
    all. Each proxy adds to the right of `X-Forwarded-For` whom it got the request from; what stands further left than
    our own proxies wrote can be made up by anybody, and counts for nothing.
    """
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.PROXIES_IN_FRONT
    if not proxies:
        return nearest
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    try:
        return str(ip_address(told[-proxies].strip()))
    except (IndexError, ValueError):
        return nearest
