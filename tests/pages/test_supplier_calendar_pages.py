"""The week and the closing periods of a supplier in the browser: who edits them, what is offered, what is refused."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Location
from suppliers.models import SupplierClosure
from tests.pages.buying import planned_firm, text_of

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Acme", "email": "", "language": "en", "currency": "EUR", "promised_lead_time_days": "2",
    "minimum_order_value": "0.00", "order_days": ["1", "4"], "delivery_days": ["2"], "cut_off": "10:30",
    "time_zone": "Asia/Shanghai", "is_active": "on",
    "truck_policy": "none", "fill_days": "30",
}  # fmt: skip


@pytest.fixture
def world():
    return planned_firm()


def url(world, name="closures", *more):
    return reverse(f"suppliers:{name}", args=[world.firm.acme.pk, *more])


def test_the_week_is_edited_and_shown_on_the_page_of_the_supplier(world):
    assert world.buyer.post(url(world, "edit"), TYPED).status_code == 302
    world.firm.acme.refresh_from_db()
    assert (world.firm.acme.order_days, world.firm.acme.delivery_days, world.firm.acme.cut_off) == (9, 2, time(10, 30))
    page = text_of(world.buyer.get(reverse("dashboards:supplier", args=[world.firm.acme.pk])))
    assert "Monday, Thursday, until 10:30 (Asia/Shanghai)" in " ".join(page.split())
    assert url(world, "edit") in page


def test_what_is_wrong_stands_beside_its_field(world):
    answer = world.buyer.post(url(world, "edit"), {**TYPED, "order_days": [], "time_zone": "Mars"})
    assert answer.status_code == 422
    assert "Choose at least one day of the week." in text_of(answer)
    answer = world.buyer.post(url(world, "edit"), {**TYPED, "time_zone": "Mars"})
    assert "Mars is no time zone." in text_of(answer)


def test_an_edit_that_came_too_late_is_shown_beside_what_is_there(world):
    version = world.buyer.get(url(world, "edit")).context["version"]
    world.buyer.post(url(world, "edit"), TYPED)
    late = world.buyer.post(url(world, "edit"), {**TYPED, "order_days": ["7"], "version": version})
    assert late.status_code == 422
    assert {row.label: (row.now, row.typed) for row in late.context["differences"]} == {
        "They take orders on": ("Monday, Thursday", "Sunday")
    }


def test_a_period_is_noted_changed_and_dropped(world):
    typed = {"name": "Fair", "starts_on": "2027-05-01", "ends_on": "2027-05-03"}
    assert world.buyer.post(url(world, "add_closure"), typed).status_code == 302
    row = SupplierClosure.objects.get()
    one = url(world, "closure", row.pk)
    assert world.buyer.post(one, {**typed, "ends_on": "2027-04-01"}).status_code == 422
    assert world.buyer.post(one, {**typed, "ends_on": "2027-05-09"}).status_code == 302
    assert "Fair" in text_of(world.staff.get(url(world)))
    assert world.buyer.post(url(world, "drop_closure", row.pk)).status_code == 302
    assert not SupplierClosure.objects.exists()


@pytest.mark.parametrize(("zone", "country"), [("Asia/Shanghai", "CN"), ("", "DE")])
def test_the_country_where_they_sit_or_else_ours_is_offered_first(world, zone, country):
    world.firm.acme.time_zone = zone
    world.firm.acme.save()
    Location.objects.update(time_zone="Europe/Berlin", country="")
    assert world.buyer.get(url(world)).context["offer_form"]["country"].value() == country


def test_holidays_are_offered_and_those_that_are_ticked_are_noted(world):
    page = world.buyer.get(url(world), {"country": "CN", "region": ""})
    (key, spring) = next(each for each in page.context["offered"] if each[1].name == "Chinese New Year")
    sent = {"country": "CN", "region": "", "offer": [key]}
    assert world.buyer.post(url(world, "add_offered"), sent).status_code == 302
    row = SupplierClosure.objects.get()
    assert (row.starts_on, row.ends_on) == (spring.first, spring.last)
    assert key not in [each[0] for each in world.buyer.get(url(world), {"country": "CN"}).context["offered"]]


def test_nothing_ticked_and_unknown_regions_are_refused(world):
    answer = world.buyer.post(url(world, "add_offered"), {"country": "CN", "region": ""})
    assert answer.status_code == 422
    assert "Choose at least one period." in text_of(answer)
    assert "DE has no region XX" in text_of(world.buyer.get(url(world), {"country": "DE", "region": "xx"}))
    assert world.buyer.get(url(world), {"country": "ZZ"}).status_code == 200


def test_who_does_not_buy_looks_and_does_not_write(world):
    page = world.staff.get(url(world))
    assert page.status_code == 200
    assert url(world, "add_closure") not in text_of(page)
    for name in ("edit", "add_closure", "add_offered"):
        assert world.staff.post(url(world, name), TYPED).status_code == 403


def test_the_reason_tells_of_the_calendar_without_a_proposal_too(world):
    world.buyer.post(url(world, "edit"), TYPED)
    today = timezone.localdate()
    typed = {"name": "Fair", "starts_on": today, "ends_on": today + timedelta(days=1)}
    world.buyer.post(url(world, "add_closure"), typed)
    world.tea.state = "withdrawn"
    world.tea.save()
    page = text_of(world.buyer.get(reverse("dashboards:sku", args=[world.firm.tea.pk])))
    assert "They are closed" in page
    assert not re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2} – ", page)
    assert "They take the next order on" in page


def test_a_truck_is_typed_and_one_that_holds_nothing_is_refused(world):
    answer = world.buyer.post(url(world, "edit"), {**TYPED, "truck_policy": "fill"})
    assert answer.status_code == 422
    assert "Say what a truck holds" in text_of(answer)
    typed = {**TYPED, "truck_policy": "limit", "truck_kilograms": "900", "fill_days": "20"}
    assert world.buyer.post(url(world, "edit"), typed).status_code == 302
    world.firm.acme.refresh_from_db()
    kept = world.firm.acme
    assert (kept.truck_policy, kept.truck_kilograms, kept.truck_value, kept.fill_days) == ("limit", 900, None, 20)
