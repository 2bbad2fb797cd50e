"""The files that are to be taken first: one that was renamed would quietly be taken last, and waited for."""

from pathlib import Path

import pytest

from tests.order import LONGEST

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", LONGEST)
def test_each_file_that_is_named_is_there(file):
    assert (ROOT / file).is_file()
