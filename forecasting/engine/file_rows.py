"""Reading tidy demand files into dense arrays, batch by batch, refusing what cannot be demand by row and column."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forecasting.engine.errors import FileError
from forecasting.engine.file_cells import DRIVER, EPOCH, Place, days_of, ids_of, numbers_of
from forecasting.engine.kernels import F32, F64, I64
from forecasting.engine.panel import Frequency

NEEDED = ("series", "date", "quantity")
PERIOD = {"D": "day", "W": "week", "M": "month"}
AHEAD = ("promotion", "price")
BATCH = 262_144
IN_MEMORY = 256 * 2**20  # bytes of one dense array beyond which it lives in a file
Progress = Callable[[str, int, int], None]
# Longer than any shop's records: a date far off is a slip, and every series would be drawn out to it.
MOST_PERIODS = {"D": 15_000, "W": 2_200, "M": 500}


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
    """Rows of a file: series ids, day numbers and the numbers asked for; `row` is that after the last one, from 1."""

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
    for batch in read_batches(file, path, columns, rows, grow=True):
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
    if n_periods > MOST_PERIODS[found]:
        raise FileError(
            f"{path.name}, column 'date': {start} to {EPOCH + timedelta(days=int(days[-1]))} are {n_periods:,} "
            f"{PERIOD[found]}s; at most {MOST_PERIODS[found]:,} are read. Is one of the two dates a slip?"
        )
    ends = np.full_like(ends, n_periods - 1) if sparse else ends
    return replace(layout, n_periods=n_periods, first=layout.period(begin), last=ends)


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
    """Months, weeks or days, from the distinct dates. Months may be named by their first day, their last one or any."""
    if len(days) <= 2:
        return "D"
    same_day = len({(EPOCH + timedelta(days=int(d))).day for d in days}) == 1
    gaps = np.diff(days)
    whole_weeks = not (gaps % 7).any()
    if gaps.min() >= 28 and (same_day or not whole_weeks):
        return "M"
    return "W" if whole_weeks else "D"


def open_file(path: Path) -> pq.ParquetFile:
    """The opened file, or what is wrong with it."""
    if not path.is_file():
        raise FileError(f"There is no file {path}: name a parquet file that is there.")
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise FileError(f"{path} cannot be read as parquet: {error}") from error
    names = file.schema_arrow.names
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise FileError(f"{path.name} has the column {twice[0]!r} twice.")
    return file


def read_batches(
    file: pq.ParquetFile, path: Path, columns: tuple[str, ...], rows: dict[str, int], *, grow: bool
) -> Iterator[Batch]:
    """Checked batches. New names get the next id in `rows` when `grow`, the id -1 otherwise."""
    needed = NEEDED if grow else NEEDED[:2]
    there = file.schema_arrow.names
    missing = [c for c in needed if c not in there]
    if missing:
        raise FileError(
            f"{path.name} has no column {missing[0]!r}; it needs {', '.join(needed)}, and has {', '.join(there)[:200]}."
        )

    def id_of(name: str) -> int:
        return rows.setdefault(name, len(rows)) if grow else rows.get(name, -1)

    at = 1
    try:
        for batch in file.iter_batches(BATCH, columns=[*NEEDED[:2], *columns]):
            if batch.num_rows:
                yield _checked(batch, columns, path.name, at, id_of)
            at += batch.num_rows
    except (OSError, pa.ArrowInvalid) as error:
        raise FileError(f"{path} cannot be read beyond row {at - 1}: {error}") from error


def _checked(batch: pa.RecordBatch, columns: tuple[str, ...], name: str, at: int, id_of: Callable[[str], int]) -> Batch:
    series = ids_of(batch.column("series"), Place(name, "series", at), id_of)
    days = days_of(batch.column("date"), Place(name, "date", at))
    values = {c: numbers_of(batch.column(c), Place(name, c, at)) for c in columns}
    return Batch(at + batch.num_rows, series, days, values)


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
    n, ahead = len(layout.names), horizon if layout.has_future else 0
    arrays = {c: _empty(folder, c, n, layout.n_periods + extra.get(c, 0), float(c == "in_stock")) for c in columns}
    taken = _empty(folder, "taken", n, layout.n_periods + ahead, 0.0)
    file = open_file(source)
    for batch in read_batches(file, source, columns, layout.rows, grow=False):
        _place(batch, layout, arrays, taken, source.name)
        progress("reading", file.metadata.num_rows + batch.row - 1, 2 * file.metadata.num_rows)
    if future is not None:
        _place_future(future, layout, arrays, taken)
    return arrays


def _empty(folder: Path, name: str, rows: int, columns: int, value: float) -> F32:
    if 4 * rows * columns <= IN_MEMORY:
        return np.full((rows, columns), value, dtype=np.float32)
    path = folder / f"{name}.npy"
    array = np.lib.format.open_memmap(path, "w+", np.float32, (rows, columns))
    path.unlink()  # the map keeps it alive, and it is gone with the process, however that ends
    if value:
        array[:] = value
    return np.asarray(array)


def _place(batch: Batch, layout: Layout, arrays: dict[str, F32], taken: F32, file: str) -> None:
    period = layout.period(batch.days)
    _refuse_again(batch, np.arange(len(period)), period, layout, taken, file)
    for column, values in batch.values.items():
        arrays[column][batch.series, period] = values


def _refuse_again(batch: Batch, which: I64, period: I64, layout: Layout, taken: F32, file: str) -> None:
    """Mark the periods of the rows `which` as taken; refuse a second row of a series for one of them."""
    series, when = batch.series[which], period[which]
    order = np.lexsort((which, when, series))
    same = (np.diff(series[order]) == 0) & (np.diff(when[order]) == 0)
    again = taken[series, when] > 0
    again[order[1:][same]] = True
    if again.any():
        i = int(np.flatnonzero(again)[0])
        name, length = layout.names[series[i]], PERIOD[layout.frequency]
        hint = "" if length == "day" else f" A row tells of a whole {length}: add them up, or say --freq D."
        place = Place(file, "date", batch.row - len(period))
        raise place.refuse(int(which[i]), f"a second row of series {name!r} for the same {length}.{hint}")
    taken[series, when] = 1.0


def _place_future(path: Path, layout: Layout, arrays: dict[str, F32], taken: F32) -> None:
    """What lies after the history of its series, inside the horizon. The rest is of no use, and a file of which nothing
    is, is refused: its names or dates are other ones.
    """
    width, known, used = taken.shape[1], 0, 0
    for batch in read_batches(open_file(path), path, layout.has_future, layout.rows, grow=False):
        period = layout.period(batch.days)
        is_known = batch.series >= 0
        ok = is_known & (period > layout.last[np.maximum(batch.series, 0)]) & (period < width)
        known, used = known + int(is_known.sum()), used + int(ok.sum())
        _refuse_again(batch, np.flatnonzero(ok), period, layout, taken, path.name)
        for column in layout.has_future:
            arrays[column][batch.series[ok], period[ok]] = batch.values[column][ok]
    if not known:
        raise FileError(f"{path.name}, column 'series': none of its series is in the demand file.")
    if not used:
        raise FileError(
            f"{path.name}, column 'date': no row lies in the {PERIOD[layout.frequency]}s that are forecast, after "
            "the last one of its series in the demand file."
        )
