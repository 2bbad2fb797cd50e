"""The fonts of what is printed. Every reader of a PDF has them, so none is carried along; some letters are in none."""

import re
import unicodedata

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

LATIN, LATIN_BOLD, CHINESE, KOREAN = "Helvetica", "Helvetica-Bold", "STSong-Light", "HYSMyeongJo-Medium"
for _font in (CHINESE, KOREAN):
    pdfmetrics.registerFont(UnicodeCIDFont(_font))
# What each font has, as a codec tells it; those of East Asia have the letters of Western Europe too.
LETTERS = {LATIN: "cp1252", CHINESE: "gbk", KOREAN: "cp949"}
# Letters that Unicode does not take apart into a plain one and a mark.
PLAIN = str.maketrans("łŁđĐıħĦŧŦς", "lLdDihHtTσ")
# Control characters and marks of direction, which other programs write into names.
UNSEEN = ("Cc", "Cf")
# No person types it: it stands for what cannot be printed until all of that is known.
NOTHING = "\ufffd"


def printed(text: str) -> str:
    """The text in letters that one of the fonts has. A letter with a mark that none has becomes the plain one ("Żubr"
    is "Zubr"); a run of those that no font has at all, as of Arabic or of emoji, becomes one "?", so that the paper
    does not hide that something stood there."""
    visible = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in UNSEEN)
    best = min((_in_letters_of(font, visible) for font in LETTERS), key=lambda version: version.count(NOTHING))
    return re.sub(f"{NOTHING}+", "?", best)


def font_of(text: str, *, bold: bool = False) -> str:
    """The one in which a `printed` text is set."""
    font = next((font for font in LETTERS if all(_has(font, letter) for letter in text)), CHINESE)
    return LATIN_BOLD if bold and font == LATIN else font


def _in_letters_of(font: str, text: str) -> str:
    return "".join(letter if _has(font, letter) else _plain(font, letter) for letter in text)


def _plain(font: str, letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter.translate(PLAIN))
    plain = "".join(part for part in apart if not unicodedata.category(part).startswith("M"))
    return plain if all(_has(font, part) for part in plain) else NOTHING


def _has(font: str, letter: str) -> bool:
    if letter == "\n" or (font != LATIN and _has(LATIN, letter)):
        return True
    try:
        letter.encode(LETTERS[font])
    except UnicodeEncodeError:
        return False
    return True
