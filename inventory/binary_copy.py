"""Rows of fixed width to and from PostgreSQL's binary COPY format, as numpy records.

A million forecasts through Python lists of floats take minutes; as one buffer they take seconds. Only types of fixed
width and arrays of a known length are supported, and no NULLs, which is what makes the layout a plain numpy record.
Format: https://www.postgresql.org/docs/current/sql-copy.html, section "Binary Format".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray

HEADER = b"PGCOPY\n\xff\r\n\0" + (0).to_bytes(4, "big") + (0).to_bytes(4, "big")
TRAILER = (-1).to_bytes(2, "big", signed=True)
WRITE_BYTES = 4 * 1024 * 1024
SCALARS = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "float4": ">f4"}
# Object ids of the element types, which an array carries in its head.
ELEMENT_OIDS = {"int2": 21, "float4": 700}


@dataclass(frozen=True)
class Column:
    """A column of type `kind`; `length` 0 is a scalar, otherwise a one-dimensional array of exactly that many."""

    name: str
    kind: str
    length: int = 0


def record_dtype(columns: Sequence[Column]) -> np.dtype[np.void]:
    """The numpy record of one row: field count, then each value behind its byte length."""
    fields: list[tuple[str, str] | tuple[str, object, tuple[int]]] = [("field_count", ">i2")]
    for column in columns:
        fields.append((f"{column.name}__bytes", ">i4"))
        if not column.length:
            fields.append((column.name, SCALARS[column.kind]))
            continue
        fields += [(f"{column.name}__{part}", ">i4") for part in ("dimensions", "nulls", "oid", "size", "first")]
        fields.append((column.name, np.dtype([("bytes", ">i4"), ("value", SCALARS[column.kind])]), (column.length,)))
    return np.dtype(fields)


def encode(columns: Sequence[Column], values: dict[str, NDArray[np.generic]]) -> NDArray[np.void]:
    """Records of the rows; `values[name]` is [n] for a scalar and [n, length] for an array."""
    count = len(values[columns[0].name])
    rows = np.zeros(count, dtype=record_dtype(columns))
    rows["field_count"] = len(columns)
    for column in columns:
        size = np.dtype(SCALARS[column.kind]).itemsize
        if not column.length:
            rows[f"{column.name}__bytes"] = size
            rows[column.name] = values[column.name]
            continue
        rows[f"{column.name}__bytes"] = 20 + column.length * (4 + size)
        rows[f"{column.name}__dimensions"] = 1
        rows[f"{column.name}__oid"] = ELEMENT_OIDS[column.kind]
        rows[f"{column.name}__size"] = column.length
        rows[f"{column.name}__first"] = 1
        rows[column.name]["bytes"] = size
        rows[column.name]["value"] = values[column.name]
    return rows


def copy_in(
    cursor: CursorWrapper, table: str, columns: Sequence[Column], values: dict[str, NDArray[np.generic]]
) -> None:
    """COPY the rows into `table` in the current transaction."""
    names = ", ".join(column.name for column in columns)
    body = memoryview(encode(columns, values).tobytes())
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(HEADER)
        for start in range(0, len(body), WRITE_BYTES):
            copy.write(body[start : start + WRITE_BYTES])
        copy.write(TRAILER)


def copy_out(
    cursor: CursorWrapper, query: str, parameters: Sequence[object], columns: Sequence[Column]
) -> dict[str, NDArray[np.generic]]:
    """The rows of `query` as native arrays by column name. Raises ValueError for a NULL or another length."""
    # The driver's own cursor: the one that Django wraps around it to count queries takes no parameters with COPY.
    with cursor.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)", parameters) as copy:
        data = b"".join(_bytes(copy))
    rows = np.frombuffer(data, dtype=record_dtype(columns), count=_row_count(data, columns), offset=len(HEADER))
    return {column.name: _decode(rows, column) for column in columns}


def _bytes(copy: Iterator[bytes]) -> Iterator[bytes]:
    yield from copy


def _row_count(data: bytes, columns: Sequence[Column]) -> int:
    count, rest = divmod(len(data) - len(HEADER) - len(TRAILER), record_dtype(columns).itemsize)
    if rest:
        raise ValueError("The rows are not all of the expected width: a NULL, or an array of another length.")
    return count


def _decode(rows: NDArray[np.void], column: Column) -> NDArray[np.generic]:
    size = np.dtype(SCALARS[column.kind]).itemsize
    expected = 20 + column.length * (4 + size) if column.length else size
    if len(rows) and not (rows[f"{column.name}__bytes"] == expected).all():
        raise ValueError(f"Column {column.name} has a NULL, or an array of another length than {column.length}.")
    found = rows[column.name]["value"] if column.length else rows[column.name]
    return found.astype(found.dtype.newbyteorder("="))
