import socket
import threading
import time

import pytest
from django.db import connection

from outbox.domain.addresses import parse_target
from outbox.egress import BODY_LIMIT, _PinnedConnection, post
from outbox.errors import NotDelivered
from outbox.models import Message, MessageState
from outbox.services.deliver import deliver_due
from outbox.services.enqueue import Event, enqueue_events
from tests.outbox.clock import NOW, at, event_id
from tests.outbox.conftest import make_endpoint
from tests.waiting import wait_until

HANGS_SECONDS = 60


@pytest.fixture
def receiver(monkeypatch):
    """Starts a TCP server that treats each connection as told, and returns its address. Senders wait for one second."""
    monkeypatch.setattr("outbox.egress.TOTAL_SECONDS", 1.0)
    is_over, listeners = threading.Event(), []

    def start(treat):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve():
            while not is_over.is_set():
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                threading.Thread(target=attempt, args=(treat, connection, is_over), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    is_over.set()
    for listener in listeners:
        listener.close()


def attempt(treat, connection, is_over):
    with connection:
        try:
            treat(connection, is_over)
        except OSError:
            return


def hang(connection, is_over):
    is_over.wait(HANGS_SECONDS)


def drip(connection, is_over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not is_over.wait(0.05):
        connection.sendall(b"X-More: more\r\n")


def drip_body(connection, is_over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not is_over.wait(0.05):
        connection.sendall(b"x")


def hang_up(connection, is_over):
    connection.recv(65536)


def talk_nonsense(connection, is_over):
    connection.recv(65536)
    connection.sendall(b"\x00\xff nonsense\r\n\r\n")


def flood(connection, is_over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    while not is_over.is_set():
        connection.sendall(b"x" * 65536)


@pytest.mark.parametrize("treat", [hang, drip, drip_body, hang_up, talk_nonsense])
def test_a_receiver_that_does_not_answer_properly_is_left_in_time(receiver, treat):
    started = time.monotonic()
    with pytest.raises(NotDelivered):
        post(receiver(treat), headers={}, body=b"{}", allow_private=True)
    assert time.monotonic() - started < HANGS_SECONDS, "the receiver ended it, and not the sender"


def test_an_endless_answer_is_cut(receiver):
    assert len(post(receiver(flood), headers={}, body=b"{}", allow_private=True).body) == BODY_LIMIT


def test_a_port_where_nobody_listens_is_a_failure(monkeypatch):
    with pytest.raises(NotDelivered):
        post("http://127.0.0.1:1/", headers={}, body=b"", allow_private=True)


def test_a_secure_address_must_prove_its_name(receiver):
    url = receiver(hang_up).replace("http:", "https:")
    with pytest.raises(NotDelivered):
        post(url, headers={}, body=b"", allow_private=True)


def connection_to(url):
    return _PinnedConnection(parse_target(url, allow_private=True), "127.0.0.1", time.monotonic() + HANGS_SECONDS)


def test_a_handshake_that_drags_on_is_cut_too(receiver):
    """The watchdog comes when the receiver has the first words of the handshake; the rest never comes."""
    started, ours = time.monotonic(), []

    def stall(connection, is_over):
        connection.recv(65536)
        ours[0].cut()
        is_over.wait(HANGS_SECONDS)

    ours.append(connection_to(receiver(stall).replace("http:", "https:")))
    with pytest.raises(OSError):
        ours[0].connect()
    assert time.monotonic() - started < HANGS_SECONDS, "it waited for the receiver, although it was cut"


def test_a_watchdog_that_comes_before_the_connection_ends_it_all_the_same(receiver):
    connection = connection_to(receiver(hang))
    connection.cut()
    with pytest.raises(TimeoutError):
        connection.connect()


def test_proxies_of_the_environment_are_not_used(monkeypatch, receiver):
    monkeypatch.setenv("http_proxy", receiver(talk_nonsense))
    with pytest.raises(NotDelivered, match="refused"):
        post("http://127.0.0.1:1/", headers={}, body=b"", allow_private=True)


def deliver_and_close(clock):
    deliver_due(clock=clock)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_one_receiver_that_hangs_does_not_hold_up_the_others(receiver, httpserver, private_allowed):
    httpserver.expect_request("/hook").respond_with_data("")
    make_endpoint(receiver(hang))
    for _number in range(9):
        make_endpoint(httpserver.url_for("/hook"))
    for number in range(5):
        enqueue_events(events=[Event(event_id(number), "t.t", {})], now=NOW)
    sender = threading.Thread(target=deliver_and_close, args=(at(),))
    sender.start()
    wait_until(lambda: len(httpserver.log) == 45)
    sender.join()
    assert Message.objects.filter(state=MessageState.SENT).count() == 45
    assert Message.objects.filter(state=MessageState.DUE, attempts=0).count() == 4, "one try spoke for the others"
