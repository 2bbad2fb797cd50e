"""No test talks to another machine."""

import ipaddress
import socket

import pytest


def is_loopback(address):
    host = address[0].split("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback or host in {"0.0.0.0", "::"}
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def only_loopback():
    """Connecting to any other address fails at once, and names the address."""
    original = socket.socket.connect

    def connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(address):
            raise AssertionError(f"a test connects to {address[0]}: tests use servers of their own on loopback")
        return original(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield
