"""Local wall times of the replay as instants."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from demo.domain.events import Times


def utc(local: Times, time_zone: str) -> pd.DatetimeIndex:
    """Instants of local wall times; one that a clock change skips becomes the first moment after the gap."""
    wall = pd.DatetimeIndex(local.astype("datetime64[us]"))
    zoned = wall.tz_localize(time_zone, ambiguous=np.ones(len(wall), bool), nonexistent="shift_forward")
    return zoned.tz_convert("UTC")


def instants(local: Times, time_zone: str) -> list[datetime]:
    """The same as Python's datetimes."""
    return list(utc(local, time_zone).to_pydatetime())


def dates(local: Times) -> Sequence[date]:
    """Calendar dates of local wall times or days."""
    found: list[date] = local.astype("datetime64[D]").tolist()
    return found
