"""The files of the VN2 challenge: what they hold, and what is wrong with them, by row and column.

HISTORY (parquet): Store, Product, week, sales, in_stock, a row for each week. STATE (CSV): Store, Product, End
Inventory, In Transit W+1, In Transit W+2. MASTER (CSV, optional): Store, Product and attributes, of which
`Department` is used. Rows are counted as a person sees them: the heading of a CSV file is row 1.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from forecasting.engine import FileError, Panel
from orders.domain.curves import F64
from orders.domain.weekly_order import Pipeline

HISTORY_COLUMNS = ("Store", "Product", "week", "sales", "in_stock")
STATE_COLUMNS = ("Store", "Product", "End Inventory", "In Transit W+1", "In Transit W+2")
MASTER_COLUMNS = ("Store", "Product", "Department")
WEEK = 7
Key = tuple[str, str]


@dataclass(frozen=True)
class State:
    """Of n series `keys` (store, product), in the order of the file."""

    keys: list[Key]
    pipeline: Pipeline


def read_state(path: Path) -> State:
    """Raises FileError."""
    rows = _csv_rows(path, STATE_COLUMNS)
    keys: list[Key] = []
    values = np.zeros((len(rows), 3))
    for place, row in enumerate(rows):
        keys.append((row["Store"], row["Product"]))
        for column, name in enumerate(STATE_COLUMNS[2:]):
            values[place, column] = _amount(row[name], f"{path.name}, row {place + 2}, column {name}")
    _once(keys, path, 2)
    return State(keys, Pipeline(values[:, 0], values[:, 1:]))


def read_panel(history: Path, keys: list[Key], master: Path | None) -> Panel:
    """The weekly panel of all series of the history, those of `keys` first and in their order. A week without a row
    was not on sale. Raises FileError."""
    rows = _history_rows(history)
    known = list(dict.fromkeys(zip(rows.Store, rows.Product, strict=True)))
    missing = sorted(set(keys) - set(known))
    if missing:
        raise FileError(f"{history.name} has no row of store {missing[0][0]}, product {missing[0][1]} of the state.")
    wanted = [*keys, *(key for key in known if key not in set(keys))]
    place = {key: row for row, key in enumerate(wanted)}
    at = np.array([place[key] for key in zip(rows.Store, rows.Product, strict=True)])
    column = (rows.week.to_numpy() - rows.week.min().to_numpy()).astype("timedelta64[D]").astype(np.int64) // WEEK
    sales, share = (np.zeros((len(wanted), int(column.max()) + 1), np.float32) for _ in range(2))
    sales[at, column] = rows.sales
    share[at, column] = rows.in_stock
    sales[share == 0] = 0.0
    return Panel(
        demand=sales, start=rows.week.min().date(), frequency="W", in_stock_share=share,
        first_day=np.argmax(share > 0, axis=1).astype(np.int32),
        category=_departments(master, wanted),
        location=_ids([store for store, _product in wanted]), item=_ids([product for _store, product in wanted]),
    )  # fmt: skip


def write_orders(path: Path, keys: list[Key], quantities: F64) -> None:
    """Store, Product, quantity; whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Store", "Product", "quantity"))
        writer.writerows((*key, int(quantity)) for key, quantity in zip(keys, quantities, strict=True))
    partial.replace(path)


def _csv_rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            _has_columns(path, list(reader.fieldnames or ()), columns)
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path.name} cannot be read: {error}.") from None
    if not rows:
        raise FileError(f"{path.name} has no row.")
    for place, row in enumerate(rows):
        for name in columns:
            if row[name] is None or not row[name].strip():
                raise FileError(f"{path.name}, row {place + 2}, column {name}: it is empty.")
            row[name] = row[name].strip()
    return rows


def _history_rows(path: Path) -> pd.DataFrame:
    """Checked rows, Store and Product as text, week as a date."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise FileError(f"{path.name} cannot be read: {error}.") from None
    _has_columns(path, table.column_names, HISTORY_COLUMNS)
    rows: pd.DataFrame = table.select(list(HISTORY_COLUMNS)).to_pandas()
    if rows.empty:
        raise FileError(f"{path.name} has no row.")
    _check(path, "Store", rows.Store.isna(), rows.Store)
    _check(path, "Product", rows.Product.isna(), rows.Product)
    rows["Store"], rows["Product"] = rows.Store.astype(str), rows.Product.astype(str)
    week = pd.to_datetime(rows.week, errors="coerce")
    _check(path, "week", week.isna(), rows.week)
    rows["week"] = week
    _check(path, "week", (week - week.min()).dt.days % WEEK != 0, rows.week)
    sales = pd.to_numeric(rows.sales, errors="coerce")
    _check(path, "sales", ~(sales >= 0) | ~np.isfinite(sales), rows.sales)
    stock = pd.to_numeric(rows.in_stock, errors="coerce")
    _check(path, "in_stock", ~stock.isin((0, 1)), rows.in_stock)
    rows["sales"], rows["in_stock"] = sales, stock
    _check(path, "week", rows.duplicated(["Store", "Product", "week"]), rows.week)
    return rows


def _check(path: Path, column: str, bad: "pd.Series[bool]", values: "pd.Series[Any]") -> None:
    """Names the first bad cell and what should stand there."""
    rules = {
        "Store": "must be named", "Product": "must be named", "in_stock": "must be true or false",
        "sales": "must be a number of 0 or more",
        "week": "must be a date, whole weeks apart, once for each store and product",
    }  # fmt: skip
    if bad.any():
        row = int(np.argmax(bad.to_numpy()))
        raise FileError(f"{path.name}, row {row + 1}, column {column}: {values.iloc[row]} {rules[column]}.")


def _has_columns(path: Path, found: list[str], wanted: tuple[str, ...]) -> None:
    missing = [name for name in wanted if name not in found]
    if missing:
        raise FileError(f"{path.name} has no column {missing[0]!r}; it needs {', '.join(wanted)}.")


def _amount(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not np.isfinite(value) or value < 0:
        raise FileError(f"{where}: {text!r} must be a number of 0 or more.")
    return value


def _once(keys: list[Key], path: Path, first_row: int) -> None:
    seen: dict[Key, int] = {}
    for row, key in enumerate(keys):
        if key in seen:
            raise FileError(
                f"{path.name}, row {row + first_row}: store {key[0]}, product {key[1]} stands in row "
                f"{seen[key] + first_row} already."
            )
        seen[key] = row


def _departments(master: Path | None, keys: list[Key]) -> np.ndarray | None:
    """Ids of the departments; series that the file does not know share one."""
    if master is None:
        return None
    found = {(row["Store"], row["Product"]): row["Department"] for row in _csv_rows(master, MASTER_COLUMNS)}
    return _ids([found.get(key, "") for key in keys])


def _ids(names: list[str]) -> np.ndarray:
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.int32)
