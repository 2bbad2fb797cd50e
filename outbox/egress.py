"""The only way by which this program speaks to web addresses that people typed in.

The name is resolved once, each of its addresses must pass our table, and the connection goes to one of exactly those
addresses. No redirects, no proxies, a limit on the answer, and one deadline over everything.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as ResolveTimeout
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outbox.domain.addresses import Target, is_allowed, parse_target
from outbox.errors import ForbiddenAddress, NotDelivered

TOTAL_SECONDS = 15.0
RESOLVE_SECONDS = 5.0
BODY_LIMIT = 64 * 1024

_resolvers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


@dataclass(frozen=True)
class Answer:
    """`body` is cut at 64 kB. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def check_address(url: str, *, allow_private: bool) -> tuple[Target, list[str]]:
    """The parts of the address and what its name resolves to; raises `ForbiddenAddress` when any may not be used."""
    try:
        target = parse_target(url, allow_private=allow_private)
    except ValueError as error:
        raise ForbiddenAddress(_reason(str(error))) from None
    addresses = _resolve(target)
    if not addresses or not all(is_allowed(address, allow_private=allow_private) for address in addresses):
        raise ForbiddenAddress(_("This address leads into a private or reserved network. Use a public one."))
    return target, addresses


def post(url: str, *, headers: Mapping[str, str], body: bytes, allow_private: bool) -> Answer:
    """Sends the body and returns the answer, whatever its status. Raises `ForbiddenAddress` or `NotDelivered`."""
    ends_at = time.monotonic() + TOTAL_SECONDS
    target, addresses = check_address(url, allow_private=allow_private)
    try:
        return _exchange(target, addresses[0], headers, body, ends_at)
    except (OSError, http.client.HTTPException) as error:
        late = time.monotonic() >= ends_at
        reason = f"no answer within {TOTAL_SECONDS:.0f} s" if late else f"{type(error).__name__}: {error}"
        raise NotDelivered(reason) from error


def _exchange(target: Target, address: str, headers: Mapping[str, str], body: bytes, ends_at: float) -> Answer:
    connection = _PinnedConnection(target, address, ends_at)
    # Socket timeouts hold for each read alone, so a receiver that drips bytes needs a clock of its own.
    watchdog = threading.Timer(max(ends_at - time.monotonic(), 0), connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.connect()
        connection.request("POST", target.path, body, {"Host": target.host_header, **headers})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, found, response.read(BODY_LIMIT))
        # A connection that was cut looks like an answer that ended there.
        if connection.was_cut:
            raise TimeoutError
        return answer
    finally:
        watchdog.cancel()
        connection.close()


class _PinnedConnection(http.client.HTTPConnection):
    """Connects to the address that was checked, while TLS still proves the name."""

    def __init__(self, target: Target, address: str, ends_at: float) -> None:
        super().__init__(target.host, target.port, timeout=max(ends_at - time.monotonic(), 0.001))
        self.target = target
        self.address = address
        self.was_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.target.port), timeout=self.timeout)
        self._keep(plain)
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            name = self.target.host.removesuffix(".")
            # Wrapping takes the connection out of the plain socket: were the handshake part of it, nothing could cut
            # that, and what a slow one leads to would have no deadline any more.
            secure = context.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
            self._keep(secure)
            secure.do_handshake()

    def _keep(self, sock: socket.socket) -> None:
        """From now on the watchdog can cut it. It may have come while there was nothing to cut."""
        self.sock = sock
        if self.was_cut:
            raise TimeoutError

    def cut(self) -> None:
        self.was_cut = True
        sock = self.sock
        if sock is not None:
            try:
                # Of a secure socket too only the connection: without its keys, another thread would read on in plain.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                sock.close()


def _resolve(target: Target) -> list[str]:
    pending = _resolvers.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        found = pending.result(timeout=RESOLVE_SECONDS)
    except (OSError, UnicodeError, ResolveTimeout):
        raise ForbiddenAddress(_("The name %(host)s could not be resolved.") % {"host": target.host}) from None
    return list(dict.fromkeys(str(sockaddr[0]) for *_kind, sockaddr in found))


def _reason(word: str) -> str:
    reasons = {
        "user": _("Leave the user name and password out of the address."),
        "port": _("This port is not one of the usual ports of web servers."),
    }
    return reasons.get(word, _("This is not a web address. Write it like https://example.com/hook."))
