"""An .xlsx file is a zip archive from a stranger: looked at with suspicion, then turned into CSV by a child process.

Everything is refused before a parser sees it: by what the archive declares (entries, sizes, ratio, overlap), then by
what is really in it, unpacked piece by piece and counted. The parser itself builds the whole sheet in memory, so it
runs in a process of its own with limits, which may die without anybody noticing.
"""

import re
import signal
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from imports.domain.errors import refused

MOST_ENTRIES = 500
MOST_DIRECTORY_BYTES = 256 * 1024
MOST_UNPACKED_BYTES = 320 * 1024 * 1024
# Sheets of many equal rows reach 40; bombs begin at hundreds.
MOST_RATIO, RATIO_COUNTS_FROM = 120, 1024 * 1024
MOST_CELLS = 2_500_000
MOST_ROWS = 1_048_576
PIECE = 256 * 1024
CHILD_SECONDS = 120
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".jar", ".gz", ".7z", ".rar", ".bz2", ".xz", ".bin")
END = struct.Struct("<4s4H2LH")
# Of archives that say their sizes in 64 bits: where that says how much there is, and what it says.
LOCATOR, LONG_END = struct.Struct("<4sLQL"), struct.Struct("<4sQ2H2L4Q")
REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
# How the child ends beyond one of its limits: of memory, of what it writes, of time.
OVER_LIMIT = (-signal.SIGABRT, -signal.SIGXFSZ, -signal.SIGXCPU, -signal.SIGKILL)
CHILD = Path(__file__).with_name("workbook_child.py")


def check_workbook(file: BinaryIO) -> None:
    """Raises FileRefused for a bomb, macros, other archives inside, document types and entities, or no workbook."""
    _check_end(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        raise refused("bad_workbook") from None
    _check_declared(file, entries)
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            _check_content(file, entry)


def _check_end(file: BinaryIO) -> None:
    """The directory is read whole by every zip library, so its own size is looked at first."""
    size = file.seek(0, 2)
    file.seek(max(size - END.size - 65_535, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + END.size:
        raise refused("bad_workbook")
    _mark, _disk, _start, _here, count, directory_bytes, _offset, _comment = END.unpack_from(tail, at)
    counts = [(count, directory_bytes), *_long_ends(file, max(size - END.size - 65_535, 0) + at)]
    if any(count > MOST_ENTRIES or length > MOST_DIRECTORY_BYTES for count, length in counts):
        raise refused("workbook_bomb")


def _long_ends(file: BinaryIO, end: int) -> Iterator[tuple[int, int]]:
    """How many entries in how many bytes the archive claims in 64 bits, which is what counts where it is said. Some
    readers look for it before the locator, others where the locator points."""
    if end < LOCATOR.size:
        return
    file.seek(end - LOCATOR.size)
    mark, _disk, told, _disks = LOCATOR.unpack(file.read(LOCATOR.size))
    if mark != b"PK\x06\x07":
        return
    for place in (end - LOCATOR.size - LONG_END.size, told):
        if 0 <= place <= end - LONG_END.size:
            file.seek(place)
            record = LONG_END.unpack(file.read(LONG_END.size))
            if record[0] == b"PK\x06\x06":
                yield record[7], record[8]


def _check_declared(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    size = file.seek(0, 2)
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise refused("workbook_bomb")
    # Entries that share their bytes are the other way to make much out of little.
    if sum(entry.compress_size for entry in entries) > size or len({entry.header_offset for entry in entries}) < len(
        entries
    ):
        raise refused("workbook_bomb")
    names = [entry.filename.casefold() for entry in entries]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise refused("workbook_macros")
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused("bad_workbook")
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > entry.compress_size * MOST_RATIO:
            raise refused("workbook_bomb")
        # Printer settings are the one harmless .bin that spreadsheet programs write.
        if name.endswith(ARCHIVES) and "printersettings" not in name:
            raise refused("workbook_nested")
    if "[content_types].xml" not in names:
        raise refused("bad_workbook")


def _check_content(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Unpacks one part, never keeping more than a piece; what is longer than it said is a lie."""
    is_sheet = "worksheets/" in entry.filename
    size, cells, widest, deepest, before = 0, 0, 1, 0, b""
    for piece in _unpacked(file, entry):
        size += len(piece)
        if size > entry.file_size:
            raise refused("workbook_bomb")
        # Our look is at ASCII: a part in UTF-16 could hide anything from it, and no program writes one.
        if b"\0" in piece:
            raise refused("bad_workbook")
        window = before + piece
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise refused("workbook_entities")
        if is_sheet:
            cells += piece.count(b"<c ") + piece.count(b"<c>")
            found = REFERENCE.findall(window)
            widest = max(widest, max((_column_number(letters) for letters in {pair[0] for pair in found}), default=1))
            deepest = max(deepest, int(found[-1][1]) if found else 0)
            if cells > MOST_CELLS or deepest > MOST_ROWS or widest * deepest > MOST_CELLS * 4:
                raise refused("workbook_too_large", hint=f"{MOST_CELLS:,}")
        before = piece[-64:]
    if size != entry.file_size:
        raise refused("bad_workbook")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry as they really are, not only as many as it declares."""
    file.seek(entry.header_offset)
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise refused("bad_workbook")
    name_bytes, extra_bytes = struct.unpack_from("<2H", head, 26)
    file.seek(name_bytes + extra_bytes, 1)
    left = entry.compress_size
    unpacker = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = file.read(min(PIECE, left))
        if not packed:
            raise refused("bad_workbook")
        left -= len(packed)
        if unpacker is None:
            yield packed
            continue
        try:
            while packed:
                yield unpacker.decompress(packed, PIECE)
                packed = unpacker.unconsumed_tail
        except zlib.error:
            raise refused("bad_workbook") from None


def convert_workbook(source: Path, target: BinaryIO) -> None:
    """Writes the first sheet that one sees as CSV in UTF-8. Raises FileRefused when the limits do not allow it."""
    command = [sys.executable, "-P", str(CHILD), str(source)]
    try:
        done = subprocess.run(
            command, stdout=target.fileno(), stderr=subprocess.PIPE, timeout=CHILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise refused("workbook_too_large", hint=f"{MOST_CELLS:,}") from None
    if done.returncode in OVER_LIMIT:
        raise refused("workbook_too_large", hint=f"{MOST_CELLS:,}")
    if done.returncode:
        raise refused("bad_workbook")
    target.seek(0)
