"""Starting and watching script/up's own program in tests."""

import os
import re
import subprocess
import sys
import time

import psutil

from script.lib.processes import ROOT, free_port
from script.lib.with_services import remove_state

# The settings of the tests themselves are not those of a start.
OUR_VARIABLES = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DEMO_PASSWORD", "EMAIL_URL", "HOST", "PORT"}
OUR_VARIABLES |= {"REDIS_URL", "SECRET_KEY", "SITE_URL", "YOUHUO_STATE"}


def bare_environment(state, **variables):
    """The environment of a person who has set nothing but these."""
    kept = {name: value for name, value in os.environ.items() if name not in OUR_VARIABLES}
    return {**kept, "YOUHUO_STATE": str(state), "ALLOWED_HOSTS": "", "DEMO": "0", **variables}


def refuse_to_start(state, **variables):
    """What script/up says on refusing, without its own name before it."""
    done = subprocess.run(
        [sys.executable, "-m", "script.lib.up"],
        cwd=ROOT,
        env=bare_environment(state, **variables),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip().removeprefix("script/up: ")


def processes_of(state):
    """Every living process that names the state folder, its data or its port in its command line or environment."""
    places = {str(state), str((state / "postgres").resolve())}
    if (state / "valkey.port").exists():
        places.add(f"127.0.0.1:{(state / 'valkey.port').read_text().strip()}")
    return [process for process in psutil.process_iter() if mentions(process, places)]


def mentions(process, places):
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        named = {process.environ().get("YOUHUO_STATE"), *" ".join(process.cmdline()).split()}
        return bool(named & places)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def cpu_seconds(process):
    """Of the process and everything it has started, ended or not."""
    return sum(_cpu_seconds(member) for member in [process, *process.children(recursive=True)])


def _cpu_seconds(process):
    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        # It ended in the moment since it was listed: a helper of a second, which this sum can do without.
        return 0


class Start:
    """One run of script/up's program, from its start to its greeting to its end."""

    def __init__(self, state, **variables):
        self.state = state
        self.port = free_port()
        self.began = time.monotonic()
        self.output = state.parent / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "script.lib.up"],
                cwd=ROOT,
                env=bare_environment(state, PORT=str(self.port), **variables),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def said(self):
        return self.output.read_text()

    def wait_until_ready(self, seconds):
        """Seconds from the start to the greeting; of the processor's time, when others had much of the clock's."""
        while "Youhuo is ready at" not in self.said():
            assert self.process.poll() is None, self.said()[-3000:]
            assert time.monotonic() - self.began < seconds, self.said()[-3000:]
            wait(0.1)
        elapsed = time.monotonic() - self.began
        return min(elapsed, cpu_seconds(psutil.Process(self.process.pid)))

    def greeting(self):
        return self.said().split("\nYouhuo is", 1)[1].split("Ctrl-C", 1)[0]

    def logins(self):
        """(user name, password) of each login that the greeting names."""
        return re.findall(r"^  (\w+) +(\S+) +\S", self.greeting(), re.MULTILINE)

    def children(self):
        return psutil.Process(self.process.pid).children()

    def stop(self, signum):
        """The exit code, after what a person would do."""
        self.process.send_signal(signum)
        return self.process.wait(60)

    def end(self):
        """Whatever has happened: no process of it is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    @staticmethod
    def clean_up_after(state):
        """The tether ends what a killed start had started; then its data can go."""
        deadline = time.monotonic() + 30
        while processes_of(state) and time.monotonic() < deadline:
            wait(0.1)
        remove_state(state)


def wait(seconds):
    """Between two looks of a poll."""
    time.sleep(seconds)
