"""The locks of people in one place. They come before all others."""

from collections.abc import Collection

from django.db import connection

from accounts.models import User

# One change of people at a time in the whole firm: there are few of them, and each looks at who administers. The
# trigger accounts_keep_an_administrator takes the same one.
PEOPLE_LOCK = 7741


def lock_people() -> None:
    """Call it inside a transaction, before anything of a person is read for a decision."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [PEOPLE_LOCK])


def lock_person(person_id: int) -> User:
    """The person as they stand under the lock of all. Raises User.DoesNotExist."""
    lock_people()
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def lock_rows_of(person_ids: Collection[int]) -> list[User]:
    """The rows of these people alone, for what concerns nobody else."""
    return list(User.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk"))
