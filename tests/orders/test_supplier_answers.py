"""A supplier's word through their link: kept, repeated, changed, refused; what is short is no longer on order."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.link_tokens import fingerprint, new_name, token_of
from accounts.models import AuditEvent
from alerts.models import Alert
from alerts.services.evaluate import evaluate_location
from orders.errors import ChangedMeanwhile, LinkEnded
from orders.models import OrderState, PurchaseOrder, ReplenishmentProposal, SupplierLink
from orders.selectors.positions import load_arrivals, load_positions
from orders.selectors.supplier_links import ANSWERED, find_link
from orders.services.decisions import approve_proposals
from orders.services.purchase_orders import cancel_order
from orders.services.receipts import receive_order
from orders.services.revisions import LineChange, revise_order
from orders.services.supplier_answers import LineAnswer, answer_order
from orders.services.supplier_links import KEPT, make_link_to_show, revoke_links
from outbox.models import Message
from outbox.services.send_email import build_email
from tests.orders.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = TODAY + timedelta(days=2)


@pytest.fixture
def order(firm, plan):
    """24 of tea and 18 of salt from Acme, expected on DAY; its mail brought a link."""
    plan()
    ids = ReplenishmentProposal.objects.values_list("pk", flat=True)
    return approve_proposals(proposal_ids=ids, user=None, now=NOW).orders[0]


def line_of(order, code):
    return order.lines.get(sku__code=code)


def say(order, note="", now=NOW, seen=None, **said):
    """say(order, tea=(18, DAY))."""
    answers = {line_of(order, code).pk: LineAnswer(Decimal(units), day) for code, (units, day) in said.items()}
    return answer_order(link_id=SupplierLink.objects.first().pk, answers=answers, now=now, note=note, seen=seen)


def on_order(firm, sku):
    return load_positions([firm.shop.pk])[firm.shop.pk, sku.pk].on_order


def test_the_mail_brings_a_link_that_stands_nowhere_in_the_database(order):
    message = Message.objects.get(channel="email")
    text = build_email(message).body
    (address,) = [line for line in text.splitlines() if "/s/" in line]
    token = address.rstrip("/").rpartition("/")[2]
    assert find_link(token).order == order
    assert token not in str(message.payload)
    assert not SupplierLink.objects.filter(token_sha256=token).exists()


def test_what_is_confirmed_counts_and_the_order_is_confirmed_once_every_line_is(firm, order):
    assert say(order, tea=(24, DAY)).state == OrderState.APPROVED
    assert say(order, salt=(12, DAY + timedelta(days=3))).state == OrderState.CONFIRMED
    assert (on_order(firm, firm.tea), on_order(firm, firm.salt)) == (24, 12)
    days = {row.sku_id: row.expected_on for row in load_arrivals([firm.shop.pk])}
    assert days[firm.salt.pk] == DAY + timedelta(days=3)


def test_short_is_nothing_on_order_and_the_need_comes_back(firm, order, plan):
    say(order, tea=(0, None))
    assert on_order(firm, firm.tea) == 0
    plan(now=NOW + timedelta(minutes=1))
    assert ReplenishmentProposal.objects.get(sku=firm.tea, state="open").quantity == 24


def test_the_same_again_changes_nothing_and_another_word_takes_its_place(order):
    for _ in range(2):
        say(order, tea=(18, DAY))
    assert AuditEvent.objects.filter(action=ANSWERED).count() == 1
    say(order, tea=(20, DAY))
    last = AuditEvent.objects.filter(action=ANSWERED).last()
    assert last.data["lines"] == [
        {"sku": "tea", "ordered": "24", "confirmed": "20", "promised_on": DAY.isoformat()}
    ]  # fmt: skip
    assert (last.actor, last.data["who"]) == (None, "Acme")


@pytest.mark.parametrize("notes", [["Truck at noon"] * 3, ["Truck at noon", ""]])
def test_the_same_note_again_is_told_once(order, notes):
    for note in notes:
        say(order, note=note, tea=(18, DAY))
    assert AuditEvent.objects.filter(action=ANSWERED).count() == 1
    say(order, note="Truck at one", tea=(18, DAY))
    assert [row.data["note"] for row in AuditEvent.objects.filter(action=ANSWERED).order_by("pk")] == [
        "Truck at noon",
        "Truck at one",
    ]


def test_what_has_come_stays_and_the_rest_may_be_given_up(firm, order):
    receive_order(order_id=order.pk, key="r", user=None, now=NOW, quantities={line_of(order, "tea").pk: Decimal(6)})
    with pytest.raises(InvalidInput) as refusal:
        say(order, tea=(0, None))
    assert "6 have arrived" in refusal.value.details[0]["message"]
    assert say(order, tea=(6, DAY), salt=(18, DAY)).state == OrderState.PARTLY_RECEIVED
    assert (on_order(firm, firm.tea), line_of(order, "tea").promised_on) == (0, None)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ((25, DAY), "At most 24"),
        ((12, None), "on which day"),
        ((12, TODAY - timedelta(days=1)), "from today on"),
        ((12, TODAY + timedelta(days=366)), "within a year"),
        (("1.5", DAY), "in whole units; 1.5 is not whole"),
    ],
)
def test_an_odd_word_is_refused_by_line_and_nothing_is_kept(order, said, message):
    with pytest.raises(InvalidInput) as refusal:
        say(order, salt=(18, DAY), tea=said)
    (detail,) = refusal.value.details
    assert (detail["line"], message in detail["message"]) == (line_of(order, "tea").pk, True)
    assert line_of(order, "salt").confirmed_quantity is None


def test_a_line_of_another_order_is_refused(firm, order):
    other = PurchaseOrder.objects.create(
        number="PO-X", supplier=firm.best, location=firm.shop, state="sent", currency="EUR", total=0,
        ordered_on=TODAY, expected_on=DAY, created_at=NOW,
    )  # fmt: skip
    line = other.lines.create(sku=firm.tea, quantity=5, unit_price=1)
    link = SupplierLink.objects.get()
    with pytest.raises(InvalidInput):
        answer_order(link_id=link.pk, answers={line.pk: LineAnswer(Decimal(0), None)}, now=NOW)
    line.refresh_from_db()
    assert line.confirmed_quantity is None


def test_a_link_that_was_taken_back_or_is_too_old_answers_nothing(firm, order):
    with pytest.raises(LinkEnded):
        say(order, tea=(24, DAY), now=NOW + KEPT + timedelta(days=4))
    assert revoke_links(order_id=order.pk, user=firm.buyer, now=NOW) == 1
    assert revoke_links(order_id=order.pk, user=firm.buyer, now=NOW) == 0
    with pytest.raises(LinkEnded):
        say(order, tea=(24, DAY))
    token = make_link_to_show(order_id=order.pk, user=firm.buyer, now=NOW).rstrip("/").rpartition("/")[2]
    assert find_link(token).revoked_at is None


def test_an_order_that_is_over_is_answered_no_more(firm, order):
    cancel_order(order_id=order.pk, user=None, now=NOW)
    with pytest.raises(IllegalStateChange):
        say(order, tea=(24, DAY))
    with pytest.raises(IllegalStateChange):
        make_link_to_show(order_id=order.pk, user=firm.buyer, now=NOW)


def test_a_token_that_we_did_not_sign_costs_no_query(order, django_assert_num_queries):
    name = new_name()
    good = token_of(name)
    with django_assert_num_queries(0):
        for token in ("", name, f"{name}.x", good[:-1], good.replace(".", ":"), "a" * 5000, good + "x"):
            assert fingerprint(token) is None
            assert find_link(token) is None
    assert find_link(good) is None


def test_short_or_late_opens_an_alert_and_the_mended_word_closes_it(firm, order):
    alerts = Alert.objects.filter(kind="short_order")
    say(order, tea=(18, DAY), salt=(18, DAY + timedelta(days=1)))
    evaluate_location(location_id=firm.shop.pk, now=NOW)
    alert = alerts.get()
    assert (alert.subject, alert.facts["short_lines"], alert.facts["short_value"]) == (order.number, 1, "12.00")
    assert (alert.facts["late_lines"], alert.facts["promised_on"]) == (1, (DAY + timedelta(days=1)).isoformat())
    say(order, tea=(24, DAY), salt=(18, DAY))
    evaluate_location(location_id=firm.shop.pk, now=NOW)
    assert alerts.get().state == "closed"


def test_a_word_on_an_order_that_has_changed_since_is_not_taken_for_one_on_the_new_order(firm, order):
    change = LineChange(Decimal(240))
    revise_order(order_id=order.pk, changes={line_of(order, "tea").pk: change}, user=None, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        say(order, seen=0, tea=(240, DAY))
    assert line_of(order, "tea").confirmed_quantity is None
    say(order, seen=1, tea=(240, DAY))
    assert line_of(order, "tea").confirmed_quantity == 240
