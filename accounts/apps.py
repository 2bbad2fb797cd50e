"""Django app: accounts."""

from django.apps import AppConfig

from accounts.plain_words import speak_plainly


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        speak_plainly()
