"""The lists of apps and of packages that several files keep say the same."""

import re
import tomllib

import pytest

from tests.house.sources import APPS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
RUN = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]
PACKAGE_FILES = ["package.json", "package-lock.json"]


def normal(name):
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()


def locked(name):
    """Name -> version of the pins in a lock; a name that differs between Pythons counts with its last one."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    return {normal(package): version for package, version in pins}


def pins(requirements):
    return {normal(name): version for name, version in (line.split("==") for line in requirements)}


def test_types_are_checked_in_every_app():
    assert set(APPS) <= set(PROJECT["tool"]["mypy"]["files"])


def test_direction_of_imports_is_checked_in_every_app():
    order = {name for layer in CONTRACTS[0]["layers"] for name in re.split(r" [|:] ", layer)}
    assert order == set(APPS) == set(PROJECT["tool"]["importlinter"]["root_packages"])
    assert set(CONTRACTS[1]["containers"]) == set(APPS) - {"config"}


def test_locks_hold_the_pinned_versions():
    assert pins(RUN).items() <= locked("requirements.txt").items()
    assert pins(DEV).items() <= (locked("requirements.txt") | locked("requirements-dev.txt")).items()


def test_what_runs_in_production_is_locked_without_what_tests_need():
    assert not locked("requirements.txt").keys() & locked("requirements-dev.txt").keys()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", *PACKAGE_FILES])
def test_locks_record_no_address(name):
    text = re.sub(r'"(integrity|url)": "[^"]*"', "", (ROOT / name).read_text())
    assert "://" not in text
    assert '"resolved"' not in text


def test_front_end_packages_are_pinned():
    package = (ROOT / "package.json").read_text()
    versions = re.findall(r'": "([^"]+)"', package.split('"dependencies"')[1])
    assert versions
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_every_direct_dependency_has_its_reason():
    page = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()
    explained = {normal(name) for name in re.findall(r"^\| `([^`]+)`", page, re.MULTILINE)}
    front_end = set(re.findall(r'"([^"]+)": "\d', (ROOT / "package.json").read_text().split('"dependencies"')[1]))
    assert explained == {*pins(RUN), *pins(DEV), *map(normal, front_end)}
