"""Sheets and rolls of labels, and where on them each label lies. All lengths are in millimetres."""

from collections.abc import Iterator
from dataclasses import dataclass

A4_WIDTH, A4_HEIGHT = 210.0, 297.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """`left` and `top` lead from the corner of the page to the first label; pitches from one label to the next."""

    name: str
    page_width: float
    page_height: float
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    column_pitch: float = 0.0
    row_pitch: float = 0.0
    padding: float = 1.5

    @property
    def count(self) -> int:
        return self.columns * self.rows


SHEETS = {
    sheet.name: sheet
    for sheet in (
        # 24 labels of 70 x 37 mm from edge to edge, as L7159 and many others without a name.
        Sheet("a4-3x8", A4_WIDTH, A4_HEIGHT, 3, 8, 70.0, 37.0, 0.0, 0.5, 70.0, 37.0, padding=5.0),
        # 14 labels of 99.1 x 38.1 mm, as L7163.
        Sheet("a4-2x7", A4_WIDTH, A4_HEIGHT, 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1, padding=3.5),
        Sheet("roll-40x30", 40.0, 30.0, 1, 1, 40.0, 30.0),
        Sheet("roll-60x40", 60.0, 40.0, 1, 1, 60.0, 40.0, padding=2.0),
    )
}


@dataclass(frozen=True, slots=True)
class Spot:
    """The lower left corner of a label on its page, as PDF counts from below."""

    page: int
    x: float
    y: float


def spots(sheet: Sheet, count: int, *, start: int = 1) -> Iterator[Spot]:
    """Places for `count` labels, row by row from position `start` (1 is the first) of the first page."""
    for number in range(start - 1, start - 1 + count):
        page, position = divmod(number, sheet.count)
        row, column = divmod(position, sheet.columns)
        x = sheet.left + column * sheet.column_pitch
        y = sheet.page_height - sheet.top - row * sheet.row_pitch - sheet.height
        yield Spot(page, x, y)
