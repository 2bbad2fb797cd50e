"""The database and Redis of a start: the ones that DATABASE_URL and REDIS_URL name, or embedded ones."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import psycopg
import redis

from script.lib import embedded
from script.lib.environment import Plan, write_private
from script.lib.processes import StartRefused

CONNECT_SECONDS = 5


@contextmanager
def hold_state(state: Path) -> Iterator[None]:
    """Keep the state folder for this process alone. Raises StartRefused while another one has it."""
    with (state / "lock").open("a+") as note:
        if not _try_lock(note):
            raise StartRefused(f"Youhuo is already running from {state} (process {_holder(note)}).")
        note.truncate(0)
        note.write(str(os.getpid()))
        note.flush()
        try:
            yield
        finally:
            note.truncate(0)


def _try_lock(note: IO[str]) -> bool:
    try:
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(note: IO[str]) -> str:
    note.seek(0)
    return note.read().strip() or "just starting"


@contextmanager
def running_servers(plan: Plan, *, is_throwaway: bool = False) -> Iterator[dict[str, str]]:
    """Yields the plan's variables with both addresses filled in. The embedded servers end with the block."""
    with ExitStack() as stack:
        variables = dict(plan.variables)
        if plan.has_own_database:
            postgres = embedded.start_postgres(plan.state, is_throwaway=is_throwaway)
            stack.callback(postgres.stop)
            variables["DATABASE_URL"] = postgres.url
        else:
            check_reachable("DATABASE_URL", lambda: _connect_database(variables["DATABASE_URL"]))
        if plan.has_own_redis:
            valkey = embedded.start_valkey(plan.state)
            stack.callback(valkey.stop)
            variables["REDIS_URL"] = valkey.url
        else:
            check_reachable("REDIS_URL", lambda: _connect_redis(variables["REDIS_URL"]))
        addresses = plan.state / "servers.json"
        write_private(addresses, {name: variables[name] for name in ("DATABASE_URL", "REDIS_URL")})
        stack.callback(addresses.unlink, missing_ok=True)
        yield variables


def servers_of_running_start(state: Path) -> dict[str, str] | None:
    """The addresses that a running script/up left for other terminals; None when none is running."""
    try:
        with (state / "lock").open("a+") as note:
            if _try_lock(note):
                return None
        addresses: dict[str, str] = json.loads((state / "servers.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return addresses


def check_reachable(name: str, connect: Callable[[], None]) -> None:
    """Raises StartRefused naming the variable when the server it names does not answer."""
    try:
        connect()
    except (psycopg.Error, redis.RedisError, ValueError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
        raise StartRefused(f"{name}: the server does not answer: {reason}") from error


def _connect_database(url: str) -> None:
    psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()


def _connect_redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS) as client:
        client.ping()
