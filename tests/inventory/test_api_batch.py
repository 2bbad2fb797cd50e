"""POST /movements/: up to 10,000 lines of any kind, by code or id, whole or not at all, once per key."""

from decimal import Decimal

import pytest

from accounts.models import User
from inventory.models import LostSale, Movement, Posting, StockLevel
from inventory.selectors.ledger_check import check_ledger

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/movements/"


@pytest.fixture
def clerk(client, firm):
    user = User.objects.create_user("clerk", role="staff")
    for place in (firm.shop, firm.depot):
        user.location_access.create(location=place)
    client.force_login(user)
    return user


@pytest.fixture
def post(client, clerk):
    def send(lines, key="k", **fields):
        body = {"lines": lines, **fields}
        return client.post(ADDRESS, body, "application/json", headers={"Idempotency-Key": key} if key else {})

    return send


def receipt(sku="apple", quantity="5", **fields):
    return {"kind": "receipt", "sku": sku, "quantity": quantity, "location": "SHOP", **fields}


def test_every_kind_in_one_call(firm, post, tools):
    lines = [
        receipt(quantity="20", unit_price="1.1"),
        {"kind": "sale", "sku_id": firm.apple.pk, "quantity": 3, "location": firm.shop.pk},
        {"kind": "return", "sku": "apple", "quantity": "1", "location": "SHOP"},
        {"kind": "adjustment", "sku": "apple", "quantity": "-2", "location": "SHOP", "reason": "damage"},
        {"kind": "adjustment", "sku": "apple", "quantity": "1", "location": "SHOP", "reason": "found"},
        {"kind": "transfer", "sku": "apple", "quantity": "4", "location": "SHOP", "destination": "DEPOT"},
        {"kind": "consumption", "sku": "apple", "quantity": "2", "location": "SHOP"},
        {"kind": "output", "sku": "bread", "quantity": "6", "location": "SHOP"},
    ]
    answer = post(lines, note="till 7")
    assert answer.status_code == 201, answer.json()
    assert answer.json() == {"posting": Posting.objects.get().pk, "lines": 8}
    assert tools.level_of(firm.apple, firm.shop) == 11
    assert (tools.level_of(firm.apple, firm.depot), tools.level_of(firm.bread, firm.shop)) == (4, 6)
    assert list(Movement.objects.order_by("line").values_list("kind", flat=True)) == [line["kind"] for line in lines]
    assert Movement.objects.get(line=2).unit_price == firm.apple.price
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_packs_and_barcodes_count_units(firm, post, tools):
    firm.apple.packs.create(name="case", quantity=12)
    firm.bread.barcodes.create(code="4711", pack_quantity=6)
    lines = [receipt(pack="Case", quantity="2"), {**receipt(quantity="3"), "sku": None, "barcode": "4711"}]
    assert post(lines).status_code == 201
    assert (tools.level_of(firm.apple, firm.shop), tools.level_of(firm.bread, firm.shop)) == (24, 18)


def test_a_repeat_gets_the_first_answer_and_another_body_is_refused(post):
    first, again = post([receipt()]), post([receipt()])
    assert first.json() == again.json()
    assert Posting.objects.count() == 1
    assert post([receipt(quantity="6")]).status_code == 422
    assert post([receipt()], key="").status_code == 400


def test_one_short_line_refuses_all_and_the_lost_sale_is_kept(firm, post):
    lines = [receipt(quantity="2"), {"kind": "sale", "sku": "apple", "quantity": "5", "location": "SHOP"}]
    answer = post([*lines, {"kind": "sale", "sku": "bread", "quantity": "1", "location": "SHOP"}])
    assert answer.status_code == 409
    assert [(row["line"], row["available"]) for row in answer.json()["errors"]] == [(2, "2"), (3, "0")]
    assert not Movement.objects.exists()
    assert set(LostSale.objects.values_list("sku__code", "quantity")) == {("apple", 3), ("bread", 1)}
    post([*lines, {"kind": "sale", "sku": "bread", "quantity": "1", "location": "SHOP"}])
    assert LostSale.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("x", "lines[1]"),
        ({"kind": "count"}, "lines[1].kind"),
        ({"kind": ["sale"]}, "lines[1].kind"),
        ({"sku": None}, "lines[1].sku"),
        ({"sku_id": 1}, "lines[1].sku"),
        ({"sku": "plum"}, "lines[1].sku"),
        ({"sku": None, "sku_id": 2**70}, "lines[1].sku_id"),
        ({"sku": None, "sku_id": True}, "lines[1].sku_id"),
        ({"sku": ["apple"]}, "lines[1].sku"),
        ({"quantity": "0"}, "lines[1].quantity"),
        ({"quantity": "-1"}, "lines[1].quantity"),
        ({"quantity": "1e99"}, "lines[1].quantity"),
        ({"quantity": "NaN"}, "lines[1].quantity"),
        ({"quantity": True}, "lines[1].quantity"),
        ({"quantity": "0.0001"}, "lines[1].quantity"),
        ({"location": "OTHER"}, "lines[1].location"),
        ({"location": {"x": 1}}, "lines[1].location"),
        ({"kind": "transfer", "destination": "OTHER"}, "lines[1].destination"),
        ({"kind": "transfer"}, "lines[1].destination"),
        ({"kind": "adjustment"}, "lines[1].reason"),
        ({"unit_price": "-1"}, "lines[1].unit_price"),
        ({"occurred_at": "yesterday"}, "lines[1].occurred_at"),
        ({"pack": "pallet"}, "lines[1].pack"),
        ({"lot": "L1"}, "lines[1].lot"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(post, line, field):
    wrong = {**receipt(), **line} if isinstance(line, dict) else line
    answer = post([receipt(), wrong])
    assert answer.status_code == 400
    assert [row["field"] for row in answer.json()["errors"]] == [field]
    assert not Posting.objects.exists()


@pytest.mark.parametrize("lines", [[], None, "x", {}, [{}] * 10_001])
def test_not_a_list_of_lines(post, lines):
    answer = post(lines)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "lines")


def test_places_of_others_are_refused_by_id_too(firm, post):
    answer = post([receipt(location=firm.other.pk)])
    assert answer.status_code == 400
    assert not StockLevel.objects.filter(location=firm.other).exists()


def test_ten_thousand_lines_in_few_statements(firm, post, django_assert_max_num_queries):
    lines = [receipt(sku=("apple", "bread")[number % 2], quantity="1") for number in range(10_000)]
    with django_assert_max_num_queries(25):
        assert post(lines).json()["lines"] == 10_000
    assert StockLevel.objects.get(sku=firm.bread, location=firm.shop).on_hand == Decimal(5_000)


def test_faults_of_every_sort_are_named_at_once(firm, post):
    sale = {"kind": "sale", "sku": "apple", "quantity": "1", "location": "SHOP"}
    wrong = [
        {**sale, "kind": "gift"},
        {**sale, "sku": "pear"},
        {**sale, "sku": None, "sku_id": 2**60},
        {**sale, "location": "OTHER"},
        {**sale, "kind": "transfer"},
        {**sale, "kind": "adjustment", "reason": "moths"},
        {**sale, "quantity": "-1"},
    ]
    answer = post([sale, *wrong])
    assert answer.status_code == 400
    fields = ["kind", "sku", "sku_id", "location", "destination", "reason", "quantity"]
    named = [f"lines[{number}].{field}" for number, field in enumerate(fields, start=1)]
    assert [row["field"] for row in answer.json()["errors"]] == named


def test_a_place_that_is_missing_is_asked_for_by_its_field(post):
    lines = [receipt(), {**receipt(), "location": None}, {**receipt(), "kind": "transfer"}]
    errors = post(lines).json()["errors"]
    assert [row["field"] for row in errors] == ["lines[1].location", "lines[2].destination"]
    assert {row["message"] for row in errors} == {"Name a location of yours here, by its code or its id."}


def test_a_refund_below_zero_is_refused_with_the_kind_that_takes_it(post):
    (row,) = post([{"kind": "sale", "sku": "apple", "quantity": "-1", "location": "SHOP"}]).json()["errors"]
    assert row["field"] == "lines[0].quantity"
    assert "a line of the kind return" in row["message"]
