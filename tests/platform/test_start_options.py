"""The start takes its values from the environment: it says so when it is asked, and refuses what it does not know."""

import subprocess

from script.lib.processes import ROOT


def start_with(option):
    return subprocess.run(["script/up", option], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)


def test_help_is_told_and_nothing_starts():
    answer = start_with("--help")
    assert answer.returncode == 0
    assert ".env.example" in answer.stdout
    assert "Starting" not in answer.stdout


def test_unknown_option_is_refused_by_name():
    answer = start_with("--port=8001")
    assert answer.returncode == 2
    assert "--port=8001 is no option" in answer.stderr
