"""Links with which people set their own password: made by who administers them, or asked for by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.link_tokens import address_of
from accounts.models import User
from accounts.services.password_links import make_password_link
from outbox.services.enqueue import Email, SignedLink, enqueue_emails
from people.locks import lock_person, lock_rows_of
from people.services.history import note
from people.services.passwords import require_active
from people.services.people import create_person
from people.services.rights import fresh_actor, require_other, require_theirs

LINK_PATH = "/password/"
INVITED_FOR = timedelta(days=7)
# Whoever asks for it waits for it.
FORGOTTEN_FOR = timedelta(hours=2)
# What SITE_URL is until somebody sets it.
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}  # noqa: S104 (nothing is bound to it)
# Of people who share an address.
MOST_AT_ONCE = 5


@dataclass(frozen=True)
class MadeLink:
    """`address` can be seen this once only; `sent_to` is empty where no e-mail was left."""

    person: User
    address: str
    expires_at: datetime
    sent_to: str

    @property
    def is_local(self) -> bool:
        """Whether it opens on the machine alone that runs the app, since nobody has said how others reach it."""
        return urlsplit(self.address).hostname in LOCAL_HOSTS


def add_person(*, actor: User | None, now: datetime, password: str = "", **fields: Any) -> tuple[User, MadeLink | None]:
    """A new person, as `create_person` takes them, who without a password gets a link to set one."""
    with transaction.atomic():
        person = create_person(actor=actor, now=now, password=password, **fields)
        link = None if password else give_password_link(person_id=person.pk, actor=actor, now=now)
    return person, link


def give_password_link(*, person_id: int, actor: User | None, now: datetime) -> MadeLink:
    """A link for the person to set a password, to be handed over, and e-mailed where there is an address and a mail
    server. Links made before end. Raises NotAllowed, IllegalStateChange for somebody switched off,
    User.DoesNotExist."""
    with transaction.atomic():
        person = lock_person(person_id)
        actor = fresh_actor(actor)
        require_theirs(actor, person)
        require_other(actor, person, _("Change your own password on your profile page."))
        require_active(person)
        link = SignedLink(LINK_PATH, make_password_link(person=person, actor=actor, kept=INVITED_FOR, now=now))
        sent_to = person.email if settings.HAS_MAIL_SERVER else ""
        if sent_to:
            enqueue_emails(emails=[_invitation(person, link)], now=now)
        note(person, "user.link_made", actor, now, sent_to=sent_to)
    return MadeLink(person, address_of(link.path, link.name), now + INVITED_FOR, sent_to)


def send_forgotten_links(*, name: str, now: datetime) -> int:
    """E-mails a link to whoever has this user name or e-mail, has had a password and is not switched off; returns to
    how many. What the page says must not depend on it."""
    if not settings.HAS_MAIL_SERVER or not name:
        return 0
    named = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name), is_active=True).exclude(email="")
    with transaction.atomic():
        ids = named.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
        people = [person for person in lock_rows_of(list(ids)) if person.is_active and person.has_usable_password()]
        emails = [_reminder(person, _new_link(person, now)) for person in people]
        enqueue_emails(emails=emails, now=now)
    return len(emails)


def _new_link(person: User, now: datetime) -> SignedLink:
    name = make_password_link(person=person, actor=None, kept=FORGOTTEN_FOR, now=now)
    note(person, "user.link_asked", None, now, sent_to=person.email)
    return SignedLink(LINK_PATH, name)


def _invitation(person: User, link: SignedLink) -> Email:
    with override(person.language or settings.LANGUAGE_CODE):
        lines = [
            _("You can work with Youhuo. Your user name: %(name)s") % {"name": person.username},
            _("Choose your password with this link. It works once, for %(days)d days:") % {"days": INVITED_FOR.days},
            link.mark,
        ]
        return _mail(person, "user.invited", _("Your access to Youhuo"), lines, link)


def _reminder(person: User, link: SignedLink) -> Email:
    hours = FORGOTTEN_FOR // timedelta(hours=1)
    with override(person.language or settings.LANGUAGE_CODE):
        lines = [
            _("Somebody asked for a new password for %(name)s.") % {"name": person.username},
            _("Choose it with this link. It works once, for %(hours)d hours:") % {"hours": hours},
            link.mark,
            _("Was it not you? Then do nothing: your password stays as it is."),
        ]
        return _mail(person, "user.password_forgotten", _("A new password for Youhuo"), lines, link)


def _mail(person: User, event_type: str, subject: str, lines: list[str], link: SignedLink) -> Email:
    return Email(uuid4(), event_type, person.email, subject, "\n\n".join(lines) + "\n", links=(link,))
