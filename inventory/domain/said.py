"""What a file says of a field beside a value: nothing (None, which keeps what is there), or that it holds none."""

from enum import Enum


class Said(Enum):
    """NOTHING empties the field."""

    NOTHING = "nothing"
