from datetime import timedelta

import pytest

from accounts.models import Role, User
from alerts.mails import mail_digests
from alerts.models import Alert, AlertNotice
from alerts.services.evaluate import evaluate_location
from alerts.services.handling import snooze_alert
from alerts.services.tell import tell
from outbox.models import Message
from tests.alerts.conftest import NOW, Shop

pytestmark = pytest.mark.django_db


def look(*shops, minutes=0):
    for shop in shops:
        evaluate_location(location_id=shop.location.pk, now=NOW + timedelta(minutes=minutes))
    return mail_digests(now=NOW + timedelta(minutes=minutes))


def mails():
    """(receiver, codes named in the mail), in the order in which they were queued."""
    rows = Message.objects.filter(event_type="alert.digest").order_by("pk").values_list("target", "payload")
    return [(to, [word for word in "abcd" if f"{word} Name of" in payload["text"]]) for to, payload in rows]


def test_one_mail_tells_a_manager_of_everything_new_in_the_store(shop):
    shop.user("mia")
    for code in "abc":
        shop.stock(code, 0)
    assert look(shop) == 1
    assert mails() == [("mia@example.com", ["a", "b", "c"])]
    assert Message.objects.get().payload["subject"] == "Youhuo: 3 things need you"


@pytest.mark.parametrize(
    ("codes", "begins"), [("abc", "Out of stock: 2 · Below the reorder point: 1"), ("a", "North: a")]
)
def test_the_mail_begins_with_how_many_there_are_of_what_and_says_what_is_at_stake(shop, codes, begins):
    shop.user("mia")
    for code in codes:
        shop.stock(code, 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    Alert.objects.filter(sku__code="a").update(value_at_risk=5, severity="low")
    assert mail_digests(now=NOW) == 1
    payload = Message.objects.get().payload
    assert payload["text"].startswith(begins) and payload["subject"].endswith(", $5.00 at stake")


def test_each_alert_is_mailed_once_and_a_second_mail_waits_for_the_window(shop):
    shop.user("mia")
    shop.stock("a", 0)
    look(shop)
    shop.stock("b", 0)
    assert look(shop, minutes=5) == 0
    shop.stock("c", 0)
    assert look(shop, minutes=16) == 1
    assert mails() == [("mia@example.com", ["a"]), ("mia@example.com", ["b", "c"])]
    assert look(shop, minutes=60) == 0


def test_managers_hear_of_their_stores_and_purchasers_of_theirs(shop):
    south = Shop("south")
    shop.user("mia")
    south.user("sam")
    south.user("pia", Role.PURCHASER)
    User.objects.create_user("all", email="all@example.com", role=Role.PURCHASER, sees_all_locations=True)
    shop.stock("a", 0)
    south.stock("b", 0)
    look(shop, south)
    assert sorted(mails()) == [
        ("all@example.com", ["a", "b"]), ("mia@example.com", ["a"]), ("pia@example.com", ["b"]),
        ("sam@example.com", ["b"]),
    ]  # fmt: skip


@pytest.mark.parametrize("change", [{"role": Role.STAFF}, {"is_active": False}, {"email": ""}])
def test_staff_and_people_without_account_or_address_get_no_mail(shop, change):
    mia = shop.user("mia")
    User.objects.filter(pk=mia.pk).update(**change)
    shop.stock("a", 0)
    assert look(shop) == 0


def test_who_is_switched_off_before_the_mail_gets_none(shop):
    mia = shop.user("mia")
    shop.stock("a", 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    assert AlertNotice.objects.filter(user=mia).exists()
    User.objects.filter(pk=mia.pk).update(is_active=False)
    assert mail_digests(now=NOW) == 0


def test_what_closed_before_its_mail_is_not_mailed(shop):
    shop.user("mia")
    shop.stock("a", 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    shop.stock("a", 9)
    assert look(shop) == 0
    assert not AlertNotice.objects.exists()


def test_a_snoozed_alert_is_told_when_its_time_is_over(shop):
    mia = shop.user("mia")
    shop.stock("a", 0)
    Alert.objects.bulk_create(
        [Alert(kind="stock_risk", severity="out", sku=shop.stock("a", 0), location=shop.location, opened_at=NOW,
               updated_at=NOW, turned_at=NOW)]
    )  # fmt: skip
    snooze_alert(alert_id=Alert.objects.get().pk, actor=mia, until=NOW + timedelta(hours=1), now=NOW)
    assert look(shop, minutes=59) == 0
    assert look(shop, minutes=60) == 1


def test_ten_thousand_alerts_are_one_mail_of_bearable_length(shop):
    shop.user("mia")
    fields = {"kind": "late_order", "severity": "warning", "opened_at": NOW, "updated_at": NOW, "turned_at": NOW}
    Alert.objects.bulk_create(Alert(location=shop.location, subject=str(number), **fields) for number in range(10_000))
    tell(location_ids=[shop.location.pk], now=NOW)
    assert mail_digests(now=NOW) == 1
    text = Message.objects.get().payload["text"]
    assert "9950 more" in text
    assert len(text.splitlines()) < 60
    assert AlertNotice.objects.filter(mailed_at=NOW).count() == 10_000


def test_a_mail_is_in_the_language_of_its_reader(shop):
    mia = shop.user("mia")
    User.objects.filter(pk=mia.pk).update(language="zh-hans")
    shop.stock("a", 0)
    assert look(shop) == 1
