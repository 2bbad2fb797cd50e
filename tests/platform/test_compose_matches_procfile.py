"""docker-compose.yml, the Dockerfile and the Procfile say the same, and name only variables that the settings read."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from script.lib.processes import ROOT
from script.lib.supervisor import read_procfile

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PARTS = read_procfile(ROOT / "Procfile")
APP_SERVICES = [*PARTS, "migrate"]
# Read by the Procfile or by a library, and not by the settings.
NOT_SETTINGS = {"WEB_WORKERS", "WEB_THREADS", "WORKER_PROCESSES", "NUMBA_CACHE_DIR", "PYTHONUNBUFFERED"}


def settings_variables():
    source = (ROOT / "config" / "settings.py").read_text()
    return set(re.findall(r"ENV\.\w+\(\s*\"([A-Z_]+)\"", source))


def command_of(service):
    """The command as the shell in the container gets it: compose writes a dollar as two."""
    return shlex.split(COMPOSE[service]["command"].replace("$$", "$"))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_runs_the_line_of_the_procfile(part):
    assert command_of(part) == ["/bin/sh", "-c", f"exec {PARTS[part]}"]


def test_image_runs_the_web_line_by_default():
    assert f'CMD ["/bin/sh", "-c", "exec {PARTS["web"]}"]' in DOCKERFILE


def test_there_is_nothing_else_to_run():
    assert set(COMPOSE) == {*APP_SERVICES, "postgres", "redis", "mail"}


def test_migrations_run_once_before_every_part():
    assert command_of("migrate") == ["python", "manage.py", "migrate", "--no-input"]
    assert COMPOSE["migrate"]["restart"] == "no"
    for part in PARTS:
        assert COMPOSE[part]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("service", APP_SERVICES)
def test_variables_are_ones_that_the_settings_read(service):
    given = set(COMPOSE[service]["environment"])
    assert given <= settings_variables()
    assert {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEMO", "HOST", "PORT"} <= given


@pytest.mark.parametrize("service", APP_SERVICES)
def test_what_stands_in_the_env_file_reaches_every_part(service):
    assert COMPOSE[service]["env_file"] == [{"path": ".env", "required": False}]


def test_the_example_names_every_variable_that_can_be_set():
    named = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    read_elsewhere = {"WEB_WORKERS", "WEB_THREADS", "WORKER_PROCESSES"}
    assert named == settings_variables() | read_elsewhere


def test_procfile_uses_only_variables_that_exist():
    used = set(re.findall(r"\$\{?([A-Z_]+)", " ".join(PARTS.values())))
    assert used <= settings_variables() | NOT_SETTINGS


def test_addresses_name_the_services_and_their_ports():
    environment = COMPOSE["web"]["environment"]
    assert "@postgres:5432/youhuo" in environment["DATABASE_URL"]
    assert environment["REDIS_URL"].startswith("redis://redis:6379/")
    assert environment["EMAIL_URL"] == "${EMAIL_URL:-smtp://mail:1025}"
    assert COMPOSE["postgres"]["environment"]["POSTGRES_DB"] == "youhuo"


def test_web_listens_where_its_port_is_published():
    port = COMPOSE["web"]["environment"]["PORT"]
    assert COMPOSE["web"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"EXPOSE {port}" in DOCKERFILE
    assert f":{port}/healthz" in COMPOSE["web"]["healthcheck"]["test"][-1]


def test_servers_are_of_the_versions_that_are_supported():
    assert COMPOSE["postgres"]["image"] == "postgres:18"
    assert COMPOSE["redis"]["image"].startswith("redis:")


def test_image_runs_as_an_ordinary_user():
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] != "root"


def test_image_copies_the_same_front_end_files_as_setup():
    def copied(text):
        return sorted(re.findall(r"cp (node_modules/\S+) \S*/(\S+)", text))

    setup = copied(Path(ROOT / "script" / "setup").read_text())
    assert setup
    assert copied(DOCKERFILE) == setup
