"""`manage.py forecast_file` on a machine where nothing has been set up: no key, no database, no Redis."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from forecasting.management.commands.forecast_file import Command

ROOT = Path(__file__).parents[3]
SERVERS = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}


def command(folder, *options):
    bare = {name: value for name, value in os.environ.items() if name not in SERVERS}
    call = [sys.executable, str(ROOT / "manage.py"), "forecast_file", "in.parquet", "out.parquet", *options]
    return subprocess.run(call, cwd=folder, env=bare, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path):
    dates = [date(2025, 1, 6) + timedelta(days=i) for i in range(40)]
    pd.DataFrame({"series": "a", "date": dates, "quantity": 3.0}).to_parquet(tmp_path / "in.parquet")
    return tmp_path


def test_it_writes_the_quantiles_asked_for(folder):
    done = command(folder, "--horizon", "7", "--quantiles", "0.05,0.5")
    assert done.returncode == 0 and "1 series" in done.stdout
    assert list(pd.read_parquet(folder / "out.parquet").columns) == ["series", "mean", "q05", "q50"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--horizon", "0"), "at least 1"),
        (("--horizon", "100000"), "at most 1000"),
        (("--horizon", "1.5"), "invalid int value"),
        (("--horizon", "3", "--freq", "Y"), "invalid choice: 'Y'"),
        (("--horizon", "3", "--quantiles", "half"), "no list of levels"),
        (("--horizon", "3", "--quantiles", "0.5,1"), "levels ascend and lie from"),
        (("--horizon", "3", "--quantiles", "0.9,0.5"), "levels ascend and lie from"),
        (("--horizon", "3", "--quantiles", "nan"), "levels ascend and lie from"),
        (("--horizon", "3", "--future", "none.parquet"), "There is no file none.parquet"),
    ],
)
def test_nonsense_is_refused_in_words(folder, options, words, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    call = ["manage.py", "forecast_file", "in.parquet", "out.parquet", *options]
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(call)
    told = capsys.readouterr().err
    assert ended.value.code and words in told and "Traceback" not in told
    assert not (folder / "out.parquet").exists()


def test_a_refusal_ends_the_process_with_a_code(folder):
    done = command(folder, "--horizon", "0")
    assert done.returncode == 1 and "at least 1" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_nothing(folder, kind):
    call = [sys.executable, str(ROOT / "manage.py"), "forecast_file", "in.parquet", "out.parquet", "--horizon", "7"]
    # The bar tells when the work has begun.
    with subprocess.Popen([*call, "-v", "2"], cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr.read(1)
        running.send_signal(kind)
        told = running.stderr.read()
        assert running.wait() == 130 and "nothing was written" in told and "Traceback" not in told
    assert [p.name for p in folder.iterdir()] == ["in.parquet"]
