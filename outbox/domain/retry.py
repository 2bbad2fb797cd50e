"""When a message is tried again, when it is given up, and what is kept of the answer."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# The schedule that the Standard Webhooks specification recommends; three days in all.
WEBHOOK_WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
EMAIL_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))
# A mail server may be away over a weekend.
EMAIL_IS_GIVEN_UP_AFTER = timedelta(days=3)
ENDPOINT_IS_DISABLED_AFTER = timedelta(days=3)
LONGEST_RETRY_AFTER = timedelta(days=1)


def webhook_wait(failures: int) -> timedelta | None:
    """The wait after so many failures; None when it was the last try."""
    return WEBHOOK_WAITS[failures - 1] if failures <= len(WEBHOOK_WAITS) else None


def endpoint_pause(failures: int) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row."""
    return WEBHOOK_WAITS[min(failures, len(WEBHOOK_WAITS)) - 1]


def email_wait(failures: int, age: timedelta) -> timedelta | None:
    """The wait of an e-mail of this age; None when it is given up."""
    if age > EMAIL_IS_GIVEN_UP_AFTER:
        return None
    return EMAIL_WAITS[min(failures, len(EMAIL_WAITS)) - 1]


def parse_retry_after(header: str, now: datetime) -> timedelta:
    """What `Retry-After` asks for (seconds or a date), between nothing and a day; nothing when it cannot be read."""
    try:
        wait = timedelta(seconds=int(header)) if header.strip().isdecimal() else parsedate_to_datetime(header) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def storable(said: str) -> str:
    """What a receiver said, as PostgreSQL can keep it: without the NUL that no text column takes."""
    return said.replace("\0", "")
