"""Runs a command with a database and Redis around it. `script/with_services --help` says how."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from script.lib.environment import Plan, child_variables, local_keys, make_plan
from script.lib.processes import StartRefused, Stopped, ignore_stop_signals, prepare_child, raise_on_stop_signals
from script.lib.services import hold_state, running_servers, servers_of_running_start

USAGE = """Usage: script/with_services [--kept] COMMAND [ARGUMENT...]

Runs COMMAND with DATABASE_URL, REDIS_URL, SECRET_KEY and YOUHUO_STATE set, and ends the servers after it.
Servers that the environment already names are used as they are; the others are embedded ones:
throwaway and empty, or with --kept those of script/up, with its data (also while script/up is running).
"""


def main(arguments: list[str]) -> int:
    is_kept = arguments[:1] == ["--kept"]
    command = arguments[1:] if is_kept else arguments
    if not command or command[0].startswith("-"):
        print(USAGE, end="")
        return 0 if command == ["--help"] else 2
    raise_on_stop_signals()
    try:
        return run_kept(command) if is_kept else run_throwaway(command)
    except StartRefused as refusal:
        print(f"script/with_services: {refusal}", file=sys.stderr)
        return 1
    except Stopped:
        return 130


def run_throwaway(command: list[str]) -> int:
    state = Path(tempfile.mkdtemp(prefix="youhuo-throwaway-"))
    state.chmod(0o711)
    try:
        given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        keys = {"SECRET_KEY": local_keys(state)["SECRET_KEY"]}
        plan = Plan(state, {**os.environ, **child_variables(state), **keys, **given}, {})
        with running_servers(plan, is_throwaway=True) as variables:
            return run_in_foreground(command, variables)
    finally:
        ignore_stop_signals()
        remove_state(state)


def remove_state(state: Path) -> None:
    """Remove a throwaway folder, and the data that it only links to."""
    data = state / "postgres"
    if data.is_symlink():
        shutil.rmtree(data.resolve(), ignore_errors=True)
    shutil.rmtree(state, ignore_errors=True)


def run_kept(command: list[str]) -> int:
    plan = make_plan()
    running = servers_of_running_start(plan.state)
    if running is not None:
        return run_in_foreground(command, {**plan.variables, **running})
    with hold_state(plan.state), running_servers(plan) as variables:
        return run_in_foreground(command, variables)


def run_in_foreground(command: list[str], variables: dict[str, str]) -> int:
    """Run the command as if it had been typed: the terminal, and Ctrl-C, are its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, env=variables, preexec_fn=prepare_child(signal.SIGTERM))
    except OSError as error:
        raise StartRefused(f"cannot run {command[0]}: {error.strerror}.") from error
    try:
        code = process.wait()
    except Stopped:
        process.terminate()
        code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
