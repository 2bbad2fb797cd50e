"""Django app: accounts."""

from django.apps import AppConfig

from accounts.plain_words import speak_plainly
from accounts.unknown_fields import refuse_unknown_fields


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        speak_plainly()
        refuse_unknown_fields()
