"""script/with_services: servers around one command, and nothing afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from script.lib import embedded
from script.lib.processes import ROOT
from tests.platform.starts import bare_environment, processes_of

SHOW = "import json, os; print(json.dumps({n: os.environ[n] for n in ('DATABASE_URL', 'REDIS_URL', 'YOUHUO_STATE')}))"


def with_services(*arguments, environment, **options):
    command = [sys.executable, "-m", "script.lib.with_services", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, **options)


def test_gives_throwaway_servers_and_takes_them_away(tmp_path):
    query = f"import psycopg; {SHOW}; psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 1')"
    done = with_services(sys.executable, "-c", query, environment=bare_environment(tmp_path))
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)
    assert given["YOUHUO_STATE"] != str(tmp_path)
    assert not Path(given["YOUHUO_STATE"]).exists()
    assert processes_of(Path(given["YOUHUO_STATE"])) == []


def test_uses_the_servers_that_the_environment_names(tmp_path):
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    done = with_services(sys.executable, "-c", SHOW, environment=bare_environment(tmp_path, **named))
    assert done.returncode == 0, done.stderr
    assert named.items() <= json.loads(done.stdout).items()


def test_passes_on_the_exit_code(tmp_path):
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    done = with_services("sh", "-c", "exit 7", environment=bare_environment(tmp_path, **named))
    assert done.returncode == 7


def test_says_which_command_does_not_exist(tmp_path):
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    done = with_services("no-such-command", environment=bare_environment(tmp_path, **named))
    assert done.returncode == 1
    assert done.stderr == "script/with_services: cannot run no-such-command: No such file or directory.\n"


def test_kept_servers_are_those_of_the_state_folder(open_folder):
    change = "import psycopg, os; c = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True); c.execute('{}')"
    environment = bare_environment(open_folder)
    for statement in ("CREATE TABLE kept (number int)", "INSERT INTO kept VALUES (7)"):
        done = with_services("--kept", sys.executable, "-c", change.format(statement), environment=environment)
        assert done.returncode == 0, done.stderr
    assert processes_of(open_folder) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="already tested as an ordinary user")
def test_works_as_an_ordinary_user(open_folder):
    os.chown(open_folder, 65534, 65534)
    if not embedded.Account(65534, 65534).can_run(sys.executable, "-c", "import django"):
        pytest.skip("an ordinary user cannot reach this Python")
    environment = bare_environment(open_folder, HOME=str(open_folder), TMPDIR="/tmp")
    query = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 7').fetchone()[0])"
    done = with_services(sys.executable, "-c", query, environment=environment, user=65534, group=65534, extra_groups=[])
    assert done.stdout == "7\n", done.stderr
