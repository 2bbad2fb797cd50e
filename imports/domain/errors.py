"""What is wrong with a file, cell by cell. Words are chosen at the edge, in the reader's language."""

from dataclasses import dataclass, field

# After this many the file is plainly of another make, and a longer list helps nobody.
MOST_ERRORS = 200


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
    """Nothing of the file was taken in."""

    def __init__(self, errors: list[CellError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


@dataclass
class ErrorList:
    """Collects errors up to `MOST_ERRORS`, then refuses the file at once."""

    errors: list[CellError] = field(default_factory=list)

    def add(self, error: CellError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MOST_ERRORS:
            raise FileRefused(self.errors)

    def refuse_if_any(self) -> None:
        if self.errors:
            raise FileRefused(sorted(self.errors, key=lambda error: (error.row, error.column)))
