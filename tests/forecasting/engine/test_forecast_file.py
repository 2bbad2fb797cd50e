"""From file to file: what is written, and what is refused by row and column."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forecasting.engine.boosted.training import Training
from forecasting.engine.errors import FileError
from forecasting.engine.file import FileJob, forecast_file, level_name
from forecasting.engine.last_known import last_known

LEVELS = (0.05, 0.5, 0.95, 0.99)
START = date(2025, 1, 6)


def rows_of(series, quantities, step=1, **columns):
    dates = [START + timedelta(days=step * i) for i in range(len(quantities))]
    return pd.DataFrame({"series": series, "date": dates, "quantity": np.array(quantities, float), **columns})


def run(folder, rows, horizon=7, future=None, **others):
    rows.to_parquet(folder / "in.parquet", index=False)
    if future is not None:
        future.to_parquet(folder / "future.parquet", index=False)
        others["future"] = folder / "future.parquet"
    count = forecast_file(FileJob(folder / "in.parquet", folder / "out.parquet", horizon, LEVELS, **others))
    found = pq.read_table(folder / "out.parquet").to_pandas().set_index("series")
    assert len(found) == count
    return found


def test_one_row_per_series_with_the_quantiles_of_the_sum(tmp_path):
    found = run(tmp_path, pd.concat([rows_of("a", [2.0] * 60), rows_of("b", [0, 4] * 30)]))
    assert list(found.columns) == ["mean", "q05", "q50", "q95", "q99"]
    assert found.loc["a", "mean"] == pytest.approx(14, rel=1e-3) and found.loc["b", "q50"] == pytest.approx(14, abs=3)


def test_missing_rows_inside_a_span_are_zero_demand(tmp_path):
    rows = rows_of("a", [3.0, 0.0] * 30)
    found = run(tmp_path, pd.concat([rows[rows.quantity > 0], rows_of("b", [0.0] * 59)]), horizon=10)
    assert found.loc["a", "mean"] == pytest.approx(15, rel=0.15)


def test_a_file_without_zeros_runs_to_its_last_date(tmp_path):
    found = run(tmp_path, pd.concat([rows_of("gone", [3.0] * 10), rows_of("b", [1.0] * 400)]))
    assert found.loc["gone", "mean"] < 2


def test_stockouts_are_masked(tmp_path):
    quantity, share = np.full(90, 5.0), np.ones(90)
    quantity[70:], share[70:] = 0, 0
    assert run(tmp_path, rows_of("a", quantity, in_stock=share)).loc["a", "mean"] == pytest.approx(35, rel=0.05)


def test_a_promotion_known_ahead_counts(tmp_path):
    promoted = np.tile([0.0] * 7 + [1.0] * 7, 10)
    rows = rows_of("a", 2 + 8 * promoted, promotion=promoted)
    dates = [START + timedelta(days=140 + i) for i in range(7)]
    future = pd.DataFrame({"series": "a", "date": dates, "promotion": 1.0})
    assert run(tmp_path, rows, future=future).loc["a", "mean"] > 40
    assert run(tmp_path, rows, future=future.assign(promotion=0.0)).loc["a", "mean"] < 25


def test_a_future_without_a_known_effect_is_refused(tmp_path):
    future = pd.DataFrame({"series": "a", "date": [START], "price": 1.0})
    with pytest.raises(FileError, match="both 'price'"):
        run(tmp_path, rows_of("a", [1.0] * 30), future=future)
    assert not (tmp_path / "out.parquet").exists()


def test_a_price_known_ahead_is_read_and_gaps_keep_the_last_one(tmp_path):
    rows = rows_of("a", [2.0] * 60, price=[3.0, np.nan] * 30)
    future = pd.DataFrame({"series": "a", "date": [START + timedelta(days=60)], "price": 2.0})
    assert run(tmp_path, rows, future=future).loc["a", "mean"] == pytest.approx(14, rel=0.02)
    prices = last_known(np.array([[0, 3, 0, 2], [0, 0, 0, 0]], np.float32))
    assert prices.tolist() == [[3, 3, 3, 2], [1, 1, 1, 1]]


@pytest.mark.parametrize(("step", "size"), [(1, 70.0), (7, 70.0)])
def test_days_and_weeks_are_told_apart(tmp_path, step, size):
    assert run(tmp_path, rows_of("a", [size] * 60, step=step), horizon=3).loc["a", "mean"] == pytest.approx(
        210, rel=0.02
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"quantity": -1.0}, "Row 3, column 'quantity'"),
        ({"quantity": np.nan}, "Row 3, column 'quantity'"),
        ({"in_stock": 1.5}, "Row 3, column 'in_stock'"),
        ({"series": None}, "Row 3, column 'series'"),
        ({"date": None}, "Row 3, column 'date'"),
        ({"date": START}, "Row 3, column 'date': a second row of series 'a'"),
    ],
)
def test_bad_rows_are_refused_by_place_and_nothing_is_written(tmp_path, change, words):
    rows = rows_of("a", [1.0] * 5, in_stock=1.0)
    for column, value in change.items():
        rows.at[2, column] = value
    with pytest.raises(FileError, match=words):
        run(tmp_path, rows)
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


def test_text_that_is_no_date_is_refused(tmp_path):
    rows = rows_of("a", [1.0] * 3).assign(date=["2025-01-06", "2025-01-07", "2025-13-40"])
    with pytest.raises(FileError, match="Row 3, column 'date'"):
        run(tmp_path, rows)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(FileError, match="no column 'quantity'"):
        run(tmp_path, rows_of("a", [1.0] * 3).drop(columns="quantity"))


def test_no_parquet_at_all(tmp_path):
    (tmp_path / "in.parquet").write_text("series,date\n")
    with pytest.raises(FileError, match="cannot be read"):
        forecast_file(FileJob(tmp_path / "in.parquet", tmp_path / "out.parquet", 3, LEVELS))


def test_a_driver_teaches_the_model_and_is_read_of_the_future(tmp_path):
    warm = np.tile([0.0] * 7 + [-3.0] * 7, 15)
    rows = pd.concat([rows_of(f"s{k}", (1 + k % 4) * (2 - warm), x_weather=warm) for k in range(30)])
    dates = [START + timedelta(days=210 + i) for i in range(7)]
    future = pd.DataFrame([{"series": f"s{k}", "date": day} for k in range(30) for day in dates])
    mild, cold = (run(tmp_path, rows, future=future.assign(x_weather=w))["mean"].sum() for w in (0.0, -3.0))
    assert cold > 1.3 * mild


def test_a_driver_that_is_no_number_is_refused(tmp_path):
    rows = rows_of("a", [1.0] * 5, x_weather=[0, 1, np.inf, 0, 0])
    with pytest.raises(FileError, match="Row 3, column 'x_weather'"):
        run(tmp_path, rows)


QUANTITIES = [2.0, 0.0, 5.0] * 20
KINDS = {
    "series": [
        pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.binary(),
    ],
    "date": [
        pa.timestamp("ns"), pa.timestamp("us", "Asia/Shanghai"), pa.date64(), pa.string(),
        pa.dictionary(pa.int32(), pa.date32()),
    ],
    "quantity": [pa.int16(), pa.float32(), pa.decimal128(9, 3), pa.string(), pa.dictionary(pa.int8(), pa.float64())],
}  # fmt: skip


def with_column(rows, column, kind):
    table = pa.Table.from_pandas(rows, preserve_index=False)
    if pa.types.is_timestamp(kind) and kind.tz:
        values = pa.array(pd.to_datetime(rows[column]).dt.tz_localize(kind.tz))
    elif pa.types.is_decimal(kind):
        values = pa.array([Decimal(f"{value:.3f}") for value in rows[column]], kind)
    elif pa.types.is_dictionary(kind):
        values = table[column].combine_chunks().dictionary_encode().cast(kind)
    else:
        values = table[column].cast(kind)
    return table.set_column(table.schema.get_field_index(column), column, values)


@pytest.mark.parametrize(("column", "kind"), [(c, kind) for c, kinds in KINDS.items() for kind in kinds], ids=str)
def test_every_usual_type_of_a_column_means_the_same(tmp_path, column, kind):
    rows = rows_of("a", QUANTITIES)
    expected = run(tmp_path, rows)
    pq.write_table(with_column(rows, column, kind), tmp_path / "in.parquet")
    forecast_file(FileJob(tmp_path / "in.parquet", tmp_path / "other.parquet", 7, LEVELS))
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "other.parquet").set_index("series"), expected)


def test_a_category_that_no_row_has_is_no_series(tmp_path):
    rows = rows_of("a", QUANTITIES)
    rows["series"] = pd.Categorical(rows["series"], categories=["sold out long ago", "a"])
    assert list(run(tmp_path, rows).index) == ["a"]


@pytest.mark.parametrize("length", [1, 2, 3, 8])
def test_few_rows_are_enough_for_a_number(tmp_path, length):
    assert run(tmp_path, rows_of("a", [3.0] * length)).loc["a", "mean"] > 0


def test_months_may_be_named_by_their_last_day(tmp_path):
    dates = [date(2023 + k // 12, k % 12 + 1, 1) - timedelta(days=1) for k in range(30)]
    rows = pd.DataFrame({"series": "a", "date": dates, "quantity": 40.0})
    assert run(tmp_path, rows, horizon=3).loc["a", "mean"] == pytest.approx(120, rel=0.02)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("quantity", "many", "Row 3, column 'quantity': 'many' is no number"),
        ("quantity", "1,5", "Row 3, column 'quantity': '1,5' is no number"),
        ("quantity", "1e300", "Row 3, column 'quantity': 1e[+]300 must be a number from 0 to 1e[+]12"),
        ("date", "2025-02-30", "Row 3, column 'date': '2025-02-30' is no day of the calendar"),
        ("date", "2025/01/08", "Row 3, column 'date': '2025/01/08' is no date like 2025-01-31"),
        ("date", "2025-01-08xyz", "Row 3, column 'date'"),
        ("date", "9999-12-31", "Row 3, column 'date': 9999-12-31 lies outside the years"),
        ("date", "2150-01-01", "column 'date': 2025-01-06 to 2150-01-01 are 45,6.. days"),
        ("series", "", "Row 3, column 'series': the name is empty"),
        ("promotion", "yes", "Row 3, column 'promotion': 'yes' is no number"),
    ],
)
def test_text_that_is_not_what_its_column_holds_is_refused_by_place(tmp_path, column, value, words):
    rows = rows_of("a", [1.0] * 5, promotion=0).astype(str)
    rows.at[2, column] = value
    with pytest.raises(FileError, match=words):
        run(tmp_path, rows)
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


def test_a_column_of_lists_is_refused(tmp_path):
    for column, words in (("series", "holds no names"), ("quantity", "holds no numbers"), ("date", "is no date")):
        rows = rows_of("a", [1.0] * 3)
        with pytest.raises(FileError, match=words):
            run(tmp_path, rows.assign(**{column: [[1]] * 3}))


def test_a_column_that_stands_there_twice_is_refused(tmp_path):
    table = pa.Table.from_pandas(rows_of("a", [1.0] * 3), preserve_index=False)
    pq.write_table(table.append_column("quantity", table["quantity"]), tmp_path / "in.parquet")
    with pytest.raises(FileError, match="has the column 'quantity' twice"):
        forecast_file(FileJob(tmp_path / "in.parquet", tmp_path / "out.parquet", 3, LEVELS))


def ahead(series="a", first=60, days=7, **columns):
    dates = [START + timedelta(days=first + i) for i in range(days)]
    return pd.DataFrame({"series": series, "date": dates, "promotion": 1.0, **columns})


@pytest.mark.parametrize(
    ("future", "words"),
    [
        (ahead("b"), "column 'series': none of its series is in the demand file"),
        (ahead(first=300), "column 'date': no row lies in the days that are forecast"),
        (ahead(first=0), "column 'date': no row lies in the days that are forecast"),
        (pd.concat([ahead(), ahead(days=1)]), "future.parquet: Row 8, column 'date': a second row of series 'a'"),
        (ahead(promotion=2.0), "future.parquet: Row 1, column 'promotion'"),
        (ahead().drop(columns="series"), "future.parquet has no column 'series'"),
    ],
)
def test_a_future_that_cannot_be_used_is_refused(tmp_path, future, words):
    with pytest.raises(FileError, match=words):
        run(tmp_path, rows_of("a", QUANTITIES, promotion=0.0), future=future)
    assert not (tmp_path / "out.parquet").exists()


def test_a_future_may_tell_of_other_series_too_and_leave_days_out(tmp_path):
    rows = rows_of("a", QUANTITIES, promotion=[1.0] + [0.0] * 59)
    found = run(tmp_path, rows, future=pd.concat([ahead("b"), ahead(days=2)]))
    assert list(found.index) == ["a"]


def test_a_target_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    rows_of("a", [1.0] * 9).to_parquet(tmp_path / "in.parquet")
    source = tmp_path / "in.parquet"
    before = source.read_bytes()
    for target, words in (
        (source, "is read, so it cannot be written"),
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "out.parquet", "cannot be written: No such file or directory"),
    ):
        with pytest.raises(FileError, match=words):
            forecast_file(FileJob(source, target, 3, LEVELS))
    assert source.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


def test_a_forecast_that_is_there_is_replaced_only_by_a_whole_one(tmp_path):
    run(tmp_path, rows_of("a", QUANTITIES))
    first = (tmp_path / "out.parquet").read_bytes()
    with pytest.raises(FileError):
        run(tmp_path, rows_of("a", [1.0, -1.0]))
    assert (tmp_path / "out.parquet").read_bytes() == first
    run(tmp_path, rows_of("b", QUANTITIES))
    assert (tmp_path / "out.parquet").read_bytes() != first


def test_series_that_end_on_different_days_are_forecast_from_their_own_by_one_model(tmp_path):
    series = [rows_of(f"s{i}", np.arange(120 - 20 * (i == 0)) % 7 + 1.0) for i in range(20)]
    pd.concat([*series, rows_of("zero", np.zeros(120))]).to_parquet(tmp_path / "in.parquet", index=False)
    steps = []
    job = FileJob(tmp_path / "in.parquet", tmp_path / "out.parquet", 3, LEVELS, training=Training(rows=5_000, rounds=5))
    assert forecast_file(job, lambda *step: steps.append(step)) == 21
    assert [step for step in steps if step[0] == "training"] == [("training", 0, 1), ("training", 1, 1)]
    found = pq.read_table(tmp_path / "out.parquet").to_pandas().set_index("series")["mean"]
    # The 100th day is the second of its week, the 120th the first.
    assert found["s0"] == pytest.approx(3 + 4 + 5, rel=0.1) and found["s1"] == pytest.approx(2 + 3 + 4, rel=0.1)


def test_level_names():
    assert [level_name(p) for p in (0.05, 0.07, 0.5, 0.975, 0.9999)] == ["q05", "q07", "q50", "q97.5", "q99.99"]
