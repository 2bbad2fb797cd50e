"""The key of an act that a client may repeat: how long it may be."""

from django.utils.translation import gettext as _

from accounts.errors import InvalidInput

# Kept in 120 characters. The keys of what an approval or a return makes begin with its own, so these are shorter.
MAX_KEY = 80
MAX_RECEIPT_KEY = 120


def check_key(key: str, *, most: int = MAX_KEY) -> None:
    """Raises InvalidInput for one that is too long to be kept. An empty one is none: the act is no repeat of any."""
    if len(key) > most:
        raise InvalidInput(_("The key of an act has at most %(most)d characters.") % {"most": most})


def require_key(key: str, *, most: int = MAX_KEY) -> None:
    """As `check_key`, for acts that must not be done twice by whoever sends them again."""
    if not key:
        raise InvalidInput(_("Send a key with the act, a text of your own, so that a repeat of it changes nothing."))
    check_key(key, most=most)
