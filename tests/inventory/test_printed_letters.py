"""What no font has is printed as what comes next to it, and never left out unseen."""

import pypdfium2
import pytest

from inventory.domain.label_pdf import Label, render_labels
from inventory.domain.label_sheets import SHEETS
from inventory.domain.pdf_fonts import CHINESE, KOREAN, LATIN, font_of, printed
from orders.domain.order_pdf import Sheet, render_order

LETTERS = [
    ("Brown bread – “best” €2", "Brown bread – “best” €2", LATIN),
    ("Żywiec, łódź", "Zywiec, lódz", LATIN),
    ("Türk kahvesi, şeker", "Türk kahvesi, seker", LATIN),
    ("Phở bò Việt", "Pho bò Viet", LATIN),
    ("Чай", "Чай", CHINESE),
    ("ελληνικός", "ελληνικοσ", CHINESE),
    ("トマト", "トマト", CHINESE),
    ("臺灣烏龍茶 ¥3 café", "臺灣烏龍茶 ¥3 café", CHINESE),
    ("한국 라면", "한국 라면", KOREAN),
    ("متجر الشمال", "? ?", LATIN),
    ("\U0001f35c Ramen \U0001f468\u200d\U0001f469", "? Ramen ?", LATIN),
    ("A\u202ezero\u202c\u200b", "Azero", LATIN),
    ("be\x07ll", "bell", LATIN),
    ("why?", "why?", LATIN),
    ("first\nŻabka", "first\nZabka", LATIN),
    ("", "", LATIN),
]


@pytest.mark.parametrize(("text", "expected", "font"), LETTERS)
def test_a_text_is_set_in_letters_that_its_font_has(text, expected, font):
    assert (printed(text), font_of(expected)) == (expected, font)
    assert printed(expected) == expected


def read(pdf):
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


def test_an_order_names_its_lines_in_them():
    row = ["ZUBR", "", "Żubr \U0001f9ac", "", "1", "2", "2"]
    page = read(render_order(Sheet("Order", [("To", "Łódź")], [""] * 7, [row], ("Total", "2"))))
    assert "Zubr ?" in page and "Lódz" in page


@pytest.mark.parametrize("prefer_qr", [False, True])
def test_a_label_too_while_its_code_stays_as_it_is(prefer_qr):
    label = Label("Żubr\nbeer", "ZUBR-1", "5 zł")
    page = read(render_labels([label], SHEETS["a4-2x7"], prefer_qr=prefer_qr))
    assert "Zubr beer" in page and "ZUBR-1" in page and "5 zl" in page
