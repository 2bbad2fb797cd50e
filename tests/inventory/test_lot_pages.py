"""The pages of lots: the list with its filters, one lot, quarantine, recall list, and lots in entries."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from inventory.domain.goods import GoodsLine, LotName
from inventory.models import Lot, LotLevel, Posting, Sku
from inventory.services.receiving import receive_goods
from inventory.services.sales import sell
from tests.inventory.conftest import NOW

TODAY = NOW.date()
KEY = "0123456789abcdef0123456789abcdef"
pytestmark = pytest.mark.usefixtures("at_noon")


def day(days):
    return TODAY + timedelta(days=days)


@pytest.fixture
def milk(firm, tools):
    """At the shop: four of a lot that ends in 3 days, six of one that ends in 90; at the other shop two of a third."""
    firm.milk = tools.make_sku("milk", is_lot_tracked=True)
    for place, code, quantity, left in (
        (firm.shop, "SOON", 4, 3),
        (firm.shop, "LATE", 6, 90),
        (firm.other, "FAR", 2, 5),
    ):
        lines = [GoodsLine(firm.milk.pk, Decimal(quantity), lot=LotName(code, day(left), "=cmd|' /C calc'!A0"))]
        receive_goods(location=place, lines=lines, key=None, user=None, now=NOW, note="=1+1")
    return firm.milk


@pytest.fixture
def visit(client, firm, milk):
    """visit("lots/") reads, visit("lots/1/quarantine/", reason="x") posts; as a manager of the shop."""
    people = {role: User.objects.create_user(role, role=role) for role in ("staff", "manager")}
    for user in people.values():
        user.location_access.create(location=firm.shop)

    def send(path, who="manager", **body):
        client.force_login(people[who])
        return client.post(f"/{path}", body, follow=True) if body else client.get(f"/{path}")

    return send


def lot_id(code):
    return Lot.objects.get(code=code).pk


def shown(answer):
    return [row.level.lot.code for row in answer.context["rows"]]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["SOON", "LATE"]),
        ("?within=3", ["SOON"]),
        ("?within=0", []),
        ("?search=late", ["LATE"]),
        ("?search=MILK", ["SOON", "LATE"]),
        ("?status=quarantined", []),
        ("?within=nonsense&status=nonsense&page=99", ["SOON", "LATE"]),
    ],
)
def test_the_list_shows_what_expires_first_and_only_ones_own_stores(visit, query, codes):
    answer = visit(f"lots/{query}")
    assert answer.status_code == 200
    assert shown(answer) == codes


def test_the_list_takes_the_same_statements_for_any_number_of_lots(
    visit, client, firm, milk, django_assert_max_num_queries
):
    visit("lots/")
    lines = [GoodsLine(milk.pk, Decimal(1), lot=LotName(f"L{number}", day(40))) for number in range(30)]
    receive_goods(location=firm.shop, lines=lines, key=None, user=None, now=NOW)
    with django_assert_max_num_queries(12):
        assert len(shown(client.get("/lots/"))) == 32


def test_a_lot_of_another_store_does_not_exist(visit):
    far = lot_id("FAR")
    assert visit(f"lots/{far}/").status_code == 404
    assert visit(f"lots/{far}/recall.csv").status_code == 404
    assert visit(f"lots/{far}/quarantine/", reason="r").status_code == 404


def test_quarantine_and_release_through_the_page(visit):
    soon = lot_id("SOON")
    assert visit(f"lots/{soon}/quarantine/", who="staff", reason="r").status_code == 403
    refused = visit(f"lots/{soon}/quarantine/", reason="  ")
    assert (refused.status_code, "Say why" in refused.content.decode()) == (422, True)
    kept = visit(f"lots/{soon}/quarantine/", reason="Smells <b>bad</b>")
    assert "Smells &lt;b&gt;bad&lt;/b&gt;" in kept.content.decode()
    assert shown(visit("lots/?status=quarantined")) == ["SOON"]
    assert visit(f"lots/{soon}/quarantine/", reason="again").status_code == 422
    visit(f"lots/{soon}/release/", reason="Fine")
    assert Lot.objects.get(code="SOON").status == "available"


@pytest.mark.parametrize(("typed", "status"), [("2030-01-31", 200), ("", 200), ("2030-02-31", 422), ("soon", 422)])
def test_the_last_day_is_corrected(visit, typed, status):
    assert visit(f"lots/{lot_id('SOON')}/expiry/", reason="Misread", expires_on=typed).status_code == status
    found = Lot.objects.get(code="SOON").expires_on
    assert str(found or "") == (typed if status == 200 else str(day(3)))


@pytest.mark.parametrize(
    ("act", "body", "kept"),
    [
        ("expiry", {"reason": "Misread", "expires_on": "2030-02-31"}, ['value="Misread"', 'value="2030-02-31"']),
        ("expiry", {"reason": " ", "expires_on": "2030-01-31"}, ['value="2030-01-31"']),
        ("quarantine", {"reason": "x" * 301}, [f'value="{"x" * 301}"']),
        ("release", {"reason": "Not held"}, []),
    ],
)
def test_what_was_typed_stays_in_the_form_that_was_refused(visit, act, body, kept):
    refused = visit(f"lots/{lot_id('SOON')}/{act}/", **body)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert all(shown.count(value) == 1 for value in kept)
    assert shown.count('name="reason"') == 2
    assert ('<details class="card" open>' in shown) == (act == "expiry")


def test_the_recall_list_holds_every_movement_and_no_formula(visit):
    answer = visit(f"lots/{lot_id('SOON')}/recall.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row, end = text.split("\r\n")
    assert header.startswith("moved_at,kind,from,to,quantity")
    assert (row.split(",")[1:5], "'=1+1" in row, end) == (["receipt", "SUPPLIERS", "SHOP", "4"], True, "")
    assert "attachment" in answer["Content-Disposition"]


def entry(**fields):
    return {
        "key": KEY,
        "line_code": "milk",
        "line_pack": "",
        "line_lot": "",
        "line_expires": "",
        "do": "post",
        **fields,
    }


def stands():
    return dict(LotLevel.objects.filter(location__code="SHOP").values_list("lot__code", "on_hand"))


def test_selling_shows_which_lots_to_take_and_takes_them(visit):
    offered = visit("stock/sell/?code=milk").content.decode()
    assert "SOON" in offered
    visit("stock/sell/", **entry(line_quantity="5"))
    assert stands() == {"SOON": 0, "LATE": 5}
    visit("stock/sell/", **entry(line_quantity="2", line_lot="late", key=KEY[::-1]))
    assert stands() == {"SOON": 0, "LATE": 3}


def test_receiving_takes_the_lot_and_its_last_day(visit):
    visit("stock/receive/", **entry(line_quantity="3", line_lot="NEW", line_expires=str(day(20))))
    assert (stands()["NEW"], Lot.objects.get(code="NEW").expires_on) == (3, day(20))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Say which lot it is"),
        ({"line_lot": "NEW", "line_expires": "31.12.2030"}, "is no date"),
        ({"line_expires": "2030-12-31"}, "Write the code of the lot"),
        ({"line_lot": "NEW", "line_expires": "2020-12-31"}, "expired on"),
    ],
)
def test_a_receipt_that_is_refused_keeps_what_was_typed(visit, fields, message):
    before = Posting.objects.count()
    answer = visit("stock/receive/", **entry(line_quantity="3", **fields))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert message in text
    assert all(value in text for value in fields.values())
    assert Posting.objects.count() == before


def test_counting_and_adjusting_name_a_lot(visit):
    visit("stock/count/", **entry(line_quantity="2", line_lot="SOON"))
    visit("stock/adjust/", **entry(line_quantity="1", line_lot="LATE", direction="off", reason="damage", key=KEY[::-1]))
    assert stands() == {"SOON": 2, "LATE": 5}


def test_tracking_is_switched_on_the_page_of_the_sku(visit, firm):
    path = f"skus/{firm.apple.pk}/lots/"
    assert visit(path, who="staff", do="start").status_code == 403
    assert "is tracked by lot now" in visit(path, do="start").content.decode()
    assert Sku.objects.get(code="apple").is_lot_tracked
    assert "is not tracked by lot any more" in visit(path, do="stop").content.decode()
    assert "not tracked" in visit(path, do="stop").content.decode()


def test_the_page_of_the_sku_lists_its_lots(visit, milk, firm):
    firm.milk.listings.create(location=firm.shop, listed_on=day(-5))
    text = visit(f"skus/{milk.pk}/").content.decode()
    assert "Lots at Shop" in text
    assert text.index("SOON") < text.index("LATE")


def test_the_sell_page_asks_who_buys_and_the_recall_tells(visit):
    fields = entry(line_quantity="2", customer="=Wang <b>", line_lot="SOON")
    assert visit("stock/sell/", who="staff", **fields).status_code == 200
    page = visit(f"lots/{lot_id('SOON')}/").content.decode()
    assert page.count("=Wang &lt;b&gt;") == 2 and "<b>" not in page
    text = b"".join(visit(f"lots/{lot_id('SOON')}/recall.csv").streaming_content).decode("utf-8-sig")
    assert "'=Wang <b>" in text


def test_the_customer_stays_on_the_page_while_the_sale_is_mended(visit):
    page = visit("stock/sell/", who="staff", **entry(line_quantity="999", customer="Ms Li"))
    assert 'value="Ms Li"' in page.content.decode()


def test_a_lot_that_is_gone_is_found_by_its_code_for_a_recall(visit, firm, milk):
    soon = Lot.objects.get(code="SOON")
    lines = [GoodsLine(milk.pk, Decimal(4), lot=LotName("SOON"))]
    sell(location=firm.shop, lines=lines, key="all of it", user=None, now=NOW)
    answer = visit("lots/?search=soon")
    assert (shown(answer), answer.context["gone"]) == ([], [soon])
    assert f"/lots/{soon.pk}/" in answer.content.decode()
    assert visit("lots/").context["gone"] == []
    assert visit("lots/?search=far").context["gone"] == []


def test_the_page_of_a_lot_is_printed_without_its_forms(visit):
    page = visit(f"lots/{lot_id('SOON')}/").content.decode()
    assert "data-print" in page
    assert '<div class="stack no-print">' in page


def test_a_long_key_of_an_act_is_cut_and_leaves_room_for_the_quantity(visit, firm, milk):
    lines = [GoodsLine(milk.pk, Decimal(1), lot=LotName("SOON"))]
    sell(location=firm.shop, lines=lines, key=KEY, user=None, now=NOW)
    page = visit(f"lots/{lot_id('SOON')}/").content.decode()
    assert f'title="{KEY}">{KEY[:19]}…</span>' in page
