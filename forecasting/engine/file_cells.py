"""The cells of a demand file: Arrow arrays of any usual type to ids, day numbers and numbers, or a refusal by place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forecasting.engine.errors import FileError
from forecasting.engine.kernels import F64, I64

DRIVER = "x_"  # a column whose name begins so holds another number that may move demand: x_temperature, x_display
SHARES = ("in_stock", "promotion")
MOST = 1e12  # more units, or a higher price, than anybody has; float32 holds it with room to spare
EPOCH = date(1970, 1, 1)
EARLIEST, LATEST = (date(1900, 1, 1) - EPOCH).days, (date(2199, 12, 31) - EPOCH).days
DAY_TEXT = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$"
NUMBER_TEXT = r"^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$"


@dataclass(frozen=True)
class Place:
    """A column of a file, from the row `row` on (the first row under the names of the columns is row 1)."""

    file: str
    column: str
    row: int

    def refuse(self, index: int, problem: str) -> FileError:
        """The refusal of the cell at `index`."""
        return FileError(f"{self.file}: Row {self.row + index}, column {self.column!r}: {problem}")

    def refuse_type(self, array: pa.Array, problem: str) -> FileError:
        """The refusal of the whole column."""
        return self.refuse(0, f"the type {array.type} {problem}")


def ids_of(array: pa.Array, at: Place, id_of: Callable[[str], int]) -> I64:
    """int64 [n]: the id of the name in each cell. Text, categories and whole numbers are names."""
    coded = array if pa.types.is_dictionary(array.type) else _coded(array, at)
    missing = len(coded.dictionary)
    codes = pc.fill_null(coded.indices.cast(pa.int64()), missing).to_numpy(zero_copy_only=False)
    # A category that no row has is no series.
    used, place = np.unique(codes, return_inverse=True)
    names = [None if code == missing else coded.dictionary[code].as_py() for code in used.tolist()]
    nameless = np.array([name is None or name == "" for name in names], dtype=np.bool_)
    if nameless[place].any():
        i = int(np.flatnonzero(nameless[place])[0])
        raise at.refuse(i, "the value is missing." if names[place[i]] is None else "the name is empty.")
    return np.array([id_of(str(name)) for name in names], dtype=np.int64)[place]


def _coded(array: pa.Array, at: Place) -> pa.DictionaryArray:
    kinds = pa.types
    if kinds.is_binary(array.type) or kinds.is_large_binary(array.type):
        array = _as_text(array, at)
    if kinds.is_nested(array.type):
        raise at.refuse_type(array, "holds no names of series.")
    return array.dictionary_encode()


def _as_text(array: pa.Array, at: Place) -> pa.Array:
    try:
        return array.cast(pa.string())
    except pa.ArrowInvalid as error:
        for i, value in enumerate(array.to_pylist()):
            try:
                (value or b"").decode()
            except UnicodeDecodeError:
                raise at.refuse(i, f"{value!r} is no text in UTF-8.") from error
        raise


def days_of(array: pa.Array, at: Place) -> I64:
    """int64 [n]: days since 1970-01-01. A time of day is left out; with a time zone the day is that of its clocks."""
    array = _plain(array)
    _refuse_missing(array, at, "")
    if _is_text(array):
        _refuse_other_than(array, at, DAY_TEXT, "is no date like 2025-01-31.")
        array = _days_of_text(pc.utf8_slice_codeunits(array, 0, 10), at)
    elif not (pa.types.is_date(array.type) or pa.types.is_timestamp(array.type)):
        raise at.refuse(0, f"{array[0].as_py()!r} is no date like 2025-01-31 (the type is {array.type}).")
    days = np.asarray(array.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False), dtype=np.int64)
    bad = (days < EARLIEST) | (days > LATEST)
    if bad.any():
        i = int(np.flatnonzero(bad)[0])
        raise at.refuse(i, f"{array[i].as_py()} lies outside the years 1900 to 2199.")
    return days


def _days_of_text(array: pa.Array, at: Place) -> pa.Array:
    try:
        return array.cast(pa.date32())
    except pa.ArrowInvalid as error:
        for i, value in enumerate(array.to_pylist()):
            try:
                date.fromisoformat(value)
            except ValueError:
                raise at.refuse(i, f"{value!r} is no day of the calendar.") from error
        raise at.refuse(0, f"{error}") from error


def numbers_of(array: pa.Array, at: Place) -> F64:
    """float64 [n]: numbers inside the limits of the column. Missing ones are refused in `quantity`, and elsewhere mean
    in stock, no promotion, a price that is not known (0), a driver of 0.
    """
    array, column = _plain(array), at.column
    if column == "quantity":
        _refuse_missing(array, at, " Write 0 where nothing was asked for, or leave the row out.")
    if _is_text(array):
        _refuse_other_than(array, at, NUMBER_TEXT, "is no number like 12 or 12.5.")
        array = pc.utf8_trim_whitespace(array)
    try:
        values = np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise at.refuse_type(array, "holds no numbers.") from error
    if column != "quantity":
        values = np.where(np.isnan(values), 1.0 if column == "in_stock" else 0.0, values)
    least, most = (-MOST if column.startswith(DRIVER) else 0.0), (1.0 if column in SHARES else MOST)
    bad = ~((values >= least) & (values <= most))
    if bad.any():
        i = int(np.flatnonzero(bad)[0])
        raise at.refuse(i, f"{values[i]:g} must be a number from {least:g} to {most:g}.")
    return values


def _plain(array: pa.Array) -> pa.Array:
    """Without categories, and text in the one form that all functions of Arrow know."""
    array = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    return array.cast(pa.string()) if pa.types.is_string_view(array.type) else array


def _is_text(array: pa.Array) -> bool:
    return bool(pa.types.is_string(array.type) or pa.types.is_large_string(array.type))


def _refuse_missing(array: pa.Array, at: Place, hint: str) -> None:
    missing = pc.is_null(array, nan_is_null=pa.types.is_floating(array.type)).to_numpy(zero_copy_only=False)
    if missing.any():
        raise at.refuse(int(np.flatnonzero(missing)[0]), f"the value is missing.{hint}")


def _refuse_other_than(array: pa.Array, at: Place, pattern: str, problem: str) -> None:
    found = pc.fill_null(pc.match_substring_regex(array, pattern), True).to_numpy(zero_copy_only=False)
    if not found.all():
        i = int(np.flatnonzero(~found)[0])
        raise at.refuse(i, f"{array[i].as_py()[:40]!r} {problem}")
