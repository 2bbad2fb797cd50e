"""Entries of a count: kept once each, whoever sends them how often; late ones are kept and do not add up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.errors import InvalidInput
from inventory.models import Barcode, CountEntry, StockCountLine
from inventory.services.count_results import request_recount, submit_count
from tests.inventory.counting import given

FIRST_DAY, LAST_DAY = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def outcomes(answers):
    return [answer.outcome for answer in answers]


def test_an_entry_that_is_sent_again_is_kept_once(counting):
    entry = given("apple", 8)
    assert outcomes(counting.send(entry, entry)) == ["kept", "known"]
    assert outcomes(counting.send(entry)) == ["known"]
    assert CountEntry.objects.count() == 1


def test_the_same_id_with_another_content_is_refused(counting):
    first = given("apple", 8)
    counting.send(first)
    (answer,) = counting.send(given("apple", 9, uid=first.uid))
    assert answer.outcome == "refused"
    assert CountEntry.objects.get().quantity == 8


def test_what_is_wrong_with_one_entry_does_not_hold_up_the_others(counting):
    answers = counting.send(given("apple", "1.5"), given("nothing", 1), given("bread", 2), given("rice", "1.25"))
    assert outcomes(answers) == ["refused", "refused", "kept", "kept"]
    assert "whole units" in answers[0].message
    assert "nothing" in answers[1].message


def test_a_barcode_of_a_case_stands_for_its_units(counting, firm):
    Barcode.objects.create(sku=firm.apple, code="4012", pack_quantity=12)
    counting.send(given("", 2, barcode="4012"))
    assert CountEntry.objects.get().quantity == 24


def test_an_entry_is_taken_back_by_the_one_who_made_it(counting, tools):
    entry = given("apple", 8)
    counting.send(entry)
    back = given("", None, voids=entry.uid)
    (answer,) = counting.send(back, user=counting.other)
    assert answer.outcome == "refused"
    assert outcomes(counting.send(back, back)) == ["kept", "known"]
    assert outcomes(counting.send(given("", None, voids=entry.uid))) == ["refused"]
    with pytest.raises(InvalidInput, match="Nothing was counted"):
        submit_count(count_id=counting.count.pk, user=counting.sam, now=tools.NOW)


def test_an_entry_and_its_taking_back_may_come_together_in_any_order(counting):
    entry = given("apple", 8)
    assert outcomes(counting.send(given("", None, voids=entry.uid), entry)) == ["kept", "kept"]


def test_taking_back_what_never_came_is_refused(counting):
    assert outcomes(counting.send(given("", None, voids=uuid4()))) == ["refused"]


def test_what_another_person_counted_is_not_sent_in_the_name_of_this_one(counting):
    (answer,) = counting.send(given("apple", 1, by="olga"))
    assert (answer.outcome, CountEntry.objects.count()) == ("wrong_person", 0)
    assert "Sign in as olga" in answer.message


def test_a_sku_that_is_not_on_the_list_is_added_as_unplanned(counting, firm):
    counting.send(given(firm.pear.code, 3))
    line = StockCountLine.objects.get(sku=firm.pear)
    assert (line.is_planned, line.state) == (False, "open")


def test_a_refused_entry_leaves_no_line(counting, firm):
    counting.send(given(firm.pear.code, "0.5"))
    assert not StockCountLine.objects.filter(sku=firm.pear).exists()


def test_the_first_entry_starts_the_count(counting, tools):
    counting.send(given("apple", 1))
    counting.count.refresh_from_db()
    assert (counting.count.state, counting.count.started_at) == ("counting", tools.NOW)


def test_what_comes_after_the_count_was_handed_in_is_kept_and_not_added_up(counting, tools):
    counting.send(given("apple", 8))
    submit_count(count_id=counting.count.pk, user=counting.sam, now=tools.NOW)
    late, stranger = counting.send(given("apple", 2), given("pear", 1))
    assert (late.outcome, late.is_late, stranger.is_late) == ("kept", True, True)
    assert StockCountLine.objects.get(sku__code="apple").counted == 8
    assert StockCountLine.objects.get(sku__code="pear").state == "skipped"


def test_an_entry_of_an_earlier_round_is_late(counting, tools):
    counting.limit(1)
    counting.send(given("apple", 8))
    submit_count(count_id=counting.count.pk, user=counting.sam, now=tools.NOW)
    line = StockCountLine.objects.get(sku__code="apple")
    request_recount(count_id=counting.count.pk, line_ids=[line.pk], user=counting.boss, now=tools.NOW)
    (old,) = counting.send(given("apple", 1, round=1), user=counting.other)
    (new,) = counting.send(given("apple", 1, round=2), user=counting.other)
    assert (old.is_late, new.is_late) == (True, False)


@pytest.mark.parametrize(
    ("minutes", "clock", "counting_round", "is_late"),
    [
        (-30, {}, 1, True),
        (-11, {}, 1, True),
        (-9, {}, 2, False),
        (0, {}, 2, False),
        # Nobody knows when it was made: it is added up and waits for approval.
        (-30, {"is_clock_set": True, "sent_minutes": -60}, 2, False),
    ],
)
def test_what_was_scanned_before_the_recount_is_not_added_up_with_it(
    counting, firm, tools, minutes, clock, counting_round, is_late
):
    """A barcode that the phone did not know comes without a round; the count was handed in ten minutes ago."""
    Barcode.objects.create(sku=firm.apple, code="4012", pack_quantity=12)
    counting.limit(1)
    counting.send(given("apple", 8), now=tools.NOW - timedelta(minutes=20))
    counting.submit(now=tools.NOW - timedelta(minutes=10))
    line = StockCountLine.objects.get(sku__code="apple")
    request_recount(count_id=counting.count.pk, line_ids=[line.pk], user=counting.boss, now=tools.NOW)
    if "sent_minutes" in clock:
        clock = {"is_clock_set": True, "sent_at": tools.NOW + timedelta(minutes=clock["sent_minutes"])}
    found = given("", 1, barcode="4012", told_at=tools.NOW + timedelta(minutes=minutes))
    (answer,) = counting.send(found, user=counting.other, **clock)
    entry = CountEntry.objects.get(uid=found.uid)
    assert (entry.round, entry.is_late, answer.is_late) == (counting_round, is_late, is_late)


@pytest.mark.parametrize(
    ("told", "sent", "counted", "is_doubtful"),
    [
        (-10, None, -10, False),
        (50, 60, -10, False),
        (-70, -60, -10, False),
        (2, None, 0, False),
        (30, None, 0, True),
        (-600, None, -60, True),
    ],
)
def test_the_clock_of_the_phone_is_reckoned_with(counting, tools, told, sent, counted, is_doubtful):
    """Minutes from now; the count was opened an hour ago."""

    def minutes(number):
        return tools.NOW + timedelta(minutes=number)

    entry = given("apple", 1, told_at=minutes(told))
    counting.send(entry, sent_at=minutes(sent) if sent is not None else None)
    kept = CountEntry.objects.get()
    assert (kept.counted_at, kept.is_clock_doubtful) == (minutes(counted), is_doubtful)
    assert kept.told_at == minutes(told)


@pytest.mark.parametrize(("off", "is_doubtful"), [(-4, False), (4, False), (-6, True), (90, True)])
def test_a_clock_that_was_set_by_ours_and_is_off_again_is_in_doubt(counting, tools, off, is_doubtful):
    """Minutes by which the device is off when it sends what was counted ten minutes ago."""
    error = timedelta(minutes=off)
    entry = given("apple", 1, told_at=tools.NOW - timedelta(minutes=10) + error)
    counting.send(entry, sent_at=tools.NOW + error, is_clock_set=True)
    kept = CountEntry.objects.get()
    assert (kept.counted_at, kept.is_clock_doubtful) == (tools.NOW - timedelta(minutes=10), is_doubtful)


@pytest.mark.parametrize(("told", "sent"), [(FIRST_DAY, LAST_DAY), (LAST_DAY, FIRST_DAY)])
def test_clocks_at_the_ends_of_the_calendar_are_in_doubt(counting, tools, told, sent):
    counting.send(given("apple", 1, told_at=told), sent_at=sent)
    assert CountEntry.objects.get().is_clock_doubtful


@pytest.mark.parametrize("number", [0, 1001])
def test_a_batch_has_bounds(counting, number):
    with pytest.raises(InvalidInput, match="1 to 1000"):
        counting.send(*[given("apple", 1)] * number)


def test_the_number_of_statements_does_not_depend_on_the_number_of_entries(
    counting, tools, django_assert_max_num_queries
):
    for number in (1, 300):
        with django_assert_max_num_queries(16):
            counting.send(*[given("apple", 1) for _at in range(number)])
    assert CountEntry.objects.filter(quantity=Decimal(1)).count() == 301
