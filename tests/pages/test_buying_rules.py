"""The page of buying rules, and the second person's word in the browser."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from orders.models import ApprovalLimit, BuyingSettings, Delegation, ExchangeRate, OrderState, PurchaseOrder
from tests.pages.buying import ordered_firm, text_of
from tests.pages.conftest import signed_in

RULES = reverse("orders:rules")


@pytest.fixture
def world(db):
    world = ordered_firm()
    world.boss = signed_in(person("boss", Role.ADMINISTRATOR))
    world.manager = signed_in(person("mia", Role.MANAGER))
    for role, release in ((Role.MANAGER, 100), (Role.PURCHASER, 100)):
        ApprovalLimit.objects.update_or_create(role=role, defaults={"alone_up_to": 50, "release_up_to": release})
    return world


def person(name, role):
    return User.objects.create_user(name, role=role, sees_all_locations=True)


def wait(world, counted=90):
    PurchaseOrder.objects.filter(pk=world.order.pk).update(
        state=OrderState.AWAITING_APPROVAL, needs_second=True, created_by=world.buyer.user, home_total=counted,
        counted_total=counted, submitted_at=timezone.now(), approved_by=None,
    )  # fmt: skip
    return reverse("orders:purchase_order", args=[world.order.pk])


def state_of(world):
    world.order.refresh_from_db()
    return world.order.state


def test_the_second_person_sees_why_it_waits_and_says_yes(world):
    page = text_of(world.manager.get(wait(world)))
    assert "alone they may buy for $50.00" in page
    assert "Refuse this order" in page
    world.manager.post(reverse("orders:approve_order", args=[world.order.pk]))
    assert state_of(world) == OrderState.APPROVED


def test_who_may_not_say_yes_is_told_why_and_has_no_button(world):
    page = text_of(world.buyer.get(wait(world)))
    assert "You made this order, so somebody else has to approve it." in page
    assert "Approve $" not in page
    answer = world.buyer.post(reverse("orders:approve_order", args=[world.order.pk]), follow=True)
    assert "You made this order" in text_of(answer)
    assert state_of(world) == OrderState.AWAITING_APPROVAL
    assert "higher limit" in text_of(world.manager.get(wait(world, counted=101)))


def test_the_no_with_its_reason_is_shown(world):
    url = wait(world)
    world.manager.post(reverse("orders:refuse_order", args=[world.order.pk]), {"note": "Too dear"})
    page = text_of(world.buyer.get(url))
    assert "Refused by" in page and ": Too dear" in page


def test_an_administrator_changes_a_limit_and_others_only_read_it(world):
    row = ApprovalLimit.objects.get(role=Role.PURCHASER)
    url, name = reverse("orders:limit", args=[row.pk]), f"limit-{row.pk}"
    world.boss.post(url, {f"{name}-alone_up_to": "750", f"{name}-release_up_to": ""})
    row.refresh_from_db()
    assert (row.alone_up_to, row.release_up_to) == (750, None)
    assert world.buyer.post(url, {f"{name}-alone_up_to": "9"}).status_code == 403
    assert "$750.00" in text_of(world.buyer.get(RULES))
    assert world.boss.post(url, {f"{name}-alone_up_to": "-1"}).status_code == 422


def test_days_are_changed_within_bounds(world):
    days = {"window_days": "30", "approval_days": "3", "proposal_days": "20"}
    days |= {"over_receipt_percent": "5", "under_receipt_percent": "2.5"}
    world.boss.post(reverse("orders:days"), days)
    assert BuyingSettings.objects.get().window_days == 30
    assert world.boss.post(reverse("orders:days"), {**days, "window_days": "0"}).status_code == 422


@pytest.mark.parametrize(
    ("currency", "rate"), [("USD", "1"), ("E1R", "1"), ("XXQ", "1"), ("EUR", "0"), ("EUR", "NaN"), ("EUR", "")]
)
def test_rates_that_are_refused(world, currency, rate):
    answer = world.boss.post(reverse("orders:rates"), {"currency": currency, "rate": rate, "valid_from": "2026-03-01"})
    assert answer.status_code == 422
    assert not ExchangeRate.objects.filter(valid_from="2026-03-01").exists()


def test_a_rate_that_is_too_high_is_not_said_to_be_too_low(world):
    answer = world.boss.post(
        reverse("orders:rates"), {"currency": "EUR", "rate": "1000000000.01", "valid_from": "2026-03-01"}
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "The rate is at most 1,000,000,000: what one EUR is worth in USD." in page
    assert "more than 0" not in page


def test_a_rate_is_noted_and_replaced_on_the_same_day(world):
    for rate in ("1.1", "1.25"):
        world.boss.post(reverse("orders:rates"), {"currency": "gbp", "rate": rate, "valid_from": "2026-03-01"})
    assert ExchangeRate.objects.get(currency="GBP").rate == Decimal("1.25")
    assert "1 GBP = 1.25 USD" in text_of(world.buyer.get(RULES))


def test_a_limit_is_lent_and_taken_back(world):
    today = timezone.localdate()
    lent = {
        "giver": world.manager.user.pk, "taker": world.buyer.user.pk, "starts_on": today,
        "ends_on": today + timedelta(days=2),
    }  # fmt: skip
    world.manager.post(reverse("orders:delegations"), lent)
    row = Delegation.objects.get()
    assert "buyer for mia" in text_of(world.buyer.get(RULES))
    world.manager.post(reverse("orders:end_delegation", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_at is not None


def test_nobody_lends_the_limit_of_another(world):
    today = timezone.localdate()
    lent = {"giver": world.boss.user.pk, "taker": world.buyer.user.pk, "starts_on": today, "ends_on": today}
    assert world.manager.post(reverse("orders:delegations"), lent).status_code == 422
    assert not Delegation.objects.exists()


def test_store_staff_have_no_business_here(world):
    assert world.staff.get(RULES).status_code == 403
