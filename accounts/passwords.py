"""A rule of passwords in words of ours: those of Django have no Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        text = ngettext(
            "This password is too short. Use at least %(least)d character.",
            "This password is too short. Use at least %(least)d characters.",
            self.min_length,
        )
        return text % {"least": self.min_length}
