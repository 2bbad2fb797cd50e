"""Folders for the tests of starting and stopping."""

import shutil
import tempfile
from pathlib import Path

import pytest

from script.lib.with_services import remove_state


@pytest.fixture
def open_folder():
    """A folder that every account of the machine can pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="youhuo-test-"))
    folder.chmod(0o711)
    yield folder
    remove_state(folder)


@pytest.fixture
def closed_folder():
    """A folder that only its owner may enter, as root's home is."""
    outer = Path(tempfile.mkdtemp(prefix="youhuo-test-"))
    outer.chmod(0o700)
    folder = outer / "state"
    folder.mkdir()
    yield folder
    remove_state(folder)
    shutil.rmtree(outer)
