"""Run as a program of its own: the first sheet that one sees of a workbook as CSV on standard output, within limits."""

import csv
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

# Two and a half million cells take 250 MB. A text that many cells share is small in the file and large here.
MOST_MEMORY_BYTES = 768 * 1024 * 1024
MOST_CSV_BYTES = 512 * 1024 * 1024
MOST_CPU_SECONDS = 100
# Up to here a spreadsheet's binary numbers count every whole one.
EXACT_BELOW = 2**53


def main(path: str) -> None:
    """Writes every row, blank ones too, so that row numbers stay those of the sheet."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_CSV_BYTES, MOST_CSV_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = CalamineWorkbook.from_path(path)
    sheet = book.get_sheet_by_index(first_seen(book))
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", errors="replace", newline="")  # noqa: PTH123, SIM115  # a descriptor, not a path
    # With this end of lines a carriage return inside a cell is put into quotation marks, too.
    writer = csv.writer(out, lineterminator="\r\n")
    top, left = sheet.start or (0, 0)
    for _blank in range(top):
        out.write("\r\n")
    # A blank row is an empty line: two bytes of quotation marks would be a cell.
    for cells in sheet.iter_rows():
        if any(cell != "" for cell in cells):
            writer.writerow([*[""] * left, *as_text(cells)])
        else:
            out.write("\r\n")
    out.flush()


def first_seen(book: CalamineWorkbook) -> int:
    """The place of the first sheet with a table that is not hidden; the first of all when there is none."""
    wanted = SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet
    seen = (at for at, sheet in enumerate(book.sheets_metadata) if (sheet.visible, sheet.typ) == wanted)
    return next(seen, 0)


def as_text(cells: Iterable[object]) -> list[str]:
    """Cells as a person would type them: 12 and not 12.0, days and moments in ISO form."""
    return [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # Fifteen digits are what a spreadsheet keeps; more would show how binary numbers cannot hold 0.1.
        plain = f"{cell:.15g}"
        if "e+" in plain:
            # Digits that the spreadsheet has cut off are not made up: a long barcode would become another one.
            return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_BELOW else f"{cell:.14E}"
        return f"{cell:.6f}".rstrip("0").rstrip(".") if "e" in plain else plain
    if isinstance(cell, datetime):
        at = cell.replace(microsecond=0) + timedelta(seconds=round(cell.microsecond / 1_000_000))
        return at.date().isoformat() if at.time() == time(0) else at.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1])
