"""The embedded servers: where their data lies, who may reach it, and that nothing of them outlives its starter."""

import os
import signal
import stat
import subprocess
import sys

import psycopg
import pytest
import redis

from script.lib import embedded
from script.lib.processes import ROOT, StartRefused
from tests.platform.starts import processes_of
from tests.waiting import wait_until

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the servers as somebody else")


@pytest.fixture
def postgres(open_folder):
    server = embedded.start_postgres(open_folder, is_throwaway=True)
    yield server
    server.stop()


def foreign_data(folder):
    """A data folder with something in it, owned by the account that would run the server."""
    data = folder / "postgres"
    data.mkdir()
    embedded.Account(*((65534, 65534) if os.geteuid() == 0 else ())).own(data)
    (data / "half").write_text("written")
    return data


def ask(url, statement):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone()[0]


def test_database_is_postgresql_18_in_utf8(postgres):
    assert ask(postgres.url, "SHOW server_version_num").startswith("18")
    assert ask(postgres.url, "SHOW server_encoding") == "UTF8"
    assert ask(postgres.url, "SELECT current_database()") == "youhuo"


def test_database_listens_on_no_network_address(postgres):
    assert ask(postgres.url, "SHOW listen_addresses") == ""


def test_only_the_account_of_the_server_may_enter_its_data(open_folder, postgres):
    data = embedded.data_folder(open_folder)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert data == open_folder / "postgres"


def test_data_is_kept_from_one_start_to_the_next(open_folder):
    first = embedded.start_postgres(open_folder)
    with psycopg.connect(first.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first.stop()
    second = embedded.start_postgres(open_folder)
    try:
        assert ask(second.url, "SELECT number FROM kept") == 7
    finally:
        second.stop()
    assert processes_of(open_folder) == []


@NEEDS_ROOT
def test_root_keeps_data_elsewhere_when_its_folder_is_closed_to_others(closed_folder):
    server = embedded.start_postgres(closed_folder, is_throwaway=True)
    try:
        assert ask(server.url, "SELECT 1") == 1
        data = embedded.data_folder(closed_folder)
        assert data.parent == embedded.SYSTEM_FOLDER
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert stat.S_IMODE(closed_folder.parent.stat().st_mode) == 0o700
    finally:
        server.stop()


@NEEDS_ROOT
def test_programs_that_the_account_cannot_reach_are_copied(closed_folder, monkeypatch):
    monkeypatch.setattr(embedded, "SYSTEM_FOLDER", closed_folder.parent.parent / f"{closed_folder.parent.name}-system")
    program = closed_folder / "bin" / "server"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 0\n")
    account = embedded.choose_account(closed_folder / "postgres")
    try:
        copy = embedded.reachable_programs(closed_folder, "server-1", program, account)
        assert copy == embedded.SYSTEM_FOLDER / "server-1" / "bin" / "server"
        assert account.can_run(copy)
        assert embedded.reachable_programs(closed_folder, "server-1", program, account) == copy
    finally:
        embedded.shutil.rmtree(embedded.SYSTEM_FOLDER)


def test_a_long_path_gets_a_short_socket(open_folder):
    long_folder = open_folder / ("x" * 90)
    long_folder.mkdir(mode=0o711)
    server = embedded.start_postgres(long_folder, is_throwaway=True)
    try:
        assert ask(server.url, "SELECT 1") == 1
        assert len(server.leftovers) == 1
    finally:
        server.stop()
    assert not server.leftovers[0].exists()


def test_data_of_another_version_is_left_alone(open_folder):
    data = foreign_data(open_folder)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartRefused, match=r"written by PostgreSQL 17, and this is 18"):
        embedded.start_postgres(open_folder)
    assert (data / "half").read_text() == "written"


def test_a_first_start_that_was_cut_short_begins_anew(open_folder):
    data = foreign_data(open_folder)
    (open_folder / "postgres.begun").touch()
    server = embedded.start_postgres(open_folder, is_throwaway=True)
    server.stop()
    assert not (data / "half").exists()
    assert not (open_folder / "postgres.begun").exists()


def test_a_folder_of_something_else_is_left_alone(open_folder):
    data = foreign_data(open_folder)
    with pytest.raises(StartRefused, match="is not empty and holds no PostgreSQL data"):
        embedded.start_postgres(open_folder)
    assert (data / "half").read_text() == "written"


def test_valkey_wants_its_password_and_keeps_nothing(open_folder):
    server = embedded.start_valkey(open_folder)
    try:
        with redis.Redis.from_url(server.url) as client:
            assert client.ping()
            assert client.config_get("save")["save"] == ""
            port = client.connection_pool.connection_kwargs["port"]
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        server.stop()
    assert (open_folder / "valkey.port").read_text() == f"{port}\n"


def test_valkey_takes_another_port_when_its_own_is_taken(open_folder):
    first = embedded.start_valkey(open_folder)
    try:
        second = embedded.start_valkey(open_folder)
        second.stop()
    finally:
        first.stop()
    assert first.url.rpartition(":")[2] != second.url.rpartition(":")[2]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tether a process to its parent")
def test_servers_end_with_a_starter_that_is_killed(open_folder):
    program = (
        "import sys, time, pathlib; from script.lib import embedded; home = pathlib.Path(sys.argv[1]);"
        "embedded.start_postgres(home, is_throwaway=True); print('started', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, open_folder], cwd=ROOT, stdout=subprocess.PIPE)
    with starter.stdout:
        assert starter.stdout.readline() == b"started\n"
    assert processes_of(open_folder)
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    wait_until(lambda: processes_of(open_folder) == [])
