"""Scripts that have an address of their own among the pages, since a worker serves what lies beside and below it."""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse


def worker_script(name: str) -> HttpResponse:
    """The static file of that name. Raises Http404."""
    return HttpResponse(_source(name), content_type="text/javascript")


@lru_cache(maxsize=4)
def _source(name: str) -> bytes:
    found = finders.find(name)
    if not found:
        raise Http404
    return Path(found).read_bytes()
