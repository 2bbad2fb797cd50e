"""Labels with barcodes as a PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from inventory.domain.label_sheets import Sheet, Spot, spots
from inventory.domain.pdf_fonts import font_of, printed

# A line narrower than this is not printed reliably at 203 dpi, nor read by a phone at arm's length.
NARROWEST = 0.19 * mm
WIDEST = 0.5 * mm
# White to the left and right of a one-dimensional code, in widths of its narrowest line.
QUIET = 10
EAN_MODULES = {8: 67, 13: 95}


@dataclass(frozen=True, slots=True)
class Label:
    """`value` is what the scanner reads. `note` stands beside the code: a price, a lot, "case of 12"."""

    title: str
    value: str
    note: str = ""

    @property
    def words(self) -> tuple[str, str, str]:
        """Title, value and note in letters that can be printed, each in one line: where it breaks is for the label."""
        title, value, note = (printed(" ".join(text.split())) for text in (self.title, self.value, self.note))
        return title, value, note


def render_labels(labels: Sequence[Label], sheet: Sheet, *, start: int = 1, prefer_qr: bool = False) -> bytes:
    """One PDF with the labels in their order. `start` skips positions of the first sheet that are used up."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(sheet.page_width * mm, sheet.page_height * mm), pageCompression=1)
    canvas.setTitle("Labels")
    page = 0
    for label, spot in zip(labels, spots(sheet, len(labels), start=start), strict=True):
        if spot.page > page:
            canvas.showPage()
            page = spot.page
        _draw(canvas, label, sheet, spot, prefer_qr)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def symbology_of(value: str, *, width: float, prefer_qr: bool = False) -> str:
    """EAN13, EAN8, Code128 or QR: the first that can carry the value in `width` points."""
    if prefer_qr or not value.isascii() or not value.isprintable():
        return "QR"
    if value.isdecimal() and len(value) in EAN_MODULES and has_check_digit(value):
        return f"EAN{len(value)}"
    return "Code128" if _code128(value, 1.0, 1.0).width + 2 * QUIET <= width / NARROWEST else "QR"


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is that of EAN and UPC: three times every other digit, seen from the right."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def _draw(canvas: Canvas, label: Label, sheet: Sheet, spot: Spot, prefer_qr: bool) -> None:
    width, height = (sheet.width - 2 * sheet.padding) * mm, (sheet.height - 2 * sheet.padding) * mm
    canvas.saveState()
    canvas.translate((spot.x + sheet.padding) * mm, (spot.y + sheet.padding) * mm)
    symbology = symbology_of(label.value, width=width, prefer_qr=prefer_qr)
    draw = _draw_beside if symbology == "QR" else _draw_below
    draw(canvas, label, symbology, width, height)
    canvas.restoreState()


def _draw_below(canvas: Canvas, label: Label, symbology: str, width: float, height: float) -> None:
    """Title above, bars in the middle, the code in letters below."""
    title, value, note = label.words
    size, font = min(height * 0.13, 9.0), font_of(title, bold=True)
    lines = _wrap(title, size, width, font)
    for number, line in enumerate(lines, start=1):
        _text(canvas, line, 0, height - number * size * 1.15 + size * 0.2, size, font)
    small, plain = min(height * 0.11, 7.5), font_of(value + note)
    _text(canvas, _fit(value, small, width * (0.6 if note else 1), plain), 0, 0, small, plain)
    note = _fit(note, small, width * 0.4, plain)
    _text(canvas, note, width - _wide(note, small, plain), 0, small, plain)
    top = height - len(lines) * size * 1.15 - small * 0.3
    bottom = small * 1.25
    _bars(canvas, label.value, symbology, width, bottom, top - bottom)


def _bars(canvas: Canvas, value: str, symbology: str, width: float, y: float, height: float) -> None:
    modules = EAN_MODULES[len(value)] if symbology != "Code128" else _code128(value, 1.0, height).width
    module = min(width / (modules + 2 * QUIET), WIDEST)
    x = (width - module * modules) / 2
    if symbology == "Code128":
        drawing = _code128(value, module, height)
    else:
        drawing = createBarcodeDrawing(
            symbology, value=value, barWidth=module, barHeight=height, humanReadable=False, quiet=False
        )
    renderPDF.draw(drawing, canvas, x, y)


def _draw_beside(canvas: Canvas, label: Label, symbology: str, width: float, height: float) -> None:
    """A square code at the left, the words at its right."""
    side = min(height, width * 0.55)
    drawing = createBarcodeDrawing(symbology, value=label.value, width=side, height=side, barBorder=4)
    renderPDF.draw(drawing, canvas, 0, (height - side) / 2)
    title, value, note = label.words
    left, size, font = side + 1 * mm, min(height * 0.12, 9.0), font_of(title, bold=True)
    y = height - size
    for line in _wrap(title, size, width - left, font, most=3):
        _text(canvas, line, left, y, size, font)
        y -= size * 1.2
    small, plain = size * 0.85, font_of(value + note)
    for text, most in ((value, 3), (note, 2)):
        for line in _wrap(text, small, width - left, plain, most=most):
            _text(canvas, line, left, y, small, plain)
            y -= size


def _code128(value: str, module: float, height: float) -> Any:
    return createBarcodeDrawing(
        "Code128", value=value, barWidth=module, barHeight=height, humanReadable=False, quiet=False
    )


def _text(canvas: Canvas, text: str, x: float, y: float, size: float, font: str) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _wrap(text: str, size: float, width: float, font: str, *, most: int = 2) -> list[str]:
    """At most so many lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most - 1 and _wide(rest, size, font) > width:
        line = _head(rest, size, width, font)
        lines.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    return [*lines, _fit(rest, size, width, font)] if rest else lines


def _head(text: str, size: float, width: float, font: str) -> str:
    """As much of the text as fits, up to a space where there is one."""
    fitting = text
    while len(fitting) > 1 and _wide(fitting, size, font) > width:
        fitting = fitting[:-1]
    at_space = fitting.rfind(" ")
    return fitting[: at_space + 1] if at_space > 0 else fitting


def _fit(text: str, size: float, width: float, font: str) -> str:
    if _wide(text, size, font) <= width:
        return text
    while text and _wide(f"{text}…", size, font) > width:
        text = text[:-1]
    return f"{text}…"


def _wide(text: str, size: float, font: str) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def copies_of(labels: Iterable[tuple[Label, int]]) -> list[Label]:
    """Each label as often as is wanted, one after the other."""
    return [label for label, copies in labels for _copy in range(copies)]
