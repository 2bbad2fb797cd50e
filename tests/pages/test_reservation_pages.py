"""Reserving on a phone, handing over, and who sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Reservation, ReservationState, StockLevel
from inventory.services.reservations import reserve_stock
from inventory.services.sales import GoodsLine


def reserve_form(shop, **changed):
    return {
        "location": shop.here.pk, "key": "a" * 32, "line_code": ["B1"], "line_quantity": ["4"], "reference": "Ms Li",
        "until": "1", "do": "post", **changed,
    }  # fmt: skip


@pytest.fixture
def held(shop):
    (row,) = reserve_stock(
        location=shop.here, lines=[GoodsLine(shop.bread.pk, Decimal(4))], reference="Ms Li", key=None, user=None,
        now=timezone.now(), expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    return row


def act(client, name, row, **data):
    return client.post(reverse(f"inventory:reservation_{name}", args=[row.pk]), data)


def test_it_is_reserved_at_the_shelf(staff, shop):
    answer = staff.post(reverse("inventory:reserve"), reserve_form(shop), follow=True)
    assert "4 reserved at Here for Ms Li." in answer.content.decode()
    row = Reservation.objects.get()
    assert (row.quantity, row.reference, row.created_by) == (4, "Ms Li", staff.user)
    assert timedelta(hours=23) < row.expires_at - timezone.now() < timedelta(hours=49)


def test_a_second_send_of_the_same_entry_reserves_once(staff, shop):
    for _time in range(2):
        staff.post(reverse("inventory:reserve"), reserve_form(shop))
    assert Reservation.objects.count() == 1


def test_the_same_page_for_somebody_else_is_not_taken_for_the_first(staff, shop):
    staff.post(reverse("inventory:reserve"), reserve_form(shop))
    answer = staff.post(reverse("inventory:reserve"), reserve_form(shop, reference="Mr Wu"))
    assert (answer.status_code, "Sent before" in answer.content.decode()) == (422, True)
    staff.post(reverse("inventory:reserve"), reserve_form(shop, reference="Mr Wu", key=answer.context["entry"].key))
    assert sorted(Reservation.objects.values_list("reference", flat=True)) == ["Mr Wu", "Ms Li"]


def test_another_quantity_on_the_same_page_is_not_said_to_be_handed_over(staff, held):
    act(staff, "issue", held, quantity="1", key="k")
    answer = act(staff, "issue", held, quantity="2", key="k")
    assert (answer.status_code, "See what is left" in answer.content.decode()) == (422, True)
    act(staff, "issue", held, quantity="2", key=answer.context["key"])
    held.refresh_from_db()
    assert held.issued == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"line_quantity": ["11"]}, "Only 10 there, 11 asked."),
        ({"reference": ""}, "Say for whom it is"),
        ({"until": "never"}, "Choose until when it is kept."),
    ],
)
def test_what_is_wrong_is_said_and_the_entry_stays(staff, shop, changed, message):
    answer = staff.post(reverse("inventory:reserve"), reserve_form(shop, **changed))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert 'value="B1"' in answer.content.decode()
    assert not Reservation.objects.exists()


def test_the_list_finds_it_by_whom_it_is_for(staff, held):
    address = reverse("inventory:reservations")
    assert "Ms Li" in staff.get(address, {"search": "ms li"}).content.decode()
    assert "Ms Li" in staff.get(address, {"state": "expiring"}).content.decode()
    for query in ({"search": "somebody"}, {"state": "issued"}):
        assert "No reservation matches" in staff.get(address, query).content.decode()


def test_the_page_of_the_sku_says_who_has_it(staff, held, shop):
    page = staff.get(reverse("dashboards:sku", args=[shop.bread.pk])).content.decode()
    assert "Reserved at Here" in page
    assert "Ms Li" in page


def test_a_part_is_handed_over_and_the_rest_released(staff, held):
    assert act(staff, "issue", held, quantity="3", key="k").status_code == 302
    assert act(staff, "issue", held, quantity="3", key="k").status_code == 302
    assert Reservation.objects.get().issued == 3
    act(staff, "release", held)
    assert Reservation.objects.get().state == ReservationState.RELEASED
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


@pytest.mark.parametrize(
    ("typed", "message"), [("5", "5 of B1 cannot be handed over: 4 are reserved."), ("x", "is not a number")]
)
def test_a_quantity_that_is_not_reserved_is_refused_beside_the_entry(staff, held, typed, message):
    answer = act(staff, "issue", held, quantity=typed, key="k")
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_all_for_the_same_person_is_handed_over_together(staff, held, shop):
    lines = [GoodsLine(shop.rice.pk, Decimal("1.5"))]
    reserve_stock(location=shop.here, lines=lines, reference="Ms Li", key=None, user=None, now=timezone.now())
    act(staff, "issue", held, quantity="1", together="1", key="k")
    assert set(Reservation.objects.values_list("state", flat=True)) == {"issued"}


def test_it_is_kept_longer_and_moved_to_a_store_of_ones_own_only(manager, staff, held, shop):
    assert act(staff, "extend", held, until="open").status_code == 302
    assert Reservation.objects.get().expires_at is None
    assert act(staff, "reassign", held, location=shop.there.pk, reference="Ms Li").status_code == 422
    answer = act(manager, "reassign", held, location=shop.there.pk, reference="Ms Li")
    assert "Only 0 of B1 can still be reserved at THERE" in answer.content.decode()
    act(manager, "reassign", held, location="", reference="Mr Wu")
    assert Reservation.objects.get().reference == "Mr Wu"
