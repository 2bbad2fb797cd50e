"""What is wrong with a file, cell by cell. Words are chosen at the edge, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

# So many are kept and shown; the rest is only counted. Who has mended a thousand cells uploads the file again anyway.
MOST_KEPT = 1_000


@dataclass(frozen=True)
class CellError:
    """`row` counts as a spreadsheet does, titles above the header included; `column` is our name of it, empty for the
    whole row or file, and `heading` what the file calls it.
    """

    row: int
    column: str
    code: str
    value: str = ""
    hint: str = ""
    heading: str = ""

    @property
    def shown_column(self) -> str:
        return self.heading or self.column


class FileRefused(Exception):
    """Nothing of the file was taken in. `errors` are the first `MOST_KEPT` by row, `total` counts all."""

    def __init__(self, errors: list[CellError], total: int | None = None) -> None:
        self.errors = errors
        self.total = len(errors) if total is None else total
        super().__init__(f"{self.total} errors")

    def under(self, headings: Mapping[str, str]) -> "FileRefused":
        """The same with what the file calls each column, by our name: its owner looks for it there."""
        told = [replace(error, heading=headings.get(error.column, "")) for error in self.errors]
        return FileRefused(told, self.total)


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
