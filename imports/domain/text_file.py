"""The bytes of a file as lines of text, whatever program of whatever country wrote them, piece by piece."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from imports.domain.errors import refused

# Byte-order marks speak for themselves, UTF-8 refuses what it is not, GB 18030 is what Excel writes in China. The last
# one takes nearly anything, so it comes last.
TRIED = ("utf-8", "gb18030", "cp1252")
ENCODINGS = ("utf-8-sig", "utf-16", *TRIED[1:])
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# What stands for bytes that are no letter.
SPOILED = "\ufffd"
LETTERS_A_SPOILED_ONE = 9
WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
# How a web page begins, which many a till writes under the name of a workbook.
MARKUP = (b"<html", b"<!doctype", b"<table", b"<meta", b"<style", b"<?xml")
PIECE = 256 * 1024
# No honest line is longer: a hundred columns of two thousand characters.
MOST_LINE_CHARACTERS = 400_000
DELIMITERS = ",;\t"


def is_workbook(file: BinaryIO) -> bool:
    """An .xlsx file by its first bytes. Raises FileRefused for the older .xls, and for a web page in its place."""
    head = _head(file)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(MARKUP):
        raise refused("markup")
    if head.startswith(OLD_WORKBOOK):
        raise refused("old_workbook")
    return head.startswith(WORKBOOKS)


def detect_encoding(file: BinaryIO) -> str:
    """The first encoding in which the whole file makes sense. Raises FileRefused when there is none, and for UTF-8 with
    a few letters of another one: GB 18030 takes nearly any bytes and would turn all its other letters into nonsense."""
    head = _head(file)
    if not head:
        raise refused("empty_file")
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return _checked(file, encoding)
    guess = _guess_utf16(head)
    if guess:
        return _checked(file, guess)
    if _is_text_in(file, TRIED[0]):
        return TRIED[0]
    _refuse_mixed(file)
    for encoding in TRIED[1:]:
        if _is_text_in(file, encoding):
            return encoding
    raise refused("not_text")


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(4096)


def _checked(file: BinaryIO, encoding: str) -> str:
    if not _is_text_in(file, encoding):
        if encoding == "utf-8-sig":
            _refuse_mixed(file)
        raise refused("not_text")
    return encoding


def _guess_utf16(head: bytes) -> str:
    """UTF-16 without a mark: in Western text every second byte is zero."""
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > pairs * 0.4 and not head[::2].count(0):
        return "utf-16-le"
    if pairs and head[::2].count(0) > pairs * 0.4 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _is_text_in(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _refuse_mixed(file: BinaryIO) -> None:
    """Raises FileRefused naming the first row with bytes that are no UTF-8, where nearly all other letters are.

    Of letters in GB 18030 one in seven looks like UTF-8 by chance, so nine in ten tell the two apart.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    file.seek(0)
    rows, first, letters, spoiled, is_last = 1, 0, 0, 0, False
    while not is_last:
        piece = file.read(PIECE)
        is_last = not piece
        text = decoder.decode(piece, final=is_last)
        if not first and SPOILED in text:
            first = rows + text.count("\n", 0, text.index(SPOILED))
        rows += text.count("\n")
        spoiled += text.count(SPOILED)
        letters += len(text) - len(text.encode("ascii", "ignore"))
    if letters - spoiled >= LETTERS_A_SPOILED_ONE * spoiled:
        raise refused("mixed_encodings", row=first)


def read_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines with their ends (LF, CRLF or CR). Raises FileRefused for bytes that are no text, or an endless line."""
    file.seek(0)
    text = io.TextIOWrapper(_Borrowed(file), encoding=encoding, newline="")  # type: ignore[type-var]  # a raw stream will do
    number = 0
    try:
        while line := text.readline(MOST_LINE_CHARACTERS):
            number += 1
            if len(line) == MOST_LINE_CHARACTERS and line[-1] not in "\r\n":
                raise refused("line_too_long", row=number, hint=str(MOST_LINE_CHARACTERS))
            yield line
    except UnicodeError:
        raise refused("not_text", row=number + 1) from None


class _Borrowed(io.BufferedIOBase):
    """Lends a file to a text reader, which closes what it is given."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read1(self, size: int | None = -1, /) -> bytes:
        return self._file.read(PIECE if size is None or size < 0 else size)

    def read(self, size: int | None = -1, /) -> bytes:
        return self._file.read() if size is None else self._file.read(size)


def find_delimiter(first_line: str) -> str:
    """The separator that occurs most in the header; a comma when there is none."""
    return max(DELIMITERS, key=first_line.count)
