"""Addresses of the files that pages load."""

from functools import lru_cache

from django.contrib.staticfiles.storage import StaticFilesStorage


class RememberedAddresses(StaticFilesStorage):
    """A page names the file of its icons a hundred times; each time the address was put together anew."""

    def __init__(self) -> None:
        super().__init__()
        self._address = lru_cache(maxsize=256)(super().url)

    def url(self, name: str | None) -> str:
        return self._address(name)
