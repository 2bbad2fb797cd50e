"""The pages and the API of rules that approve by themselves: who may, what is tried, what is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role, User
from orders.models import AutoApprovalRule, BuyingSettings, PurchaseOrder, ReplenishmentProposal
from tests.orders.conftest import NOW
from tests.pages.buying import ordered_firm, planned_firm, text_of
from tests.pages.conftest import signed_in

LIST, NEW = reverse("orders:auto_rules"), reverse("orders:new_auto_rule")
API = "/api/v1/auto-approval-rules/"
FIELDS = {"name": "Small ones", "order_up_to": "1000000", "daily_cap": "2000000"}


@pytest.fixture
def world(db):
    return with_people(ordered_firm())


def with_people(world):
    people = {Role.ADMINISTRATOR: "boss", Role.MANAGER: "mia"}
    for role, name in people.items():
        user = User.objects.create_user(name, role=role, sees_all_locations=True)
        setattr(world, name, signed_in(user))
    return world


def make(world, **fields):
    return AutoApprovalRule.objects.create(
        author=world.buyer.user, created_at=NOW, **{**FIELDS, **fields}
    )  # fmt: skip


def test_a_purchaser_tries_a_rule_and_keeps_it(db):
    world = with_people(planned_firm())
    page = text_of(world.buyer.post(NEW, {**FIELDS, "preview": "1"}))
    assert "Of today's proposals it would have approved" in page
    assert not AutoApprovalRule.objects.exists()
    world.buyer.post(NEW, {**FIELDS, "keep": "1"})
    rule = AutoApprovalRule.objects.get()
    assert (rule.author, rule.order_up_to) == (world.buyer.user, Decimal(1000000))
    assert "Small ones" in text_of(world.mia.get(LIST))
    assert ReplenishmentProposal.objects.filter(state="open").exists()


def test_a_wrong_amount_stands_beside_its_field(world):
    answer = world.buyer.post(NEW, {**FIELDS, "daily_cap": "5", "keep": "1"})
    assert answer.status_code == 422
    assert "The cap of a day has to be at least what one order may cost." in text_of(answer)


def test_anybody_who_approves_stops_all_and_an_administrator_starts_them(world):
    make(world)
    assert "Stop all rules" in text_of(world.mia.get(LIST))
    world.mia.post(reverse("orders:stop_auto_approval"))
    assert BuyingSettings.objects.get().is_auto_approval_stopped
    page = text_of(world.buyer.get(LIST))
    assert "All rules are stopped" in page
    assert "Let the rules approve again" not in page
    assert world.buyer.post(reverse("orders:start_auto_approval")).status_code == 403
    world.boss.post(reverse("orders:start_auto_approval"))
    assert not BuyingSettings.objects.get().is_auto_approval_stopped


def test_a_manager_switches_off_but_not_on(world):
    rule = make(world)
    switch = reverse("orders:switch_auto_rule", args=[rule.pk])
    world.mia.post(switch, {"is_active": "0"})
    answer = world.mia.post(switch, {"is_active": "1"}, follow=True)
    assert "only a purchaser may switch it on" in text_of(answer)
    rule.refresh_from_db()
    assert not rule.is_active
    world.buyer.post(switch, {"is_active": "1"})
    rule.refresh_from_db()
    assert rule.is_active


def test_one_that_has_ended_is_gone_from_the_pages(world):
    rule = make(world)
    world.buyer.post(reverse("orders:end_auto_rule", args=[rule.pk]))
    assert "Small ones" not in text_of(world.buyer.get(LIST)).split("has ended")[-1]
    assert world.buyer.get(reverse("orders:auto_rule", args=[rule.pk])).status_code == 404


def test_the_page_of_an_order_names_rule_and_author(world):
    rule = make(world)
    PurchaseOrder.objects.filter(pk=world.order.pk).update(
        approval_rule=rule, created_by=world.buyer.user, approved_by=world.buyer.user
    )
    page = text_of(world.buyer.get(reverse("orders:purchase_order", args=[world.order.pk])))
    assert f"rule “Small ones” of {world.buyer.user}" in page
    assert world.order.number in text_of(world.buyer.get(LIST))


def test_the_list_asks_as_much_for_many_rules_as_for_one(world, django_assert_num_queries):
    make(world)
    world.buyer.get(LIST)
    for number in range(4):
        make(world, name=f"rule {number}")
    with django_assert_num_queries(6):
        world.buyer.get(LIST)


def change(world, url, tag, **fields):
    return world.boss.patch(url, fields, content_type="application/json", headers={"If-Match": tag})


def test_the_api_makes_changes_switches_and_tries(world):
    made = world.buyer.post(API, FIELDS, content_type="application/json", headers={"Idempotency-Key": "a"})
    assert made.status_code == 201, made.content
    url = f"{API}{made.json()['id']}/"
    trial = world.buyer.get(f"{url}trial/").json()
    assert trial["count"] == len(trial["proposals"])
    tag = world.buyer.get(url)["ETag"]
    changed = change(world, url, tag, is_active=False)
    assert (changed.status_code, changed.json()["is_active"]) == (200, False)
    assert changed.json()["author"] == world.buyer.user.pk
    tag = changed["ETag"]
    changed = world.boss.patch(
        url, {"daily_cap": "3000000"}, content_type="application/json", headers={"If-Match": tag}
    )
    assert changed.json()["author"] == world.boss.user.pk
    stale = world.boss.patch(url, {"daily_cap": "1"}, content_type="application/json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert world.boss.delete(url, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert world.boss.get(url).status_code == 404


def test_the_api_names_the_wrong_field_and_stops_all(world):
    wrong = world.buyer.post(
        API, {**FIELDS, "daily_cap": "5"}, content_type="application/json", headers={"Idempotency-Key": "b"}
    )
    assert wrong.status_code == 422
    assert "daily_cap" in wrong.content.decode()
    stopped = world.mia.post(f"{API}stop/", headers={"Idempotency-Key": "c"})
    assert stopped.json() == {"is_stopped": True}
    assert world.mia.post(f"{API}start/", headers={"Idempotency-Key": "d"}).status_code == 403
