"""Starts Youhuo: servers, migrations, demo, then web, worker and beat until Ctrl-C. Called by script/up."""

import hashlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from script.lib.environment import Plan, make_plan
from script.lib.processes import (
    ROOT,
    StartRefused,
    Stopped,
    ignore_stop_signals,
    is_port_free,
    raise_on_stop_signals,
    run_to_end,
)
from script.lib.services import hold_state, running_servers
from script.lib.supervisor import Supervisor, read_procfile

READY_SECONDS = 60
# Where to ask a server that listens on every address.
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (it is looked up here, not listened on)


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    raise_on_stop_signals()
    try:
        plan = make_plan()
        with hold_state(plan.state):
            check_port(plan)
            run(plan)
    except StartRefused as refusal:
        print(f"script/up: {refusal}", file=sys.stderr, flush=True)
        return 1
    except Stopped as stopped:
        say(f"Stopped by {stopped}; everything is down, the data is kept.")
    return 0


def run(plan: Plan) -> None:
    """Everything between the check of the values and the end. Leaves by an exception, servers stopped."""
    say("Starting PostgreSQL and Valkey ..." if plan.has_own_database else "Reaching the database and Redis ...")
    with running_servers(plan) as variables:
        try:
            prepare_database(variables)
            load_demo(plan, variables)
            make_first_administrator(plan, variables)
            serve(plan, variables)
        finally:
            ignore_stop_signals()


def check_port(plan: Plan) -> None:
    host, port = plan.listens_on
    try:
        is_free = is_port_free(host, port)
    except PermissionError as error:
        raise StartRefused(f"PORT {port} needs more rights than this user has: choose one above 1023.") from error
    except OSError as error:
        raise StartRefused(f"HOST is {host!r}, and this machine cannot listen there: {error.strerror}.") from error
    if not is_free:
        raise StartRefused(f"PORT {port} on {host} is taken by another program: stop it, or set PORT to a free one.")


def prepare_database(variables: Mapping[str, str]) -> None:
    manage(variables, "migrate", "--no-input", "--verbosity", "1")
    manage(variables, "collectstatic", "--no-input", "--verbosity", "0")


def load_demo(plan: Plan, variables: Mapping[str, str]) -> None:
    """Load the demo once into each database, and run its first night."""
    loaded = plan.state / f"demo-{hashlib.sha256(plan.variables.get('DATABASE_URL', '').encode()).hexdigest()[:12]}"
    if not plan.settings["DEMO"] or loaded.exists() or not has_command("load_demo"):
        return
    say("Loading the demo: a year of sales of six shops. This happens once.")
    manage(variables, "load_demo", "--if-empty")
    if has_command("nightly") and run_manage(variables, "nightly") != 0:
        say("The first night did not finish (see above): there may be no proposals yet. It is tried again by itself.")
    loaded.touch()


def make_first_administrator(plan: Plan, variables: Mapping[str, str]) -> None:
    """An installation without demo and without users gets an administrator; the password is printed this once."""
    if not plan.settings["DEMO"]:
        manage(variables, "create_user", "admin", "--role", "administrator", "--if-none", "--make-password")


def has_command(name: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{name}.py"))


def manage(variables: Mapping[str, str], *arguments: str) -> None:
    """Run a command of manage.py. Raises StartRefused when it fails; its own words are on the screen then."""
    code = run_manage(variables, *arguments)
    if code != 0:
        raise StartRefused(f"manage.py {arguments[0]} failed (exit code {code}); what it said stands above.")


def run_manage(variables: Mapping[str, str], *arguments: str) -> int:
    return run_to_end([sys.executable, "manage.py", *arguments], dict(variables))


def serve(plan: Plan, variables: Mapping[str, str]) -> None:
    """Run the parts until one ends or a signal arrives; stops them all in either case."""
    host, port = plan.listens_on
    environment = {**variables, "HOST": host, "PORT": str(port)}
    supervisor = Supervisor(read_procfile(ROOT / "Procfile"), environment, say)
    try:
        supervisor.start()
        wait_until_alive(plan, supervisor)
        greet(plan)
        while (ended := supervisor.pump(1.0)) is None:
            pass
        raise StartRefused(died(ended, supervisor.processes[ended]))
    finally:
        ignore_stop_signals()
        supervisor.stop()


def died(name: str, process: subprocess.Popen[bytes]) -> str:
    return f"the part {name} ended by itself (exit code {process.returncode}), so everything was stopped."


def wait_until_alive(plan: Plan, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_alive(plan):
        ended = supervisor.pump(0.2)
        if ended is not None:
            raise StartRefused(died(ended, supervisor.processes[ended]))
        if time.monotonic() > deadline:
            raise StartRefused(f"the web server did not answer at /healthz within {READY_SECONDS} s.")


def is_alive(plan: Plan) -> bool:
    """Whether /healthz answers 200, asked under a name that ALLOWED_HOSTS has."""
    host, port = plan.listens_on
    names = [name.lstrip(".") for name in plan.settings["ALLOWED_HOSTS"] if name != "*"] or ["localhost"]
    connection = http.client.HTTPConnection(ANY_ADDRESS.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": names[0]})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greet(plan: Plan) -> None:
    say("")
    say(f"Youhuo is ready at {plan.settings['SITE_URL']}")
    for line in demo_logins(plan.state):
        say(line)
    say("Ctrl-C stops it; the data stays in " + str(plan.state))
    say("")


def demo_logins(state: Path) -> list[str]:
    """A line for each login that load_demo noted."""
    try:
        logins = json.loads((state / "demo_logins.json").read_text())
    except FileNotFoundError:
        return []
    return [f"  {login['username']:<12} {login['password']:<22} {login['role']}" for login in logins]


if __name__ == "__main__":
    sys.exit(main())
