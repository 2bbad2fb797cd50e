"""Templates to download: the headings of a kind, and example rows to overwrite."""

import csv
import io

from imports.domain.kinds import Kind
from inventory.domain.sheets import write_xlsx


def template_csv(kind: Kind) -> str:
    """CSV text with the headings and the examples of the kind."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kind.headings)
    writer.writerows(kind.examples)
    return text.getvalue()


def template_xlsx(kind: Kind) -> bytes:
    """The same as a workbook, all cells as text, so that codes keep their zeros."""
    with write_xlsx(kind.headings, kind.examples) as file:
        return file.read()
