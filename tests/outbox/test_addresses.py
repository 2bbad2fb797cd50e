import socket
import threading

import pytest

from accounts.models import User
from outbox.domain.addresses import is_allowed, parse_target
from outbox.egress import check_address, post
from outbox.errors import ForbiddenAddress
from outbox.models import Message, MessageState, WebhookEndpoint
from outbox.services.deliver import deliver_due
from outbox.services.endpoints import create_endpoint, send_test, update_endpoint
from tests.outbox.clock import NOW, at
from tests.outbox.conftest import make_endpoint

NEVER = [
    "0.0.0.0", "0", "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]",
    "[fe80::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
]  # fmt: skip
PRIVATE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "localhost.", "10.0.0.1",
    "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "192.0.2.1", "198.51.100.1",
    "203.0.113.1", "[::1]", "[fc00::1]", "[fd12::1]",
]  # fmt: skip
MALFORMED = [
    "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/", "dict://127.0.0.1:6379/", "data:text/plain,x",
    "javascript:alert(1)", "//example.com/", "example.com", "", "http://", "https:///hook", "http://good@127.0.0.1/",
    "http://user:secret@93.184.216.34/", "http://127.0.0.1\\@93.184.216.34/", "http://93.184.216.34\t/",
    "http://93.184.216.34/\r\nHost: x", "http://93.184.216.34/ x", "http://[example.com]/", "http://[fe80::1%25lo]/",
    "http://\uff11\uff12\uff17.0.0.1/", "http://ex\u00e4mple.com/", "http://93.184.216.34:0x50/",
    "http://93.184.216.34:99999/", "http://a..b/", "http://-a.com/", "http://%31%32%37.0.0.1/",
]  # fmt: skip
PORTS = [22, 25, 53, 110, 445, 2375, 3306, 5432, 6379, 9200, 11211, 27017]
PUBLIC = ["93.184.216.34", "8.8.8.8", "[2606:2800:220:1:248:1893:25c8:1946]"]
REFUSED = [*MALFORMED, *(f"http://{host}/" for host in NEVER + PRIVATE), *(f"http://8.8.8.8:{port}/" for port in PORTS)]


@pytest.mark.parametrize("url", REFUSED)
def test_a_forbidden_address_is_refused(url):
    with pytest.raises(ForbiddenAddress):
        check_address(url, allow_private=False)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_allowed(host):
    target, addresses = check_address(f"https://{host}/hook?a=1", allow_private=False)
    assert (target.path, target.port, len(addresses)) == ("/hook?a=1", 443, 1)


@pytest.mark.parametrize("url", [*MALFORMED, *(f"http://{host}/" for host in NEVER)])
def test_even_where_private_addresses_are_allowed_some_never_are(url):
    with pytest.raises(ForbiddenAddress):
        check_address(url, allow_private=True)


def test_the_list_is_long_enough():
    assert len(REFUSED) >= 80


def test_hidden_parts_of_an_address_do_not_mislead():
    assert parse_target("http://127.0.0.1#@93.184.216.34", allow_private=True).host == "127.0.0.1"
    assert parse_target("http://8.8.8.8/?@127.0.0.1", allow_private=True).host == "8.8.8.8"
    assert not is_allowed("not an address", allow_private=True)


def resolving(monkeypatch, *answers):
    """Names resolve to these lists of addresses, one list for each question."""
    waiting = list(answers)

    def answer(host, port, **named):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in waiting.pop(0)]

    monkeypatch.setattr("socket.getaddrinfo", answer)


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    resolving(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(ForbiddenAddress):
        check_address("http://mixed.example/", allow_private=False)


def test_a_name_that_cannot_be_resolved_is_refused(monkeypatch):
    def unknown(host, port, **named):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(ForbiddenAddress):
        check_address("http://unknown.example/", allow_private=True)


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    may_answer, answered = threading.Event(), threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *arguments, **named: (may_answer.wait(60), answered.set()))
    monkeypatch.setattr("outbox.egress.RESOLVE_SECONDS", 0.1)
    with pytest.raises(ForbiddenAddress):
        check_address("http://slow.example/", allow_private=True)
    assert not answered.is_set()
    may_answer.set()
    assert answered.wait(60)


@pytest.fixture
def canary():
    """Listens on loopback; `connections()` is how many ever came."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)

        def connections():
            count = 0
            while True:
                try:
                    listener.accept()[0].close()
                    count += 1
                except BlockingIOError:
                    return count

        connections.port = listener.getsockname()[1]
        yield connections


def test_a_name_that_turns_private_between_saving_and_sending_is_not_connected_to(monkeypatch, canary):
    monkeypatch.setattr("outbox.domain.addresses.PUBLIC_PORTS", {canary.port})
    url = f"http://rebinding.example:{canary.port}/"
    resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    check_address(url, allow_private=False)
    with pytest.raises(ForbiddenAddress):
        post(url, headers={}, body=b"", allow_private=False)
    assert canary() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
def test_no_way_of_saving_testing_or_sending_reaches_loopback(settings, monkeypatch, canary, host):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    monkeypatch.setattr("outbox.domain.addresses.PUBLIC_PORTS", {canary.port})
    url, actor = f"http://{host}:{canary.port}/", User.objects.create_user("a")
    with pytest.raises(ForbiddenAddress):
        create_endpoint(url=url, event_types=[], actor=actor, now=NOW)
    kept = make_endpoint("http://93.184.216.34/")
    with pytest.raises(ForbiddenAddress):
        update_endpoint(endpoint_id=kept.pk, url=url, actor=actor, now=NOW)
    WebhookEndpoint.objects.update(url=url)
    send_test(endpoint_id=kept.pk, actor=actor, now=NOW)
    for seconds in (0, 5):
        assert deliver_due(clock=at(seconds=seconds)) == 1
    assert Message.objects.get().state == MessageState.DUE
    assert canary() == 0
