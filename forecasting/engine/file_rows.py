"""Reading tidy demand files into dense arrays, batch by batch, refusing what cannot be demand by row and column."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from forecasting.engine.errors import FileError
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Frequency

NEEDED = ("series", "date", "quantity")
PERIOD = {"D": "day", "W": "week", "M": "month"}
AHEAD = ("promotion", "price")
DRIVER = "x_"  # a column whose name begins so holds another number that may move demand: x_temperature, x_display
MOST = {"in_stock": 1.0, "promotion": 1.0}
BATCH = 262_144
IN_MEMORY = 256 * 2**20  # bytes of one dense array beyond which it lives in a file
Progress = Callable[[str, int, int], None]
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Layout:
    """Which series there are and when: `first` and `last` int64 [n] are periods after `start`."""

    names: list[str]
    rows: dict[str, int]
    frequency: Frequency
    start: date
    n_periods: int
    first: I64
    last: I64
    columns: tuple[str, ...]
    has_future: tuple[str, ...] = ()

    def period(self, days: I64) -> I64:
        """Period of each day number since 1970."""
        zero = period_of(np.array([(self.start - EPOCH).days]), self.frequency)[0]
        return np.asarray(period_of(days, self.frequency) - zero, dtype=np.int64)


def period_of(days: I64, frequency: Frequency) -> I64:
    """Days since 1970 to whole periods; weeks run from Monday to Sunday."""
    if frequency == "D":
        return np.asarray(days, dtype=np.int64)
    if frequency == "W":
        return np.asarray((days + 3) // 7, dtype=np.int64)
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return np.asarray(months.astype(np.int64), dtype=np.int64)


@dataclass(frozen=True)
class Batch:
    """Rows of a file: series ids, day numbers and the numbers asked for; `row` counts from 1."""

    row: int
    series: I64
    days: I64
    values: dict[str, F64]


def read_layout(path: Path, frequency: Frequency | None, progress: Progress) -> Layout:
    """First pass: names, dates, spans; every value is checked."""
    file = open_file(path)
    there = file.schema_arrow.names
    columns = tuple(c for c in ("quantity", "in_stock", *AHEAD) if c in there) + drivers_of(there)
    rows: dict[str, int] = {}
    first: list[int] = []
    last: list[int] = []
    seen: set[int] = set()
    sparse = True
    for batch in read_batches(file, path, columns, rows, True):
        _extend(first, last, batch, len(rows))
        seen.update(np.unique(batch.days).tolist())
        sparse = sparse and not bool((batch.values["quantity"] == 0).any())
        progress("reading", batch.row - 1, 2 * file.metadata.num_rows)
    if not rows:
        raise FileError(f"{path.name} has no rows.")
    days = np.array(sorted(seen), dtype=np.int64)
    found = frequency or guess_frequency(days)
    begin, end = np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)
    start = EPOCH + timedelta(days=int(days[0]))
    layout = Layout(list(rows), rows, found, start, 0, begin, end, columns)
    ends = layout.period(end)
    n_periods = int(ends.max()) + 1
    ends = np.full_like(ends, n_periods - 1) if sparse else ends
    return Layout(list(rows), rows, found, start, n_periods, layout.period(begin), ends, columns)


def drivers_of(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that hold drivers, in the order of their names."""
    return tuple(sorted(c for c in columns if c.startswith(DRIVER)))


def _extend(first: list[int], last: list[int], batch: Batch, n: int) -> None:
    first.extend([2**40] * (n - len(first)))
    last.extend([-(2**40)] * (n - len(last)))
    ids, place = np.unique(batch.series, return_inverse=True)
    low, high = np.full(len(ids), 2**40), np.full(len(ids), -(2**40))
    np.minimum.at(low, place, batch.days)
    np.maximum.at(high, place, batch.days)
    for i, a, b in zip(ids.tolist(), low.tolist(), high.tolist(), strict=True):
        first[i], last[i] = min(first[i], a), max(last[i], b)


def guess_frequency(days: I64) -> Frequency:
    """Months, weeks or days, from the distinct dates."""
    dates = [EPOCH + timedelta(days=int(d)) for d in days]
    gaps = np.diff(days)
    if len(days) > 2 and gaps.min() >= 28 and len({d.day for d in dates}) == 1:
        return "M"
    return "W" if len(days) > 2 and not (gaps % 7).any() else "D"


def open_file(path: Path) -> pq.ParquetFile:
    """The opened file, or what is wrong with it."""
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise FileError(f"{path.name} cannot be read as parquet: {error}") from error
    return file


def read_batches(
    file: pq.ParquetFile, path: Path, columns: tuple[str, ...], rows: dict[str, int], grow: bool
) -> Iterator[Batch]:
    """Checked batches. New names get the next id in `rows` when `grow`, the id -1 otherwise."""
    needed = NEEDED if grow else NEEDED[:2]
    missing = [c for c in needed if c not in file.schema_arrow.names]
    if missing:
        raise FileError(f"{path.name} has no column {missing[0]!r}; it needs {', '.join(needed)}.")
    at = 1
    for batch in file.iter_batches(BATCH, columns=[*NEEDED[:2], *columns]):
        series = _ids(batch.column("series"), at, rows, grow)
        days = _days(batch.column("date"), at)
        values = {c: _numbers(batch.column(c), c, at) for c in columns}
        at += batch.num_rows
        yield Batch(at, series, days, values)


def _refuse(row: int, column: str, problem: str) -> FileError:
    return FileError(f"Row {row}, column {column!r}: {problem}")


def _first_null(array: pa.Array, column: str, at: int) -> None:
    if array.null_count:
        row = at + int(np.flatnonzero(pc.is_null(array).to_numpy(zero_copy_only=False))[0])
        raise _refuse(row, column, "the value is missing.")


def _ids(array: pa.Array, at: int, rows: dict[str, int], grow: bool) -> I64:
    _first_null(array, "series", at)
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    names = [str(name) for name in coded.dictionary.to_pylist()]
    known = np.array([rows.setdefault(n, len(rows)) if grow else rows.get(n, -1) for n in names], dtype=np.int64)
    return np.asarray(known[coded.indices.to_numpy(zero_copy_only=False)], dtype=np.int64)


def _days(array: pa.Array, at: int) -> I64:
    _first_null(array, "date", at)
    try:
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            array = pc.strptime(pc.utf8_slice_codeunits(array, 0, 10), "%Y-%m-%d", "s")
        return np.asarray(array.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False), dtype=np.int64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        for i, value in enumerate(array.to_pylist()):
            if not _is_date(value):
                raise _refuse(at + i, "date", f"{value!r} is no date like 2025-01-31.") from error
        raise _refuse(at, "date", f"the type {array.type} holds no dates without times.") from error


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return isinstance(value, date)
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _numbers(array: pa.Array, column: str, at: int) -> F64:
    try:
        values = np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _refuse(at, column, f"the type {array.type} is no number.") from error
    if column != "quantity":
        values = np.where(np.isnan(values), 1.0 if column == "in_stock" else 0.0, values)
    least = -np.inf if column.startswith(DRIVER) else 0.0
    bad = ~(np.isfinite(values) & (values >= least) & (values <= MOST.get(column, np.inf)))
    if bad.any():
        i = int(np.flatnonzero(bad)[0])
        limits = "from 0 to 1" if column in MOST else "of 0 or more" if least == 0 else "that is finite"
        raise _refuse(at + i, column, f"{values[i]:g} must be a number {limits}.")
    return values


def known_ahead(path: Path, layout: Layout) -> tuple[str, ...]:
    """The columns that FUTURE tells of. Refuses one that cannot help: what IN does not have has no known effect."""
    names = open_file(path).schema_arrow.names
    possible = (*AHEAD, *drivers_of(names))
    found = tuple(column for column in possible if column in names and column in layout.columns)
    if not found:
        raise FileError(
            f"{path.name} and the demand file must both have the column 'promotion', or both 'price', or both one "
            f"whose name begins with {DRIVER!r}, to be used."
        )
    return found


def dense_arrays(
    source: Path, future: Path | None, layout: Layout, horizon: int, folder: Path, progress: Progress
) -> dict[str, F32]:
    """Second pass: float32 [n, periods] of each column; what FUTURE tells of reaches `horizon` further. A price of 0 is
    not known.
    """
    columns = layout.columns
    extra = dict.fromkeys(layout.has_future, horizon)
    n = len(layout.names)
    arrays = {c: _empty(folder, c, n, layout.n_periods + extra.get(c, 0), float(c == "in_stock")) for c in columns}
    taken = _empty(folder, "taken", n, layout.n_periods, 0.0)
    file = open_file(source)
    for batch in read_batches(file, source, columns, layout.rows, False):
        _place(batch, layout, arrays, taken)
        progress("reading", file.metadata.num_rows + batch.row - 1, 2 * file.metadata.num_rows)
    if future is not None:
        _place_future(future, layout, arrays)
    return arrays


def _empty(folder: Path, name: str, rows: int, columns: int, value: float) -> F32:
    if 4 * rows * columns <= IN_MEMORY:
        return np.full((rows, columns), value, dtype=np.float32)
    array = np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float32, (rows, columns))
    if value:
        array[:] = value
    return np.asarray(array)


def _place(batch: Batch, layout: Layout, arrays: dict[str, F32], taken: F32) -> None:
    period = layout.period(batch.days)
    first_row = batch.row - len(period)
    order = np.lexsort((np.arange(len(period)), period, batch.series))
    same = (np.diff(batch.series[order]) == 0) & (np.diff(period[order]) == 0)
    again = taken[batch.series, period] > 0
    again[order[1:][same]] = True
    if again.any():
        i = int(np.flatnonzero(again)[0])
        name = layout.names[batch.series[i]]
        raise _refuse(
            first_row + i, "date", f"a second row of series {name!r} for the same {PERIOD[layout.frequency]}."
        )
    taken[batch.series, period] = 1.0
    for column, values in batch.values.items():
        arrays[column][batch.series, period] = values


def _place_future(path: Path, layout: Layout, arrays: dict[str, F32]) -> None:
    width = arrays[layout.has_future[0]].shape[1]
    for batch in read_batches(open_file(path), path, layout.has_future, layout.rows, False):
        period = layout.period(batch.days)
        ok = (batch.series >= 0) & (period >= 0) & (period < width)
        ok &= period > layout.last[np.maximum(batch.series, 0)]
        for column in layout.has_future:
            arrays[column][batch.series[ok], period[ok]] = batch.values[column][ok]
