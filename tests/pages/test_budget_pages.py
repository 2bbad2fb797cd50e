"""The pages and the API of budgets: who may, what they show, what is refused. Tea needs 24 and salt 18 at 2 a unit."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role, User
from orders.models import Budget, PurchaseOrder
from orders.services.decisions import edit_proposal
from tests.orders.conftest import NOW
from tests.pages.buying import planned_firm, text_of
from tests.pages.conftest import make_user, signed_in

LIST, NEW, INBOX = reverse("orders:budgets"), reverse("orders:new_budget"), reverse("orders:proposals")
API = "/api/v1/budgets/"
FIELDS = {"name": "Spring", "amount": "36", "period": "month", "starts_on": "2026-01-01"}


@pytest.fixture
def world(db):
    world = planned_firm()
    manager = User.objects.create_user("mia", role=Role.MANAGER, sees_all_locations=True)
    world.mia, world.shopkeeper = signed_in(manager), signed_in(make_user("sue", Role.MANAGER, world.firm.shop))
    return world


def refresh(*rows):
    for row in rows:
        row.refresh_from_db()


def test_a_manager_sets_a_budget_and_sees_what_it_cuts(world):
    assert "Everything that is proposed may be bought" in text_of(world.mia.get(LIST))
    page = text_of(world.mia.post(NEW, FIELDS, follow=True))
    assert "The budget is kept" in page
    assert "€0.00 of €36.00" in page.replace("$", "€")
    refresh(world.tea, world.salt)
    assert world.tea.quantity + world.salt.quantity == 18
    assert "margin expected to be lost" in page


def test_the_inbox_says_from_what_it_was_cut_by_which_budget_at_what_cost(world):
    world.buyer.post(NEW, FIELDS)
    page = text_of(world.buyer.get(INBOX))
    assert "Cut from 24 by the budget “Spring”." in page
    assert "of margin." in page
    reason = text_of(world.buyer.get(reverse("orders:proposal", args=[world.tea.pk])))
    assert "Budget that does not reach for all of it" in reason
    assert "from the budgets" in reason


def test_what_is_held_is_neither_summed_up_nor_approved_with_all(world):
    world.buyer.post(NEW, {**FIELDS, "amount": "12"})
    page = text_of(world.buyer.get(INBOX))
    assert "1 held by a budget" in page
    assert "Held: the budget “Spring”" in page
    refresh(world.tea, world.salt)
    held, free = (world.tea, world.salt) if world.tea.is_held else (world.salt, world.tea)
    assert f'type="hidden" name="proposal" value="{held.pk}"' not in page
    assert f'type="hidden" name="proposal" value="{free.pk}"' in page


def test_above_the_budget_the_approval_says_what_is_missing(world):
    world.buyer.post(NEW, FIELDS)
    edit_proposal(proposal_id=world.tea.pk, quantity=Decimal(24), user=world.buyer.user, now=NOW)
    answer = world.buyer.post(reverse("orders:approve"), {"proposal": world.tea.pk})
    assert answer.status_code == 422
    assert "12.00 too much. Order less, or raise the budget." in text_of(answer)
    assert not PurchaseOrder.objects.exists()


def test_a_typed_quantity_shows_its_budget_and_its_loss_before_it_is_kept(world):
    world.buyer.post(NEW, FIELDS)
    url = reverse("orders:consequence", args=[world.tea.pk])
    assert "cannot be approved: the budget “Spring”" in text_of(world.buyer.get(url, {"quantity": "24"}))
    less = text_of(world.buyer.get(url, {"quantity": "6"}))
    assert "is expected to lose" in less
    assert "cannot be approved" not in less


def test_the_curve_says_what_more_money_averts(world):
    world.buyer.post(NEW, FIELDS)
    row = Budget.objects.get()
    page = text_of(world.mia.get(reverse("orders:budget", args=[row.pk])))
    assert "What another amount would avert" in page
    assert "all that is proposed" in page
    points = world.mia.get(f"{API}{row.pk}/curve/").json()
    averted = [Decimal(point["averted"]) for point in points]
    assert averted == sorted(averted)
    assert [point["more"] for point in points if point["percent"] == 100] == ["0.00"]
    assert (points[-1]["amount"], points[-1]["percent"]) == ("84.00", None)


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": ""}, {"period": "year"}, {"starts_on": "soon"}, {"name": ""}]
)
def test_a_wrong_entry_is_told_beside_its_field(world, wrong):
    answer = world.buyer.post(NEW, {**FIELDS, **wrong})
    assert answer.status_code == 422
    assert "field__error" in text_of(answer)
    assert not Budget.objects.exists()


def test_a_taken_name_is_told(world):
    world.buyer.post(NEW, FIELDS)
    assert "Another budget has this name already." in text_of(world.buyer.post(NEW, FIELDS))


def test_staff_see_no_page_and_one_store_sets_none_for_all(world):
    assert world.staff.get(LIST).status_code == 403
    world.buyer.post(NEW, {**FIELDS, "name": "Of all"})
    inbox = text_of(world.staff.get(INBOX))
    assert "Of all" in inbox
    assert LIST not in inbox
    answer = world.shopkeeper.post(NEW, FIELDS)
    assert answer.status_code == 422
    world.shopkeeper.post(NEW, {**FIELDS, "location": world.firm.shop.pk})
    assert Budget.objects.get(name="Spring").location == world.firm.shop


def test_one_of_all_stores_is_seen_but_not_changed_by_one_store(world):
    world.buyer.post(NEW, FIELDS)
    url = reverse("orders:budget", args=[Budget.objects.get().pk])
    page = text_of(world.shopkeeper.get(url))
    assert "Keep the budget" not in page
    assert world.shopkeeper.post(url, {**FIELDS, "amount": "1"}).status_code == 404
    assert world.shopkeeper.post(url + "end/").status_code == 404


def test_a_budget_of_another_store_is_not_there(world):
    world.buyer.post(NEW, {**FIELDS, "location": world.firm.shop.pk})
    pk = Budget.objects.get().pk
    assert world.stranger.get(reverse("orders:budget", args=[pk])).status_code == 404
    assert world.stranger.get(f"{API}{pk}/").status_code == 404


def test_an_ended_one_gives_back_what_it_cut(world):
    world.buyer.post(NEW, FIELDS)
    world.buyer.post(reverse("orders:end_budget", args=[Budget.objects.get().pk]))
    refresh(world.tea)
    assert (world.tea.quantity, world.tea.cut_by) == (24, None)
    assert "There is no budget" in text_of(world.buyer.get(LIST))


def test_the_pages_ask_as_much_for_many_budgets_as_for_one(world, django_assert_num_queries):
    world.buyer.post(NEW, FIELDS)
    world.buyer.get(LIST)
    for number in range(3):
        world.buyer.post(NEW, {**FIELDS, "name": f"budget {number}"})
    with django_assert_num_queries(6):
        world.buyer.get(LIST)


def test_the_api_sets_changes_tells_and_ends(world):
    body = {**FIELDS, "suppliers": [world.firm.acme.pk]}
    headers = {"Idempotency-Key": "a"}
    made = [world.mia.post(API, body, content_type="application/json", headers=headers) for _time in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert Budget.objects.count() == 1
    url = f"{API}{made[0].json()['id']}/"
    standing = world.mia.get(f"{url}standing/").json()
    assert (standing["left"], standing["cut"], standing["held"]) == ("36.00", 2, 0)
    tag = world.mia.get(url)["ETag"]
    changed = world.mia.patch(url, {"amount": "84"}, content_type="application/json", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["suppliers"]) == (200, [world.firm.acme.pk])
    stale = world.mia.patch(url, {"suppliers": []}, content_type="application/json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert world.mia.patch(url, {"amount": "1"}, content_type="application/json").status_code == 428
    assert world.mia.delete(url, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert world.mia.get(url).status_code == 404


def test_the_api_tells_of_a_cut_and_refuses_above(world):
    world.buyer.post(NEW, {**FIELDS, "amount": "12"})
    refresh(world.tea, world.salt)
    held = world.tea if world.tea.is_held else world.salt
    found = world.buyer.get(f"/api/v1/proposals/{held.pk}/").json()
    assert (found["cut_quantity"], found["cut_by"]) == ("0.000", Budget.objects.get().pk)
    assert {"budget", "budget_cut", "affordable"} <= {line["code"] for line in found["reason"]}
    answer = world.buyer.post(f"/api/v1/proposals/{held.pk}/approve/", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert "over_budget" in text_of(answer)
