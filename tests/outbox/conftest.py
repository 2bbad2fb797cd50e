import socket
import threading

import pytest
from aiosmtpd.controller import Controller

from outbox.models import WebhookEndpoint
from tests.outbox.clock import NOW


class Mailbox:
    """Collects what a real SMTP server is given; `answer` may be set to refuse, `answer_to_sender` before that."""

    def __init__(self):
        self.mails = []
        self.answer = self.answer_to_sender = "250 OK"
        self.lock = threading.Lock()

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answer_to_sender

    async def handle_DATA(self, server, session, envelope):
        with self.lock:
            if self.answer.startswith("250"):
                self.mails.append(envelope)
        return self.answer


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    # The controller connects to itself once it runs, so it must know its port beforehand.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 3
    yield box
    controller.stop()


@pytest.fixture
def private_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def endpoint(db, httpserver, private_allowed):
    """An active endpoint that leads to the test's HTTP server."""
    return make_endpoint(httpserver.url_for("/hook"))


def make_endpoint(url, **fields):
    return WebhookEndpoint.objects.create(
        url=url, secret="whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIzNA==", created_at=NOW, **fields
    )
