"""A purchaser approves, changes and rejects in the browser; repeats, strangers and slips do no harm."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import PurchaseOrder
from tests.pages.buying import planned_firm, text_of

APPROVE = reverse("orders:approve")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(db):
    return planned_firm()


def page(name, proposal):
    return reverse(f"orders:{name}", args=[proposal.pk])


def test_ticked_lines_become_one_order_and_the_answer_links_it(world):
    answer = world.buyer.post(APPROVE, {"proposal": [world.tea.pk, world.salt.pk], "key": "k1"}, headers=HTMX)
    order = PurchaseOrder.objects.get()
    assert order.lines.count() == 2
    assert reverse("orders:purchase_order", args=[order.pk]) in text_of(answer)
    assert answer.context["groups"] == []


def test_a_double_click_makes_one_order(world):
    for _click in range(2):
        answer = world.buyer.post(APPROVE, {"proposal": [world.tea.pk], "key": "same"}, headers=HTMX)
        assert answer.status_code == 200
    assert PurchaseOrder.objects.count() == 1


def test_a_line_that_somebody_else_decided_is_named_and_nothing_is_bought_twice(world):
    world.buyer.post(APPROVE, {"proposal": [world.tea.pk], "key": "first"})
    answer = world.admin.post(APPROVE, {"proposal": [world.tea.pk, world.salt.pk], "key": "second"})
    assert answer.status_code == 422
    assert "tea (Approved)" in text_of(answer)
    assert PurchaseOrder.objects.count() == 1


def test_nothing_ticked_says_what_to_do(world):
    answer = world.buyer.post(APPROVE, {"key": "k"})
    assert answer.status_code == 422
    assert "Choose at least one proposal." in text_of(answer)


def test_staff_may_not_decide_and_a_stranger_finds_nothing(world):
    assert world.staff.post(APPROVE, {"proposal": [world.tea.pk]}).status_code == 403
    assert world.stranger.post(APPROVE, {"proposal": [world.tea.pk]}).status_code == 422
    assert world.stranger.get(page("proposal", world.tea)).status_code == 404
    assert world.stranger.post(page("edit", world.tea), {"quantity": "6"}).status_code == 404
    assert PurchaseOrder.objects.count() == 0


def test_the_reason_is_shown_line_by_line(world):
    text = text_of(world.buyer.get(page("proposal", world.tea), headers=HTMX))
    assert "Position: what is there and what is coming" in text
    assert "Reorder point" in text and "Bought from" in text and "promised by the supplier" in text


def test_another_quantity_shows_what_it_would_do_before_it_is_kept(world):
    answer = world.buyer.get(page("consequence", world.tea), {"quantity": "60"})
    found = answer.context["consequence"]
    assert (found.cost, found.cover_days) == (Decimal("120.00"), 30.0)  # 2 each; 2 a day
    assert found.risk < 0.001
    world.tea.refresh_from_db()
    assert world.tea.quantity != 60


def test_a_kept_quantity_is_what_is_ordered(world):
    assert world.buyer.post(page("edit", world.tea), {"quantity": "60"}).status_code == 302
    world.buyer.post(APPROVE, {"proposal": [world.tea.pk], "key": "k"})
    assert PurchaseOrder.objects.get().lines.get().quantity == 60


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("many", "Type the quantity as a number"),
        ("0", "must be more than 0"),
        ("", "Type how many units"),
        ("7", "packs of 6"),
    ],
)
def test_a_wrong_quantity_is_kept_as_typed_and_explained(world, typed, said):
    answer = world.buyer.post(page("edit", world.tea), {"quantity": typed}, headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == f"#panel-{world.tea.pk}"
    assert said in text_of(answer) and f'value="{typed}"' in text_of(answer)


def test_a_rejected_line_goes_and_keeps_its_reason(world):
    answer = world.buyer.post(page("reject", world.tea), {"note": "enough", "snooze_days": "7"}, headers=HTMX)
    world.tea.refresh_from_db()
    assert (world.tea.state, world.tea.decision_note) == ("rejected", "enough")
    assert [line.proposal.pk for line in answer.context["groups"][0].lines] == [world.salt.pk]


def test_a_rejection_tells_what_follows_from_it(world):
    said = {"note": "enough", "snooze_days": "7", "lesson": "smaller_lots"}
    told = world.buyer.post(page("reject", world.tea), said, follow=True).content.decode()
    assert f"{world.tea.sku.name} at {world.tea.location.name} is rejected. It is not proposed for 7 days." in told
    assert "From now on: Smaller orders here" in told


def test_the_page_of_a_decided_line_says_who_decided_what_and_where_it_went(world):
    world.buyer.post(page("reject", world.tea), {"note": "Shelf is full", "snooze_days": "7"})
    world.buyer.post(APPROVE, {"proposal": [world.salt.pk], "key": "k"})
    rejected, approved = (text_of(world.buyer.get(page("proposal", line))) for line in (world.tea, world.salt))
    assert "Rejected by buyer" in rejected and ": Shelf is full" in rejected and "is not proposed again" in rejected
    order = PurchaseOrder.objects.get()
    assert "Approved by buyer" in approved and f">{order.number}</a>" in approved
    world.tea.refresh_from_db()
    world.tea.state = "withdrawn"
    world.tea.save()
    assert "A later plan took it back" in text_of(world.buyer.get(page("proposal", world.tea)))


def test_a_rejection_without_a_reason_is_asked_for_one(world):
    answer = world.buyer.post(page("reject", world.tea), {"note": " ", "snooze_days": "7"})
    assert answer.status_code == 422
    assert "Say why in a few words" in text_of(answer)
    world.tea.refresh_from_db()
    assert world.tea.state == "open"


def said(answer):
    return " ".join(text_of(answer).split())


def test_after_a_refused_quantity_the_line_says_what_it_approves(world):
    panel = said(world.buyer.post(page("edit", world.tea), {"quantity": "7"}, headers=HTMX))
    assert f"What you typed is not kept: this approves {world.tea.quantity.normalize():f}." in panel
    assert f"Approve this line: {world.tea.quantity.normalize():f}" in panel


def test_a_line_that_changed_since_it_was_opened_is_not_approved(world):
    panel = text_of(world.buyer.get(page("proposal", world.tea), headers=HTMX))
    assert f'name="seen-{world.tea.pk}" value="{world.tea.quantity} ' in panel
    assert "What you typed is not kept" not in panel
    world.admin.post(page("edit", world.tea), {"quantity": "60"})
    typed = {"proposal": [world.tea.pk], f"seen-{world.tea.pk}": str(world.tea.quantity), "key": "k"}
    answer = world.buyer.post(APPROVE, typed, headers=HTMX)
    assert answer.status_code == 422 and "tea: 60 instead of" in text_of(answer)
    assert not PurchaseOrder.objects.exists()
    world.buyer.post(APPROVE, {**typed, f"seen-{world.tea.pk}": "60"})
    assert PurchaseOrder.objects.get().lines.get().quantity == 60
