"""A start with a bad value stops at once, with one sentence that names the variable."""

import json
import socket
import stat

import pytest

from script.lib import environment, services
from script.lib.processes import ROOT, StartRefused
from tests.platform.starts import processes_of, refuse_to_start


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is 'eighty': write a whole number from 1 to 65535."),
        ("PORT", "70000", "PORT is '70000': write a whole number from 1 to 65535."),
        ("DATABASE_URL", "mysql://shop", "DATABASE_URL must begin with postgres:// or postgresql://."),
        ("DATABASE_URL", "postgres://localhost", "DATABASE_URL names no database: end it with /name."),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must begin with redis:// or rediss://."),
        ("EMAIL_URL", "mail.example.com", "EMAIL_URL must begin with"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DEMO", "perhaps", "DEMO is 'perhaps': write 1 or 0."),
        ("HOST", "no such host", "HOST is 'no such host', and this machine cannot listen there"),
        ("YOUHUO_STATE", "/dev/null/state", "YOUHUO_STATE: cannot keep anything in /dev/null/state"),
    ],
)
def test_bad_value_is_named(tmp_path, variable, value, sentence):
    said = refuse_to_start(tmp_path, **{variable: value})
    assert said.startswith(sentence)
    assert "Traceback" not in said
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"), ("REDIS_URL", "redis://127.0.0.1:1/0")],
)
def test_server_that_does_not_answer_is_named(tmp_path, variable, value):
    said = refuse_to_start(tmp_path, **{variable: value})
    assert said.startswith(f"{variable}: the server does not answer: ")
    assert "Traceback" not in said
    assert processes_of(tmp_path) == []


def test_taken_port_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refuse_to_start(tmp_path, PORT=str(port))
    assert said == f"PORT {port} on 127.0.0.1 is taken by another program: stop it, or set PORT to a free one."


def test_second_start_on_the_same_state_is_refused(tmp_path):
    with services.hold_state(tmp_path):
        said = refuse_to_start(tmp_path)
    assert said.startswith(f"Youhuo is already running from {tmp_path} (process ")


def test_bad_line_of_the_env_file_is_named(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("# ports\nPORT 8000\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    with pytest.raises(StartRefused, match=r"^\.env, line 2: write NAME=value"):
        environment.load_values()


def test_env_file_gives_defaults_that_the_environment_overrides(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("PORT=8001\nEMAIL_FROM='Shop <shop@example.com>'\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setenv("PORT", "8002")
    values = environment.load_values()
    assert values["PORT"] == "8002"
    assert values["EMAIL_FROM"] == "Shop <shop@example.com>"


def test_keys_are_made_once_and_for_their_owner_only(tmp_path):
    keys = environment.local_keys(tmp_path)
    assert environment.local_keys(tmp_path) == keys
    assert len(keys["SECRET_KEY"]) >= 50
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_damaged_keys_are_not_replaced_in_silence(tmp_path):
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(StartRefused, match=r"keys\.json is damaged"):
        environment.local_keys(tmp_path)


def test_two_installations_have_different_keys(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    first, second = (json.dumps(environment.local_keys(folder)) for folder in folders)
    assert first != second


def test_state_folder_is_not_for_others(tmp_path):
    state = environment.state_folder({"YOUHUO_STATE": str(tmp_path / "state")})
    assert stat.S_IMODE(state.stat().st_mode) & 0o066 == 0


def test_state_lies_in_one_ignored_folder():
    assert "/.youhuo/" in (ROOT / ".gitignore").read_text().splitlines()
