"""Closing periods and the week of a supplier: written through one door, refused with the field named."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import AuditEvent, Role
from suppliers.domain.calendar import Closure
from suppliers.domain.closing_offers import offers
from suppliers.models import SupplierClosure
from suppliers.selectors.calendars import load_calendars
from suppliers.services.closures import add_closures, change_closure, drop_closure
from suppliers.services.suppliers import create_supplier, update_supplier
from tests.orders.conftest import NOW
from tests.suppliers.test_api import client_of, send

pytestmark = pytest.mark.django_db
SPRING = Closure("Chinese New Year", date(2027, 2, 3), date(2027, 2, 17))
LIST, SUPPLIERS = "/api/v1/supplier-closures/", "/api/v1/suppliers/"


@pytest.fixture
def acme():
    return create_supplier(code="ACME", name="Acme", currency="EUR", actor=None, now=NOW)


def note(supplier, *closures):
    return add_closures(supplier_id=supplier.pk, closures=closures, actor=None, now=NOW)


def test_a_period_is_noted_once_changed_and_dropped(acme):
    (row,) = note(acme, SPRING)
    assert note(acme, SPRING) == [row]
    change_closure(closure_id=row.pk, closure=Closure("Spring", SPRING.first, SPRING.first), actor=None, now=NOW)
    assert load_calendars(today=NOW.date())[acme.pk].closures == (Closure("Spring", SPRING.first, SPRING.first),)
    for _ in range(2):
        drop_closure(closure_id=row.pk, actor=None, now=NOW)
    assert load_calendars(today=NOW.date()) == {}
    actions = AuditEvent.objects.filter(object_type="supplier").order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "supplier.created", "supplier_closure.added", "supplier_closure.changed", "supplier_closure.dropped"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("closure", "field"),
    [
        (Closure(" ", SPRING.first, SPRING.last), "name"),
        (Closure("x", SPRING.last, SPRING.first), "ends_on"),
        (Closure("x", date(2027, 1, 1), date(2027, 6, 30)), "ends_on"),
    ],
)
def test_what_is_wrong_is_named(acme, closure, field):
    with pytest.raises(InvalidInput) as refusal:
        note(acme, SPRING, closure)
    assert refusal.value.details[0]["field"] == field
    assert not SupplierClosure.objects.exists()


def test_a_period_does_not_take_the_place_of_another(acme):
    _one, two = note(acme, SPRING, Closure("Summer", date(2027, 8, 1), date(2027, 8, 14)))
    with pytest.raises(InvalidInput):
        change_closure(closure_id=two.pk, closure=SPRING, actor=None, now=NOW)


def test_closures_that_are_over_and_plain_suppliers_are_left_out(acme):
    note(acme, Closure("Old", date(2026, 1, 1), date(2026, 1, 2)))
    create_supplier(code="B", name="B", currency="EUR", actor=None, now=NOW)
    assert load_calendars(today=date(2026, 1, 3)) == {}
    assert load_calendars(today=date(2026, 1, 2)).keys() == {acme.pk}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order_days": 0}, "order_days"),
        ({"delivery_days": 128}, "delivery_days"),
        ({"time_zone": "Mars"}, "time_zone"),
    ],
)
def test_a_week_that_cannot_be_is_refused(acme, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        update_supplier(supplier_id=acme.pk, changes=changes, actor=None, now=NOW)
    assert refusal.value.details[0]["field"] == field


def test_the_spring_festival_is_offered_longer_than_the_law_asks_and_golden_week_as_one():
    found = offers("CN", "", date(2026, 11, 1), date(2027, 10, 31))
    (spring,) = [each for each in found if each.name == "Chinese New Year"]
    assert (spring.first, spring.last) == (date(2027, 2, 3), date(2027, 2, 17))
    (golden,) = [each for each in found if each.first == date(2027, 10, 1)]
    assert golden.last >= date(2027, 10, 3)
    assert offers("XX", "", date(2026, 11, 1), date(2027, 10, 31)) == []


def test_the_api_notes_changes_and_drops(acme):
    buyer = client_of(Role.PURCHASER)
    body = {"supplier": acme.pk, "name": "Fair", "starts_on": "2027-05-01", "ends_on": "2027-05-03"}
    made = send(buyer, "post", LIST, body)
    assert made.status_code == 201
    one = f"{LIST}{made.json()['id']}/"
    assert send(buyer, "patch", one, {"ends_on": "2027-05-04"}).json()["ends_on"] == "2027-05-04"
    assert send(buyer, "patch", one, {"ends_on": "2027-04-01"}).status_code == 422
    stale = buyer.delete(one, headers={"If-Match": '"old"'})
    assert stale.status_code == 412
    assert buyer.delete(one, headers={"If-Match": buyer.get(one)["ETag"]}).status_code == 204
    assert buyer.get(LIST, {"supplier": acme.pk}).json()["count"] == 0


def test_the_api_speaks_of_weekdays(acme):
    buyer, one = client_of(Role.PURCHASER), reverse("api:supplier-detail", args=[acme.pk])
    changed = send(buyer, "patch", one, {"order_days": [1, 4], "cut_off": "10:00", "time_zone": "Asia/Shanghai"})
    assert changed.json()["order_days"] == [1, 4]
    assert send(buyer, "patch", one, {"order_days": []}).status_code in (400, 422)
    assert send(buyer, "patch", one, {"order_days": [0]}).status_code in (400, 422)


def test_only_those_who_buy_write(acme):
    staff = client_of(Role.STAFF)
    body = {"supplier": acme.pk, "name": "Fair", "starts_on": "2027-05-01", "ends_on": "2027-05-03"}
    answer = staff.post(LIST, body, content_type="application/json", headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 403
    assert staff.get(LIST).status_code == 200
