"""What the parts are started with: the environment, then `.env`, then safe local defaults and keys made once."""

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.env import Environment
from script.lib.processes import ROOT, StartRefused

# Stand for the embedded servers while the rest of the environment is checked, before anything is started.
PLACES = {"DATABASE_URL": "postgresql://youhuo@/youhuo?host=%2Fnowhere", "REDIS_URL": "redis://127.0.0.1:1/0"}


@dataclass(frozen=True)
class Plan:
    """One checked start: the variables of every part, where the state lies, and what the settings made of them."""

    state: Path
    variables: dict[str, str]
    settings: dict[str, Any]

    @property
    def has_own_database(self) -> bool:
        return not self.variables.get("DATABASE_URL")

    @property
    def has_own_redis(self) -> bool:
        return not self.variables.get("REDIS_URL")

    @property
    def listens_on(self) -> tuple[str, int]:
        return str(self.settings["HOST"]), int(self.settings["PORT"])


def load_values() -> dict[str, str]:
    """The environment over the lines of `.env`."""
    try:
        return dict(Environment.load(ROOT / ".env").values)
    except ImproperlyConfigured as error:
        raise StartRefused(str(error)) from error


def make_plan() -> Plan:
    """Fill in the defaults and check every value. Raises StartRefused with a sentence that names the variable."""
    values = load_values()
    state = state_folder(values)
    variables = {**values, **child_variables(state)}
    keys = local_keys(state)
    variables["SECRET_KEY"] = values.get("SECRET_KEY") or keys["SECRET_KEY"]
    variables.setdefault("DEMO", "0" if values.get("DATABASE_URL") else "1")
    variables.setdefault("DEMO_PASSWORD", keys["DEMO_PASSWORD"])
    return Plan(state, variables, read_settings(variables))


def state_folder(values: dict[str, str]) -> Path:
    """The one folder that holds everything a local installation keeps; made when missing."""
    state = Path(values.get("YOUHUO_STATE") or ROOT / ".youhuo").absolute()
    # Under root the unprivileged account of the embedded servers must pass through, but not look around.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        if not state.is_dir():
            state.mkdir(parents=True)
            state.chmod(mode)
    except OSError as error:
        raise StartRefused(f"YOUHUO_STATE: cannot keep anything in {state}: {error.strerror}.") from error
    return state


def child_variables(state: Path) -> dict[str, str]:
    """Variables that the parts need whoever starts them."""
    programs = Path(sys.executable).parent
    return {
        "YOUHUO_STATE": str(state),
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        # Compiled kernels are kept, since compiling them again would cost every start some seconds.
        "NUMBA_CACHE_DIR": str(state / "numba"),
    }


def local_keys(state: Path) -> dict[str, str]:
    """The keys of this installation, made at its first start and readable only by its owner."""
    note = state / "keys.json"
    try:
        found: dict[str, str] = json.loads(note.read_text())
        return found
    except FileNotFoundError:
        pass
    except ValueError as error:
        raise StartRefused(f"{note} is damaged: restore it, or remove it to have new keys made.") from error
    keys = {"SECRET_KEY": secrets.token_urlsafe(50), "DEMO_PASSWORD": demo_password()}
    write_private(note, keys)
    return keys


def demo_password() -> str:
    """Easy to type on a phone and still not to be guessed: four groups of four, 80 bits."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def write_private(path: Path, value: object) -> None:
    """Write JSON that only the owner may read, whole or not at all."""
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump(value, output, indent=1)
    half.replace(path)


def read_settings(variables: dict[str, str]) -> dict[str, Any]:
    """The settings under these variables, read by a Python of their own: they can be read only once in each."""
    checked = {**PLACES, **{name: value for name, value in variables.items() if value or name not in PLACES}}
    done = subprocess.run(
        [sys.executable, "-m", "script.lib.read_settings"],
        cwd=ROOT,
        env=checked,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise StartRefused(done.stderr.strip())
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
