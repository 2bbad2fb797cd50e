"""Substitutes: ranked, those in stock first, shown wherever a SKU is short."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import LostSale, Movement, Posting, Sku, Substitute
from inventory.services.adjustments import Change, adjust_stock
from inventory.services.count_entries import EntryGiven, keep_entries
from inventory.services.count_results import submit_count
from inventory.services.listings import list_skus
from inventory.services.receiving import receive_goods
from inventory.services.reservations import reserve_stock
from inventory.services.sales import GoodsLine
from inventory.services.stock_counts import Wanted, create_count
from inventory.services.transfers import create_transfer


@pytest.fixture
def breads(shop):
    """Bread is out at `here`; white (rank 1) is out too, rye (rank 2) has 5, oat (rank 3) has 8."""
    now = timezone.now()
    names = {"W1": "White bread", "Y1": "Rye bread", "O1": "Oat bread"}
    skus = {code: Sku.objects.create(code=code, name=name, price=2, created_at=now) for code, name in names.items()}
    ids = [sku.pk for sku in skus.values()]
    list_skus(sku_ids=ids, location_ids=[shop.here.pk], listed_on=date(2026, 1, 1), now=now)
    for rank, sku in enumerate(skus.values(), start=1):
        Substitute.objects.create(sku=shop.bread, substitute=sku, rank=rank)
    goods = [GoodsLine(skus["Y1"].pk, Decimal(5)), GoodsLine(skus["O1"].pk, Decimal(8))]
    receive_goods(location=shop.here, lines=goods, key=None, user=None, now=now)
    adjust_stock(
        location=shop.here,
        changes=[Change(shop.bread.pk, Decimal(-10))],
        reason_code="damage",
        key=None,
        user=None,
        now=now,
    )
    return skus


def sell(client, shop, do="post", **fields):
    data = {"location": shop.here.pk, "key": "0" * 32, "do": do, "line_code": "B1", "line_quantity": "3"}
    return client.post(reverse("inventory:sell"), {**data, "line_pack": "", **fields})


def test_a_refused_sale_offers_what_is_there(staff, shop, breads):
    page = sell(staff, shop)
    assert [offer.code for offer in page.context["entry"].lines[0].offers] == ["Y1", "O1"]
    assert "Rye bread" in page.content.decode()


def test_one_tap_asks_for_the_substitute_what_was_missing(staff, shop, breads):
    page = sell(staff, shop, do=f"instead:{shop.bread.pk}-{breads['Y1'].pk}")
    assert [(line.code, line.typed) for line in page.context["entry"].lines] == [("Y1", "3")]


def test_what_is_left_is_still_sold(staff, shop, breads):
    receive_goods(
        location=shop.here, lines=[GoodsLine(shop.bread.pk, Decimal(1))], key=None, user=None, now=timezone.now()
    )
    page = sell(staff, shop, do=f"instead:{shop.bread.pk}-{breads['O1'].pk}")
    assert [(line.code, line.typed) for line in page.context["entry"].lines] == [("O1", "2"), ("B1", "1")]


@pytest.mark.parametrize("wish", ["instead:x-y", "instead:", "instead:1-999999"])
def test_a_substitute_that_is_none_changes_nothing(staff, shop, breads, wish):
    page = sell(staff, shop, do=wish)
    assert page.status_code == 422
    assert [line.code for line in page.context["entry"].lines] == ["B1"]


def test_the_stock_list_names_them_beside_what_is_out(staff, shop, breads):
    body = staff.get(reverse("dashboards:stock"), {"status": "out", "q": "Brown"}).content.decode()
    assert body.index("Rye bread") < body.index("Oat bread")
    assert "White bread" not in body


def test_the_card_shows_all_of_them_those_in_stock_first(staff, shop, breads):
    body = staff.get(reverse("dashboards:sku", args=[shop.bread.pk])).content.decode()
    assert body.index("Rye bread") < body.index("Oat bread") < body.index("White bread")


def test_another_store_counts_for_itself(manager, shop, breads):
    page = sell(manager, shop, location=shop.there.pk)
    assert not page.context["entry"].lines[0].offers


def test_a_substitute_we_do_not_stock_any_more_is_not_offered(staff, shop, breads):
    Sku.objects.filter(code="Y1").update(is_active=False)
    assert [offer.code for offer in sell(staff, shop).context["entry"].lines[0].offers] == ["O1"]


def test_the_dashboard_of_stockouts_names_them(manager, shop, breads):
    assert "Rye bread" in manager.get(reverse("dashboards:stockouts")).content.decode()


def test_the_lost_sale_is_kept_all_the_same(staff, shop, breads):
    sell(staff, shop)
    assert LostSale.objects.get().quantity == 3
    assert not Movement.objects.filter(kind="sale").exists()


def test_a_transfer_that_cannot_be_sent_names_them(staff, shop, breads):
    lines = [GoodsLine(shop.bread.pk, Decimal(3))]
    draft = create_transfer(source=shop.here, destination=shop.there, lines=lines, user=None, now=timezone.now())
    page = staff.post(reverse("orders:ship_transfer", args=[draft.pk]))
    assert page.status_code == 422
    assert [offer.code for row in page.context["shortages"] for offer in row.offers] == ["Y1", "O1"]
    said = page.content.decode()
    assert "Rye bread" in said
    # People know both by their names; the codes stand beside.
    assert '<span class="strong">Brown bread</span><br>B1 at Here: only 0 there, 3 asked.' in said


def test_a_reservation_that_cannot_move_names_them(manager, shop, breads):
    goods, now = [GoodsLine(shop.bread.pk, Decimal(3))], timezone.now()
    receive_goods(location=shop.there, lines=goods, key=None, user=None, now=now)
    (row,) = reserve_stock(location=shop.there, lines=goods, reference="", key=None, user=None, now=now)
    page = manager.post(reverse("inventory:reservation_reassign", args=[row.pk]), {"location": shop.here.pk})
    assert page.status_code == 422
    assert "Rye bread" in page.content.decode()


def test_an_act_that_cannot_be_undone_names_them(manager, shop, breads):
    receipt = Posting.objects.filter(kind="receipt", movements__sku=shop.bread).first()
    page = manager.post(reverse("inventory:reverse_posting", args=[receipt.pk]), {"reason": "wrong place", "key": "k"})
    assert page.status_code == 422
    assert [offer.code for row in page.context["shortages"] for offer in row.offers] == ["Y1", "O1"]
    assert "Rye bread" in page.content.decode()


def test_a_count_that_cannot_be_approved_names_them(manager, staff, shop, breads):
    now, goods = timezone.now(), [GoodsLine(shop.bread.pk, Decimal(5))]
    receive_goods(location=shop.here, lines=goods, key=None, user=None, now=now)
    reserve_stock(location=shop.here, lines=goods, reference="", key=None, user=None, now=now)
    count = create_count(location=shop.here, wanted=Wanted("all"), user=staff.user, now=now)
    given = EntryGiven(uid=uuid4(), told_at=timezone.now(), sku="B1", quantity=Decimal(1))
    keep_entries(count_id=count.pk, entries=[given], user=staff.user, now=timezone.now())
    submit_count(count_id=count.pk, user=staff.user, now=timezone.now())
    line = count.lines.get(sku=shop.bread)
    page = manager.post(reverse("inventory:count_decide", args=[count.pk]), {"do": "approve", "line": line.pk})
    assert page.status_code == 422
    assert [offer.code for row in page.context["shortages"] for offer in row.offers] == ["Y1", "O1"]
    assert "Rye bread" in page.content.decode()
