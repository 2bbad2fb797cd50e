"""The files that the house rules look at, and what a rule is."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", *sorted(path.parent.name for path in ROOT.glob("*/apps.py")))
# Holds a sample of everything that is forbidden.
SAMPLES = "tests/house/test_rules_themselves.py"
TEXT_ENDINGS = {
    "",
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".js",
    ".json",
    ".md",
    ".po",
    ".py",
    ".toml",
    ".txt",
    ".yml",
    ".yaml",
}


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the project, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).parts

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    @property
    def is_test(self) -> bool:
        return self.parts[0] == "tests"

    @property
    def is_app_code(self) -> bool:
        return self.is_python and self.parts[0] in APPS and not self.is_migration

    def is_in_layer(self, *layers: str) -> bool:
        """Whether the file belongs to a layer of an app: services/orders.py and services.py both to `services`."""
        return self.is_app_code and len(self.parts) > 1 and self.parts[1].removesuffix(".py") in layers


@dataclass(frozen=True)
class Rule:
    """`check` yields (line, what is wrong) for a file that `applies` picks."""

    name: str
    applies: Callable[[Source], bool]
    check: Callable[[Source], Iterator[tuple[int, str]]]

    def findings(self, sources: list[Source]) -> list[str]:
        return [
            f"{source.path}:{line}: {what}"
            for source in sources
            if self.applies(source)
            for line, what in self.check(source)
        ]


def project_sources() -> list[Source]:
    """Every text file that git keeps or would keep; all of them where there is no git."""
    return [Source(path, text) for path in _paths() if path != SAMPLES and (text := _read(ROOT / path)) is not None]


def _paths() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return [
            str(path.relative_to(ROOT)) for app in (*APPS, "tests", "script") for path in (ROOT / app).rglob("*.py")
        ]
    return sorted(filter(None, done.stdout.split("\0")))


def _read(path: Path) -> str | None:
    if path.suffix not in TEXT_ENDINGS or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
