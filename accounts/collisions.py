"""What to do when the database broke off a transaction because others were at work on the same rows."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from django.db import connection
from django.db.utils import DatabaseError, Error, InterfaceError, OperationalError

from accounts.statements import STALE_STATES

T = TypeVar("T")

# Deadlock and failed serialization: everything was undone, and the same act will very likely succeed now.
COLLIDED_STATES = ("40P01", "40001", *STALE_STATES)
# A wait for a lock, or a statement, that took too long.
WAITED_STATES = ("55P03", "57014")
# The server stops, restarts, or takes no more connections; states of class 08 are those of connections too.
AWAY_STATES = ("57P01", "57P02", "57P03", "53300")
AWAY_SECONDS = 5
PAUSES_SECONDS = (0.02, 0.05, 0.1)


def is_busy(error: Error) -> bool:
    """Whether others were in the way: nothing is wrong with the request, and nothing was done."""
    return sql_state(error) in COLLIDED_STATES + WAITED_STATES


def is_away(error: object) -> bool:
    """Whether the database could not be reached, or left in the middle."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    if state := sql_state(error):
        return state.startswith("08") or state in AWAY_STATES
    # A connection that is refused or breaks has no state; where it breaks in an answer its error has no kind either.
    return isinstance(error, OperationalError | InterfaceError) or type(error.__cause__) is psycopg.DatabaseError


def sql_state(error: Error) -> str:
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def again_when_collided(act: Callable[[], T]) -> T:
    """The result of `act`, which owns its transaction: tried again as a whole up to three times after a collision.

    Inside a transaction of somebody else nothing can be repeated, so the error goes up to the owner.
    """
    for pause in PAUSES_SECONDS:
        try:
            return act()
        except Error as error:
            if connection.in_atomic_block or sql_state(error) not in COLLIDED_STATES:
                raise
        # Rivals that collided must not come back at the same moment.
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 (a pause is no secret)
    return act()
