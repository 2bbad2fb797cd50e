"""Templates to download: the headings of a kind, and example rows to overwrite."""

import csv
import io

from imports.domain.kinds import Kind


def template_csv(kind: Kind) -> str:
    """CSV text with the headings and the examples of the kind."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kind.headings)
    writer.writerows(kind.examples)
    return text.getvalue()
