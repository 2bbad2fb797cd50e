"""Forecasts from one parquet file to another: no database, no more memory than a chunk of series needs.

IN is tidy: `series`, `date`, `quantity`, and where known `in_stock` (share of the period in stock, 0..1), `promotion`
(share or flag, 0..1), `price` and drivers, numbers that may move demand, under names that begin with `x_`
(`x_temperature`; where one is missing it counts as 0). A missing row between a series' first and last one counts as
zero demand. A file without a single zero is taken to leave zeros out, so there every series runs to the last date of
the file. FUTURE has `series`, `date` and the promotion, price and drivers known ahead; a period it leaves out has no
promotion, the last price known and drivers of 0. OUT has one row per series: `series`, `mean` and the quantiles of the
SUM over the next N periods after the series' last one; they are NaN where there is nothing to tell a number from.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forecasting.engine.boosted.training import Training, train
from forecasting.engine.config import Config
from forecasting.engine.errors import FileError
from forecasting.engine.file_rows import Layout, dense_arrays, drivers_of, known_ahead, read_layout
from forecasting.engine.kernels import F32, I64
from forecasting.engine.last_known import last_known
from forecasting.engine.names import Kinship, kinship
from forecasting.engine.panel import Frequency, Panel
from forecasting.engine.predict import forecast

CHUNK = 10_000  # series forecast at once
MOST_HORIZON = 1_000
MOST_ENDS = 8  # different last dates; with more, all series are forecast from the file's last one
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FileJob:
    """What to read, what to write, how far to look.

    frequency None: found from the dates (months when all fall on one day of the month, weeks when all lie whole
    weeks apart, else days).
    """

    source: Path
    target: Path
    horizon: int
    levels: tuple[float, ...]
    frequency: Frequency | None = None
    future: Path | None = None
    training: Training = field(default_factory=Training)
    seed: int = 0


def forecast_file(job: FileJob, progress: Progress = lambda _part, _done, _total: None) -> int:
    """Do the job and return the number of series. Raises FileError naming row and column; writes all or nothing."""
    if not 1 <= job.horizon <= MOST_HORIZON:
        raise FileError(f"The horizon must be at least 1 and at most {MOST_HORIZON} periods, not {job.horizon}.")
    config = Config(
        horizon_days=job.horizon,
        choice_horizon=job.horizon,
        levels=job.levels,
        min_history=1,
        seed=job.seed,
        grid=(job.horizon,),
    )
    with target_of(job) as partial:
        layout = read_layout(job.source, job.frequency, progress)
        if job.future is not None:
            layout = replace(layout, has_future=known_ahead(job.future, layout))
        with TemporaryDirectory(prefix="forecast-file-") as folder:
            arrays = dense_arrays(job.source, job.future, layout, job.horizon, Path(folder), progress)
            _write(partial, layout, _forecast_all(layout, arrays, config, job.training, progress), job.levels)
    return len(layout.names)


@contextmanager
def target_of(job: FileJob) -> Iterator[Path]:
    """A new file beside OUT that takes its place when all went well, and is gone otherwise. Looked at before any work,
    so that nobody waits an hour for a folder that cannot be written to.
    """
    target = job.target
    if any(given is not None and given.resolve() == target.resolve() for given in (job.source, job.future)):
        raise FileError(f"{target} is read, so it cannot be written. Name another file for the forecast.")
    if target.is_dir():
        raise FileError(f"{target} is a folder. Name a file in it.")
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", suffix=".partial", delete=False) as file:
            partial = Path(file.name)
    except OSError as error:
        raise FileError(f"{target} cannot be written: {error.strerror}.") from error
    try:
        yield partial
        partial.chmod(0o666 & ~_umask())
        partial.replace(target)
    except OSError as error:
        raise FileError(f"{target} cannot be written: {error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    """That of this process, which can only be asked for by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def end_groups(layout: Layout) -> list[tuple[int, I64]]:
    """(last period + 1, series) of those that end together; with too many ends all run to the file's last period."""
    ends = np.unique(layout.last) + 1
    if len(ends) > MOST_ENDS:
        return [(layout.n_periods, np.arange(len(layout.names)))]
    return [(int(end), np.flatnonzero(layout.last + 1 == end)) for end in ends]


def _forecast_all(
    layout: Layout, arrays: dict[str, F32], config: Config, training: Training, progress: Progress
) -> Iterator[tuple[I64, F32, F32]]:
    """(series, mean of the sum, its quantiles) chunk by chunk, all by one model: a few series that ended early are
    too few to learn from, and a training for each end takes as long as one for all.
    """
    done, kin = 0, kinship(layout.names)
    some = np.random.default_rng(config.seed).permutation(len(layout.names))[: training.series]
    progress("training", 0, 1)
    model = train(panel_of(layout, arrays, kin, np.sort(some), layout.n_periods), config, training)
    progress("training", 1, 1)
    for end, series in end_groups(layout):
        if kin.item is not None and len(series) > CHUNK:
            # An item at all its locations in one chunk, so that they see each other.
            series = series[np.argsort(kin.item[series], kind="stable")]
        for begin in range(0, len(series), CHUNK):
            part = series[begin : begin + CHUNK]
            found = forecast(panel_of(layout, arrays, kin, part, end), config, model=model)
            done += len(part)
            progress("forecasting", done, len(layout.names))
            yield part, found.mean.sum(axis=1), found.sum_quantiles[:, -1]


def panel_of(layout: Layout, arrays: dict[str, F32], kin: Kinship, series: I64, end: int) -> Panel:
    """The panel of some series that end at period `end`."""
    own = kin.rows(series)
    stock, price = arrays.get("in_stock"), _ahead(layout, arrays, "price", series, end)
    known = np.arange(end)[None, :] <= layout.last[series][:, None]
    share = np.ones((len(series), end), np.float32) if stock is None else np.array(stock[series, :end])
    return Panel(
        demand=np.array(arrays["quantity"][series, :end]),
        start=layout.start,
        frequency=layout.frequency,
        in_stock_share=None if stock is None and known.all() else np.where(known, share, np.float32(0)),
        first_day=layout.first[series].astype(np.int32),
        promotion=_ahead(layout, arrays, "promotion", series, end),
        price=None if price is None else last_known(price),
        drivers=_drivers(layout, arrays, series, end),
        category=own.category,
        location=own.location,
        item=own.item,
    )


def _ahead(layout: Layout, arrays: dict[str, F32], column: str, series: I64, end: int) -> F32 | None:
    """A column as far as it is known: to the end of the history, or of the horizon."""
    values = arrays.get(column)
    if values is None:
        return None
    return np.array(values[series, : values.shape[1] if column in layout.has_future else end])


def _drivers(layout: Layout, arrays: dict[str, F32], series: I64, end: int) -> F32 | None:
    """float32 [n, periods, m]: the drivers, over the horizon too where all of them are known there; None for none."""
    names = drivers_of(layout.columns)
    if not names:
        return None
    known = set(names) <= set(layout.has_future)
    return np.stack([arrays[c][series, : arrays[c].shape[1] if known else end] for c in names], axis=2)


def _write(target: Path, layout: Layout, chunks: Iterator[tuple[I64, F32, F32]], levels: tuple[float, ...]) -> None:
    names = [level_name(p) for p in levels]
    schema = pa.schema([("series", pa.string()), ("mean", pa.float64()), *((name, pa.float64()) for name in names)])
    with pq.ParquetWriter(target, schema) as writer:
        for series, mean, quantiles in chunks:
            columns = [pa.array([layout.names[i] for i in series]), pa.array(mean.astype(np.float64))]
            columns += [pa.array(quantiles[:, q].astype(np.float64)) for q in range(len(levels))]
            writer.write_table(pa.table(columns, schema=schema))


def level_name(level: float) -> str:
    """The column of a quantile: q05, q50, q97.5."""
    percent = f"{100 * level:.10g}"
    return f"q{percent.zfill(2) if '.' not in percent else percent}"
