"""One file of products, stock and suppliers sets a small firm up."""

from decimal import Decimal

from accounts.models import User
from imports.domain.kinds import KINDS
from imports.domain.template import template_csv
from inventory.models import Barcode, Listing, Location, Movement, Sku, StockLevel
from suppliers.models import Supplier, SupplierTerms

HEAD = "code,name,unit,cost,price,location,on_hand,supplier,lead_time_days,pack_size\n"


def test_the_template_sets_a_firm_up(take_in):
    report = take_in("products", template_csv(KINDS["products"]))
    assert report.row_count == 2
    assert list(StockLevel.objects.order_by("sku__code").values_list("sku__code", "on_hand")) == [
        ("TEA-001", 42),
        ("TEA-002", 7),
    ]
    main = Location.objects.get(code="MAIN")
    assert (main.kind, main.time_zone) == ("store", "Asia/Shanghai")
    supplier = Supplier.objects.get()
    assert (supplier.name, supplier.email) == ("Leaf & Co", "orders@example.com")
    terms = SupplierTerms.objects.get(sku__code="TEA-001")
    assert (terms.price, terms.pack_size, terms.promised_lead_time_days) == (Decimal("3.2"), 12, 5)
    assert Barcode.objects.get().sku.code == "TEA-001"
    assert Listing.objects.count() == 2


def test_the_same_file_again_changes_nothing(take_in):
    text = template_csv(KINDS["products"])
    take_in("products", text)
    before = Movement.objects.count()
    assert take_in("products", text).changed_count == 0
    assert Movement.objects.count() == before


def test_a_product_may_be_in_several_stores(take_in):
    take_in("products", HEAD + "A,Apple,each,1,2,NORTH,5,,,\nA,Apple,each,1,2,SOUTH,0,,,\n")
    assert set(StockLevel.objects.values_list("location__code", "on_hand")) >= {("NORTH", 5)}
    assert set(Listing.objects.values_list("location__code", flat=True)) == {"NORTH", "SOUTH"}


def test_rows_of_one_product_must_agree(refusals):
    text = HEAD + "A,Apple,each,1,2,NORTH,5,,,\nA,Apfel,each,1,3,SOUTH,0,,,\n"
    assert refusals("products", text) == [(3, "name", "row_differs"), (3, "price", "row_differs")]
    assert not Sku.objects.exists()


def test_one_bad_row_refuses_the_whole_file(refusals):
    text = HEAD + "A,Apple,each,1,2,,5,,,\nB,Bread,each,1,2,,minus,,,\n,No code,each,1,2,,1,,,\n"
    assert refusals("products", text) == [(3, "on_hand", "not_a_number"), (4, "code", "empty_cell")]
    assert not Sku.objects.exists()
    assert not Movement.objects.exists()


def test_half_a_counted_unit_is_refused(refusals):
    assert refusals("products", HEAD + "A,Apple,each,1,2,,1.5,,,\n") == [(2, "on_hand", "not_whole_units")]
    assert not Sku.objects.exists()


def test_another_opening_quantity_later_is_refused(take_in, refusals):
    take_in("products", HEAD + "A,Apple,each,1,2,,5,,,\n")
    assert refusals("products", HEAD + "A,Apple,each,1,2,,6,,,\n") == [(2, "on_hand", "opening_differs")]
    assert StockLevel.objects.get().on_hand == 5


def test_a_manager_of_one_store_cannot_make_another(take_in, refusals):
    take_in("products", HEAD + "A,Apple,each,1,2,NORTH,5,,,\n")
    manager = User.objects.create_user("m", role="manager")
    manager.location_access.create(location=Location.objects.get(code="NORTH"))
    assert refusals("products", HEAD + "A,Apple,each,1,2,SOUTH,5,,,\n", manager) == [
        (2, "location", "unknown_location")
    ]
    assert not Location.objects.filter(code="SOUTH").exists()


def places():
    return set(Location.objects.filter(kind="store").values_list("code", flat=True))


def test_products_without_a_store_make_none_where_there_are_some(take_in):
    take_in("products", HEAD + "A,Apple,each,1,2,NORTH,5,,,\nA,Apple,each,1,2,SOUTH,5,,,\n")
    take_in("products", "code,name,unit\nB,Bread,each\n")
    assert Sku.objects.filter(code="B").exists()
    assert places() == {"NORTH", "SOUTH"}


def test_stock_without_a_store_lies_in_the_only_one(take_in):
    take_in("products", HEAD + "A,Apple,each,1,2,NORTH,5,,,\n")
    take_in("products", HEAD + "B,Bread,each,1,2,,7,,,\n")
    assert StockLevel.objects.get(sku__code="B").location.code == "NORTH"
    assert places() == {"NORTH"}


def test_stock_without_a_store_is_refused_where_there_are_several(take_in, refusals):
    take_in("products", HEAD + "A,Apple,each,1,2,NORTH,5,,,\nA,Apple,each,1,2,SOUTH,5,,,\n")
    text = HEAD + "B,Bread,each,1,2,NORTH,7,,,\nC,Cake,each,1,2,,7,,,\n"
    assert refusals("products", text) == [(3, "location", "empty_cell")]
    assert places() == {"NORTH", "SOUTH"}
    assert not Sku.objects.filter(code__in="BC").exists()
