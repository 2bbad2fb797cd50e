"""Where a reader of the feed of movements stands."""

import re
from dataclasses import dataclass

WRITTEN = re.compile(r"(\d{1,19})-(\d{1,19})-(\d{1,10})", re.ASCII)
MOST = 2**63 - 1


@dataclass(frozen=True, slots=True, order=True)
class FeedPosition:
    """After line `line` of a posting. Positions grow in the order of the feed, over restores too."""

    recorded_in: int
    posting_id: int
    line: int

    def __str__(self) -> str:
        return f"{self.recorded_in}-{self.posting_id}-{self.line}"


START = FeedPosition(0, 0, 0)


def read_position(text: str) -> FeedPosition | None:
    """The position that was written so; None when it was not written by us. An empty text is the start."""
    if not text:
        return START
    match = WRITTEN.fullmatch(text)
    if match is None:
        return None
    recorded_in, posting_id, line = map(int, match.groups())
    return FeedPosition(recorded_in, posting_id, line) if max(recorded_in, posting_id, line) <= MOST else None
