"""The alerts page: what costs most first, seen, hidden, over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from alerts.models import Alert, AlertState
from tests.pages.conftest import make_user, signed_in

LIST = reverse("alerts:list")


def open_alert(shop, sku, place, money, severity="low", **fields):
    now = timezone.now()
    return Alert.objects.create(
        kind="stock_risk", severity=severity, sku=sku, location=place, value_at_risk=money, opened_at=now,
        updated_at=now, turned_at=now, facts={"available": "3", "on_order": "0", "days_of_cover": 1.5}, **fields,
    )  # fmt: skip


@pytest.fixture
def alerts(shop):
    return [
        open_alert(shop, shop.bread, shop.here, Decimal(5)),
        open_alert(shop, shop.rice, shop.here, Decimal(9), severity="out"),
        open_alert(shop, shop.bread, shop.there, Decimal(7)),
    ]


def shown(client, query="", **headers):
    return [alert.pk for alert, _facts in client.get(LIST + query, **headers).context["rows"]]


def act(client, name, alert, **data):
    return client.post(reverse(f"alerts:{name}", args=[alert.pk]), data, headers={"HX-Request": "true"})


def test_the_most_money_comes_first_and_only_the_own_stores(alerts, manager, staff):
    assert shown(manager) == [alerts[1].pk, alerts[2].pk, alerts[0].pk]
    assert shown(staff) == [alerts[1].pk, alerts[0].pk]
    assert shown(manager, "?severity=out") == [alerts[1].pk]


def test_facts_are_said_in_words_and_silent_ones_left_out(alerts, manager):
    _alert, facts = manager.get(LIST).context["rows"][0]
    assert facts == [("Available", "3"), ("Lasts", "1.5 days")]


def test_seen_says_who_saw_it_and_it_stays(alerts, manager):
    answer = act(manager, "acknowledge", alerts[0])
    alerts[0].refresh_from_db()
    assert (alerts[0].state, alerts[0].acknowledged_by) == (AlertState.ACKNOWLEDGED, manager.user)
    assert "seen by mia" in answer.content.decode()


def test_hidden_alerts_leave_the_list_until_their_time(alerts, manager):
    act(manager, "snooze", alerts[1], days="3")
    assert alerts[1].pk not in shown(manager)
    assert shown(manager, "?state=snoozed") == [alerts[1].pk]
    Alert.objects.filter(pk=alerts[1].pk).update(snoozed_until=timezone.now() - timedelta(minutes=1))
    assert alerts[1].pk in shown(manager)


def test_no_sensible_time_hides_nothing(alerts, manager):
    answer = act(manager, "snooze", alerts[1], days="0")
    assert "Choose for how long" in answer.content.decode()
    assert alerts[1].pk in shown(manager)


def test_closed_alerts_are_found_by_the_filter_and_cannot_be_handled(alerts, manager):
    Alert.objects.filter(pk=alerts[0].pk).update(state=AlertState.CLOSED, closed_at=timezone.now())
    assert shown(manager, "?state=closed") == [alerts[0].pk]
    assert "closed already" in act(manager, "acknowledge", alerts[0]).content.decode()


def test_staff_look_but_do_not_handle_and_other_stores_do_not_exist(shop, alerts, staff):
    assert act(staff, "acknowledge", alerts[0]).status_code == 403
    elsewhere = signed_in(make_user("max", Role.MANAGER, shop.there))
    assert act(elsewhere, "acknowledge", alerts[0]).status_code == 404


def test_the_page_asks_as_often_for_many_alerts_as_for_few(shop, alerts, manager):
    with CaptureQueriesContext(connection) as few:
        shown(manager)
    for number in range(5):
        open_alert(shop, None, shop.here, Decimal(1), subject=f"PO-{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(shown(manager)) == 8
    assert len(many) == len(few)


def test_what_a_proposal_answers_is_one_line_with_the_way_to_it(alerts, manager, staff, as_role):
    Alert.objects.filter(pk__in=[alerts[0].pk, alerts[2].pk]).update(is_answered=True)
    assert shown(manager) == [alerts[1].pk]
    page = as_role("purchaser").get(LIST).content.decode()
    assert "2 more SKUs are short, and proposals that wait for approval answer them in time." in page
    assert f'href="{reverse("orders:proposals")}">See the proposals' in page
    page = staff.get(LIST).content.decode()
    assert "1 more SKU is short" in page and "See the proposals" not in page
    assert shown(manager, "?state=answered") == [alerts[2].pk, alerts[0].pk]
    assert shown(staff, "?state=answered") == [alerts[0].pk], "only the own stores"


def test_the_number_on_the_first_page_is_what_needs_somebody(alerts, manager):
    home = reverse("dashboards:home")
    assert manager.get(home).context["alert_count"] == 3
    Alert.objects.filter(pk=alerts[0].pk).update(is_answered=True)
    assert manager.get(home).context["alert_count"] == 2
