"""Columns of movements as whole numbers of fixed width: thousandths of a unit, ten-thousandths of money, and so on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from inventory.binary_copy import Column
from inventory.errors import InvalidLines
from inventory.models import MovementKind

IntArray = NDArray[np.int64]
# Stands for "no price" and "no document", since the binary rows have no NULL.
NOTHING = -1
QUANTITY_SCALE, PRICE_SCALE = 1_000, 10_000
KINDS: tuple[str, ...] = tuple(MovementKind.values)
STAGED = (
    Column("line", "int4"),
    Column("posting", "int4"),
    Column("kind", "int2"),
    Column("sku_id", "int8"),
    Column("source_id", "int8"),
    Column("destination_id", "int8"),
    Column("milli", "int8"),
    Column("price", "int8"),
    Column("at_us", "int8"),
    Column("document_id", "int8"),
)
# Sent only with histories that name lots; the others need not carry it a million times.
LOT = Column("lot_id", "int8")


def whole(values: Any, scale: int, what: str) -> IntArray:
    """Decimals, integers or floats as multiples of 1/scale; None and NaN become `NOTHING`.

    Raises `InvalidLines` where a value has more decimals than the scale can hold: amounts are never rounded in silence.
    """
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.astype(np.int64) * scale
    if array.dtype == object:
        scaled = [NOTHING if _is_nothing(value) else Decimal(value) * scale for value in array]
        found = np.array([int(value) for value in scaled], np.int64)
        _refuse(np.array([value != int(value) for value in scaled], bool), what)
        return found
    rounded = np.rint(array * scale)
    _refuse(np.abs(array * scale - rounded) > 1e-4, what)
    return np.where(np.isnan(array), NOTHING, rounded).astype(np.int64)


def _is_nothing(value: object) -> bool:
    return value is None or value != value  # only a NaN differs from itself


def _refuse(is_faulty: NDArray[np.bool_], what: str) -> None:
    rows = np.flatnonzero(is_faulty)
    if len(rows):
        message = _("%(what)s has too many decimals.") % {"what": what}
        details = [{"line": int(row) + 1, "message": message} for row in rows[:100]]
        raise InvalidLines(_("Line %(line)d: %(message)s") % details[0], details=details)


def microseconds(moments: Any) -> IntArray:
    """Aware datetimes, a pandas column of them, or datetime64 in UTC, as microseconds since 1970."""
    index = pd.DatetimeIndex(pd.to_datetime(moments, utc=True))
    return index.as_unit("us").asi8


def kind_codes(kinds: str | Sequence[str], count: int) -> IntArray:
    """Positions in `KINDS`; -1 for a word that is none."""
    if isinstance(kinds, str):
        return np.full(count, KINDS.index(kinds), np.int64)
    return pd.Index(KINDS).get_indexer(pd.Index(kinds)).astype(np.int64)


def staged_columns(numbers: IntArray, first_line: int, given: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
    """The binary columns of one chunk; `numbers` are the numbers of the postings that the rows belong to."""
    count = len(numbers)
    price, document = given.get("unit_price"), given.get("document_id")
    nothing = np.full(count, NOTHING, np.int64)
    lots = {} if given.get("lot_id") is None else {"lot_id": whole(given["lot_id"], 1, _("The lot"))}
    return lots | {
        "line": np.arange(first_line, first_line + count, dtype=np.int64),
        "posting": numbers,
        "kind": kind_codes(given["kind"], count),
        "sku_id": np.asarray(given["sku_id"], np.int64),
        "source_id": np.asarray(given["source_id"], np.int64),
        "destination_id": np.asarray(given["destination_id"], np.int64),
        "milli": whole(given["quantity"], QUANTITY_SCALE, _("The quantity")),
        "price": nothing if price is None else whole(price, PRICE_SCALE, _("The price")),
        "at_us": microseconds(given["occurred_at"]),
        "document_id": nothing if document is None else whole(document, 1, _("The document")),
    }
