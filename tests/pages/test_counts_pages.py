"""The pages of counting: opening, looking, deciding, the rules of a place, and shrinkage."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.text import format_moment
from inventory.models import CountPolicy, ShelfPosition, StockCount, StockCountLine, StockLevel
from inventory.services.count_entries import EntryGiven, keep_entries
from inventory.services.count_policies import set_count_policy
from inventory.services.count_results import submit_count
from inventory.services.counts import Counted, correct_count
from inventory.services.stock_counts import Wanted, create_count
from tests.pages.conftest import make_user, signed_in


@pytest.fixture
def count(shop, staff):
    """A blind count of bread and rice at `here`, in which a difference of more than two units waits."""
    values = {"limit_units": Decimal(2), "limit_money": None}
    set_count_policy(location=shop.here, values=values, user=None, now=timezone.now())
    return create_count(location=shop.here, wanted=Wanted("all"), user=staff.user, now=timezone.now())


def tell(count, user, sku, quantity):
    now = timezone.now()
    given = EntryGiven(uid=uuid4(), told_at=now, sku=sku, quantity=Decimal(str(quantity)))
    return keep_entries(count_id=count.pk, entries=[given], user=user, now=now)


def text_of(client, name, *args, **query):
    answer = client.get(reverse(f"inventory:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def bread_left(shop):
    return StockLevel.objects.get(sku=shop.bread, location=shop.here).on_hand


def test_a_count_is_opened_once_and_shown(shop, staff):
    form = {"location": shop.here.pk, "scope": "all", "key": "k", "is_blind": "on"}
    first = staff.post(reverse("inventory:count_new"), form)
    assert staff.post(reverse("inventory:count_new"), form)["Location"] == first["Location"]
    count = StockCount.objects.get()
    assert (count.lines.count(), count.created_by) == (2, staff.user)
    assert count.number in text_of(staff, "stock_counts")
    assert "Brown bread" in text_of(staff, "stock_count", count.pk)


@pytest.mark.parametrize(
    ("fields", "field"), [({"scope": "class"}, "count_class"), ({"scope": "aisle"}, "aisle"), ({"scope": "x"}, "scope")]
)
def test_a_choice_without_its_field_is_refused_beside_it(shop, staff, fields, field):
    answer = staff.post(reverse("inventory:count_new"), {"location": shop.here.pk, "key": "k", **fields})
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert not StockCount.objects.exists()


def test_nobody_opens_a_count_at_another_store(shop, staff):
    answer = staff.post(reverse("inventory:count_new"), {"location": shop.there.pk, "scope": "all", "key": "k"})
    assert (answer.status_code, StockCount.objects.count()) == (422, 0)


def test_a_blind_count_shows_the_counter_nothing_until_it_is_over(shop, staff, manager, count):
    tell(count, staff.user, "B1", 4)
    staff.post(reverse("inventory:count_submit", args=[count.pk]))
    assert "Expected" not in text_of(staff, "stock_count", count.pk)
    assert "Above the limit" in text_of(manager, "stock_count", count.pk)


def test_a_manager_decides_and_the_counter_does_not(shop, staff, manager, count):
    tell(count, staff.user, "B1", 4)
    submit_count(count_id=count.pk, user=staff.user, now=timezone.now())
    line = StockCountLine.objects.get(state="pending")
    decide = reverse("inventory:count_decide", args=[count.pk])
    assert staff.post(decide, {"line": line.pk, "do": "approve"}).status_code == 403
    assert manager.post(decide, {"line": line.pk, "do": "approve"}).status_code == 302
    count.refresh_from_db()
    assert (count.state, bread_left(shop)) == ("posted", 4)


def test_a_recount_begins_the_line_anew(shop, staff, manager, count):
    tell(count, staff.user, "B1", 4)
    submit_count(count_id=count.pk, user=staff.user, now=timezone.now())
    line = StockCountLine.objects.get(state="pending")
    manager.post(reverse("inventory:count_decide", args=[count.pk]), {"line": line.pk, "do": "recount"})
    line.refresh_from_db()
    assert (line.state, line.round) == ("open", 2)
    assert "round 2" in text_of(staff, "stock_count", count.pk)
    assert "Asked to count again" in text_of(staff, "stock_count", count.pk)


@pytest.mark.parametrize(
    "fields", [{}, {"do": "approve"}, {"do": "burn", "line": 1}, {"do": "approve", "line": "9" * 30}]
)
def test_a_decision_that_says_nothing_changes_nothing(manager, count, fields):
    answer = manager.post(reverse("inventory:count_decide", args=[count.pk]), fields, follow=True)
    assert answer.status_code == 200
    assert "notice--error" in answer.content.decode()


def test_an_empty_count_is_not_handed_in(staff, count):
    answer = staff.post(reverse("inventory:count_submit", args=[count.pk]), follow=True)
    assert "Nothing was counted yet" in answer.content.decode()


def test_the_entries_of_a_line_stay_readable(shop, staff, count):
    tell(count, staff.user, "B1", 4)
    tell(count, staff.user, "B1", 5)
    shown = text_of(staff, "count_line", StockCountLine.objects.get(sku=shop.bread).pk)
    assert shown.count("list__end") == 2


def test_what_is_due_leads_to_a_count(shop, staff):
    assert "Brown bread" in text_of(staff, "counts_due")
    counts = [Counted(sku.pk, Decimal(0)) for sku in (shop.bread, shop.rice)]
    correct_count(location=shop.here, counts=counts, key=None, user=None, now=timezone.now())
    assert "Nothing is due today" in text_of(staff, "counts_due")


def test_a_manager_sets_the_rules_of_a_place(shop, staff, manager):
    address = reverse("inventory:count_policy", args=[shop.here.pk])
    fields = {"limit_units": "3", "a_days": "7", "b_days": "30", "c_days": "90", "lines_a_day": "25"}
    assert staff.post(address, fields).status_code == 403
    assert manager.post(address, {**fields, "a_days": "0"}).status_code == 422
    assert manager.post(address, fields).status_code == 302
    policy = CountPolicy.objects.get(location=shop.here)
    assert (policy.limit_units, policy.limit_money, policy.is_blind, policy.a_days) == (3, None, False, 7)


def test_places_are_written_down_and_taken_off(shop, staff):
    address = reverse("inventory:shelf_positions")
    add = {"do": "add", "location": shop.here.pk, "aisle": "3", "position": "07"}
    assert staff.post(address, {**add, "code": "nothing"}).status_code == 422
    assert staff.post(address, {**add, "code": "4001"}).status_code == 302
    place = ShelfPosition.objects.get()
    assert (place.sku, place.label) == (shop.bread, "3 07")
    assert "3 07" in text_of(staff, "shelf_positions")
    staff.post(address, {"do": f"remove:{place.pk}", "location": shop.here.pk})
    assert not ShelfPosition.objects.exists()


def test_one_walks_along_an_aisle_and_scans(shop, staff):
    address = reverse("inventory:shelf_positions")
    add = {"do": "add", "location": shop.here.pk, "aisle": "A & B", "position": "2"}
    page = staff.post(address, {**add, "code": "4001"}, follow=True)
    text = page.content.decode()
    assert "Brown bread lies at A &amp; B 2 now." in text
    assert (page.context["form"]["aisle"].value(), page.context["form"]["position"].value()) == ("A & B", "2")
    assert 'data-scan="id_code"' in text
    assert "was at A &amp; B 2 already" in staff.post(address, {**add, "code": "B1"}, follow=True).content.decode()
    assert ShelfPosition.objects.count() == 1


def test_where_skus_lie_is_found_from_the_counts_and_a_new_count_also_once_it_is_written_down(shop, staff):
    ShelfPosition.objects.create(location=shop.here, sku=shop.bread, aisle="A")
    address = reverse("inventory:shelf_positions")
    assert address in text_of(staff, "stock_counts")
    page = text_of(staff, "count_new")
    assert address in page
    assert '<option value="A">' in page


def test_an_aisle_that_is_none_is_told_beside_its_field(shop, staff):
    ShelfPosition.objects.create(location=shop.here, sku=shop.bread, aisle="A")
    form = {"location": shop.here.pk, "scope": "aisle", "aisle": "ZZ", "key": "k"}
    answer = staff.post(reverse("inventory:count_new"), form)
    assert "No SKU lies in an aisle ZZ of Here." in answer.context["form"].errors["aisle"][0]
    assert staff.post(reverse("inventory:count_new"), {**form, "aisle": "A", "key": "l"}).status_code == 302


def test_money_that_waits_for_approval_stands_beside_what_is_posted(shop, staff, manager, count):
    tell(count, staff.user, "B1", 0)
    submit_count(count_id=count.pk, user=staff.user, now=timezone.now())
    assert "$12.00 more wait for approval" in text_of(manager, "stock_count", count.pk)


@pytest.mark.parametrize("by", ["sku", "category", "location", "month", "nonsense"])
def test_shrinkage_is_told_at_cost(shop, manager, by):
    """Two breads of 1.20 are missing, half a kilogram of rice too much."""
    counts = [Counted(shop.bread.pk, Decimal(8)), Counted(shop.rice.pk, Decimal(5))]
    correct_count(location=shop.here, counts=counts, key=None, user=None, now=timezone.now())
    answer = manager.get(reverse("inventory:shrinkage"), {"by": by})
    total = answer.context["total"]
    assert (total.lost, total.found, total.net) == (Decimal("2.40"), Decimal("0.60"), Decimal("-1.80"))
    assert sum(row.net for row in answer.context["rows"]) == total.net


def test_shrinkage_of_other_stores_and_other_days_is_not_shown(shop, manager):
    counts = [Counted(shop.bread.pk, Decimal(8))]
    correct_count(location=shop.here, counts=counts, key=None, user=None, now=timezone.now())
    for query in ({"location": shop.there.pk}, {"since": "2020-01-01", "until": "2020-02-01"}):
        assert manager.get(reverse("inventory:shrinkage"), query).context["rows"] == []
    nonsense = {"since": "2030-01-01", "until": "2020-01-01", "location": "x"}
    assert len(manager.get(reverse("inventory:shrinkage"), nonsense).context["rows"]) == 1


@pytest.mark.parametrize("query", [{}, {"by": "month"}, {"since": "", "until": ""}])
def test_the_days_shown_stand_in_the_form_as_a_browser_reads_them_in_every_language(shop, manager, query):
    answer = manager.get(reverse("inventory:shrinkage"), query, headers={"Accept-Language": "zh-hans"})
    for name in ("since", "until"):
        assert f'value="{answer.context[name].isoformat()}"' in str(answer.context["form"][name])


def test_accuracy_is_the_share_of_lines_that_were_right(shop, staff, manager, count):
    tell(count, staff.user, "B1", 9)
    tell(count, staff.user, "R1", "4.5")
    submit_count(count_id=count.pk, user=staff.user, now=timezone.now())
    assert manager.get(reverse("inventory:shrinkage")).context["all_right"] == Decimal("0.5")


def test_the_worker_serves_the_sheets_alone(client):
    answer = client.get(reverse("inventory:count_worker"))
    assert answer["Content-Type"] == "text/javascript"
    assert reverse("inventory:count_worker").startswith("/counts/sheets/")


def test_a_count_that_waits_for_approval_stands_on_the_first_page_of_who_may_decide(shop, staff, manager, count):
    tell(count, staff.user, "B1", 100)
    assert manager.get(reverse("dashboards:home")).context["counts_to_approve"] == 0
    submit_count(count_id=count.pk, user=staff.user, now=timezone.now())
    page = manager.get(reverse("dashboards:home")).content.decode()
    assert "1 stock count waits for approval" in page
    assert reverse("inventory:stock_counts") + "?state=submitted" in page
    assert "counts_to_approve" not in staff.get(reverse("dashboards:home")).context
    elsewhere = signed_in(make_user("far", Role.MANAGER, shop.there))
    assert elsewhere.get(reverse("dashboards:home")).context["counts_to_approve"] == 0


def test_list_and_page_of_a_count_tell_the_time_of_its_place(shop, staff, count):
    shop.here.time_zone = "Asia/Tokyo"
    shop.here.save()
    with timezone.override("Asia/Tokyo"):
        opened = format_moment(count.created_at)
    assert opened in text_of(staff, "stock_counts")
    assert opened in text_of(staff, "stock_count", count.pk)


def test_states_of_a_count_are_said_in_chinese_as_states(shop, staff, count):
    tell(count, staff.user, "B1", 8)
    language = {"Accept-Language": "zh-hans"}
    page = staff.get(reverse("inventory:stock_count", args=[count.pk]), headers=language).content.decode()
    assert '<span class="status status--info">已盘</span>' in page
    assert "已开单" in page and "已触发" not in page
