"""The planner says what the forecast cannot know, sees what it does, and ends it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from forecasting.models import ForecastOverride
from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change, make_override
from tests.orders.conftest import foresee, make_run
from tests.pages.conftest import make_user, signed_in

NEW, LIST = reverse("forecasting:new_override"), reverse("forecasting:overrides")


def form(**changed):
    first = timezone.localdate() + timedelta(days=1)
    last = first + timedelta(days=6)
    return {
        "sku": "B1", "kind": "percent", "amount": "30", "first": first.isoformat(), "last": last.isoformat(),
        "reason": "street festival", "key": "k1", **changed,
    }  # fmt: skip


@pytest.fixture
def forecasts(shop):
    """2 bread a day at each of the two shops."""
    run = make_run(as_of=timezone.localdate() - timedelta(days=1))
    for place in (shop.here, shop.there):
        foresee(run, shop.bread, place, 2.0)


def test_it_is_made_once_however_often_the_form_is_sent(manager, shop):
    for _ in range(2):
        answer = manager.post(NEW, form(), follow=True)
    row = ForecastOverride.objects.get()
    assert (row.sku, row.percent, row.created_by, row.expires_on) == (shop.bread, 30, manager.user, row.ends_on)
    text = answer.content.decode()
    assert "street festival" in text and "Made" in text and "+30%" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sku": "NONE"}, "No SKU has the code NONE"),
        ({"sku": ""}, "at least one of them"),
        ({"amount": "many"}, "Type a number"),
        ({"amount": "-101"}, "between -100"),
        ({"first": "tomorrow"}, "Type a day"),
        ({"first": "2026-01-01"}, "days that are over cannot be planned"),
        ({"reason": ""}, "Say why in a few words"),
        ({"kind": "units", "amount": "-3"}, "cannot be negative"),
        ({"location": "999999"}, "This is not in the list"),
    ],
)
def test_a_wrong_entry_is_kept_and_says_what_is_wrong(manager, wrong, said):
    answer = manager.post(NEW, form(**wrong))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ForecastOverride.objects.exists()


def test_the_preview_says_what_it_would_do(manager, forecasts):
    text = manager.get(reverse("forecasting:override_preview"), form()).content.decode()
    # Seven days of 2 at each of two shops: 28, and a third more.
    assert "28 units" in text and "36 units" in text
    assert "see here what they do" in manager.get(reverse("forecasting:override_preview")).content.decode()


def after(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "-101"}, "between -100"),
        ({"amount": "1001"}, "between -100"),
        ({"kind": "units", "amount": "-3"}, "cannot be negative"),
        ({"first": "2026-01-01"}, "days that are over cannot be planned"),
        ({"first": "9999-12-30", "last": "9999-12-31"}, "Is the year right?"),
        ({"last": after(-3)}, "lies before the first one"),
        # It would be over before it began.
        ({"expires_on": after(0)}, "It expires between its first day"),
    ],
)
def test_the_preview_refuses_what_the_form_refuses(manager, forecasts, wrong, said):
    text = manager.get(reverse("forecasting:override_preview"), form(reason="", **wrong)).content.decode()
    assert said in text and "With the override" not in text
    assert said in manager.post(NEW, form(**wrong)).content.decode()
    assert not ForecastOverride.objects.exists()


def test_the_preview_of_a_day_that_is_none_asks_for_one(manager, forecasts):
    text = manager.get(reverse("forecasting:override_preview"), form(expires_on="soon")).content.decode()
    assert "see here what they do" in text


def test_what_expires_early_counts_its_days_alone(manager, forecasts):
    """Two days of 2 at each of two shops, and half more; of 56 units for seven days two days have their part."""
    early = {"expires_on": after(2)}
    text = manager.get(reverse("forecasting:override_preview"), form(amount="50", **early)).content.decode()
    assert "8 units" in text and "12 units" in text
    text = manager.get(reverse("forecasting:override_preview"), form(kind="units", amount="56", **early))
    assert "8 units" in text.content.decode() and "16 units" in text.content.decode()
    page = manager.post(NEW, form(amount="50", **early), follow=True).content.decode()
    assert "8 units" in page and "12 units" in page


def test_a_fraction_of_a_unit_is_not_nothing(manager, shop):
    foresee(make_run(as_of=timezone.localdate() - timedelta(days=1)), shop.bread, shop.here, 0.1)
    text = manager.get(reverse("forecasting:override_preview"), form(amount="100")).content.decode()
    assert "0.7 units" in text and "1.4 units" in text


def test_where_nothing_is_expected_it_says_that_there_is_nothing_to_change(manager, shop):
    foresee(make_run(as_of=timezone.localdate() - timedelta(days=1)), shop.bread, shop.here, 0.0)
    assert "plan it there" in manager.get(reverse("forecasting:override_preview"), form()).content.decode()


def test_a_form_that_was_sent_and_changed_may_be_sent_again(manager, shop):
    """Back in the browser to the form that made one, and another reason."""
    manager.post(NEW, form())
    refused = manager.post(NEW, form(reason="book fair"))
    assert refused.status_code == 422 and "This form made an override before" in refused.content.decode()
    manager.post(NEW, form(reason="book fair", key=refused.context["key"]))
    assert ForecastOverride.objects.count() == 2


def test_a_planner_of_one_store_plans_for_that_store_alone(shop):
    client = signed_in(make_user("max", Role.MANAGER, shop.here))
    assert client.post(NEW, form()).status_code == 422
    assert client.post(NEW, form(location=shop.there.pk)).status_code == 422
    assert client.post(NEW, form(location=shop.here.pk)).status_code == 302


def test_what_holds_for_all_stores_is_seen_but_not_ended_by_one(manager, shop):
    manager.post(NEW, form())
    row, client = ForecastOverride.objects.get(), signed_in(make_user("max", Role.MANAGER, shop.here))
    page = client.get(reverse("forecasting:override", args=[row.pk])).content.decode()
    assert "street festival" in page and "End it now" not in page
    assert client.post(reverse("forecasting:end_override", args=[row.pk])).status_code == 404
    manager.post(reverse("forecasting:end_override", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_by == manager.user


def test_the_list_shows_what_holds_with_a_constant_number_of_queries(manager, shop, django_assert_max_num_queries):
    today = timezone.localdate()
    for number in range(12):
        make_override(
            level=Level(sku_id=shop.bread.pk), change=Change(today, today, percent=Decimal(number)),
            reason=f"reason {number}", actor=manager.user, now=timezone.now(),
        )  # fmt: skip
    with django_assert_max_num_queries(10):
        text = manager.get(LIST).content.decode()
    assert "reason 11" in text and "reason 0" in text
    assert "reason" not in manager.get(LIST, {"state": "over"}, headers={"HX-Request": "true"}).content.decode()


def test_it_is_found_by_its_sku_its_category_and_its_reason(manager, shop):
    manager.post(NEW, form(reason="book fair"))
    manager.post(NEW, form(sku="", category=shop.food.pk, reason="heat", key="k2"))
    for search, reasons in (("fair", {"book fair"}), ("brown", {"book fair"}), ("FOOD", {"heat"}), ("x", set())):
        text = manager.get(LIST, {"search": search}, headers={"HX-Request": "true"}).content.decode()
        assert {reason for reason in ("book fair", "heat") if reason in text} == reasons, search


def test_a_day_of_another_year_is_named_with_it(manager, shop):
    this = timezone.localdate()
    later = this.replace(year=this.year + 1, month=6, day=1)
    for first in (this, later):
        manager.post(NEW, form(first=first, last=first, key=str(first)))
    days = [cell for cell in manager.get(LIST).content.decode().split("<td") if "nowrap" in cell]
    assert f"Jun 1, {later.year} – Jun 1, {later.year}" in days[0] and str(this.year) not in days[1]


def test_what_was_just_planned_for_later_is_in_the_list(manager, shop):
    manager.post(NEW, form(reason="book fair"))
    for query, is_there in (
        ({}, True),
        ({"state": "coming"}, True),
        ({"state": "now"}, False),
        ({"state": "over"}, False),
    ):
        assert ("book fair" in manager.get(LIST, query).content.decode()) == is_there, query


def test_the_chinese_reader_is_refused_in_chinese(manager, shop):
    said = manager.post(NEW, form(sku="NONE"), headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "没有编码为 NONE 的 SKU" in said


def test_staff_do_not_plan(staff):
    assert staff.get(NEW).status_code == staff.get(LIST).status_code == 403


def test_a_program_makes_and_ends_one(manager, shop):
    days = {"starts_on": form()["first"], "ends_on": form()["last"]}
    body = {"sku": shop.bread.pk, "location": shop.here.pk, "percent": "30", "reason": "festival", **days}
    send = {"content_type": "application/json", "headers": {"Idempotency-Key": str(uuid4())}}
    url = reverse("api:forecast-override-list")
    made, again = manager.post(url, body, **send), manager.post(url, body, **send)
    assert (made.status_code, again.json()) == (201, made.json())
    assert made.json()["factor"] == pytest.approx(1.3)
    wrong = manager.post(url, {**body, "percent": None}, **{**send, "headers": {"Idempotency-Key": str(uuid4())}})
    assert wrong.status_code == 422 and "percentage or a quantity" in wrong.content.decode()
    end = reverse("api:forecast-override-end", args=[made.json()["id"]])
    assert manager.post(end, **{**send, "headers": {"Idempotency-Key": str(uuid4())}}).json()["ended_at"]
