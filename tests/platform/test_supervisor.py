"""The supervisor: shows what its parts say, notices the first that ends, and leaves none behind."""

import os

import psutil
import pytest

from script.lib import supervisor as module
from script.lib.supervisor import Supervisor, read_procfile
from tests.platform.starts import wait


@pytest.fixture
def supervise():
    started = []

    def start(**parts):
        said = []
        supervisor = Supervisor(parts, dict(os.environ), said.append)
        started.append(supervisor)
        supervisor.start()
        return supervisor, said

    yield start
    for supervisor in started:
        for process in supervisor.processes.values():
            module.kill_group(process)


def pump_until(supervisor, condition):
    for _ in range(100):
        supervisor.pump(0.05)
        if condition():
            return
    raise AssertionError("it did not come to pass")


def test_reads_the_parts_of_a_procfile_in_order(tmp_path):
    file = tmp_path / "Procfile"
    file.write_text("# parts\n\nweb: serve --port $PORT\nbeat: tick\n")
    assert list(read_procfile(file).items()) == [("web", "serve --port $PORT"), ("beat", "tick")]


def test_names_the_line_of_a_procfile_that_is_wrong(tmp_path):
    file = tmp_path / "Procfile"
    file.write_text("web: serve\nworker\n")
    with pytest.raises(ValueError, match="Procfile, line 2: write `name: command`, not 'worker'"):
        read_procfile(file)


def test_shows_each_line_behind_the_name_of_its_part(supervise):
    supervisor, said = supervise(web="sh -c 'echo one; echo two; exec sleep 60'", worker="sleep 60")
    pump_until(supervisor, lambda: len(said) == 2)
    supervisor.stop()
    assert said == ["web    | one", "web    | two"]


def test_shows_the_last_words_of_a_part_that_ends_without_a_newline(supervise):
    supervisor, said = supervise(web="printf broken")
    pump_until(supervisor, lambda: supervisor.pump(0) == "web")
    supervisor.stop()
    assert said == ["web | broken"]


def test_names_the_part_that_ended(supervise):
    supervisor, _ = supervise(web="sleep 60", worker="sh -c 'exit 3'")
    pump_until(supervisor, lambda: supervisor.pump(0) == "worker")
    supervisor.stop()
    assert supervisor.processes["worker"].returncode == 3
    assert supervisor.processes["web"].returncode == -15


def test_lets_a_part_finish_the_work_in_hand(supervise):
    supervisor, said = supervise(
        worker="sh -c 'trap \"echo finished; exit 0\" TERM; echo up; while :; do sleep 0.05; done'"
    )
    pump_until(supervisor, lambda: said)
    supervisor.stop()
    assert said == ["worker | up", "worker | finished"]
    assert supervisor.processes["worker"].returncode == 0


def test_ends_a_part_that_does_not_listen_and_its_children(supervise, monkeypatch):
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.3)
    supervisor, said = supervise(worker="sh -c 'trap \"\" TERM; sleep 60 & echo $!; while :; do sleep 0.05; done'")
    pump_until(supervisor, lambda: said)
    child = int(said[0].rpartition(" ")[2])
    supervisor.stop()
    assert supervisor.processes["worker"].returncode == -9
    for _ in range(100):
        if not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
            return
        wait(0.05)
    raise AssertionError("the child is still there")
