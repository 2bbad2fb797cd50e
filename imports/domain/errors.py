"""What is wrong with a file, cell by cell. Words are chosen at the edge, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass, field

# So many are kept and shown; the rest is only counted. Who has mended a thousand cells uploads the file again anyway.
MOST_KEPT = 1_000


@dataclass(frozen=True)
class CellError:
    """`row` counts as a spreadsheet does (the header is row 1); `column` is its heading, empty for the whole row
    or file.
    """

    row: int
    column: str
    code: str
    value: str = ""
    hint: str = ""


class FileRefused(Exception):
    """Nothing of the file was taken in. `errors` are the first `MOST_KEPT` by row, `total` counts all."""

    def __init__(self, errors: list[CellError], total: int | None = None) -> None:
        self.errors = errors
        self.total = len(errors) if total is None else total
        super().__init__(f"{self.total} errors")


def refused(code: str, *, row: int = 1, column: str = "", value: str = "", hint: str = "") -> FileRefused:
    """The refusal of a file for one reason."""
    return FileRefused([CellError(row, column, code, value, hint)])


@dataclass
class ErrorList:
    """Collects errors; keeps the first ones of each source, and counts all."""

    errors: list[CellError] = field(default_factory=list)
    total: int = 0

    def add(self, error: CellError) -> None:
        self.total += 1
        if len(self.errors) < MOST_KEPT:
            self.errors.append(error)

    def add_found(self, errors: Iterable[CellError], total: int) -> None:
        """Errors of one look at all rows, of which `total` were found and the first ones are given."""
        self.errors.extend(errors)
        self.total += total

    def refuse_if_any(self) -> None:
        if self.errors:
            self.errors.sort(key=lambda error: (error.row, error.column))
            raise FileRefused(self.errors[:MOST_KEPT], self.total)
