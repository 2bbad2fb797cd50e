"""Which country's calendar a place follows."""

from functools import lru_cache
from importlib.resources import files


def country_of(country: str, time_zone: str) -> str:
    """The ISO code that was said, otherwise the one of the time zone; empty where neither tells (UTC)."""
    return country or _countries().get(time_zone, "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Country by time zone, from the table that comes with the time zones themselves."""
    lines = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
