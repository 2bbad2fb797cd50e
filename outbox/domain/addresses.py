"""Which addresses a request may go to. Our own table: what Python calls private changes between its releases.

Sources: the registries of special-purpose addresses (RFC 6890 and its updates), and the metadata addresses of clouds.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

_NEVER_V4 = (
    "0.0.0.0/8",
    "169.254.0.0/16",
    "100.100.100.200/32",
    "192.0.0.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
_PRIVATE_V4 = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
)
# What carries another address inside (mapped, NAT64, Teredo, 6to4) is refused whole: no receiver is reachable only so.
_PUBLIC_V6 = "2000::/3"
_NEVER_V6 = ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fd00:ec2::/32", "fe80::/10", "ff00::/8")
_PRIVATE_V6 = ("::1/128", "fc00::/7")

NEVER_V4 = tuple(ip_network(text) for text in _NEVER_V4)
PRIVATE_V4 = tuple(ip_network(text) for text in _PRIVATE_V4)
PUBLIC_V6 = ip_network(_PUBLIC_V6)
NEVER_V6 = tuple(ip_network(text) for text in _NEVER_V6)
PRIVATE_V6 = tuple(ip_network(text) for text in _PRIVATE_V6)

# A request to a port of another protocol can be made to speak it.
PUBLIC_PORTS = frozenset({80, 443, 8000, 8008, 8080, 8443, 8888})
DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(
    r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
)
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]+")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Target:
    """The parts of an address that was found well formed. `path` holds the query too."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def parse_target(url: str, *, allow_private: bool) -> Target:
    """Takes a web address apart, or raises ValueError with the reason as a stable word.

    Reasons: `form` (not a plain http or https address), `user` (holds a user name), `port`.
    """
    if not _PLAIN.fullmatch(url):
        raise ValueError("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("form") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError("form")
    if "@" in parts.netloc:
        raise ValueError("user")
    if not _is_host(parts.hostname, is_bracketed="[" in parts.netloc):
        raise ValueError("form")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if not allow_private and port not in PUBLIC_PORTS:
        raise ValueError("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, path)


def is_allowed(address: str, *, allow_private: bool) -> bool:
    """Whether a resolved address may be connected to. Metadata, link-local and multicast addresses never may."""
    try:
        parsed: Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        if any(parsed in network for network in NEVER_V4):
            return False
        return allow_private or not any(parsed in network for network in PRIVATE_V4)
    if parsed.scope_id is not None or any(parsed in network for network in NEVER_V6):
        return False
    return parsed in PUBLIC_V6 or (allow_private and any(parsed in network for network in PRIVATE_V6))


def _is_host(host: str, *, is_bracketed: bool) -> bool:
    if not is_bracketed:
        return _NAME.fullmatch(host.removesuffix(".")) is not None
    try:
        return ip_address(host).version == 6 and "%" not in host
    except ValueError:
        return False
