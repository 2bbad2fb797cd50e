"""The engine in a program of somebody else: what the documentation shows runs, and nothing of the web comes along."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import forecasting.engine as engine

ROOT = Path(__file__).parents[3]
GUIDE = re.findall(r"```python\n(.*?)```", (ROOT / "docs/forecast-engine.md").read_text(encoding="utf-8"), re.DOTALL)
# A Python in which none of these can be imported.
ALONE = "import sys\nsys.modules.update(dict.fromkeys({modules}))\n"
WEB = ("django", "celery", "rest_framework", "psycopg2", "redis")


def run(code, *without):
    code = ALONE.format(modules=list(without)) + code
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_examples_of_the_guide_run_without_the_web():
    run("".join(GUIDE), *WEB)


def test_a_worker_needs_neither_the_trainer_nor_the_file_reader():
    run("import forecasting.engine", *WEB, "lightgbm", "pyarrow", "pandas")


def test_the_example_of_the_package_runs():
    lines = (engine.__doc__ or "").splitlines()
    run("\n".join(lines[next(i for i, line in enumerate(lines) if line.startswith("from ")) :]), *WEB)


@pytest.mark.parametrize("name", engine.__all__)
def test_all_that_is_offered_is_described(name):
    assert (getattr(engine, name).__doc__ or "").strip()
