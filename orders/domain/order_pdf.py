"""A purchase order as a PDF that a supplier prints and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from inventory.domain.pdf_fonts import CHINESE, KOREAN, font_of, printed

MARGIN = 18 * mm
# Shares of the width: SKU, their code, name, day, quantity, price, amount.
COLUMNS = (0.11, 0.17, 0.27, 0.13, 0.09, 0.11, 0.12)
FIRST_FIGURE = 4


@dataclass(frozen=True)
class Sheet:
    """What stands on it, every word written out in the supplier's language.

    `facts` are pairs of a name and a value, which may have several lines; `rows` have a text for each of `header`; the
    last line is the total.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: tuple[str, str]
    note: str = ""


def render_order(sheet: Sheet) -> bytes:
    """A4, as many pages as the lines need, each with the header of the table. The same sheet gives the same bytes."""
    buffer = BytesIO()
    page = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=sheet.title, invariant=1,
    )  # fmt: skip
    parts: list[Flowable] = [_text(sheet.title, size=16, bold=True), Spacer(0, 5 * mm), _facts(sheet, page.width)]
    if sheet.note:
        parts += [Spacer(0, 4 * mm), _text(sheet.note)]
    parts += [Spacer(0, 6 * mm), _lines(sheet, page.width)]
    page.build(parts)
    return buffer.getvalue()


def _facts(sheet: Sheet, width: float) -> Table:
    rows = [[_text(name, bold=True), _text(value)] for name, value in sheet.facts]
    # With the inner margin of every cell, so that title, facts and lines begin on one edge.
    return Table(rows, colWidths=[0.25 * width, 0.75 * width], style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))


def _lines(sheet: Sheet, width: float) -> Table:
    header = [_text(text, bold=True, size=8, right=place >= FIRST_FIGURE) for place, text in enumerate(sheet.header)]
    body = [[_text(text, size=8, right=place >= FIRST_FIGURE) for place, text in enumerate(row)] for row in sheet.rows]
    total = [_text(sheet.total[0], bold=True), "", "", "", _text(sheet.total[1], bold=True, right=True), "", ""]
    return Table(
        [header, *body, total],
        colWidths=[share * width for share in COLUMNS],
        repeatRows=1,
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -2), 0.25, colors.grey),
                ("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.black),
                ("SPAN", (0, -1), (3, -1)),
                ("SPAN", (4, -1), (-1, -1)),
            ]
        ),
    )


def _text(text: str, *, size: float = 9.5, bold: bool = False, right: bool = False) -> Paragraph:
    """A paragraph in a font that has its letters; a name is never markup."""
    text = printed(text)
    font = font_of(text, bold=bold)
    style = ParagraphStyle(
        "cell", fontName=font, fontSize=size, leading=size * 1.3, alignment=2 if right else 0,
        wordWrap="CJK" if font in (CHINESE, KOREAN) else None, splitLongWords=1,
    )  # fmt: skip
    return Paragraph(escape(text).replace("\n", "<br/>"), style)
