"""Adjusting offers and takes only reasons that fit what happened: what is gone was not found."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from inventory.models import Movement, Reason
from tests.pages.conftest import PASSWORD, make_user

GONE, UP = "Choose a reason for which units are gone", "Choose a reason for which units turn up"
MOVED = {"kind": "adjustment"}


def adjust(client, shop, direction, reason):
    data = {"location": shop.here.pk, "key": "0" * 32, "do": "post", "line_code": "B1", "line_quantity": "3"}
    return client.post(reverse("inventory:adjust"), {**data, "direction": direction, "reason": reason})


@pytest.mark.parametrize(
    ("direction", "reason", "said"),
    [("off", "found", GONE), ("on", "theft", UP), ("on", "expired", UP), ("off", "", "Choose the reason.")],
)
def test_a_reason_that_does_not_fit_is_refused_and_the_entry_kept(staff, shop, direction, reason, said):
    page = adjust(staff, shop, direction, reason)
    entry = page.context["entry"]
    assert (page.status_code, entry.problem[: len(said)]) == (422, said)
    assert (entry.lines[0].typed, entry.texts["direction"]) == ("3", direction)
    assert not Movement.objects.filter(**MOVED).exists()


@pytest.mark.parametrize("direction", ["off", "on"])
@pytest.mark.parametrize("code", ["other", "window"])
def test_other_and_reasons_of_the_firms_own_go_either_way(staff, shop, direction, code):
    Reason.objects.get_or_create(code=code, defaults={"name": "Shop window"})
    assert adjust(staff, shop, direction, code).status_code == 302
    assert Movement.objects.get(**MOVED).reason.code == code


@pytest.mark.django_db(transaction=True)
def test_the_list_follows_what_happened(page, live_server, shop):
    make_user("sam", Role.STAFF, shop.here)
    page.goto(f"{live_server.url}/sign-in/?next=/stock/adjust/%3Fcode=B1")
    page.fill("[name=username]", "sam")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    open_to_choose = page.locator("#reason option:enabled:not(optgroup:disabled > option)")
    expect(open_to_choose).to_have_text(["Choose one", "Other", "Damaged", "Expired", "Sample or own use", "Stolen"])
    page.select_option("#reason", "theft")
    page.select_option("#direction", "on")
    expect(open_to_choose).to_have_text(["Choose one", "Other", "Found"])
    expect(page.locator("#reason")).to_have_value("")
