"""Transfers as documents: drafts kept and changed, found again, printed, and received with differences."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from inventory.domain.bars import code128
from inventory.domain.goods import LotName
from inventory.models import LotLevel, Sku, StockLevel, Transfer, TransferDifference
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer, ship_transfer
from tests.pages.conftest import make_user, signed_in

SEND = reverse("inventory:send")


@pytest.fixture
def there(shop):
    """Signed in as store staff of `there` only."""
    return signed_in(make_user("tom", Role.STAFF, shop.there))


@pytest.fixture
def shipped(shop):
    """Eight bread on their way from `here` to `there`, expected three days ago."""
    now = timezone.now()
    lines = [GoodsLine(shop.bread.pk, Decimal(8))]
    day = (now - timedelta(days=3)).date()
    draft = create_transfer(source=shop.here, destination=shop.there, lines=lines, user=None, now=now, expected_on=day)
    return ship_transfer(transfer_id=draft.pk, user=None, now=now)


def enter(client, shop, do, key, **fields):
    data = {"location": shop.here.pk, "key": key * 32, "do": do, "destination": shop.there.pk}
    return client.post(SEND, {**data, "line_code": "B1", "line_quantity": "4", **fields})


def on_hand(shop, place):
    level = StockLevel.objects.filter(sku=shop.bread, location=place).first()
    return level.on_hand if level else Decimal(0)


def receive(client, transfer, **fields):
    return client.post(reverse("orders:receive_transfer", args=[transfer.pk]), {"key": "k", **fields})


def test_a_draft_is_kept_changed_and_sent(shop, staff):
    day = timezone.localdate() + timedelta(days=20)
    assert enter(staff, shop, "keep", "0", expected=day.isoformat()).status_code == 302
    draft = Transfer.objects.get()
    assert (draft.state, draft.expected_on, on_hand(shop, shop.here)) == ("draft", day, 10)
    page = staff.get(SEND, {"transfer": draft.pk}).content.decode()
    assert 'value="4"' in page
    assert f'value="{day}"' in page
    enter(staff, shop, "keep", "1", transfer=draft.pk, line_quantity="6")
    assert draft.lines.get().quantity == 6
    assert enter(staff, shop, "post", "2", transfer=draft.pk, line_quantity="7").status_code == 302
    draft.refresh_from_db()
    assert (Transfer.objects.count(), draft.state, on_hand(shop, shop.here)) == (1, "shipped", 3)


def test_a_draft_that_was_sent_meanwhile_is_not_changed(shop, staff, shipped):
    page = enter(staff, shop, "keep", "0", transfer=shipped.pk)
    assert page.status_code == 422
    assert shipped.lines.get().quantity == 8


def test_the_address_of_a_draft_leads_to_the_transfer_once_it_is_sent(staff, there, shipped):
    """Loading the page again after sending, or going back to it, ended at a page that is not there."""
    answer = staff.get(SEND, {"transfer": shipped.pk})
    assert answer.url == reverse("orders:transfer", args=[shipped.pk])
    assert there.get(SEND, {"transfer": shipped.pk}).status_code == 404


@pytest.mark.parametrize("wanted", ["x", "9" * 30, "0"])
def test_a_draft_that_does_not_exist_is_not_found(staff, wanted):
    assert staff.get(SEND, {"transfer": wanted}).status_code == 404


def test_the_draft_of_another_place_does_not_exist(shop, staff, there):
    enter(staff, shop, "keep", "0")
    draft = Transfer.objects.get()
    assert there.get(SEND, {"transfer": draft.pk}).status_code == 404
    answer = enter(there, shop, "keep", "1", location=shop.there.pk, destination=shop.here.pk, transfer=draft.pk)
    assert (answer.status_code, draft.lines.get().quantity) == (404, 4)


def test_a_day_that_is_none_is_refused(shop, staff):
    assert enter(staff, shop, "keep", "0", expected="soon").status_code == 422
    assert not Transfer.objects.exists()


def test_what_is_overdue_is_said_and_found(shop, staff, shipped):
    address = reverse("orders:transfers")
    assert "1 transfer is overdue" in staff.get(address).content.decode()
    assert shipped.number in staff.get(address, {"state": "overdue"}).content.decode()
    Transfer.objects.update(expected_on=timezone.localdate() + timedelta(days=1))
    assert shipped.number not in staff.get(address, {"state": "overdue"}).content.decode()


@pytest.mark.parametrize(("search", "is_found"), [("TR-", True), ("brown", True), ("B1", True), ("milk", False)])
def test_transfers_are_found_by_number_and_sku(staff, shipped, search, is_found):
    page = staff.get(reverse("orders:transfers"), {"search": search}).content.decode()
    assert (shipped.number in page) is is_found


def test_the_slip_carries_the_number_as_bars(staff, shipped):
    page = staff.get(reverse("orders:transfer_slip", args=[shipped.pk])).content.decode()
    assert page.count("<rect") == len(code128(shipped.number).bars)
    assert all(text in page for text in (shipped.number, "Brown bread", "Here", "There"))


def test_bars_are_those_of_the_symbol():
    """Start B, "A", checksum 34 and stop, by the table of ISO/IEC 15417."""
    widths = "211214" + "111323" + "131123" + "2331112"
    found = code128("A")
    assert [width for _x, width in found.bars] == [int(width) for width in widths[::2]]
    assert found.width == sum(map(int, widths)) + 20
    with pytest.raises(ValueError, match="cannot carry"):
        code128("有货")


def test_what_broke_and_was_not_taken_off_what_came_is_said_beside_the_line(shop, there, shipped):
    """The field of what came is filled with all that was sent."""
    line = shipped.lines.get()
    difference = {f"difference-{line.pk}": "1", f"difference_reason-{line.pk}": "damage"}
    answer = receive(there, shipped, **{f"line-{line.pk}": "8"}, **difference)
    assert (answer.status_code, on_hand(shop, shop.there)) == (422, 0)
    assert answer.context["entries"][0].error.startswith("8 came and 1 will not arrive, but only 8 are still to come.")


def test_a_refusal_of_one_line_is_said_once(there, shipped):
    line = shipped.lines.get()
    fields = {f"difference-{line.pk}": "1", f"difference_reason-{line.pk}": "no-such-reason", f"line-{line.pk}": "2"}
    answer = receive(there, shipped, **fields)
    assert answer.status_code == 422
    assert answer.content.decode().count(str(answer.context["problem"].message)) == 1


def test_what_broke_is_noted_with_its_reason(shop, there, shipped):
    line = shipped.lines.get()
    difference = {f"difference-{line.pk}": "1", f"difference_reason-{line.pk}": "damage"}
    assert receive(there, shipped, **{f"line-{line.pk}": "7"}, **difference).status_code == 302
    shipped.refresh_from_db()
    assert (shipped.state, on_hand(shop, shop.there)) == ("received", 7)
    page = there.get(reverse("orders:transfer", args=[shipped.pk])).content.decode()
    assert "Differences" in page
    assert "Damaged" in page


def test_what_came_in_addition_is_put_on_stock(shop, there, shipped):
    line = shipped.lines.get()
    surplus = {f"difference-{line.pk}": "2", f"difference_kind-{line.pk}": "surplus"}
    receive(there, shipped, **{f"line-{line.pk}": "8", f"difference_reason-{line.pk}": "found"}, **surplus)
    assert (on_hand(shop, shop.there), TransferDifference.objects.get().is_surplus) == (10, True)


def test_what_is_missing_was_not_found(shop, there, shipped):
    """Only what came in addition may be there because it was found, and the page groups it so."""
    line = shipped.lines.get()
    page = there.get(reverse("orders:receive_transfer", args=[shipped.pk]))
    assert "found" not in {reason.code for reason in page.context["reasons"]}
    assert [reason.code for reason in page.context["surplus_reasons"]] == ["found"]
    lost = {f"line-{line.pk}": "7", f"difference-{line.pk}": "1", f"difference_reason-{line.pk}": "found"}
    answer = receive(there, shipped, **lost)
    assert answer.context["differences"][0].error.startswith("Choose a reason for which units are gone")
    refused = receive(there, shipped, **{f"line-{line.pk}": "7"}, is_final="1", reason="found")
    assert (answer.status_code, refused.status_code, on_hand(shop, shop.there)) == (422, 422, 0)


def test_who_types_more_than_was_sent_is_led_to_what_came_in_addition(there, shipped):
    answer = receive(there, shipped, **{f"line-{shipped.lines.get().pk}": "9"})
    assert answer.context["entries"][0].error.startswith("At most 8 can still arrive, 9 was typed. Type 8 here")


def test_a_difference_has_no_reason_until_one_is_chosen(shop, there, shipped):
    """The first reason of the list would stand for whatever happened: what came in addition was damaged."""
    surplus = {f"difference-{shipped.lines.get().pk}": "2", f"difference_kind-{shipped.lines.get().pk}": "surplus"}
    answer = receive(there, shipped, **{f"line-{shipped.lines.get().pk}": "8"}, **surplus)
    assert (answer.status_code, on_hand(shop, shop.there)) == (422, 0)
    assert answer.context["differences"][0].error == "Choose the reason."


@pytest.mark.parametrize("typed", ["x", "0", "-1"])
def test_a_difference_that_is_no_number_is_refused_beside_its_line(shop, there, shipped, typed):
    line = shipped.lines.get()
    answer = receive(there, shipped, **{f"line-{line.pk}": "8", f"difference-{line.pk}": typed})
    assert (answer.status_code, on_hand(shop, shop.there)) == (422, 0)
    assert answer.context["differences"][0].error


@pytest.fixture
def milk(shop):
    """Two lots of milk at `here`: three of A, which expires first, and five of B."""
    milk = Sku.objects.create(code="M1", name="Milk", price=1, is_lot_tracked=True, created_at=timezone.now())
    day = timezone.now().date()
    lots = (("A", 3, 5), ("B", 5, 50))
    goods = [GoodsLine(milk.pk, Decimal(some), lot=LotName(lot, day + timedelta(days=end))) for lot, some, end in lots]
    receive_goods(location=shop.here, lines=goods, key=None, user=None, now=timezone.now())
    return milk


def test_a_lot_is_named_when_it_leaves_and_is_shown_until_it_came(shop, staff, there, milk):
    enter(staff, shop, "keep", "0", line_code="M1", line_lot="b", line_expires="")
    draft = Transfer.objects.get()
    assert 'value="B"' in staff.get(SEND, {"transfer": draft.pk}).content.decode()
    staff.post(reverse("orders:ship_transfer", args=[draft.pk]))
    for name in ("transfer", "transfer_slip", "receive_transfer"):
        client = there if name == "receive_transfer" else staff
        assert ">B<" in client.get(reverse(f"orders:{name}", args=[draft.pk])).content.decode()
    (line,) = draft.lines.all()
    receive(there, draft, **{f"line-{line.pk}": "4"})
    assert dict(LotLevel.objects.filter(location=shop.there).values_list("lot__code", "on_hand")) == {"B": 4}


@pytest.mark.parametrize(("typed", "status", "came"), [("b", 302, {"B": 1}), ("", 302, {"A": 1}), ("C", 422, {})])
def test_the_lot_that_came_may_be_typed_where_none_was_named(shop, staff, there, milk, typed, status, came):
    enter(staff, shop, "post", "0", line_code="M1", line_lot="", line_expires="")
    (line,) = (draft := Transfer.objects.get()).lines.all()
    answer = receive(there, draft, **{f"line-{line.pk}": "1", f"lot-{line.pk}": typed})
    assert answer.status_code == status
    assert status == 302 or f'value="{typed}"' in answer.content.decode()
    assert dict(LotLevel.objects.filter(location=shop.there).values_list("lot__code", "on_hand")) == came


def test_a_line_says_how_many_were_sent_and_what_is_missing_apart_from_what_is_to_come(there, shipped):
    line = shipped.lines.get()
    assert "8 of 8 still to come" in there.get(reverse("orders:receive_transfer", args=[shipped.pk])).content.decode()
    receive(there, shipped, **{f"line-{line.pk}": "5"}, is_final="1", reason="damage")
    page = there.get(reverse("orders:transfer", args=[shipped.pk])).content.decode()
    assert '0 <span class="muted small nowrap">· 3 missing</span>' in page
