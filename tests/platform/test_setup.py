"""script/setup and .ci/run say plainly what is wrong, and do not take silence for success."""

import os
import shutil
import subprocess
import sys

import pytest

from script.lib import browser
from script.lib.processes import ROOT

TOOLS = ("bash", "cat", "cksum", "dirname", "env", "grep", "head", "mktemp", "rm", "tail", "tee")


@pytest.fixture
def machine(tmp_path):
    """A copy of the scripts in a project of their own, and a PATH with a few tools and no Python."""
    for folder in ("script", ".ci", "bin"):
        (tmp_path / folder).mkdir()
    for name in ("script/setup", ".ci/run"):
        shutil.copy(ROOT / name, tmp_path / name)
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def program(path, body):
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(machine, name):
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    command = [machine / "bin" / "bash", machine / name]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_setup_names_the_python_that_is_too_old(machine):
    program(machine / "bin" / "python3", 'case "$*" in *version_info*) exit 1;; *) echo 3.9.2;; esac')
    done = run(machine, "script/setup")
    assert done.returncode == 1
    assert done.stderr.startswith("script/setup: Python 3.11 to 3.14 is needed, and python3 here is 3.9.2.")


def test_setup_names_a_missing_python(machine):
    done = run(machine, "script/setup")
    assert done.returncode == 1
    assert "and python3 here is missing" in done.stderr


def test_setup_names_the_missing_venv_module(machine):
    program(machine / "bin" / "python3", 'case "$*" in *ensurepip*) exit 1;; *) exit 0;; esac')
    done = run(machine, "script/setup")
    assert done.returncode == 1
    assert "cannot make virtual environments: install its venv module" in done.stderr


def test_setup_tells_a_missing_network_from_other_trouble(machine):
    fail = "echo NewConnectionError: no route to host; exit 1"
    prefix = f'case "$*" in *sys.prefix*) echo "{machine}/.venv";; *pip*) {fail};; esac'
    (machine / ".venv" / "bin").mkdir(parents=True)
    program(machine / ".venv" / "bin" / "python", prefix)
    (machine / "requirements.txt").touch()
    done = run(machine, "script/setup")
    assert done.returncode == 1
    assert "the packages could not be downloaded: check the network and run it again" in done.stderr


@pytest.mark.parametrize(
    ("closing", "code", "last"),
    [
        ("==== 9 passed, 2 skipped in 3.21s ====", 0, "9 passed, 0 failed, 2 skipped"),
        ("==== 1 failed, 9 passed, 1 error in 131.20s (0:02:11) ====", 1, "9 passed, 2 failed, 0 skipped"),
        ("==== 9 passed in 3.21s ====", 1, "9 passed, 0 failed, 0 skipped"),
        ("==== 4 skipped in 3.21s ====", 0, "0 passed, 0 failed, 4 skipped"),
        ("==== no tests ran in 0.01s ====", 5, "0 passed, 0 failed, 0 skipped"),
        ("", 0, "0 passed, 0 failed, 0 skipped"),
    ],
)
def test_ci_run_ends_with_the_count_and_fails_unless_tests_passed(machine, closing, code, last):
    program(machine / "script" / "check", "exit 0")
    program(machine / "script" / "test", f"echo '{closing}'; exit {code}")
    done = run(machine, ".ci/run")
    assert done.stdout.splitlines()[-1] == last
    assert (done.returncode == 0) == (code == 0 and not last.startswith("0 passed"))


def test_ci_run_fails_with_the_static_checks(machine):
    program(machine / "script" / "check", "exit 1")
    program(machine / "script" / "test", "echo '==== 9 passed in 3.21s ===='")
    done = run(machine, ".ci/run")
    assert done.returncode == 1
    assert "Static checks: FAILED" in done.stdout


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_missing_browser_is_said_and_in_ci_an_error(monkeypatch, capsys, ci, code):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    monkeypatch.setattr(browser, "install_chromium", lambda: None)
    assert browser.main() == code
    assert "the browser tests are skipped" in capsys.readouterr().err


def test_browser_is_the_one_that_is_named(monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert str(browser.find_chromium()) == sys.executable
    monkeypatch.setenv("CHROMIUM", os.devnull + "/none")
    assert browser.find_chromium() is None
