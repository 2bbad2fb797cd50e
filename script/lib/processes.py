"""Starting programs so that none of them outlives the script that started it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1


class StartRefused(Exception):
    """Why nothing was started, as one sentence for the person at the terminal."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM arrived."""


def raise_on_stop_signals() -> None:
    """Turn SIGINT and SIGTERM into `Stopped`, wherever the script is."""

    def stop(signum: int, frame: object) -> None:
        raise Stopped(signal.Signals(signum).name)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def ignore_stop_signals() -> None:
    """For the clean-up, which an impatient second Ctrl-C must not cut in half."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def prepare_child(death_signal: int) -> Callable[[], None]:
    """A `preexec_fn`: default signal handling, and on Linux a tether to the parent.

    The kernel sends `death_signal` to the child when its parent dies, so that not even SIGKILL of a script
    leaves servers behind. Call from the main thread only: the tether hangs on the thread that forks.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, signal.SIG_DFL)
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(death_signal))

    return prepare


def run_to_end(command: list[str], environment: dict[str, str]) -> int:
    """Run a command of ours with its output shown; it ends with us. Returns its exit code."""
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, start_new_session=True, preexec_fn=prepare_child(signal.SIGTERM)
    )
    try:
        return process.wait()
    except BaseException:
        stop_group(process, timeout_seconds=10)
        raise


def stop_group(process: subprocess.Popen[bytes], *, timeout_seconds: float) -> None:
    """SIGTERM to the process, then SIGKILL to whatever is left of its group."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout_seconds)
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End every process of the group that the process led, its children included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def is_port_free(host: str, port: int) -> bool:
    """True when a server could listen on host:port now. Raises OSError when the host is not of this machine."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in (48, 98):  # EADDRINUSE of macOS and Linux
                return False
            raise
    return True


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
