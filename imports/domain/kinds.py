"""The kinds of file that can be taken in: their columns, and example rows for the templates."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from imports.domain.columns import (
    Column,
    Layout,
    code,
    country,
    day,
    email,
    identity,
    lines,
    moment,
    number,
    one_of,
    or_none,
    text,
    time_zone,
    whole,
)
from imports.domain.supplier_cells import currency, cut_off, price_breaks, weekdays
from inventory.domain.addresses import MOST_ADDRESS, MOST_CONTACT, MOST_LINES
from inventory.domain.money_signs import without_sign
from inventory.domain.movements import PLANNED_LIMIT

CODE = code(60)
MONEY = number(decimals=4, most=Decimal("9999999999.9999"))
QUANTITY = number(decimals=3)


def with_money_signs(layout: Layout, currency: str) -> Layout:
    """The same, where amounts may carry the sign of this currency, as Chinese shops write them: ￥5.00, 3.5元."""

    def signed(raw: str) -> Any:
        return MONEY(without_sign(raw, currency))

    return [(place, replace(column, parse=signed) if column.parse is MONEY else column) for place, column in layout]


SIZE = number(decimals=4, most=Decimal("99999999.9999"))
YES_NO = one_of("1", "0", aliases={"yes": "1", "true": "1", "是": "1", "no": "0", "false": "0", "否": "0"})
_SKU_CODES = ("商品编码", "商品编号", "商品代码", "编码", "货号")
SKU = Column("sku", CODE, True, aliases=("sku_code", "code", *_SKU_CODES))
LOCATION = Column("location", CODE, True, aliases=("store", "shop", "location_code", "门店", "仓库"))
# Words for single pieces; what may mean several of them (a case, a dozen, 箱) or another weight (斤) is not guessed.
_PIECES = ("piece", "pieces", "pc", "pcs", "ea", *"件个只支枝瓶袋包盒罐桶条块张本把双套卷片")
UNIT_ALIASES = {
    **dict.fromkeys(_PIECES, "each"), **dict.fromkeys(("kilogram", "kilograms", "千克", "公斤"), "kg"),
    **dict.fromkeys(("litre", "litres", "liter", "liters", "升", "公升"), "l"),
    **dict.fromkeys(("metre", "metres", "meter", "meters", "米"), "m"),
}  # fmt: skip
UNITS = one_of("each", "kg", "l", "m", aliases=UNIT_ALIASES)
PLACES = one_of(
    "store", "warehouse", aliases={"shop": "store", "depot": "warehouse", "门店": "store", "仓库": "warehouse"}
)
MOVEMENT_WORDS = (
    "opening", "receipt", "sale", "return", "transfer", "adjustment", "count", "consumption", "output",
)  # fmt: skip
MOVEMENT_ALIASES = {
    "期初": "opening", "收货": "receipt", "入库": "receipt", "销售": "sale", "出库": "sale", "退货": "return",
    "退款": "return", "refund": "return", "零售": "sale", "销售退货": "return",
    "调拨": "transfer", "调整": "adjustment", "盘点": "count", "opening stock": "opening", "purchase": "receipt",
    # Exports write reversals; they cannot be taken in again, and say so by a message of their own.
    "reversal": "reversal", "冲销": "reversal",
    "领用": "consumption", "产出": "output",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """`key` columns identify a row: the same key twice in one file is an error.

    `is_staged`: read into a table of the database and checked there, so that its files may have a million rows.
    `ignored` are headings of our own exports that tell a person something and mean nothing here.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    is_staged: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns]


_SKU_COLUMNS = (
    Column("code", CODE, True, aliases=("sku", "sku_code", *_SKU_CODES)),
    Column("name", text(200), True, aliases=("商品名称", "名称", "品名")),
    Column("category", text(120), default="", aliases=("类别", "分类")),
    Column("unit", UNITS, aliases=("单位",)),
    Column("barcode", CODE, default="", aliases=("ean", "条码", "条形码")),
    Column("cost", MONEY, aliases=("进价", "成本"), sql="numeric"),
    Column("price", MONEY, aliases=("售价", "价格"), sql="numeric"),
)
_SUPPLY_COLUMNS = (
    Column(
        "lead_time_days",
        whole(least=0, most=365),
        aliases=("交货天数", "采购周期", "交期", "交期天数", "交期（天）", "交期(天)", "lead time (days)"),
    ),
    Column("pack_size", number(decimals=3, above=True, most=PLANNED_LIMIT), aliases=("箱规", "包装数量", "包装数")),
)

# What our export of stock levels says besides.
LEVEL_NOTES = ("name", "category", "unit", "reserved", "available", "updated_at", "location_name")

PRODUCTS = Kind(
    "products",
    (
        *_SKU_COLUMNS,
        Column("location", CODE, default="", aliases=("store", "shop", "门店", "仓库")),
        Column("on_hand", QUANTITY, aliases=("stock", "quantity", "库存", "库存数量")),
        Column("supplier", CODE, default="", aliases=("供应商",)),
        Column("supplier_email", email, default="", aliases=("供应商邮箱",)),
        *_SUPPLY_COLUMNS,
    ),
    ("code", "location"),
    (
        (
            "TEA-001",
            "Green tea 100 g",
            "Tea",
            "each",
            "6901234567892",
            "3.20",
            "5.90",
            "MAIN",
            "42",
            "Leaf & Co",
            "orders@example.com",
            "5",
            "12",
        ),
        ("TEA-002", "Black tea 100 g", "Tea", "each", "", "2.80", "4.90", "MAIN", "7", "Leaf & Co", "", "5", "12"),
    ),
)
SKUS = Kind(
    "skus",
    (
        *_SKU_COLUMNS,
        Column("shelf_life_days", whole(least=1, most=3650), aliases=("保质期",), sql="int4"),
        # What one unit takes up in a truck.
        Column("weight_kg", SIZE, aliases=("weight", "重量", "重量（千克）"), sql="numeric"),
        Column("volume_l", SIZE, aliases=("volume", "体积", "体积（升）"), sql="numeric"),
    ),
    ("code",),
    (("TEA-001", "Green tea 100 g", "Tea", "each", "6901234567892", "3.20", "5.90", "540", "0.12", "0.6"),),
    is_staged=True,
    ignored=("is_active", "created_at"),
)
LOCATIONS = Kind(
    "locations",
    (
        Column("code", CODE, True, aliases=("编码", "门店编码", "仓库编码")),
        Column("name", text(120), True, aliases=("名称", "门店名称", "仓库名称")),
        Column("kind", PLACES, default="store", aliases=("类型",)),
        Column("time_zone", time_zone, aliases=("时区",)),
        Column("supplied_by", CODE, default="", aliases=("供货仓库",)),
        # Whose public holidays are kept there; an empty cell keeps what was said before.
        Column("country", country, aliases=("国家",)),
        Column("region", text(10), aliases=("地区", "省份")),
        # Where deliveries go, as suppliers are told.
        Column("address", lines(MOST_ADDRESS, MOST_LINES), aliases=("收货地址", "地址")),
        Column("contact", text(MOST_CONTACT), aliases=("收货人", "联系人")),
    ),
    ("code",),
    (
        ("MAIN", "Main street", "store", "Asia/Shanghai", "DEPOT", "CN", "", "1 Main street", "Li Wei 010-5550100"),
        ("DEPOT", "Depot", "warehouse", "Asia/Shanghai", "", "CN", "", "", ""),
    ),
)
_LOT_COLUMNS = (
    Column("lot", code(60), default="", aliases=("batch", "批号", "批次")),
    Column("expires_on", day, aliases=("expiry", "best_before", "有效期", "到期日"), sql="date"),
)
STOCK = Kind(
    "stock",
    (
        SKU,
        LOCATION,
        Column("quantity", QUANTITY, True, aliases=("on_hand", "stock", "库存", "数量"), sql="numeric"),
        *_LOT_COLUMNS,
    ),
    ("sku", "location", "lot"),
    (("TEA-001", "MAIN", "42", "", ""), ("TEA-002", "MAIN", "7", "", "")),
    is_staged=True,
    ignored=LEVEL_NOTES,
)
COUNTS = Kind(
    "counts",
    (
        SKU,
        LOCATION,
        Column(
            "quantity", QUANTITY, True, aliases=("counted", "on_hand", "实盘数量", "盘点数量", "数量"), sql="numeric"
        ),
        Column("counted_at", moment, aliases=("date", "time", "盘点时间", "日期")),
    ),
    ("sku", "location"),
    (("TEA-001", "MAIN", "41", "2026-01-31 21:30"), ("TEA-002", "MAIN", "7", "2026-01-31 21:30")),
    is_staged=True,
    # The export of counts says besides which count a line is of, and what it was compared with.
    ignored=(*LEVEL_NOTES, "count", "expected", "variance", "state"),
)
MOVEMENTS = Kind(
    "movements",
    (
        Column("date", moment, True, aliases=("occurred_at", "time", "moment", "日期", "时间", "发生时间")),
        Column("kind", one_of(*MOVEMENT_WORDS, aliases=MOVEMENT_ALIASES), True, aliases=("type", "类型", "业务类型")),
        SKU,
        LOCATION,
        Column("counterpart", CODE, default="", aliases=("to", "to_location", "对方", "调入门店", "目的仓库")),
        Column("quantity", number(decimals=3, least=None), True, aliases=("units", "数量"), sql="numeric"),
        Column("unit_price", MONEY, aliases=("price", "cost", "单价", "价格"), sql="numeric"),
        Column("reason", text(30), default="", aliases=("reason_code", "原因")),
        Column("reference", code(120), default="", aliases=("receipt_no", "document", "单号", "小票号")),
        *_LOT_COLUMNS,
        # Of a movement in an export of ours: one that is still there as written is not posted again.
        Column("id", identity, aliases=("movement",), sql="int8"),
    ),
    # No key: a till writes the same line twice when two customers buy the same thing.
    (),
    (
        ("2026-01-05 09:00", "receipt", "TEA-001", "MAIN", "", "24", "3.20", "", "GRN-1001", "", "", ""),
        ("2026-01-05 10:12:30", "sale", "TEA-001", "MAIN", "", "2", "5.90", "", "TILL-1-0001", "", "", ""),
        ("2026-01-06", "transfer", "TEA-001", "DEPOT", "MAIN", "12", "", "", "TR-7", "", "", ""),
        ("2026-01-07 18:00", "adjustment", "TEA-001", "MAIN", "", "-1", "", "damage", "", "", "", ""),
    ),
    is_staged=True,
    ignored=("name", "unit", "business_date", "posting", "customer", "note", "posted_by"),
)
SALES = Kind(
    "sales",
    (
        Column("date", day, True, aliases=("日期", "销售日期"), sql="date"),
        SKU,
        LOCATION,
        # Below zero: brought back by a customer.
        Column("quantity", number(decimals=3, least=None), True, aliases=("sold", "销量", "数量"), sql="numeric"),
        Column("lost", QUANTITY, aliases=("缺货数量",), sql="numeric"),
    ),
    # No key: a file of till lines has many rows of one day, and they are summed.
    (),
    (("2026-01-05", "TEA-001", "MAIN", "3", ""), ("2026-01-06", "TEA-001", "MAIN", "2", "1")),
    is_staged=True,
)
_TRUCK_SIZE = number(decimals=3, above=True, most=Decimal("999999999.999"))
SUPPLIERS = Kind(
    "suppliers",
    (
        Column("code", code(40), True, aliases=("编码", "供应商编码")),
        Column("name", text(120), True, aliases=("名称", "供应商名称")),
        Column("email", email, default="", aliases=("邮箱",)),
        Column("currency", currency, default="", aliases=("币种",)),
        _SUPPLY_COLUMNS[0],
        Column("minimum_order_value", number(decimals=2), aliases=("起订金额",)),
        Column("maximum_order_value", or_none(number(decimals=2, above=True)), aliases=("最大订单金额",)),
        Column("language", one_of("en", "zh-hans"), aliases=("语言",)),
        Column("order_days", weekdays, aliases=("下单日", "接单日")),
        Column("delivery_days", weekdays, aliases=("送货日",)),
        Column("cut_off", or_none(cut_off), aliases=("截单时间",)),
        Column("time_zone", time_zone, aliases=("时区",)),
        Column("truck_policy", one_of("none", "fill", "limit"), aliases=("装车方式",)),
        Column("truck_kilograms", _TRUCK_SIZE, aliases=("车载重量",)),
        Column("truck_cubic_metres", _TRUCK_SIZE, aliases=("车载体积",)),
        Column("truck_value", number(decimals=2, above=True), aliases=("车载金额",)),
        Column("fill_days", whole(least=1, most=180), aliases=("装车天数",)),
        Column("is_active", YES_NO, aliases=("active", "启用")),
    ),
    ("code",),
    (
        (
            "LEAF", "Leaf & Co", "orders@example.com", "USD", "5", "100", "20000", "en", "mon wed fri", "tue thu",
            "14:00", "Asia/Shanghai", "fill", "1200", "8", "", "30", "1",
        ),
    ),
)  # fmt: skip
CLOSURES = Kind(
    "closures",
    (
        Column("supplier", code(40), True, aliases=("供应商",)),
        Column("name", text(120), True, aliases=("名称", "原因")),
        Column("starts_on", day, True, aliases=("start", "from", "开始日期", "开始")),
        Column("ends_on", day, True, aliases=("end", "to", "until", "结束日期", "结束")),
    ),
    ("supplier", "name", "starts_on"),
    (("LEAF", "Chinese New Year", "2027-02-05", "2027-02-14"),),
)
TERMS = Kind(
    "terms",
    (
        Column("supplier", code(40), True, aliases=("供应商",)),
        SKU,
        Column("price", MONEY, True, aliases=("进价", "采购价", "价格")),
        _SUPPLY_COLUMNS[1],
        Column("minimum_quantity", number(decimals=3, most=PLANNED_LIMIT), aliases=("起订量",)),
        Column(
            "pallet_size", or_none(number(decimals=3, above=True, most=PLANNED_LIMIT)), aliases=("托盘数量",)
        ),
        Column("pallet_percent", whole(least=0, most=99), aliases=("凑托盘百分比",)),
        Column(
            "maximum_quantity", or_none(number(decimals=3, above=True, most=PLANNED_LIMIT)), aliases=("最大订量",)
        ),
        replace(_SUPPLY_COLUMNS[0], parse=or_none(_SUPPLY_COLUMNS[0].parse)),
        Column("priority", whole(least=1, most=99), aliases=("优先级",)),
        Column("supplier_code", code(60), aliases=("供应商货号",)),
        Column("price_breaks", or_none(price_breaks), aliases=("阶梯价",)),
        Column("share_percent", or_none(whole(least=1, most=100)), aliases=("份额",)),
        Column("express_lead_time_days", or_none(whole(least=0, most=60)), aliases=("加急天数",)),
        Column("express_premium_percent", number(decimals=2, most=Decimal(1000)), aliases=("加急加价",)),
        Column("is_active", YES_NO, aliases=("active", "启用")),
    ),
    ("supplier", "sku"),
    (
        (
            "LEAF", "TEA-001", "3.20", "12", "24", "480", "20", "960", "5", "1", "GT-100",
            "120 = 3.05; 480 = 2.90", "", "2", "15", "1",
        ),
    ),
    ignored=("name", "currency"),
)  # fmt: skip

_NAME = Column("name", text(120), True, aliases=("名称", "活动名称", "节日"))
_SHARE = number(decimals=3, above=True, most=Decimal(1))
PROMOTIONS = Kind(
    "promotions",
    (
        _NAME,
        Column("kind", text(60), default="", aliases=("type", "类型")),
        Column("starts_on", day, True, aliases=("start", "from", "开始日期", "开始")),
        Column("ends_on", day, True, aliases=("end", "to", "until", "结束日期", "结束")),
        Column("location", CODE, default="", aliases=("store", "shop", "门店", "仓库")),
        Column("category", text(120), default="", aliases=("类别", "分类")),
        Column("sku", CODE, default="", aliases=("sku_code", "code", *_SKU_CODES)),
        Column("share", _SHARE, aliases=("力度", "占比")),
        Column(
            "discount_percent",
            number(decimals=1, above=True, most=Decimal(100)),
            aliases=("discount", "折扣", "折扣百分比"),
        ),
    ),
    ("name", "starts_on", "ends_on", "location", "category", "sku"),
    (
        ("Summer sale", "summer sale", "2026-07-01", "2026-07-14", "", "", "", "", "20"),
        ("Tea week", "tea week", "2026-09-07", "2026-09-13", "MAIN", "", "TEA-001", "1", "15"),
        ("Tea week", "tea week", "2026-09-07", "2026-09-13", "MAIN", "", "TEA-002", "0.5", "15"),
    ),
)
HOLIDAYS = Kind(
    "holidays",
    (
        Column("date", day, True, aliases=("day", "日期")),
        _NAME,
        Column("location", CODE, default="", aliases=("store", "shop", "门店", "仓库")),
    ),
    ("date", "name", "location"),
    (("2026-05-16", "Street festival", "MAIN"), ("2026-05-17", "Street festival", "MAIN")),
)
PREDECESSORS = Kind(
    "predecessors",
    (
        SKU,
        Column("predecessor", CODE, True, aliases=("replaces", "前身", "前代商品", "替代商品")),
        Column("share", number(decimals=3, above=True, most=Decimal(10)), aliases=("占比",)),
    ),
    ("sku",),
    (("TEA-002", "TEA-001", "0.8"),),
)

ALL_KINDS = (
    PRODUCTS, SALES, SKUS, LOCATIONS, STOCK, MOVEMENTS, COUNTS, SUPPLIERS, TERMS, CLOSURES, PROMOTIONS, HOLIDAYS,
    PREDECESSORS,
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in ALL_KINDS}
