"""`manage.py create_user NAME --role ROLE [--location CODE ...]`: a person who can sign in."""

import getpass
import os
import secrets
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import Role, User
from inventory.models import Location
from people.services.people import create_person


class Command(BaseCommand):
    help = "Makes a person who can sign in. The password is asked for, or read from NEW_PASSWORD, or made and printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values, default=Role.STAFF)
        parser.add_argument("--location", action="append", default=[], help="code; without it, the whole firm")
        parser.add_argument("--email", default="")
        parser.add_argument("--make-password", action="store_true", help="make one and print it, without asking")
        parser.add_argument("--if-none", action="store_true", help="do nothing when there is any user yet")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_none"] and User.objects.exists():
            return
        password, is_made = self._password(is_asked=not options["make_password"])
        try:
            create_person(
                username=options["username"],
                password=password,
                role=options["role"],
                email=options["email"],
                sees_all_locations=not options["location"],
                locations=_places(options["location"]),
                actor=None,
                now=timezone.now(),
            )
        except InvalidInput as refused:
            raise CommandError(refused.message) from None
        told = f"Password: {password}" if is_made else "Sign in with the password that was given."
        self.stdout.write(f"User {options['username']} ({options['role']}) was made. {told}")

    def _password(self, *, is_asked: bool) -> tuple[str, bool]:
        if os.environ.get("NEW_PASSWORD"):
            return os.environ["NEW_PASSWORD"], False
        is_asked = is_asked and sys.stdin.isatty()
        typed = getpass.getpass("Password (empty: one is made): ") if is_asked else ""
        return (typed, False) if typed else (secrets.token_urlsafe(12), True)


def _places(codes: Sequence[str]) -> list[int]:
    found = dict(Location.objects.filter(code__in=codes).values_list("code", "pk"))
    for code in codes:
        if code not in found:
            raise CommandError(f"There is no location {code}. Import it first, or leave --location out.")
    return [found[code] for code in codes]
