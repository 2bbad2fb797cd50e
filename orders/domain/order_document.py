"""A purchase order as a file that a supplier's program or spreadsheet reads."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.domain.movements import plain
from orders.domain.money import CENT

# A spreadsheet would run a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class DocumentLine:
    """`supplier_code` is what the supplier calls the SKU, empty when unknown."""

    sku_code: str
    supplier_code: str
    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    expected_on: date | None = None

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.unit_price).quantize(CENT)


def write_csv(header: Sequence[str], lines: Sequence[DocumentLine], place: str) -> bytes:
    """Each line says at its end where it goes, so that it can be read by itself. UTF-8 with a byte order mark, so that
    spreadsheets read every script; text cells cannot be formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for line in lines:
        writer.writerow(
            [
                safe_cell(line.sku_code),
                safe_cell(line.supplier_code),
                safe_cell(line.name),
                line.unit,
                plain(line.quantity),
                plain(line.unit_price),
                plain(line.amount),
                line.expected_on.isoformat() if line.expected_on else "",
                safe_cell(place),
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
