"""A bar for commands that take their time."""

import sys
from collections.abc import Callable

from django.core.management.base import OutputWrapper

WIDTH = 30
Progress = Callable[[str, int, int], None]


def progress_bar(stream: OutputWrapper, verbosity: int) -> Progress:
    """Draws on `stream`; nothing where nobody looks, unless asked for by verbosity 2."""
    if not sys.stderr.isatty() and verbosity < 2:
        return lambda _part, _done, _total: None

    def draw(part: str, done: int, total: int) -> None:
        filled = WIDTH * min(done, total) // max(total, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        stream.write(f"\r{part:14s} [{bar}] {done:,} / {total:,}", ending="\n" if done >= total else "")

    return draw
