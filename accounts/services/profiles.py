"""What people change about themselves."""

from accounts.models import User


def set_language(*, user: User, language: str) -> None:
    """Remembers the language in which this person reads pages and messages."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def change_password(*, user: User, password: str) -> None:
    """`password` has passed the validators of the settings."""
    user.set_password(password)
    user.save(update_fields=["password"])
