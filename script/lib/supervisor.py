"""Runs the lines of a Procfile together, and ends them together.

Not honcho: it keeps a second process between itself and each part, so that a killed supervisor leaves the parts
running, and it signals whole process groups, which ends a Celery task in the middle instead of letting it finish.
"""

import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, cast

from script.lib.processes import ROOT, kill_group, prepare_child

LINE = re.compile(r"^(?P<name>[a-z][a-z0-9_-]*):\s*(?P<command>\S.*)$")
GRACE_SECONDS = 20


def read_procfile(path: Path) -> dict[str, str]:
    """The parts by name, in their order. Raises ValueError at a line that is neither part nor comment."""
    parts: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if match is None:
            raise ValueError(f"{path.name}, line {number}: write `name: command`, not {line!r}.")
        parts[match["name"]] = match["command"]
    return parts


class Supervisor:
    """The parts while they run. Every method is called from the one thread that made it."""

    def __init__(self, parts: Mapping[str, str], environment: Mapping[str, str], write: Callable[[str], None]) -> None:
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._parts = parts
        self._environment = dict(environment)
        self._write = write
        self._width = max(map(len, parts))
        self._selector = selectors.DefaultSelector()
        self._half_lines: dict[str, bytes] = {}

    def start(self) -> None:
        for name, command in self._parts.items():
            process = subprocess.Popen(
                # exec: the process we hold is the program itself, and not a shell that waits for it.
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=prepare_child(signal.SIGTERM),
            )
            self.processes[name] = process
            output = cast(IO[bytes], process.stdout)
            os.set_blocking(output.fileno(), False)
            self._selector.register(output, selectors.EVENT_READ, name)

    def pump(self, seconds: float) -> str | None:
        """Show what the parts say for that long. Returns at once when a part has ended: its name, else None."""
        deadline = time.monotonic() + seconds
        while True:
            ended = next((name for name, process in self.processes.items() if process.poll() is not None), None)
            left = deadline - time.monotonic()
            if ended is not None or left <= 0:
                return ended
            for key, _ in self._selector.select(min(left, 0.25)):
                self._relay(key)

    def stop(self) -> None:
        """Ask every part to end, wait for the work in hand, then end whatever is left of them."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(process.poll() is None for process in self.processes.values()) and time.monotonic() < deadline:
            for key, _ in self._selector.select(0.1):
                self._relay(key)
        for process in self.processes.values():
            kill_group(process)
        for key in list(self._selector.get_map().values()):
            # The last words and the end behind them are two reads.
            while self._relay(key):
                pass
        self._selector.close()

    def _relay(self, key: selectors.SelectorKey) -> bool:
        """Shows what a part has said by now. Whether it may have said more: not at its end, nor while it is silent."""
        name = str(key.data)
        try:
            read = os.read(key.fd, 65536)
        except BlockingIOError:
            return False
        if not read:
            self._selector.unregister(key.fileobj)
        *lines, rest = (self._half_lines.pop(name, b"") + read).split(b"\n")
        self._half_lines[name] = rest
        for line in lines if read else [rest] if rest else []:
            self._write(f"{name:<{self._width}} | {line.decode(errors='replace')}")
        return bool(read)
